"""The organisers' pages of a meeting's agenda, speakers and documents."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changes.writing import OperationReused
from files.refusal import FileRefused
from look.forms import ClubForm
from meetings import actions, queries, rules
from meetings.finding import Crumbs, crumbs, the_meeting
from meetings.forms import DocumentsForm, ItemForm, SpeakerForm
from meetings.keeping import HOLDER
from meetings.models import Meeting
from meetings.rows import MeetingRefused
from members.middleware import ClubRequest
from members.rules import Gone

FORM = ["GET", "HEAD", "POST"]


def _crumbs(meeting: Meeting, last: str) -> Crumbs:
    return crumbs(meeting, ("Programme", reverse("meetings:programme", args=[meeting.pk])), last)


@require_safe
def programme(request: ClubRequest, pk: int) -> HttpResponse:
    """Agenda and speakers as they are, each with what one may do with it (its organisers)."""
    shown = the_meeting(request, pk, rules.may_edit_programme)
    details = queries.details_of(request.viewer, shown)
    context = {"meeting": shown, "details": details, "crumbs": crumbs(shown, "Programme")}
    return render(request, "meetings/programme.html", context)


@require_http_methods(FORM)
def item(request: ClubRequest, pk: int, item_id: int | None = None) -> HttpResponse:
    """Add an item or change one (its organisers)."""
    shown = the_meeting(request, pk, rules.may_edit_programme)
    kept = shown.agenda_items.filter(pk=item_id).first() if item_id is not None else None
    if item_id is not None and kept is None:
        raise Http404
    form = ItemForm(request.POST or None, meeting=shown, speakers=list(shown.speakers.all()), item=kept)

    def keep() -> object:
        operation = form.cleaned_data["operation"]
        return actions.keep_item(meeting_id=pk, item_id=item_id, operation=operation, by=request.viewer, **form.kept)

    title = "Modifier un point" if kept else "Ajouter un point"
    return _kept(request, shown, form, keep, title, done="Le point est au programme.")


def _kept(
    request: ClubRequest, shown: Meeting, form: ClubForm, keep: Callable[[], object], title: str, *, done: str
) -> HttpResponse:
    """The form of a part of the programme; sent and in order, it is kept, once."""
    if request.method == "POST" and form.is_valid():
        try:
            keep()
        except MeetingRefused as refused:
            form.add_error(refused.field, str(refused))
        except OperationReused:
            messages.info(request, f"C’est déjà fait. {done}")
            return redirect("meetings:programme", shown.pk)
        else:
            messages.success(request, done)
            return redirect("meetings:programme", shown.pk)
    context = {"form": form, "meeting": shown, "title": title, "crumbs": _crumbs(shown, title)}
    return render(request, "meetings/keep_part.html", context)


@require_POST
def move(request: ClubRequest, pk: int, item_id: int) -> HttpResponse:
    """One place up (`up` in the form) or down (its organisers)."""
    the_meeting(request, pk, rules.may_edit_programme)
    try:
        actions.move_item(meeting_id=pk, item_id=item_id, up="up" in request.POST, by=request.viewer)
    except Gone as gone:
        messages.warning(request, str(gone))
    return redirect("meetings:programme", pk)


@require_POST
def remove(request: ClubRequest, pk: int, item_id: int) -> HttpResponse:
    """Take an item off the agenda (its organisers). Twice is once."""
    the_meeting(request, pk, rules.may_edit_programme)
    try:
        actions.remove_item(meeting_id=pk, item_id=item_id, by=request.viewer)
        messages.success(request, "Le point est retiré du programme.")
    except Gone as gone:
        messages.warning(request, str(gone))
    return redirect("meetings:programme", pk)


@require_http_methods(FORM)
def speaker(request: ClubRequest, pk: int, speaker_id: int | None = None) -> HttpResponse:
    """Name somebody who speaks, or change how they are named (its organisers)."""
    shown = the_meeting(request, pk, rules.may_edit_programme)
    kept = shown.speakers.filter(pk=speaker_id).first() if speaker_id is not None else None
    if speaker_id is not None and kept is None:
        raise Http404
    initial = {name: getattr(kept, name) for name in ("name", "function", "organisation")} if kept else {}
    form = SpeakerForm(request.POST or None, initial=initial)

    def keep() -> object:
        return actions.keep_speaker(meeting_id=pk, speaker_id=speaker_id, by=request.viewer, **form.cleaned_data)

    title = "Modifier un intervenant" if kept else "Ajouter un intervenant"
    return _kept(request, shown, form, keep, title, done="La personne est parmi les intervenants.")


@require_POST
def remove_speaker(request: ClubRequest, pk: int, speaker_id: int) -> HttpResponse:
    """Name somebody no more (its organisers). Twice is once."""
    the_meeting(request, pk, rules.may_edit_programme)
    try:
        actions.remove_speaker(meeting_id=pk, speaker_id=speaker_id, by=request.viewer)
        messages.success(request, "La personne n’est plus parmi les intervenants.")
    except Gone as gone:
        messages.warning(request, str(gone))
    return redirect("meetings:programme", pk)


@require_http_methods(FORM)
def documents(request: ClubRequest, pk: int) -> HttpResponse:
    """Add and take away documents (its organisers)."""
    shown = the_meeting(request, pk, rules.may_edit_programme)
    form = DocumentsForm(request.POST or None, request.FILES or None, viewer=request.viewer, holder=(HOLDER, pk))
    if request.method == "POST" and form.is_valid():
        try:
            data = form.cleaned_data
            actions.keep_documents(meeting_id=pk, files=data["attachments"], seen=data["seen"], by=request.viewer)
        except FileRefused as refused:
            form.add_error("attachments", str(refused))
        else:
            messages.success(request, "Les documents sont enregistrés.")
            return redirect(shown)
    context = {"form": form, "meeting": shown, "crumbs": crumbs(shown, "Documents")}
    return render(request, "meetings/documents.html", context)
