"""Whose page it is, so that nobody publishes their own article or practice."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page, Revision, TaskState, WorkflowState


def authors_of(page: Page, *, before: Revision | None = None) -> set[int]:
    """Persons who wrote what is to be published: the page’s owner, whoever sent it to review, whoever saved it since it
    was last published. What a reviewer mends during a review makes no author of them. Four SQL queries.

    `before` leaves out that revision and later ones (the one that a publisher saved by publishing).
    """
    found = {page.owner_id}
    found |= set(WorkflowState.objects.for_instance(page).active().values_list("requested_by", flat=True))
    revisions = page.revisions.filter(pk__gt=page.live_revision_id or 0)
    if before is not None:
        revisions = revisions.filter(pk__lt=before.pk)
    states = TaskState.objects.for_instance(page).exclude(status=TaskState.STATUS_SKIPPED)
    reviews = list(states.values_list("started_at", "finished_at"))
    for person, at in revisions.values_list("user", "created_at"):
        if not any(begun <= at and (ended is None or at <= ended) for begun, ended in reviews):
            found.add(person)
    return {person for person in found if person is not None}


def is_own(page: Any, user: Any) -> bool:
    """Whether this person would publish their own article or practice; other kinds of pages ask nobody else."""
    return bool(getattr(page, "another_publishes", False)) and user is not None and user.pk in authors_of(page)
