"""What Wagtail’s permissions on pages become here: an author never publishes their own article or practice."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from wagtail.models import PagePermissionTester, Revision

from cms.checks import check_page
from cms.review.authors import is_own
from members.models import Person
from members.viewer import Viewer

OFFICE = "Le bureau national publie les bonnes pratiques : envoyez la page en relecture."
OWN = "Personne ne publie son propre article ni sa propre fiche : envoyez la page en relecture."


class ClubPagePermissionTester(PagePermissionTester):
    """Wagtail’s, for a page of ours."""

    @cached_property
    def is_own(self) -> bool:
        return is_own(self.page, self.user)

    def can_publish(self) -> bool:
        """The right to publish here, and a page that somebody else wrote."""
        return bool(super().can_publish()) and not self.is_own and not kept_for_the_office(self.page, self.user)


def kept_for_the_office(page: Any, user: Any) -> bool:
    """Whether the bureau alone publishes this kind of page (a practice), and this person is not of it."""
    return bool(getattr(page, "office_publishes", False)) and not _is_office(user)


def why_not(page: Any, user: Any) -> str:
    """Why this person does not publish the page, in words; empty where neither rule forbids it."""
    if kept_for_the_office(page, user):
        return OFFICE
    return OWN if is_own(page, user) else ""


def may_withdraw(page: Any, user: Any) -> bool:
    """Whether this person takes the page back from its review: who asked for it, or the page’s owner."""
    state = page.current_workflow_state
    return state is not None and user.pk in (state.requested_by_id, page.owner_id)


def _is_office(user: Any) -> bool:
    return isinstance(user, Person) and Viewer.of(user).is_national_office


def refuse(page: Any, revision: Revision, user: Any) -> None:
    """Raise `PermissionDenied` where a person would publish what they wrote, or what a check refuses.

    The system publishes for nobody: what it plants is its own, and dates ask again (`cms.review.schedule`).
    """
    if user is None:
        return
    why = why_not(page, user)
    if why:
        raise PermissionDenied(why)
    if any(finding.is_blocking for finding in check_page(revision.as_object())):
        raise PermissionDenied("La page a encore des points à corriger : envoyez-la depuis son éditeur.")
