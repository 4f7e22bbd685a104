"""Pages of the agenda: the list, the month, a meeting, registration, calendars."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changes.writing import OperationReused
from look.pages import page_of
from meetings import actions, ical, months, queries, rules
from meetings.finding import AGENDA, crumbs, the_meeting
from meetings.following import followed_places
from meetings.forms import FollowForm
from meetings.models import Kind, Registration
from meetings.queries import Filters
from members.middleware import ClubRequest
from members.rules import NotAllowed
from territories.models import Region


def _choices(request: ClubRequest) -> dict[str, Any]:
    return {"kinds": Kind.choices, "regions": queries.region_choices(request.viewer)}


@require_safe
def agenda(request: ClubRequest) -> HttpResponse:
    """Meetings to come, the next first, or those of a past year. Everybody; five SQL queries."""
    filters = Filters.of(request.GET.dict())
    choices = _choices(request)
    context = {
        "filters": filters,
        "choices": choices,
        "region_name": dict(choices["regions"]).get(filters.region, ""),
        "kind_name": dict(Kind.choices).get(filters.kind, ""),
        "page": page_of(queries.listed(request.viewer, filters), request, 20),
        "years": queries.past_years(request.viewer),
        "may_organise": rules.may_organise(request.viewer),
        "crumbs": crumbs(),
    }
    return render(request, "meetings/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: ClubRequest) -> HttpResponse:
    """Of which régions one wants new meetings mailed (signed-in people, for themselves)."""
    if request.viewer.person is None:
        return redirect_to_login(request.get_full_path())
    form = FollowForm(
        request.POST if request.method == "POST" else None, initial={"places": sorted(followed_places(request.viewer))}
    )
    if request.method == "POST" and form.is_valid():
        actions.follow_meetings(places=form.cleaned_data["places"], by=request.viewer)
        messages.success(request, "C’est enregistré.")
        return redirect("meetings:list")
    return render(request, "meetings/follow.html", {"form": form, "crumbs": crumbs(None, "Être prévenu")})


@require_safe
def this_month(request: ClubRequest) -> HttpResponse:
    """The month view opens at the present month, which has an address of its own."""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(reverse("meetings:month", args=[timezone.localdate().strftime("%Y-%m")]) + query)


@require_safe
def month(request: ClubRequest, month: str) -> HttpResponse:
    """A month as a table; the months before and after it are offered as long as there is something to see.

    Everybody; three SQL queries.
    """
    first = months.month_of(month)
    if first is None:
        raise Http404
    filters = Filters.of(request.GET.dict())
    earliest, latest = queries.first_and_last_day(request.viewer)
    before, after = months.after(first, -1), months.after(first)
    meetings = queries.in_days(request.viewer, first, after, filters)
    choices = _choices(request)
    context = {
        "first": first,
        "before": before if first > earliest else None,
        "after": after if after <= latest else None,
        "weeks": months.weeks_of(first, meetings),
        "count": len(meetings),
        "filters": filters,
        "choices": choices,
        "query": f"?{request.GET.urlencode()}" if request.GET else "",
        "crumbs": [(AGENDA, reverse("meetings:list")), ("Par mois", "")],
    }
    return render(request, "meetings/month.html", context)


@require_safe
def meeting(request: ClubRequest, pk: int, slug: str = "") -> HttpResponse:
    """A meeting's page, for whoever reads it. Seven SQL queries at most."""
    shown = the_meeting(request, pk)
    if slug != shown.slug:
        return redirect(shown, permanent=True)
    viewer, now = request.viewer, timezone.now()
    details = queries.details_of(viewer, shown)
    manages = rules.may_manage(viewer, shown)
    context = {
        "meeting": shown,
        "details": details,
        "registration": details.registration,
        "seat": Registration.State,
        "takes": rules.takes_registrations(shown, now),
        "may_register": rules.may_register(viewer, shown, now),
        "may_leave": rules.may_leave(viewer, shown, details.registration, now),
        "link": shown.link if rules.may_see_link(viewer, shown, details.registration) else "",
        "manages": manages,
        "acts": acts(request, shown) if manages else {},
        "operation": uuid4(),
        "canonical": settings.SITE_URL + shown.get_absolute_url(),
        "crumbs": crumbs(shown),
    }
    return render(request, "meetings/meeting.html", context)


