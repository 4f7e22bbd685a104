"""Difficulties that nobody has answered yet: how they are found, and how long each has waited."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from forum.models import Kind, Status, Topic, TopicQuerySet
from members.viewer import Viewer

LATE = 3
"""Days after which a difficulty without an answer is the business of whoever animates the region."""


def in_region(codes: Any) -> Q:
    """Topics of a région: of its collectivités, or in its spaces."""
    return Q(region__in=codes) | Q(space__region__in=codes)


def waiting(viewer: Viewer, codes: Collection[str] = (), days: int = 0) -> TopicQuerySet:
    """Difficulties without an answer that the viewer reads, the oldest first; in some régions, since some days."""
    rows = Topic.objects.visible_to(viewer).filter(kind=Kind.DIFFICULTY, status=Status.OPEN, reply_count=0)
    if codes:
        rows = rows.filter(in_region(list(codes)))
    if days:
        rows = rows.filter(created_at__lte=timezone.now() - timedelta(days=days))
    return rows.order_by("created_at", "id")
