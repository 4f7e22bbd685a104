"""The spaces as their page lists them: one's own region first, then the nation, themes and the other regions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from forum.lists import LATEST
from forum.models import Space
from members.viewer import Viewer
from territories.names import normalise

NAMES = {
    Space.Kind.NATIONAL: "National",
    Space.Kind.THEMATIC: "Par thème",
    Space.Kind.REGIONAL: "En région",
}


@dataclass
class Node:
    """A space with those under it, and how many of its topics hold something new."""

    space: Space
    unread: int
    children: list[Node] = field(default_factory=list)

    @property
    def more(self) -> bool:
        """Whether more may be unread than was counted."""
        return self.unread >= LATEST


@dataclass
class Group:
    """Spaces under one heading."""

    name: str
    nodes: list[Node]


def tree_of(spaces: Iterable[Space], viewer: Viewer, unread: Mapping[int, int]) -> list[Group]:
    """Spaces in groups; one whose parent the viewer does not read stands by itself. No SQL query."""
    ordered = sorted(spaces, key=lambda space: (space.order, normalise(space.title), space.pk))
    nodes = {space.pk: Node(space, unread.get(space.pk, 0)) for space in ordered}
    roots: list[Node] = []
    for node in nodes.values():
        parent = nodes.get(node.space.parent_id or 0)
        (parent.children if parent else roots).append(node)
    own = [node for node in roots if node.space.region_id and _is_home(viewer, node.space.region_id)]
    groups = [Group("Dans votre région", own)]
    for kind, name in NAMES.items():
        groups.append(Group(name, [node for node in roots if node.space.kind == kind and node not in own]))
    return [group for group in groups if group.nodes]


def _is_home(viewer: Viewer, region: str) -> bool:
    return not viewer.is_national_office and f"region:{region}" in viewer.tokens
