"""Accepting the texts of the club."""

from __future__ import annotations

from collections.abc import Mapping

from changes import Actor, change
from members.models import Acceptance, Person


def accept_texts(person: Person, versions: Mapping[str, int], *, by: Actor | str) -> None:
    """Write that a person accepts these versions of texts, by kind; those accepted before stay as they are."""
    with change(by=by) as c:
        rows = [Acceptance(person=person, text=text, version=version) for text, version in versions.items()]
        Acceptance.objects.bulk_create(rows, ignore_conflicts=True)
        c.log("accept", "texts", person.pk, after=dict(versions))
