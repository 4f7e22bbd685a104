"""Whatever is typed or indexed, no engine errs, and nothing takes beyond its limit."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.core.asking import Request, read
from search.engines.elastic.engine import SECONDS
from tests.engines.making import MEMBER, PUBLIC, matter

pytestmark = [pytest.mark.django_db, pytest.mark.storage]
HOSTILE = st.one_of(
    st.text(max_size=300),
    st.text(alphabet="\"'()*-+:^~{}[]!&|<>\\/%_;, aéANDORNOTNEAR12.\x00\u2019\u00ad\u0301\ue000", max_size=120),
    st.sampled_from(
        [
            '"',
            '""',
            "NEAR(a b)",
            "a AND",
            "NOT a",
            "a:b",
            "{title}:a",
            "a*",
            "-",
            "OU OU",
            "'a' & !'b'",
            "a <-> b",
            "%s",
            "%(x)s",
            "a\\",
            "^a",
            "0z",
            "0tnoue",
            "auteur:",
            'région:"',
            "日本語",
            "ﬁn",
            "İ",
            "ß",
            "½",
            "\ud800",
        ]
    ),
)
QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUIET
@given(typed=HOSTILE, order=st.sampled_from(["relevance", "date"]), page=st.integers(1, 25))
def test_any_query_is_answered(holding_some, typed, order, page):
    begun = time.monotonic()
    answer = holding_some.search(
        Request(read(typed), {"theme": (typed[:60],)} if len(typed) % 2 else {}, order, page), PUBLIC
    )
    assert answer.total >= len(answer.hits)
    holding_some.suggest(typed, PUBLIC)
    holding_some.similar(typed, typed, PUBLIC, without=typed)
    assert time.monotonic() - begun < 2


@QUIET
@given(title=HOSTILE, text=HOSTILE)
def test_any_text_is_indexed(engine, title, text):
    title, text = (one.encode("utf-8", "ignore").decode().replace("\x00", "") for one in (title, text))
    assert (
        engine.bulk([matter("topic:1", title, text, people=text, place=title, tags=text)], 1, refresh=True).failed == ()
    )
    engine.search(Request(read(title)), MEMBER)
    engine.suggest(title, MEMBER)
    assert engine.delete(["topic:1"], 2, refresh=True).done == 1
    engine.clear()


@pytest.mark.parametrize(
    "typed",
    [
        " ".join("abcdefghijklmnopqrstuvwx"),
        "le " * 60,
        "noue " * 40,
        '"noue" ' * 24,
        "a-b-c-d-e-f-g " * 14,
        "noue OU " * 20,
        "-noue " * 20,
        "x" * 200,
        "1/2/3/4/5/6/7/8 " * 12,
    ],
)
def test_the_longest_queries_stay_within_their_limit(holding_some, typed):
    begun = time.monotonic()
    holding_some.search(Request(read(typed)), PUBLIC)
    assert time.monotonic() - begun < SECONDS


@pytest.fixture
def holding_some(holding):
    return holding(*[matter(f"topic:{n}", "Une noue AND plantée", "a b c d e f noue " * 5) for n in range(30)])


@pytest.mark.parametrize(
    "text", ["noue " * 30_000, "x" * 200_000, "é" * 50_000, " ".join(f"mot{n}" for n in range(20_000))]
)
def test_very_long_texts_are_written_and_found(holding, text):
    engine = holding(matter("topic:1", "Long sujet", text))
    (hit,) = engine.search(Request(read("long")), PUBLIC).hits
    assert len(hit.passage) < 700
