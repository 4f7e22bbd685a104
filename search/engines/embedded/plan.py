"""A query as groups of terms: what of a document may stand for each thing that was asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise

from search.core.asking import Query, Term
from search.core.french import analysed, chunks, is_stop_word, stem, stems, words
from search.core.synonyms import Sets, spans
from search.engines.embedded.dialect import Expression, Phrase, all_of, one_of, some_of
from search.engines.embedded.terms import IN_ABOUT, IN_PEOPLE, IN_PLACE, IN_SPACE, IN_TITLE
from search.engines.embedded.weights import RELATED, SYNONYM

MOST_WORDS = 8
"""Plain words of which some must be there; those of a longer question only rank."""
MOST_ALTERNATIVES = 8
_CODE = re.compile(r"([a-z]{1,5})(\d{2,})")


@dataclass(frozen=True)
class Group:
    """One thing asked: any of its alternatives is enough, each with what it counts for."""

    alternatives: tuple[tuple[tuple[str, ...], float], ...]
    words: tuple[str, ...] = ()
    """The plain word as it was typed, folded; of a compound its parts."""
    further: tuple[tuple[tuple[str, ...], float], ...] = ()
    """What it leads to: ranks what has it; found by it is only where little else is."""

    @property
    def first(self) -> tuple[str, ...]:
        return self.alternatives[0][0]

    def expression(self, *, loose: bool = False) -> Expression:
        """It stands in the document."""
        return one_of(Phrase(terms) for terms, _ in self.alternatives + (self.further if loose else ()))

    def about(self) -> Expression:
        """It stands, as it was typed, in the title of the discussion of a reply."""
        typed = [terms for terms, weight in self.alternatives if weight == 1.0]
        return one_of(Phrase(tuple(IN_ABOUT + term for term in terms)) for terms in typed)

    def said(self, *, loose: bool = False) -> Expression:
        """It stands in either."""
        return one_of([self.expression(loose=loose), self.about()])

    def documents(self, known: Mapping[str, int]) -> int:
        """In about how many documents it stands, with what it leads to."""
        return sum(min(known.get(term, 0) for term in terms) for terms, _ in self.alternatives + self.further)

    def in_title(self) -> Expression:
        """All terms of an alternative stand in the title (in any order: it only chooses what is ranked)."""
        return one_of(all_of(Phrase((IN_TITLE + term,)) for term in terms) for terms, _ in self.alternatives)


@dataclass(frozen=True)
class Plan:
    """`plain` groups of which some must be there, `needed` ones that all must, `narrowed` what only narrows."""

    plain: tuple[Group, ...] = ()
    needed: tuple[Group, ...] = ()
    narrowed: tuple[Expression, ...] = ()
    excluded: tuple[Expression, ...] = ()
    title: tuple[str, ...] = ()
    """Every stem that was typed, in order: a title that is these comes first."""
    pairs: tuple[tuple[int, int, tuple[str, ...]], ...] = ()
    """Plain words that follow each other, as (group, group, the stems from one to the other)."""
    idle: frozenset[str] = frozenset()
    """Stems of stop words, inside compounds and phrases, beside others that say something."""

    @property
    def groups(self) -> tuple[Group, ...]:
        return self.plain + self.needed

    @property
    def asked(self) -> tuple[Group, ...]:
        """The plain words of which some must be there: those of a longer question only rank."""
        return self.plain[:MOST_WORDS]

    @property
    def terms(self) -> frozenset[str]:
        """Every stem that is marked in a passage: a synonym of several words says nothing word by word."""
        alternatives = [one for group in self.groups for one in group.alternatives]
        marked = {term for terms, weight in alternatives if len(terms) == 1 or weight == 1.0 for term in terms}
        return frozenset(marked - self.idle)

    @property
    def is_empty(self) -> bool:
        return not (self.plain or self.needed or self.narrowed)

    def least(self) -> int:
        """How many of the plain words must be there: both of two, two of three, three of more."""
        asked = len(self.asked)
        return asked if asked <= 2 else 2 if asked == 3 else 3

    def expression(self, least: int, *, loose: bool = False) -> Expression:
        """Documents with so many of the plain words and all that is needed; loose, with what the words lead to too."""
        if len(self.needed) + (least if self.plain else 0) <= 1:
            return self._found_by([], loose=loose)
        if len(self.asked) == least == 2 and not self.needed:  # the same as below, said in a way that costs less
            one, two = self.asked
            by_one = all_of([one.expression(loose=loose), two.said(loose=loose)])
            return all_of([*self.narrowed, one_of([by_one, all_of([one.about(), two.expression(loose=loose)])])])
        said = [group.said(loose=loose) for group in self.asked]
        return self._found_by([some_of(said, least)] if said else [], loose=loose)

    def _found_by(self, said: Sequence[Expression], *, loose: bool) -> Expression:
        """This, what is needed, what narrows; and one of the words that are asked, in the document itself.

        The title of its discussion may say the others for a reply, not all of them: it was not written there.
        """
        needed = [group.said() for group in self.needed] if said or len(self.needed) > 1 else []
        own = [group.expression(loose=loose) for group in self.asked + self.needed]
        return all_of([*needed, *self.narrowed, *said, *([one_of(own)] if own else [])])

    def telling(self, known: Mapping[str, int], most: int) -> tuple[Group, ...]:
        """The plain words by which alone a document may be found: the rarest, in so many documents together."""
        rarest = sorted(self.asked, key=lambda group: group.documents(known))
        together = accumulate(group.documents(known) for group in rarest)
        return tuple(group for group, count in zip(rarest, together, strict=True) if count <= most)

    def some(self, telling: Sequence[Group]) -> Expression:
        """Loose: documents with one of the telling words or two of all, and what is needed."""
        said = [group.said(loose=True) for group in self.asked]
        alone = [group.expression(loose=True) for group in telling]
        return self._found_by([one_of([*alone, some_of(said, 2)])], loose=True)

    @property
    def may_be_loose(self) -> bool:
        """Whether more would be found if fewer words, or what they lead to, were enough."""
        return self.least() > 1 or any(group.further for group in self.plain)

    def everything(self) -> Expression:
        """All of the words, wherever they are said."""
        return all_of([*(group.said() for group in self.groups), *self.narrowed])

    def in_title(self) -> Expression | None:
        """All of the words in the title."""
        return all_of([group.in_title() for group in self.groups]) if self.groups else None


@dataclass
class _Unit:
    """A plain word: its stems, its joined form, whether it says nothing by itself."""

    stems: tuple[str, ...]
    joined: tuple[str, ...]
    words: tuple[str, ...]
    stop: bool
    others: dict[tuple[str, ...], float] = field(default_factory=dict)
    further: dict[tuple[str, ...], float] = field(default_factory=dict)


Known = Callable[[Iterable[str]], Mapping[str, int]]
"""In how many documents each of some stems stands; those in none are missing."""


def planned(query: Query, known: Known, synonyms: Sets, leads: Sets) -> Plan:
    """The groups of a query; empty where it holds no word at all."""
    units = [unit for word in query.words for unit in _units(word)]
    if units and all(unit.stop for unit in units) and not (query.phrases or query.either):
        units = [replace(unit, stop=False) for unit in units]
    _add_synonyms(units, synonyms, leads)
    _add_joined(units, known)
    needed = [_phrase(phrase) for phrase in query.phrases]
    needed += [_either(group, synonyms) for group in query.either]
    narrowed = [
        *_narrowed(IN_PEOPLE, query.author),
        *_narrowed(IN_PLACE, query.region),
        *_narrowed(IN_SPACE, query.space),
    ]
    excluded = [group.said() for term in query.excluded if (group := _term(term, {}))]
    groups, pairs = _groups(units)
    typed = tuple(stems(query.raw)) if not (query.either or query.excluded or narrowed) else ()
    return Plan(
        groups, tuple(group for group in needed if group), tuple(narrowed), tuple(excluded), typed, pairs, _idle(query)
    )


def _idle(query: Query) -> frozenset[str]:
    """Stems of the stop words of a query that says something else too."""
    said = [*query.words, *query.phrases, *(term.text for group in query.either for term in group)]
    stop: dict[bool, set[str]] = {True: set(), False: set()}
    for folded, _, of in (word for text in said for word in words(text)):
        stop[is_stop_word(folded)].add(of)
    return frozenset(stop[True] - stop[False] if stop[False] else ())


def _units(word: str) -> list[_Unit]:
    found = []
    for chunk in chunks(word):
        of = analysed(chunk)
        if of.stems:
            folded = tuple(one[0] for one in of.words)
            found.append(_Unit(of.stems, of.joined, folded, all(is_stop_word(one) for one in folded)))
    return found


def _add_synonyms(units: Sequence[_Unit], synonyms: Sets, leads: Sets) -> None:
    """Each word of a stretch that has a synonym may be stood for by it; so for what it leads to."""
    flat = [(term, place) for place, unit in enumerate(units) for term in unit.stems]
    terms = [term for term, _ in flat]
    for begin, end, others in spans(terms, synonyms):
        for place in {place for _, place in flat[begin:end]}:
            units[place].others.update(dict.fromkeys(others, SYNONYM))
    for begin, end, others in spans(terms, leads):
        for place in {place for _, place in flat[begin:end]}:
            units[place].further.update(dict.fromkeys(others, RELATED))


def _add_joined(units: Sequence[_Unit], known: Known) -> None:
    """« éco quartier » is also « écoquartier », « RE 2020 » also « RE2020 », where documents know them; and apart."""
    candidates: dict[str, tuple[_Unit, _Unit]] = {}
    for one, two in pairwise(units):
        if len(one.words) == len(two.words) == 1 and not (one.stop and two.stop):
            candidates[stem(one.words[0] + two.words[0])] = (one, two)
    for term in known(candidates) if candidates else ():
        for unit in candidates[term]:
            unit.others[term,] = 1.0
    for unit in units:
        code = _CODE.fullmatch(unit.words[0]) if len(unit.words) == 1 else None
        if code:
            unit.others[stem(code[1]), code[2]] = 1.0


def _groups(units: Sequence[_Unit]) -> tuple[tuple[Group, ...], tuple[tuple[int, int, tuple[str, ...]], ...]]:
    groups: list[Group] = []
    pairs: list[tuple[int, int, tuple[str, ...]]] = []
    since: list[str] = []
    for unit in units:
        since += unit.stems
        if unit.stop:
            continue
        alternatives = dict(unit.others)
        alternatives[unit.stems] = 1.0
        alternatives.update({(one,): 1.0 for one in unit.joined})
        ordered = [unit.stems, *(one for one in alternatives if one != unit.stems)][:MOST_ALTERNATIVES]
        further = [(one, worth) for one, worth in unit.further.items() if one not in ordered]
        groups.append(Group(tuple((one, alternatives[one]) for one in ordered), unit.words, tuple(further)))
        if len(groups) > 1:
            pairs.append((len(groups) - 2, len(groups) - 1, tuple(since)))
        since = list(unit.stems)
    return tuple(groups), tuple(pairs)


def _phrase(text: str) -> Group | None:
    """A phrase keeps its stop words and knows no synonym; a compound alone in quotes may be joined."""
    terms = tuple(stems(text))
    return Group(((terms, 1.0),)) if terms else None


def _term(term: Term, synonyms: Sets) -> Group | None:
    if term.phrase:
        return _phrase(term.text)
    alternatives: dict[tuple[str, ...], float] = {}
    for unit in _units(term.text):
        alternatives[unit.stems] = 1.0
        alternatives.update(dict.fromkeys([(one,) for one in unit.joined], 1.0))
        alternatives.update(dict.fromkeys(synonyms.get(unit.stems, ()), SYNONYM))
    return Group(tuple(alternatives.items())) if alternatives else None


def _either(terms: Sequence[Term], synonyms: Sets) -> Group | None:
    found = [group for term in terms if (group := _term(term, synonyms))]
    alternatives = {terms: weight for group in reversed(found) for terms, weight in group.alternatives}
    return Group(tuple(alternatives.items())) if alternatives else None


def _narrowed(prefix: str, text: str) -> list[Expression]:
    return [Phrase((prefix + term,)) for term in dict.fromkeys(stems(text)) if not is_stop_word(term) or len(term) > 3]
