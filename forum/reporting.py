"""Reports: somebody tells the moderators of a message; they keep it or hide it with a reason; both sides are told."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from changes import change
from forum import rules
from forum.models import Post, Report, Space, State
from forum.moderating import hide_locked
from forum.rows import locked_post
from members.rules import NotAllowed
from members.viewer import Viewer


def report_post(*, post_id: int, reason: str, note: str = "", by: Viewer) -> Report:
    """Tell the moderators of a message. Who may: whoever has an account and sees it, but its author. Twice is once.

    Who reported is told to moderators only. Raises `NotAllowed`, `Gone`.
    """
    with change(by=by) as c:
        post = locked_post(post_id)
        if by.person is None or not rules.may_see_topic(by, post.topic) or not rules.may_report(by, post):
            raise NotAllowed("Vous ne pouvez pas signaler ce message.")
        fields = {"reason": reason, "note": note.strip()}
        report, made = Report.objects.get_or_create(post=post, person=by.person, defaults=fields)
        if made:
            c.log("report", "post", post.pk, after={"reason": reason})
            c.fact("forum.reported", post.pk)
    return report


def decide_reports(*, post_id: int, hide: bool, answer: str, by: Viewer) -> Post:
    """Decide on all that waits about a message: hide it for this reason, or keep it (the answer says why).

    Who may: who moderates its space. Those who reported and, where it is hidden, the author are told. Done twice, or by
    two at once, the first counts. Raises `NotAllowed`, `Gone`.
    """
    with change(by=by) as c:
        post = locked_post(post_id)
        if not rules.may_moderate(by, post.topic.space):
            raise NotAllowed("Vous ne modérez pas cet espace.")
        waiting = Report.objects.filter(post=post, outcome=Report.Outcome.WAITING)
        if not waiting.exists():
            return post
        if hide and post.state == State.VISIBLE:
            hide_locked(c, post, answer)
        outcome = Report.Outcome.HIDDEN if hide else Report.Outcome.KEPT
        waiting.update(outcome=outcome, answer=answer.strip(), decided_at=timezone.now())
        c.log("decide_reports", "post", post.pk, after={"outcome": outcome}, reason=answer.strip())
        c.fact("forum.report_decided", post.pk)
    return post


def moderated_spaces(viewer: Viewer) -> list[Space]:
    """The spaces that the viewer moderates. One SQL query."""
    if viewer.person is None:
        return []
    return [space for space in Space.objects.visible_to(viewer) if rules.may_moderate(viewer, space)]


def reports_for(viewer: Viewer) -> QuerySet[Report]:
    """What waits in the spaces that the viewer moderates, the oldest first. For a paginator; one SQL query to make."""
    rows = Report.objects.filter(post__topic__space__in=moderated_spaces(viewer), outcome=Report.Outcome.WAITING)
    return rows.select_related("post__topic__space", "post__author", "person").order_by("created_at", "id")
