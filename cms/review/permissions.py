"""What Wagtail’s permissions on pages become here: an author never publishes their own article or practice."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from wagtail.models import PagePermissionTester

from cms.review.authors import is_own

OWN = "Personne ne publie son propre article ni sa propre fiche : envoyez la page en relecture."


class ClubPagePermissionTester(PagePermissionTester):
    """Wagtail’s, for a page of ours."""

    @cached_property
    def is_own(self) -> bool:
        return is_own(self.page, self.user)

    def can_publish(self) -> bool:
        """The right to publish here, and a page that somebody else wrote."""
        return bool(super().can_publish()) and not self.is_own


def refuse_own(page: Any, user: Any) -> None:
    """Raise `PermissionDenied` where a person would publish what they wrote; the system publishes for nobody."""
    if user is not None and is_own(page, user):
        raise PermissionDenied(OWN)
