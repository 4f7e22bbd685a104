"""Who may: the national office keeps synonyms; correspondents and facilitators read what was not found, too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permissions import register_permission_policy

from members.models import Person, Role
from members.viewer import Viewer
from search.models import Missed, SynonymSet

ANIMATORS = (Role.NATIONAL_OFFICE, Role.CORRESPONDENT, Role.FACILITATOR)


class RolePolicy(BasePermissionPolicy):
    """Every right on a model to whoever has one of these roles now, in whatever scope; none to others."""

    def __init__(self, model: Any, *roles: Role) -> None:
        super().__init__(model)
        self.roles = roles

    def user_has_permission(self, user: Any, action: str) -> bool:
        return Viewer.of(user if user.is_authenticated else None).holds_any(self.roles)

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        return self.user_has_permission(user, "")

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[Person]:
        """Nobody is listed by this right."""
        return Person.objects.none()


register_permission_policy(SynonymSet, RolePolicy(SynonymSet, Role.NATIONAL_OFFICE))
register_permission_policy(Missed, RolePolicy(Missed, *ANIMATORS))
