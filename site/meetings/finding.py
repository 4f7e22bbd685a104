"""What a page of the agenda is about: found where the viewer may see it, else 404; and its breadcrumb."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404
from django.urls import reverse

from look.typography import typographic
from meetings import queries, rules
from meetings.models import Meeting
from members.middleware import ClubRequest
from members.viewer import Viewer

AGENDA = "Agenda"
Crumbs = list[tuple[str, str]]


def the_meeting(request: ClubRequest, pk: int, rule: Callable[[Viewer, Meeting], bool] = rules.may_read) -> Meeting:
    """The meeting of an address, for whoever the rule lets through."""
    meeting = queries.meeting_of(request.viewer, pk)
    if meeting is None or not rule(request.viewer, meeting):
        raise Http404
    return meeting


def crumbs(meeting: Meeting | None = None, *last: str | tuple[str, str]) -> Crumbs:
    """Agenda, meeting, and what is done there; the last one has no address."""
    found: Crumbs = [(AGENDA, reverse("meetings:list"))]
    if meeting is not None:
        found.append((typographic(meeting.title), meeting.get_absolute_url()))
    found += [one if isinstance(one, tuple) else (one, "") for one in last]
    return [*found[:-1], (found[-1][0], "")]
