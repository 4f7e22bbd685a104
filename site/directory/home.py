"""The home page's places: a member's home, what goes on for visitors; « Pour vous » is a strip that renews itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html_join

from directory import queries
from directory.desk import animates, desk
from meetings.queries import meetings_of, next_by_region, next_meetings
from members.viewer import VISITOR_VIEWER, Viewer
from realtime.strips import strips_of
from slots import fills

Places = tuple[list[Any], list[Any]]
"""The person's régions and the spaces that they read."""


def for_you(viewer: Viewer, places: Places | None = None) -> str:
    """« Pour vous »: what is waiting for this person. Four SQL queries.

    Where a member has nothing yet, the first steps need their places: two more, unless they are handed over.
    """
    news = queries.replies(viewer)
    asked, drafts = queries.asked_by(viewer), queries.drafts(viewer)
    registrations = meetings_of(viewer)
    context: dict[str, Any] = {
        "viewer": viewer,
        "registrations": registrations,
        "news": news[: queries.NEWS],
        "more": len(news) > queries.NEWS,
        "asked": asked,
        "drafts": drafts,
        "nothing": not (news or asked or drafts.count or registrations),
        "animates": animates(viewer),
    }
    if context["nothing"] and not context["animates"]:
        own, readable = places or (queries.regions(viewer), queries.spaces(viewer, []))
        codes = {region.pk for region in own}
        context["region_space"] = next((space for space in readable if space.region_id in codes), None)
        context["space"] = queries.first_space(readable, own)
    return render_to_string("directory/for_you.html", context).strip()


@fills("home.head")
def styles(*, viewer: Any) -> str:
    """The home's own stylesheet, and that of the agenda for its dates."""
    sheets = [(static("directory/directory.css"),), (static("meetings/meetings.css"),)]
    return format_html_join("", '<link rel="stylesheet" href="{}">', sheets)


@fills("home.member")
def member_home(*, viewer: Any) -> str:
    """The home of a signed-in person: desk, « Pour vous », their régions, elsewhere in the club.

    Eleven SQL queries at most, whatever the club's size.
    """
    if viewer is None or viewer.person is None:
        return ""
    own = queries.regions(viewer)
    codes = [region.pk for region in own]
    readable = queries.spaces(viewer, codes)
    context = {
        "viewer": viewer,
        "desk": desk(viewer, readable),
        "for_you": for_you(viewer, (own, readable)),
        "regions": queries.region_news(viewer, own, readable),
        "meetings": next_by_region(viewer, codes),
        "elsewhere": queries.elsewhere(viewer, codes),
        "space": queries.first_space(readable, own) if viewer.is_member else None,
    }
    return render_to_string("directory/home.html", context)


@fills("home.now")
def what_goes_on(*, viewer: Any) -> str:
    """« En ce moment » for visitors: the next public meetings, the latest public discussions. Two SQL queries."""
    meetings, topics = next_meetings(VISITOR_VIEWER), queries.latest_public(VISITOR_VIEWER)
    if not meetings and not topics:
        return ""
    return render_to_string("directory/now.html", {"topics": topics, "meetings": meetings})


@strips_of("home")
def strip(request: HttpRequest, ids: Sequence[str]) -> Mapping[str, str]:
    """« Pour vous » again, when something of the person's changed."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]  # set by members.middleware
    return {"0": for_you(viewer)} if viewer.person is not None and "0" in ids else {}
