"""Who is looking or acting: made once per request or socket, handed to rules, queries and actions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from members.audiences import VISITOR, rights_of
from members.models import Person, Role, Scope


@dataclass(frozen=True)
class Viewer:
    """A person with their tokens, or a visitor (no person). Rules ask it; it never queries again."""

    person: Person | None = None
    tokens: frozenset[str] = field(default=VISITOR)

    @classmethod
    def of(cls, person: Person | None) -> Viewer:
        """The viewer of a signed-in person (cached rights), or the visitor."""
        if person is None or not person.is_active:
            return VISITOR_VIEWER
        return cls(person, rights_of(person).tokens)

    @property
    def key(self) -> str:
        """The actor's key in facts and journal; a visitor's is `visitor`."""
        return self.person.key if self.person else "visitor"

    @property
    def is_member(self) -> bool:
        return "members" in self.tokens

    def holds(self, role: Role, scope_kind: Scope = Scope.NATION, scope_id: str = "") -> bool:
        """Whether the viewer has this role in exactly this scope."""
        scope = scope_kind.value if scope_kind == Scope.NATION else f"{scope_kind.value}:{scope_id}"
        return f"{scope}:{role.value}" in self.tokens

    def holds_any(self, roles: Iterable[Role]) -> bool:
        """Whether the viewer has one of these roles, in whatever scope."""
        names = {role.value for role in roles}
        return any(token.rpartition(":")[2] in names for token in self.tokens)

    @property
    def is_national_office(self) -> bool:
        return self.holds(Role.NATIONAL_OFFICE)


VISITOR_VIEWER = Viewer()
