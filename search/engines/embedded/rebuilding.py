"""A generation made beside the serving one, and the step in which it takes its place.

Begun anew, it forgets what an unfinished one left. What is written meanwhile goes into both, so nothing is to be caught
up; a document that was taken away meanwhile stays away by its mark.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Sequence

from django.db import DatabaseError, connection, transaction

from changes import SYSTEM, change
from search.core.matter import Matter
from search.engines.embedded.analysis import analysis
from search.engines.embedded.dialect import in_bytes, is_postgresql, rows
from search.engines.embedded.models import Body, Document, Generation, Name, Profile, Readers, Word
from search.engines.embedded.retrieving import FIRST
from search.engines.embedded.writing import locked, write_beside

logger = logging.getLogger(__name__)
FORGOTTEN_AT_ONCE = 2000
TERMS = ("search_document_terms", "search_name_terms")


def rebuild(batches: Iterable[tuple[Sequence[Matter], int]]) -> Iterator[int]:
    """Write all batches in a new generation; yields how many documents each one wrote."""
    with change(by=SYSTEM):
        stand = locked()
        generation = max(stand.serving, stand.building or 0) + 1
        stand.building = generation
        stand.save(update_fields=["building"])
    forget(but=(stand.serving, generation))
    for matters, version in batches:
        yield write_beside(generation, matters, version)


def swap() -> None:
    """The new generation serves, in one transaction; the old one is forgotten after it. Nothing to do without one."""
    with change(by=SYSTEM):
        stand = locked()
        if stand.building is None:
            return
        stand.serving, stand.building, stand.analysis = stand.building, None, analysis()
        stand.documents = Document.objects.filter(generation=stand.serving, gone=False).count()
        stand.save()
    forget(but=(stand.serving,))
    settle()


def settle() -> None:
    """Let the database know what it holds now: until then PostgreSQL knows of no new generation, and plans by the old.

    Its index of terms keeps what was written last in a list that every search reads from one end to the other.
    """
    if not is_postgresql():
        return
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("ANALYZE search_document, search_body, search_name, search_word")
            cursor.execute("SELECT gin_clean_pending_list(one) FROM unnest(%s::regclass[]) AS one", [list(TERMS)])
    except DatabaseError:  # it serves already, only slower until the database looks by itself
        logger.warning("PostgreSQL was not told what the rebuilt index holds", exc_info=True)


def forget(*, but: Sequence[int]) -> None:
    """Every other generation goes, some thousand documents a transaction."""
    others = Document.objects.exclude(generation__in=but).order_by("pk").values_list("pk", flat=True)
    while found := list(others[:FORGOTTEN_AT_ONCE]):
        with change(by=SYSTEM):
            locked()
            _delete(found)
    with change(by=SYSTEM):
        locked()
        Word.objects.exclude(generation__in=but).delete()


def _delete(numbers: Sequence[int]) -> None:
    Body.objects.filter(pk__in=numbers).delete()
    Name.objects.filter(pk__in=numbers).delete()
    Document.objects.filter(pk__in=numbers)._raw_delete("default")


def clear() -> None:
    """Everything is forgotten."""
    with change(by=SYSTEM):
        locked()
        for model in (Body, Name, Document, Word, Readers, Profile):
            model.objects.all()._raw_delete("default")
        Generation.objects.filter(pk=FIRST).update(serving=1, building=None, documents=0, analysis=analysis())


def listing(after: str, limit: int, *, beside: bool = False) -> list[tuple[str, str]]:
    """Keys of the serving generation after this one, in order of their bytes, with the digests of their matters.

    With `beside`, of the generation that is being made.
    """
    stand = Generation.objects.filter(pk=FIRST).first()
    generation = stand and (stand.building if beside else stand.serving)
    if generation is None:
        return []
    found = rows(
        f"SELECT d.key, b.shown FROM search_document d JOIN search_body b ON b.document_id = d.id "  # noqa: S608 -- parts of ours
        f"WHERE d.generation = %s AND NOT d.gone AND {in_bytes('d.key')} > %s ORDER BY {in_bytes('d.key')} LIMIT %s",
        [generation, after, limit],
    )
    return [(key, json.loads(shown)["digest"]) for key, shown in found]
