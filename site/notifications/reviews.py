"""Who is told of a review: reviewers of what waits, authors of what was decided, those who talk about a page."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone
from wagtail.models import Comment, Page, TaskState, WorkflowState

from changes import SYSTEM, change
from changes.facts import handles
from changes.models import Fact
from cms.review import reviewers
from cms.review.authors import authors_of
from members.models import Person
from notifications.models import Notice
from notifications.notices import tell
from notifications.pages import WAITING
from notifications.streams import OWN

Kind = Notice.Kind


def _waiting(fact: Fact) -> TaskState | None:
    """The review of the fact, if it still waits."""
    states = TaskState.objects.filter(pk=int(fact.object_id), status=TaskState.STATUS_IN_PROGRESS)
    return states.select_related("workflow_state").first()


def _tell_reviewers(fact: Fact, kind: Notice.Kind) -> None:
    state = _waiting(fact)
    page = state.workflow_state.content_object if state is not None else None
    if state is not None and page is not None:
        people = list(state.task.specific.told(page).values_list("pk", flat=True))
        if not people:  # nobody of the région is left since the step began: the bureau may act in their stead
            people = list(reviewers.others(reviewers.office(), page).values_list("pk", flat=True))
        tell(kind, page.pk, people)


@handles("tell", "page.review")
def tell_it_waits(fact: Fact) -> None:
    """Those who may act on the page at this step hear that it is there."""
    _tell_reviewers(fact, Kind.PAGE_REVIEW)


@handles("tell", "page.waits")
def remind_reviewers(fact: Fact) -> None:
    """The same persons hear, once, that it has waited for long."""
    _tell_reviewers(fact, Kind.PAGE_WAITS)


@handles("tell", "page.refused")
def tell_sent_back(fact: Fact) -> None:
    """Whoever sent the page hears that a change is asked, and why."""
    _tell_asker(fact, Kind.PAGE_REFUSED, WorkflowState.STATUS_NEEDS_CHANGES)


@handles("tell", "page.accepted")
def tell_accepted(fact: Fact) -> None:
    """Whoever sent the page hears that it is published, or when it will be."""
    _tell_asker(fact, Kind.PAGE_ACCEPTED, WorkflowState.STATUS_APPROVED)


def _tell_asker(fact: Fact, kind: Notice.Kind, status: str) -> None:
    state = WorkflowState.objects.filter(pk=int(fact.object_id), status=status).first()
    if state is not None:
        _settle(int(state.object_id))
        people = {state.requested_by_id, getattr(state.content_object, "owner_id", None)}
        tell(kind, int(state.object_id), _but(people, fact))


def _settle(page: int) -> None:
    """What said that the page waits is no longer new: somebody decided."""
    rows = Notice.objects.filter(kind__in=WAITING, object_id=str(page), read_at=None)
    people = list(rows.values_list("person", flat=True))
    with change(by=SYSTEM) as c:
        rows.update(read_at=timezone.now())
        for person in people:
            c.touch(f"person:{person}", "bell", 0, after=[OWN])


@handles("tell", "page.commented")
def tell_commented(fact: Fact) -> None:
    """Authors of a page, and those who talked about it, hear of a comment if they may still work on the page."""
    page = Page.objects.filter(pk=int(fact.object_id)).first()
    if page is None:
        return
    comments = Comment.objects.filter(page=page)
    people = authors_of(page) | set(comments.values_list("user", flat=True))
    people |= set(comments.values_list("replies__user", flat=True))
    known = Person.objects.filter(pk__in=_but(people, fact), is_active=True)
    tell(Kind.PAGE_COMMENTED, page.pk, [one.pk for one in known if page.permissions_for_user(one).can_edit()])


@handles("tell", "page.held")
def tell_held(fact: Fact) -> None:
    """Those who wrote a page and who scheduled it hear that it did not go live."""
    page = Page.objects.filter(pk=int(fact.object_id)).first()
    if page is not None:
        people = authors_of(page) | {fact.payload.get("by")}
        tell(Kind.PAGE_HELD, page.pk, [pk for pk in people if pk is not None])


def _but(people: Iterable[int | None], fact: Fact) -> list[int]:
    """Without whoever did it."""
    return [pk for pk in people if pk is not None and pk != fact.payload.get("by")]
