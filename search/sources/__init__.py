"""Every source of documents, by the name that begins its keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from members.viewer import Viewer
from search.core.matter import Matter
from search.sources.base import Source
from search.sources.forum import PostSource, TopicSource
from search.sources.others import MeetingSource, OrganisationSource, PersonSource, ProjectSource
from search.sources.pages import PageSource

SOURCES: dict[str, Source] = {
    source.name: source
    for source in (
        TopicSource(),
        PostSource(),
        PageSource(),
        ProjectSource(),
        OrganisationSource(),
        PersonSource(),
        MeetingSource(),
    )
}


def _by_source(keys: Iterable[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for key in dict.fromkeys(keys):
        name, _, number = key.partition(":")
        if name in SOURCES and number.isdecimal():
            found.setdefault(name, []).append(int(number))
    return found


def build(keys: Sequence[str]) -> list[Matter]:
    """Documents of these keys; those that have none (any more) are missing. Few SQL queries, whatever the count."""
    return [matter for name, ids in _by_source(keys).items() for matter in SOURCES[name].build(ids)]


def readable(viewer: Viewer, keys: Iterable[str]) -> set[str]:
    """Which of these documents the viewer may read now, by the database. One SQL query for each source among them."""
    return {f"{name}:{pk}" for name, ids in _by_source(keys).items() for pk in SOURCES[name].readable(viewer, ids)}
