"""Where a viewer organises meetings, from their tokens alone (DOMAIN, section 3)."""

from __future__ import annotations

from members.models import Role
from members.viewer import Viewer

ORGANISING = (Role.CORRESPONDENT, Role.FACILITATOR)


def manages_everywhere(viewer: Viewer) -> bool:
    """The bureau, and who facilitates the club in the whole nation."""
    return viewer.is_national_office or viewer.holds(Role.FACILITATOR)


def managed_regions(viewer: Viewer) -> set[str]:
    """The régions in which the viewer is correspondent or facilitator."""
    names = {role.value for role in ORGANISING}
    found = (token.split(":") for token in viewer.tokens)
    return {parts[1] for parts in found if len(parts) == 3 and parts[0] == "region" and parts[2] in names}
