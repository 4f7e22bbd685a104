"""The organisers' pages: their meetings, a meeting's form, its agenda and documents, who comes, its end."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changes.writing import OperationReused
from look.pages import page_of
from meetings import actions, queries, rules
from meetings.exporting import registrations_csv
from meetings.finding import crumbs, the_meeting
from meetings.forms import CancelForm, ConfirmForm, MeetingForm, ReportForm
from meetings.models import Meeting
from meetings.rows import EditConflict, MeetingRefused, ReadersLost
from members.middleware import ClubRequest
from members.queries import mandates_of

FORM = ["GET", "HEAD", "POST"]


@require_safe
def desk(request: ClubRequest) -> HttpResponse:
    """The meetings that I organise and that are not over (organisers)."""
    if not rules.may_organise(request.viewer):
        raise Http404
    page = page_of(queries.organised_by(request.viewer), request)
    return render(request, "meetings/desk.html", {"page": page, "crumbs": crumbs(None, "Vos rencontres")})


@require_http_methods(FORM)
def create(request: ClubRequest) -> HttpResponse:
    """Write the draft of a meeting (organisers)."""
    if not rules.may_organise(request.viewer):
        raise Http404
    form = MeetingForm(request.POST or None, viewer=request.viewer, mandates=mandates_of(request.viewer))
    if request.method == "POST" and form.is_valid():
        try:
            operation = form.cleaned_data["operation"]
            made = actions.create_meeting(operation=operation, by=request.viewer, **form.kept)
        except MeetingRefused as refused:
            form.add_error(refused.field, str(refused))
        except OperationReused as reused:
            messages.info(request, "Cette rencontre est déjà enregistrée ; la voici.")
            return redirect("meetings:meeting_by_number", int(reused.result))
        else:
            messages.success(request, "Le brouillon est enregistré. Ajoutez le programme, puis annoncez la rencontre.")
            return redirect(made)
    context = {"form": form, "crumbs": crumbs(None, "Nouvelle rencontre")}
    return render(request, "meetings/keep.html", context)


@require_http_methods(FORM)
def edit(request: ClubRequest, pk: int) -> HttpResponse:
    """Change a meeting (its organisers)."""
    shown = the_meeting(request, pk, rules.may_edit)
    form = MeetingForm(request.POST or None, viewer=request.viewer, mandates=mandates_of(request.viewer), meeting=shown)
    status = 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = actions.edit_meeting(
                meeting_id=pk,
                revision=data["revision"] or 0,
                releasing=data.get("releasing", False),
                operation=data["operation"],
                by=request.viewer,
                **form.kept,
            )
        except MeetingRefused as refused:
            form.add_error(refused.field, str(refused))
            if isinstance(refused, ReadersLost):
                form.ask_to_release()
                form.dress()
        except EditConflict as conflict:
            form, status = _again(request, form, conflict.meeting), 409
        except OperationReused:
            messages.info(request, "Vos changements étaient déjà enregistrés.")
            return redirect(shown)
        else:
            messages.success(request, "La rencontre est enregistrée.")
            return redirect(made)
    context = {"form": form, "meeting": shown, "conflict": status == 409, "crumbs": crumbs(shown, "Modifier")}
    return render(request, "meetings/keep.html", context, status=status)


def _again(request: ClubRequest, form: MeetingForm, now: Meeting) -> MeetingForm:
    """The form as it was sent, on the meeting as it is now: sent again, it is taken."""
    sent = request.POST.copy()
    sent["revision"] = str(now.revision)
    sent["operation"] = str(uuid4())
    return MeetingForm(sent, viewer=request.viewer, mandates=form.mandates, meeting=now)


@require_POST
def announce(request: ClubRequest, pk: int) -> HttpResponse:
    """Show a draft to its readers; `opening` in the form opens registration at once (its organisers)."""
    shown = the_meeting(request, pk, rules.may_manage)
    try:
        actions.announce_meeting(meeting_id=pk, opening="opening" in request.POST, by=request.viewer)
    except MeetingRefused as refused:
        messages.warning(request, str(refused))
        return redirect("meetings:edit", pk)
    messages.success(request, "La rencontre est annoncée.")
    return redirect(shown)


@require_POST
def open_registration(request: ClubRequest, pk: int) -> HttpResponse:
    """Let members register (its organisers)."""
    shown = the_meeting(request, pk, rules.may_manage)
    actions.open_registration(meeting_id=pk, by=request.viewer)
    messages.success(request, "Les inscriptions sont ouvertes.")
    return redirect(shown)


@require_http_methods(FORM)
def cancel(request: ClubRequest, pk: int) -> HttpResponse:
    """Cancel a meeting with a reason (its organisers)."""
    shown = the_meeting(request, pk, rules.may_manage)
    if shown.is_cancelled:  # by whoever was first
        return redirect(shown)
    if not rules.may_cancel(request.viewer, shown):
        raise Http404
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.cancel_meeting(meeting_id=pk, reason=form.cleaned_data["reason"], by=request.viewer)
        messages.success(request, "La rencontre est annulée. Les personnes inscrites sont prévenues.")
        return redirect(shown)
    context = {"form": form, "meeting": shown, "crumbs": crumbs(shown, "Annuler")}
    return render(request, "meetings/cancel.html", context)


@require_http_methods(FORM)
def discard(request: ClubRequest, pk: int) -> HttpResponse:
    """Throw a draft away (its organisers)."""
    shown = the_meeting(request, pk, rules.may_discard)
    if request.method == "POST":
        actions.discard_draft(meeting_id=pk, by=request.viewer)
        messages.success(request, "Le brouillon est supprimé.")
        return redirect("meetings:desk")
    context = {"form": ConfirmForm(), "meeting": shown, "crumbs": crumbs(shown, "Supprimer")}
    return render(request, "meetings/discard.html", context)


@require_http_methods(FORM)
def report(request: ClubRequest, pk: int) -> HttpResponse:
    """Say where the report stands (its organisers, once it is over)."""
    shown = the_meeting(request, pk, rules.may_report)
    form = ReportForm(request.POST or None, initial={"address": shown.report})
    if request.method == "POST" and form.is_valid():
        actions.publish_report(meeting_id=pk, address=form.cleaned_data["address"], by=request.viewer)
        messages.success(request, "Le compte rendu est indiqué sur la page de la rencontre.")
        return redirect(shown)
    context = {"form": form, "meeting": shown, "crumbs": crumbs(shown, "Compte rendu")}
    return render(request, "meetings/report.html", context)


@require_safe
def registrations(request: ClubRequest, pk: int) -> HttpResponse:
    """Who comes and who waits (its organisers)."""
    shown = the_meeting(request, pk, rules.may_see_registrations)
    page = page_of(queries.registrations(shown), request, 50)
    context: dict[str, Any] = {"meeting": shown, "page": page, "crumbs": crumbs(shown, "Inscriptions")}
    return render(request, "meetings/registrations.html", context)


@require_safe
def export(request: ClubRequest, pk: int) -> HttpResponse:
    """The same for a spreadsheet; that it was taken is written down."""
    shown = the_meeting(request, pk, rules.may_see_registrations)
    text = registrations_csv(shown, by=request.viewer)
    name = content_disposition_header(as_attachment=True, filename=f"inscriptions-{shown.slug}.csv") or ""
    headers = {"Content-Disposition": name}
    return HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8", headers=headers)
