"""A meeting is announced: who hears of it on the site, and who asked for a mail. Rights are asked when it is said.

On the site: who has a mandate or a role in its région, or follows it; of a meeting of the whole nation every member.
By mail: who asked for it (`meetings.following`). Never whoever announced it, nor whoever would hear no more of any.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from changes.facts import handles
from changes.models import Fact
from meetings.following import followers_of
from meetings.models import COMING, Meeting
from members.models import Level, Membership, Person, RoleAssignment, Scope
from members.readers import holders_of
from notifications.models import Notice
from notifications.notices import tell

BATCH = 2000  # people in one transaction


def told_of(meeting: Meeting) -> QuerySet[Person]:
    """Who hears of the meeting: those near to it and those who follow it, as far as they may read it now."""
    people = holders_of("members") & holders_of(meeting.audience)
    if meeting.region_id:
        mandates = Membership.objects.current(timezone.now()).filter(organisation__region=meeting.region_id)
        roles = RoleAssignment.objects.current(timezone.now()).filter(
            scope_kind=Scope.REGION, scope_id=meeting.region_id
        )
        near = Q(pk__in=mandates.values("person")) | Q(pk__in=roles.values("person"))
        people = people.filter(near | Q(pk__in=followers_of(meeting, Level.WATCHED)))
    return people.exclude(pk__in=followers_of(meeting, Level.MUTED)).distinct()


@handles("tell", "meeting.announced")
def tell_announced(fact: Fact) -> None:
    """A line in the bell of each; a mail after a minute to those who asked, unless they have seen it by then."""
    meeting = Meeting.objects.filter(pk=int(fact.object_id), state__in=COMING).first()
    if meeting is None:
        return
    people = told_of(meeting).exclude(pk=fact.payload.get("by")).order_by("pk")
    asked = set(followers_of(meeting, Level.WATCHED).values_list("person", flat=True))
    last = 0
    while batch := list(people.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        tell(Notice.Kind.MEETING_NEW, meeting.pk, batch, mailed=asked)
        last = batch[-1]