def acts(request: ClubRequest, shown: Any) -> dict[str, bool]:
    """What an organiser may do with the meeting as it is."""
    named = {
        "edit": rules.may_edit,
        "programme": rules.may_edit_programme,
        "announce": rules.may_announce,
        "open": rules.may_open,
        "cancel": rules.may_cancel,
        "report": rules.may_report,
    }
    return {name: rule(request.viewer, shown) for name, rule in named.items()}


@require_POST
def register(request: ClubRequest, pk: int) -> HttpResponse:
    """Take a place or a rank (members who read the page)."""
    shown = the_meeting(request, pk)
    if request.viewer.person is None:
        return redirect_to_login(shown.get_absolute_url())
    try:
        row = actions.register(meeting_id=pk, operation=request.POST.get("operation", "")[:36], by=request.viewer)
    except (NotAllowed, OperationReused):
        messages.warning(request, "Les inscriptions à cette rencontre ne sont pas ouvertes, ou plus.")
        return redirect(shown)
    if row.state == Registration.State.SEATED:
        messages.success(request, "Votre place est réservée. Un courriel vous le confirme, avec le rendez-vous.")
    elif row.state == Registration.State.WAITING:
        messages.success(request, "La rencontre est complète : vous êtes en liste d’attente. Un courriel suit.")
    return redirect(shown)


@require_POST
def leave(request: ClubRequest, pk: int) -> HttpResponse:
    """Give one's place or rank back."""
    shown = the_meeting(request, pk)
    if request.viewer.person is None:
        return redirect_to_login(shown.get_absolute_url())
    try:
        actions.leave(meeting_id=pk, operation=request.POST.get("operation", "")[:36], by=request.viewer)
    except (NotAllowed, OperationReused):
        messages.warning(request, "On ne peut plus se désinscrire de cette rencontre.")
    else:
        messages.success(request, "Vous n’êtes plus inscrit à cette rencontre. Merci de l’avoir dit.")
    return redirect(shown)


def _calendar(content: bytes, name: str) -> HttpResponse:
    header = content_disposition_header(as_attachment=True, filename=name) or ""
    return HttpResponse(content, content_type=ical.CONTENT_TYPE, headers={"Content-Disposition": header})


@require_safe
def ics(request: ClubRequest, pk: int) -> HttpResponse:
    """One meeting for a calendar, for whoever reads it; with the video room where they may see it."""
    shown = the_meeting(request, pk)
    registration = queries.registration_of(request.viewer, shown)
    link = rules.may_see_link(request.viewer, shown, registration)
    return _calendar(ical.calendar_of([shown], with_link=link), f"{shown.slug}.ics")


@require_safe
def calendar(request: ClubRequest) -> HttpResponse:
    """Every meeting that the viewer reads, to subscribe to: for calendars without a session the public ones."""
    meetings = queries.for_calendar(request.viewer)
    return _calendar(ical.calendar_of(meetings, name=f"{settings.SITE_NAME} : agenda"), "agenda.ics")


@require_safe
def region_calendar(request: ClubRequest, code: str) -> HttpResponse:
    """The same for one région; 404 for a code that none has."""
    region = Region.objects.filter(pk=code).first()
    if region is None:
        raise Http404
    meetings = queries.for_calendar(request.viewer, region.pk)
    name = f"{settings.SITE_NAME} : {region.name}"
    return _calendar(ical.calendar_of(meetings, name=name), f"agenda-{region.pk}.ics")
