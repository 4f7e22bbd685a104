"""Whose page it is, so that nobody publishes their own article or practice."""

from __future__ import annotations

from itertools import dropwhile
from typing import Any

from wagtail.models import Page, Revision, TaskState, WorkflowState

from members.models import Role, RoleAssignment


def authors_of(page: Page, *, upto: Revision | None = None) -> set[int]:
    """Persons who wrote what is to be published: the page’s owner, whoever sent it to review, whoever saved it since it
    was last published. What a reviewer mends during a review makes no author of them, nor what the bureau mends last,
    however often the editor saved it meanwhile. Five SQL queries.

    `upto` leaves out what was saved after that revision.
    """
    found = {page.owner_id}
    found |= set(WorkflowState.objects.for_instance(page).active().values_list("requested_by", flat=True))
    revisions = page.revisions.filter(pk__gt=page.live_revision_id or 0)
    if upto is not None:
        revisions = revisions.filter(pk__lte=upto.pk)
    states = TaskState.objects.for_instance(page).exclude(status=TaskState.STATUS_SKIPPED)
    reviews = list(states.values_list("started_at", "finished_at"))
    for person, at in _without_mending(list(revisions.order_by("-pk").values_list("user", "created_at"))):
        if not any(begun <= at and (ended is None or at <= ended) for begun, ended in reviews):
            found.add(person)
    return {person for person in found if person is not None}


def _without_mending(saved: list[tuple[int | None, Any]]) -> list[tuple[int | None, Any]]:
    """Without the newest revisions, as far as one same person of the bureau saved them."""
    last = saved[0][0] if saved else None
    if not RoleAssignment.objects.current().filter(person=last, role=Role.NATIONAL_OFFICE).exists():
        return saved
    return list(dropwhile(lambda one: one[0] == last, saved))


def is_own(page: Any, user: Any, *, upto: Revision | None = None) -> bool:
    """Whether this person would publish their own article or practice; other kinds of pages ask nobody else."""
    if user is None or not getattr(page, "another_publishes", False):
        return False
    return user.pk in authors_of(page, upto=upto)
