"""Sets of synonyms that the national office adds to those of `data/synonyms.txt`, in force within a minute.

They are looked up when something is asked: no document is indexed again. An edit is in force with the next search in
the process that made it, after thirty seconds in the others: a search asks for them several times, and no cache of
another machine.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.core.cache import caches
from django.db import DatabaseError

from changes import change
from changes.writing import Actor
from members.rules import NotAllowed
from members.viewer import Viewer
from search.core import synonyms
from search.core.french import folded_words, is_stop_word, stems
from search.models import SynonymSet

KEPT = 30  # seconds
PLACE = "search:synonyms"
FEWEST, MOST = 2, 12
LONGEST, MOST_WORDS = 60, 6


class NotASet(ValueError):
    """Expressions that are no set of synonyms; the message, in French, says why."""


def terms_of(text: str) -> list[str]:
    """The expressions of a set, in order, as they are kept."""
    return [" ".join(one.split()) for one in text.replace("\n", ",").split(",") if one.strip()]


def check(text: str) -> str:
    """The set as it is kept: expressions with commas between them. Raises `NotASet`."""
    terms = terms_of(text)
    if not FEWEST <= len(terms) <= MOST:
        raise NotASet(f"Écrivez de deux à {MOST} expressions, séparées par des virgules.")
    seen: dict[tuple[str, ...], str] = {}
    for term in terms:
        words = folded_words(term)
        if {"#", ">", '"'}.intersection(term):
            raise NotASet(f"« {term} » : seulement des mots, sans guillemet, ni « > », ni dièse.")
        if not 2 <= len(term) <= LONGEST or not 0 < len(words) <= MOST_WORDS:
            raise NotASet(f"« {term} » : de deux à {LONGEST} caractères, {MOST_WORDS} mots au plus.")
        if all(is_stop_word(word) for word in words):
            raise NotASet(f"« {term} » ne dit rien à lui seul : la recherche ne s’arrête pas à ce mot.")
        same = tuple(stems(term))
        if same in seen:
            raise NotASet(f"« {seen[same]} » et « {term} » sont déjà le même mot pour la recherche.")
        seen[same] = term
    return ", ".join(terms)


def keep_set(one: SynonymSet, *, by: Viewer) -> SynonymSet:
    """Add a set, or keep what was changed of it: the national office. Raises `NotAllowed`, `NotASet`."""
    _allowed(by)
    one.terms = check(one.terms)
    before = SynonymSet.objects.filter(pk=one.pk).values("terms", "remark").first() if one.pk else None
    with change(by=by) as c:
        one.save()
        after = {"terms": one.terms, "remark": one.remark}
        c.log("change" if before else "add", "synonyms", one.pk, before=before or {}, after=after)
    forget()
    return one


def drop_set(one: SynonymSet, *, by: Viewer) -> None:
    """Delete a set: the national office. Raises `NotAllowed`."""
    _allowed(by)
    with change(by=by) as c:
        c.log("delete", "synonyms", one.pk, before={"terms": one.terms, "remark": one.remark})
        one.delete()
    forget()


def lines() -> tuple[str, ...]:
    """The sets in force, as lines of the file would have them; none where the database does not answer."""
    found: tuple[str, ...] | None = caches["process"].get(PLACE)
    if found is None:
        try:
            found = tuple(SynonymSet.objects.order_by("pk").values_list("terms", flat=True))
        except DatabaseError:
            return ()
        caches["process"].set(PLACE, found, KEPT)
    return found


def forget() -> None:
    """Read the sets again at the next search."""
    caches["process"].delete(PLACE)


def with_and_without(text: str) -> tuple[Sequence[str], Sequence[str]]:
    """The sets in force with this one and without it, for a preview."""
    others = tuple(line for line in lines() if terms_of(line) != terms_of(text))
    return (*others, text), others


def _allowed(by: Actor) -> None:
    if not isinstance(by, Viewer) or not by.is_national_office:
        raise NotAllowed("Les synonymes sont tenus par le bureau national.")


synonyms.added = lines
