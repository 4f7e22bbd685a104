"""Which pages a person may name in what they write."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from wagtail.models import Page
from wagtail.permissions import policy_registry


def choosable_by(pages: Any, user: Any) -> Any:
    """Pages that this person may name: public and published ones, and all of their own sections."""
    mine = policy_registry.get_by_type(Page).explorable_instances(user).values("pk")
    return pages.filter(Q(pk__in=mine) | Q(pk__in=Page.objects.live().public().values("pk")))
