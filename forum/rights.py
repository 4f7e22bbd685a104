"""Who may do what in which space, on one page: read, write and moderate, for everybody or as one person."""

from __future__ import annotations

from dataclasses import dataclass

from changes import change
from forum import rules
from forum.models import Space
from members.models import Person, Role, RoleAssignment, Scope
from members.viewer import Viewer

MODERATING = (Role.NATIONAL_OFFICE, Role.MODERATOR, Role.CORRESPONDENT, Role.FACILITATOR)


@dataclass(frozen=True)
class Row:
    """A space with what a person may do there; for nobody in particular the three are empty."""

    space: Space
    level: int
    reads: bool
    writes: bool
    moderates: bool


def matrix_for(person: Person | None) -> list[Row]:
    """Every space in the order of the tree, with what the person may do there. Four SQL queries at most."""
    viewer = Viewer.of(person)
    children: dict[int | None, list[Space]] = {}
    for space in Space.objects.select_related("region", "parent"):
        children.setdefault(space.parent_id, []).append(space)
    rows: list[Row] = []

    def walk(parent: int | None, level: int) -> None:
        for space in children.get(parent, []):
            may = (rule(viewer, space) for rule in (rules.may_read, rules.may_write, rules.may_moderate))
            rows.append(Row(space, level, *may))
            walk(space.pk, level + 1)

    walk(None, 0)
    return rows


def staff_of() -> dict[str, list[Person]]:
    """Who moderates, by scope: `nation`, `region:53`, `space:4`. One SQL query."""
    found: dict[str, list[Person]] = {}
    rows = RoleAssignment.objects.current().filter(role__in=MODERATING, person__is_active=True)
    for role in rows.select_related("person").order_by("person__family_name", "pk"):
        scope = role.scope_kind if role.scope_kind == Scope.NATION else f"{role.scope_kind}:{role.scope_id}"
        people = found.setdefault(scope, [])
        if role.person not in people:
            people.append(role.person)
    return found


def looked_at_by(person: Person, *, by: Viewer) -> None:
    """The bureau looked at the forum as somebody sees it: that is written down."""
    with change(by=by) as c:
        c.log("look_as", "person", person.pk)
