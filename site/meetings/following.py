"""Who wants to hear of new meetings by mail: rows of `Follow`, one for each région, and one for the whole nation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from changes import change
from meetings.models import Meeting
from meetings.rows import person_of
from members.models import Follow, Level
from members.viewer import Viewer
from territories.models import Region

FOLLOWED = "agenda"
NATIONAL = "national"
"""What follows meetings that belong to no région."""


def followers_of(meeting: Meeting, level: Level) -> QuerySet[Any, Any]:
    """Who asked to hear of such a meeting by mail (`watched`), or to hear no more of any (`muted`): ids of persons."""
    rows = Follow.objects.filter(kind=FOLLOWED, object_id=place_followed(meeting.region_id), level=level)
    return rows.values("person")


def place_followed(region: str | None) -> str:
    """What somebody follows who wants to hear of the meetings of this région, or of none."""
    return region or NATIONAL


def followed_places(viewer: Viewer) -> set[str]:
    """The régions whose new meetings the person has mailed to them. One SQL query; visitors cost none."""
    if viewer.person is None:
        return set()
    rows = Follow.objects.filter(person=viewer.person, kind=FOLLOWED, level=Level.WATCHED)
    return set(rows.values_list("object_id", flat=True))


def follow_meetings(*, places: Iterable[str], by: Viewer) -> None:
    """Hear by mail of new meetings of these places (codes of régions, `national`), and of no others.

    Who may: every person, for themselves. What is not a place is left out. Raises `NotAllowed`.
    """
    person = person_of(by)
    known = {NATIONAL, *Region.objects.in_force().values_list("code", flat=True)}
    wanted = known & set(places)
    with change(by=by):
        rows = Follow.objects.filter(person=person, kind=FOLLOWED)
        rows.filter(level=Level.WATCHED).exclude(object_id__in=wanted).delete()
        for place in sorted(wanted):
            rows.update_or_create(person=person, kind=FOLLOWED, object_id=place, defaults={"level": Level.WATCHED})


def mute_meetings(*, place: str, by: Viewer) -> None:
    """Hear no more of new meetings of this place, on the site neither. Raises `NotAllowed`."""
    with change(by=by):
        Follow.objects.update_or_create(
            person=person_of(by), kind=FOLLOWED, object_id=place, defaults={"level": Level.MUTED}
        )
