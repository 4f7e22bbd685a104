"""What an editor meets in choosers: published pages, and those where they write. Wagtail’s choosers show everything."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from wagtail.models import Page
from wagtail.permissions import policy_registry


def choosable(pages: Any, request: HttpRequest) -> Any:
    """Pages that this person may see in a chooser: public and published ones, and all of their own sections."""
    mine = policy_registry.get_by_type(Page).explorable_instances(request.user).values("pk")
    return pages.filter(Q(pk__in=mine) | Q(pk__in=Page.objects.live().public().values("pk")))
