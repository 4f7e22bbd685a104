"""The documents of the index, as `elasticsearch.dsl` defines them: a `Matter` field by field."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from elasticsearch.dsl import Boolean, Date, Document, Float, Index, Keyword, MetaField, Object, Text

from search.core.matter import Matter
from search.engines.base import END, START
from search.engines.elastic.analysis import exact, french, roots, typed
from search.engines.elastic.scoring import title_key

SETTINGS = {
    "number_of_shards": 1,
    "number_of_replicas": 0,
    "refresh_interval": "500ms",
    "translog.durability": "request",
    "gc_deletes": "1h",  # an older write must meet the deletion that passed it
    "max_result_window": 10_000,
}


def _text(**fields: Any) -> Text:
    return Text(analyzer=french, fields=fields)


def _searched(**fields: Any) -> Text:
    """A text whose words make a document found: they stand in `words` too."""
    return Text(analyzer=french, fields=fields, copy_to="words")


class MatterDocument(Document):
    """One `Matter`. Whatever is only shown is not indexed; no other field is ever added."""

    key = Keyword()
    kind = Keyword()
    nature = Keyword()
    root = Keyword()
    title = _searched(
        exact=Text(analyzer=exact), typed=Text(analyzer=typed, search_analyzer=exact, index_options="freqs")
    )
    about = _text()
    text = _searched(exact=Text(analyzer=exact))
    replies = _searched()
    voices = Text(index=False, copy_to="words")
    people = _searched()
    place = _searched()
    tags = _searched()
    where = _text()
    words = Text(analyzer=french, fields={"root": Text(analyzer=roots, norms=False, index_options="freqs")})
    called = Keyword()
    covered = Boolean()
    audience = Keyword()
    containers = Keyword()
    space = Keyword()
    region = Keyword()
    theme = Keyword()
    state = Keyword()
    partner = Keyword()
    at = Date()
    weight = Float()
    url = Keyword(index=False, doc_values=False)
    detail = Keyword(index=False, doc_values=False)
    extra = Object(enabled=False)
    digest = Keyword(index=False)

    class Meta:
        dynamic = MetaField("false")


def _without_marks(text: str) -> str:
    return text.replace(START, "").replace(END, "")


def body_of(matter: Matter) -> dict[str, Any]:
    """What is sent: no text holds our marks; `called` is the folded title."""
    title, about, text, replies = map(_without_marks, (matter.title, matter.about, matter.text, matter.replies))
    return {
        "called": title_key(title),
        "covered": matter.covered,
        "key": matter.key,
        "kind": matter.kind,
        "nature": matter.nature,
        "root": matter.root,
        "title": title,
        "about": about,
        "text": text,
        "replies": replies,
        "voices": matter.voices,
        "people": matter.people,
        "place": matter.place,
        "tags": matter.tags,
        "audience": matter.audience,
        "containers": matter.containers,
        "space": matter.space,
        "region": matter.regions,
        "theme": matter.themes,
        "state": matter.state,
        "partner": matter.partner,
        "at": matter.at.isoformat(),
        "where": matter.detail,
        "weight": matter.weight,
        "url": matter.url,
        "detail": matter.detail,
        "extra": matter.extra,
        "digest": matter.digest,
    }


def index_of(name: str, **settings: Any) -> dict[str, Any]:
    """Settings, analysis and mapping of a new index; `_meta.hash` says of which code."""
    index = Index(name)
    index.settings(**{**SETTINGS, **settings})
    index.document(MatterDocument)
    body = index.to_dict()
    body["mappings"]["_meta"] = {"hash": mapping_hash()}
    return body


def mapping_hash() -> str:
    """Of mapping and analysis as this code has them: another one in the index means it is older."""
    index = Index("hash")
    index.document(MatterDocument)
    return hashlib.sha256(json.dumps(index.to_dict(), sort_keys=True).encode()).hexdigest()[:16]
