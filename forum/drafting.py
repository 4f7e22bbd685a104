"""Drafts: kept on the server while one writes, found again on any machine, ended by publishing.

A draft has a sequence. Who saves names the one they began from; where another page has saved since, nothing is
overwritten. Publishing empties the draft and moves its sequence on, so that a saving still under way cannot revive it.
"""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils import timezone

from changes import change
from forum.models import Draft
from members.rules import NotAllowed
from members.viewer import Viewer

LIMIT = 100
"""Drafts of one person; the oldest goes."""


class OlderDraft(Exception):
    """Another page saved a newer draft; `draft` is that one. Nothing was changed."""

    def __init__(self, draft: Draft) -> None:
        super().__init__("Un brouillon plus récent a été enregistré dans une autre page.")
        self.draft = draft


def save_draft(*, target: str, sequence: int, content: dict[str, Any], by: Viewer) -> Draft:
    """Keep what a person is writing for `target` (`topic:9`, `space:3:difficulty`, `post:12`). Who may: that person.

    `sequence` is the one that the page began from or last heard of, 0 where there was none; the draft returned has the
    next. Nothing typed leaves an empty draft. Raises `NotAllowed`, `OlderDraft`.
    """
    person = by.person
    if person is None:
        raise NotAllowed("Connectez-vous pour garder un brouillon.")
    typed = {name: value for name, value in content.items() if value not in ("", [], None)}
    with change(by=by):
        now = timezone.now()
        moved = Draft.objects.filter(person=person, target=target, sequence=sequence).update(
            content=typed, sequence=sequence + 1, saved_at=now
        )
        if not moved:
            draft, made = Draft.objects.get_or_create(
                person=person, target=target, defaults={"sequence": 1, "content": typed, "saved_at": now}
            )
            if not made and draft.content != typed:
                raise OlderDraft(draft)
            return draft
        _forget_oldest(person.pk)
    return Draft.objects.get(person=person, target=target)


def _forget_oldest(person: int) -> None:
    kept = (
        Draft.objects.filter(person=person)
        .exclude(content={})
        .order_by("-saved_at", "-id")
        .values_list("pk", flat=True)
    )
    if len(extra := list(kept[LIMIT : LIMIT * 2])):
        Draft.objects.filter(pk__in=extra).delete()


def end_draft(target: str, by: Viewer) -> None:
    """What was a draft is published or thrown away. Called inside a change.

    Where there was none an empty one stands for a day, so that a first saving still under way finds it newer.
    """
    if by.person is None:
        return
    mine = Draft.objects.filter(person=by.person, target=target)
    if not mine.update(content={}, sequence=F("sequence") + 1, saved_at=timezone.now()):
        Draft.objects.bulk_create([Draft(person=by.person, target=target, sequence=1)], ignore_conflicts=True)


def drop_draft(*, target: str, by: Viewer) -> None:
    """Throw one's draft away."""
    with change(by=by):
        end_draft(target, by)


def draft_for(viewer: Viewer, target: str) -> Draft | None:
    """The person's draft, an empty one too (its sequence counts). One SQL query; visitors cost none."""
    return Draft.objects.filter(person=viewer.person, target=target).first() if viewer.person is not None else None


def drafts_of(viewer: Viewer) -> list[Draft]:
    """What the person has begun, the latest first. One SQL query."""
    if viewer.person is None:
        return []
    return list(Draft.objects.filter(person=viewer.person).exclude(content={}).order_by("-saved_at", "-id"))
