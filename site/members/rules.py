"""Who may do what to members: pure predicates over a viewer and rows already loaded."""

from __future__ import annotations

from members.models import Membership, RoleAssignment
from members.viewer import Viewer


class NotAllowed(Exception):
    """The acting person may not do this; the message says why (French)."""


class Gone(Exception):
    """The row is not there any more, or never was for this person; the message says what to do (French)."""


def may_manage_people(viewer: Viewer) -> bool:
    """Invite, list persons with their roles: the national office (regions and référents come with the rights step)."""
    return viewer.is_national_office


def may_end(viewer: Viewer, row: Membership | RoleAssignment) -> bool:
    """End a mandate or role: the national office, but nobody their own last word on themselves.

    The national office cannot end its own role: a club would be left without anybody who can give it back.
    """
    return viewer.is_national_office and not (
        isinstance(row, RoleAssignment)
        and viewer.person is not None
        and row.person_id == viewer.person.pk
        and row.role == "national_office"
    )


def may_operate(viewer: Viewer) -> bool:
    """See what the workers could not do, and replay it: the national office."""
    return viewer.is_national_office
