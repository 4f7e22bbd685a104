"""Documents written in batches, each batch in one transaction of its own; an older version never wins.

What is slow (stems) is done before the transaction. Whoever writes holds the row of `Generation`: one writer at a time,
so that counts of words stay right. While an index is being made beside, both generations take what is written.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from changes import SYSTEM, change
from search.core.matter import Matter
from search.engines.base import Written
from search.engines.embedded.analysis import analysis
from search.engines.embedded.dialect import among, insert, is_postgresql, rows
from search.engines.embedded.models import Body, Document, Generation, Name
from search.engines.embedded.numbers import fold_of, microseconds, number, profile_text, tokens_text
from search.engines.embedded.retrieving import FIRST
from search.engines.embedded.terms import Terms, terms_of, terms_of_texts, vector

BATCH = 200
"""Documents a transaction: on SQLite nobody else writes meanwhile."""
_DOCUMENT = {
    "generation": "int", "key": "text", "version": "bigint", "gone": "boolean", "fold": "bigint", "readers": "bigint",
    "profile": "bigint", "at": "bigint", "weight": "float", "containers": "text",
}  # fmt: skip
_BODY = {"document_id": "bigint", "stems": "text", "shown": "text"}
_NAME = {"document_id": "bigint", "words": "text"}
_TERMS = {"terms": "tsvector"}
_WORD = {
    "generation": "int", "folded": "text", "shown": "text", "backwards": "text", "stem": "text", "documents": "int",
}  # fmt: skip
_GONE = "gone = EXCLUDED.gone, version = EXCLUDED.version"


@dataclass(frozen=True)
class Ready:
    """A matter with all that is written of it."""

    matter: Matter
    terms: Terms
    readers: tuple[int, str]
    profile: tuple[int, str]
    at: int
    shown: str

    @property
    def key(self) -> str:
        return self.matter.key


def write(matters: Sequence[Matter], version: int) -> Written:
    """Write documents at a version, in every generation that lives. What cannot be read is left out and named."""
    ready, failed = _prepared(matters)
    done = older = 0
    for batch in _batches(ready):
        with change(by=SYSTEM):
            stand = locked()
            written = [written_in(generation, batch, version) for generation in _living(stand)]
            _count(stand.serving, written[0][1])
        done, older = done + written[0][0], older + len(batch) - written[0][0]
    return Written(done, older, tuple(failed))


def remove(keys: Sequence[str], version: int) -> Written:
    """Take documents away at a version; a mark keeps the version, so that an older write does not bring them back."""
    done = older = 0
    ordered = list(dict.fromkeys(keys))
    for batch in (ordered[i : i + BATCH] for i in range(0, len(ordered), BATCH)):
        with change(by=SYSTEM):
            stand = locked()
            removed = [_removed_in(generation, batch, version) for generation in _living(stand)]
            _count(stand.serving, removed[0][1])
        done, older = done + removed[0][0], older + len(batch) - removed[0][0]
    return Written(done, older)


def write_beside(generation: int, matters: Sequence[Matter], version: int) -> int:
    """Write documents in the generation that is being made; how many were written."""
    ready, _ = _prepared(matters)
    done = 0
    for batch in _batches(ready):
        with change(by=SYSTEM):
            locked()
            done += written_in(generation, batch, version)[0]
    return done


def locked() -> Generation:
    """The row of generations, held until the end of the transaction."""
    Generation.objects.bulk_create([Generation(pk=FIRST, analysis=analysis())], ignore_conflicts=True)
    return Generation.objects.select_for_update().get(pk=FIRST)


def _living(stand: Generation) -> list[int]:
    return [stand.serving] if stand.building is None else [stand.serving, stand.building]


def _count(serving: int, difference: int) -> None:
    if difference:
        stand = Generation.objects.get(pk=FIRST)
        stand.documents = max(0, stand.documents + difference)
        stand.save(update_fields=["documents"])


def _prepared(matters: Sequence[Matter]) -> tuple[list[Ready], list[str]]:
    """The last matter of each key, with its terms; those of which none can be made are named."""
    ready, failed = [], []
    for matter in {one.key: one for one in matters}.values():
        try:
            readers, profile = tokens_text(matter.audience), profile_text(matter)
            numbered = (number(readers), readers), (number(profile), profile)
            ready.append(Ready(matter, terms_of(matter), *numbered, microseconds(matter.at), _shown(matter)))
        except (TypeError, ValueError, AttributeError) as error:
            failed.append(f"{matter.key}: {type(error).__name__}")
    return ready, failed


def _batches(ready: Sequence[Ready]) -> Iterator[Sequence[Ready]]:
    return (ready[i : i + BATCH] for i in range(0, len(ready), BATCH))


def _standing(generation: int, keys: Collection[str]) -> dict[str, tuple[int, int, bool]]:
    """Of each key its number, version and whether it is gone."""
    found = Document.objects.filter(generation=generation, key__in=keys).values_list("key", "id", "version", "gone")
    return {key: (id, version, bool(gone)) for key, id, version, gone in found}


def written_in(generation: int, batch: Sequence[Ready], version: int) -> tuple[int, int]:
    """Write a batch in one generation: how many were not older, and how many more documents there are."""
    standing = _standing(generation, [one.key for one in batch])
    newer = [one for one in batch if one.key not in standing or standing[one.key][1] <= version]
    if not newer:
        return 0, 0
    replaced = [standing[one.key][0] for one in newer if one.key in standing and not standing[one.key][2]]
    counted = Counter({word: -count for word, count in _words_of(replaced).items()})
    known: dict[str, tuple[str, str]] = {}
    for one in newer:
        counted.update(dict.fromkeys(one.terms.words, 1))
        known.update(one.terms.words)
    once = "ON CONFLICT (id) DO NOTHING"
    insert("search_readers", {"id": "bigint", "tokens": "text"}, sorted({one.readers for one in newer}), once)
    insert("search_profile", {"id": "bigint", "holds": "text"}, sorted({one.profile for one in newer}), once)
    ids = _write_documents(generation, newer, version)
    _write_texts(ids, newer)
    _count_words(generation, counted, known)
    return len(newer), len(newer) - len(replaced)


def _write_documents(generation: int, newer: Sequence[Ready], version: int) -> dict[str, int]:
    columns = {**_DOCUMENT, **_TERMS} if is_postgresql() else _DOCUMENT
    lines = []
    for one in sorted(newer, key=lambda one: one.key):
        matter = one.matter
        containers = f"|{'|'.join(matter.containers)}|"
        line = (
            generation, matter.key, version, False, fold_of(matter.root), one.readers[0], one.profile[0],
            one.at, matter.weight, containers,
        )  # fmt: skip
        lines.append((*line, vector(one.terms.stems)) if is_postgresql() else line)
    changed = ", ".join(f"{column} = EXCLUDED.{column}" for column in columns if column not in ("generation", "key"))
    ending = f"ON CONFLICT (generation, key) DO UPDATE SET {changed} RETURNING key, id"
    return dict(insert("search_document", columns, lines, ending))


def _write_texts(ids: Mapping[str, int], newer: Sequence[Ready]) -> None:
    texts = [(ids[one.key], one.terms.stems, one.shown) for one in newer]
    changed = "ON CONFLICT (document_id) DO UPDATE SET"
    insert("search_body", _BODY, texts, f"{changed} stems = EXCLUDED.stems, shown = EXCLUDED.shown")
    nameless = [ids[one.key] for one in newer if not one.terms.name]
    if nameless:
        Name.objects.filter(pk__in=nameless).delete()
    names = [(ids[one.key], one.terms.name) for one in newer if one.terms.name]
    if not is_postgresql():
        insert("search_name", _NAME, names, f"{changed} words = EXCLUDED.words")
        return
    ending = f"{changed} words = EXCLUDED.words, terms = EXCLUDED.terms"
    full = [(id, name, vector(name)) for id, name in names]
    insert("search_name", {**_NAME, **_TERMS}, full, ending)


def _shown(matter: Matter) -> str:
    """What a result shows, and the texts whose words are counted."""
    return json.dumps(
        {
            "key": matter.key, "root": matter.root, "kind": matter.kind, "title": matter.title, "about": matter.about,
            "text": matter.text, "people": matter.people, "place": matter.place, "tags": matter.tags, "url": matter.url,
            "detail": matter.detail, "extra": matter.extra, "state": matter.state, "digest": matter.digest,
        },
        ensure_ascii=True,
    )  # fmt: skip


def _words_of(documents: Sequence[int]) -> Counter[str]:
    """In how many of these documents each word stands, made again from what they show."""
    counted: Counter[str] = Counter()
    condition, values = among("document_id", documents)
    for (text,) in rows(f"SELECT shown FROM search_body WHERE {condition}", values) if documents else ():  # noqa: S608 -- parts of ours
        shown = json.loads(text)
        fields = [shown[name] for name in ("title", "about", "text", "people", "place", "tags", "detail")]
        counted.update(dict.fromkeys(terms_of_texts(*fields).words, 1))
    return counted


def _count_words(generation: int, counted: Mapping[str, int], known: Mapping[str, tuple[str, str]]) -> None:
    lines = []
    for word, count in sorted(counted.items()):
        if count and len(word) <= 40:
            written, stem = known.get(word, ("", ""))
            lines.append((generation, word, written[:120], word[::-1], stem, count))
    ending = "ON CONFLICT (generation, folded) DO UPDATE SET documents = search_word.documents + EXCLUDED.documents"
    insert("search_word", _WORD, lines, ending)


def _removed_in(generation: int, keys: Sequence[str], version: int) -> tuple[int, int]:
    standing = _standing(generation, keys)
    gone = [key for key in keys if key not in standing or standing[key][1] <= version]
    there = [standing[key][0] for key in gone if key in standing and not standing[key][2]]
    counted = {word: -count for word, count in _words_of(there).items()}
    Body.objects.filter(pk__in=there).delete()
    Name.objects.filter(pk__in=there).delete()
    lines = [(generation, key, version, True, 0, 0, 0, 0, 1.0, "") for key in sorted(gone)]
    changed = f"{_GONE}, terms = NULL" if is_postgresql() else _GONE
    insert("search_document", _DOCUMENT, lines, f"ON CONFLICT (generation, key) DO UPDATE SET {changed}")
    _count_words(generation, counted, {})
    return len(gone), -len(there)
