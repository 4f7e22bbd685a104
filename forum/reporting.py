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
        changed = post.edited_at is not None and report.decided_at is not None and post.edited_at > report.decided_at
        if not made and changed:  # it is another text than the one that was decided on
            report.outcome, report.decided_at = Report.Outcome.WAITING, None
            report.reason, report.note, report.created_at = reason, note.strip(), timezone.now()
            report.save()
        if made or changed:
            c.log("report", "post", post.pk, after={"reason": reason})
            c.fact("forum.reported", post.pk)
    return report


def decide_reports(*, post_id: int, hide: bool, answer: str, by: Viewer) -> Post:
    """Decide on all that waits about a message: hide it for this reason, or keep it (the answer says why).

    Who may: who moderates its space and did not write it. Those who reported and, where it is hidden, the author are
    told. Done twice, or by two at once, the first counts. Raises `NotAllowed`, `Gone`.
    """
    with change(by=by) as c:
        post = locked_post(post_id)
        if not rules.may_decide_reports(by, post):
            raise NotAllowed("Vous ne pouvez pas décider de ce signalement.")
        waiting = Report.objects.filter(post=post, outcome=Report.Outcome.WAITING)
        if not waiting.exists():
            return post
        if hide and post.state == State.VISIBLE:
            hide_locked(c, post, answer)
        outcome = Report.Outcome.HIDDEN if hide else Report.Outcome.KEPT
        told = list(waiting.values_list("pk", flat=True))
        waiting.update(outcome=outcome, answer=answer.strip(), decided_at=timezone.now())
        c.log("decide_reports", "post", post.pk, after={"outcome": outcome}, reason=answer.strip())
        c.fact("forum.report_decided", post.pk, payload={"reports": told})
    return post


def moderated_spaces(viewer: Viewer) -> list[Space]:
    """The spaces that the viewer moderates. One SQL query."""
    if viewer.person is None:
        return []
    return [space for space in Space.objects.visible_to(viewer) if rules.may_moderate(viewer, space)]


def reports_for(viewer: Viewer) -> QuerySet[Report]:
    """What waits in the spaces that the viewer moderates, the oldest first; never about their own messages.

    For a paginator; one SQL query to make.
    """
    rows = Report.objects.filter(post__topic__space__in=moderated_spaces(viewer), outcome=Report.Outcome.WAITING)
    rows = rows.exclude(post__author=viewer.person).exclude(post__state=State.DELETED)
    return rows.select_related("post__topic__space", "post__author", "person").order_by("created_at", "id")
