"""The judged queries name what the demo holds and their viewer may find, and the file keeps its form."""

from __future__ import annotations

from collections import Counter

import pytest

from bench.search._judged import CLASSES, VIEWER, judged, name_of
from changes import SYSTEM, change
from changes.jobs import run_job
from changes.models import Job
from club.content import KIND
from members.models import Person
from members.viewer import Viewer
from search.sources import SOURCES


def test_every_query_is_asked_once_and_graded_from_1_to_3():
    queries = judged()
    assert max(Counter(query.text for query in queries).values()) == 1
    assert all(query.relevant for query in queries)
    assert {grade for query in queries for grade in query.relevant.values()} == {1, 2, 3}
    assert all(3 in query.relevant.values() or 2 in query.relevant.values() for query in queries)


def test_there_are_enough_of_each_class_and_halves_alternate_in_it():
    queries = judged()
    assert len(queries) >= 120
    assert {query.kind for query in queries} == set(CLASSES)
    for kind in CLASSES:
        halves = "".join(query.half for query in queries if query.kind == kind)
        assert len(halves) >= 8
        assert halves == ("ab" * len(halves))[: len(halves)], kind


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.usefixtures("referential")
def test_what_they_name_is_in_the_demo_once_and_may_be_found_by_their_viewer():
    with change(by=SYSTEM):
        job = Job.objects.create(kind=KIND, title="Démonstration", by=SYSTEM, payload={"demo": True})
    run_job(job)
    viewer = Viewer.of(Person.objects.get(email=VIEWER))
    held: Counter[str] = Counter()
    for source in SOURCES.values():
        if source.name == "post":  # found as their topics
            continue
        ids = source.ids(0, 10_000)
        may_read = source.readable(viewer, ids)
        held.update(name_of(one.kind, one.title) for one in source.build(ids) if one.number in may_read)
    named = {name for query in judged() for name in query.relevant}
    assert not sorted(named - set(held))
    assert not sorted(name for name in named if held[name] > 1)
