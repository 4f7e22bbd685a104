"""The search page: what was found and how it is shown, filters as addresses, nothing found, an engine that is away."""

# ruff: noqa: F811 - the stand-in takes the place of the folder’s own engine
from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import html5lib
import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from changes import change
from forum.actions import hide_topic, open_space, start_topic
from forum.models import Topic
from look.typography import NBSP
from members.models import Organisation, Role
from members.viewer import Viewer
from search import answering
from search.core.asking import LIMIT, asked
from search.engines.base import END, START, Found
from search.results import Filters, marked
from tests.search.stand_in import engine, hit  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture
def space(db):
    return open_space(slug="national", title="Espace national", audience="public", by="test")


@pytest.fixture
def reserved(db):
    return open_space(slug="membres", title="Entre membres", audience="members", by="test")


@pytest.fixture
def author(make_person) -> Viewer:
    return Viewer.of(make_person("auteur@collectivite.example"))


@pytest.fixture
def topic(space, author) -> Topic:
    return start_topic(space=space, title="Qui entretient les noues ?", source="Deux sont tassées.", by=author)


@pytest.fixture
def secret(reserved, author) -> Topic:
    return start_topic(space=reserved, title="Entre nous seulement", source="Rien pour les autres.", by=author)


def text_of(response) -> str:
    assert response.status_code == 200
    return " ".join(unescape(response.content.decode()).replace(NBSP, " ").split())


def links(response) -> dict[str, str]:
    """Addresses of a page's links by their words."""
    tree = html5lib.parse(response.content.decode(), treebuilder="etree")
    said = {}
    for one in tree.iter(XHTML + "a"):
        words = " ".join("".join(one.itertext()).replace(NBSP, " ").split())
        said.setdefault(words, one.get("href"))
    return said


def test_a_result_says_what_it_is_and_where_the_words_stand(client, engine, topic):
    marks = f"Qui entretient les {START}noues{END} ?"
    engine.holds(
        hit(
            topic.stream, marks, passage=f"… deux {START}noues{END} sont tassées, …", url=topic.get_absolute_url(),
            more=3, detail="Espace national", state="answered",
            extra={"kind": "Difficulté", "replies": "3 réponses", "state": "Répondue"},
        ),
        facets={"kind": [("topic", 1)]},
    )  # fmt: skip
    response = client.get("/recherche/?q=noues")
    page = text_of(response)
    assert "1 résultat pour « noues »" in page
    assert "Qui entretient les <mark>noues</mark> ?" in page
    assert "… deux <mark>noues</mark> sont tassées, …" in page
    assert "Difficulté · Espace national · 3 réponses · " in page
    assert "12 mars 2026" in page
    assert ">Répondue<" in page
    whole = next(url for words, url in links(response).items() if words.startswith("et 3 autres messages"))
    assert client.get(whole, follow=True).redirect_chain[-1][0] == topic.get_absolute_url()


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        f"{START}<script>{END}",
        f"{START}<img src=x onerror=alert(1)>",
        f"{END}<b>{START}{START}</b>{END}",
        f"&lt;script&gt;{START}&{END}",
        f'"><svg/onload=alert(1)>{START}"{END}',
    ],
)
def test_marks_never_let_html_in(client, engine, topic, hostile):
    """In titles, passages, lines, words typed: the page has the elements that it has with plain words, and marks."""

    def elements(words: str) -> list[str]:
        extra = {"kind": words, "replies": words, "state": words}
        engine.holds(hit(topic.stream, words, passage=words, detail=words, extra=extra), spelling=words)
        answer = client.get("/recherche/", {"q": words, "region": words, "espace": words})
        tree = html5lib.parse(answer.content.decode(), treebuilder="etree")
        return [str(one.tag) for one in tree.iter() if one.tag != XHTML + "mark"]

    plain = elements("noue"), elements(hostile)
    assert plain[0] == plain[1]
    assert re.sub(r"</?mark>", "", marked(hostile)).count("<") == 0
    assert marked(hostile).count("<mark>") == marked(hostile).count("</mark>")
    assert START not in marked(hostile)
    assert END not in marked(hostile)


def test_a_project_has_no_day_and_a_meeting_has(client, engine, topic):
    engine.holds(hit(topic.stream, kind="project"))
    assert "12 mars 2026" not in text_of(client.get("/recherche/?q=a"))
    engine.holds(hit(topic.stream, kind="event"))
    assert "12 mars 2026" in text_of(client.get("/recherche/?q=a"))


def test_each_filter_is_a_link_and_each_chosen_one_a_way_back(client, engine, space, topic, referential):
    engine.holds(
        hit(topic.stream),
        facets={
            "kind": [("topic", 4), ("project", 2)], "space": [(str(space.pk), 3)], "region": [("53", 2), ("84", 1)],
            "state": [("open", 2), ("lived", 1)], "theme": [("19", 2), ("3", 1)],
        },
    )  # fmt: skip
    response = client.get("/recherche/?q=eau&nature=topic&region=53&region=84&tri=date")
    found = links(response)
    assert "Ouverte 2 résultats" in found
    assert "Label Vécu 1 résultat" in found
    assert parse_qs(urlsplit(found["Projet 2 résultats"]).query)["nature"] == ["topic", "project"]
    assert parse_qs(urlsplit(found["30 derniers jours"]).query)["depuis"] == ["30"]
    removed = parse_qs(urlsplit(found["Retirer le filtre Bretagne"]).query)
    assert removed == {"q": ["eau"], "nature": ["topic"], "region": ["84"], "tri": ["date"]}
    assert parse_qs(urlsplit(found["Tout effacer"]).query) == {"q": ["eau"], "tri": ["date"]}
    assert parse_qs(urlsplit(found["pertinence"]).query).get("tri") is None
    assert engine.asked[0].filters == {"kind": ("topic",), "region": ("53", "84")}


def test_a_space_that_one_does_not_read_has_no_name(client, engine, reserved, secret, author):
    """Even where an engine counts it, and where its number is typed into the address."""
    engine.holds(hit(secret.stream, secret.title), facets={"space": [(str(reserved.pk), 1)]})
    address = f"/recherche/?q=nous&espace={reserved.pk}"
    page = text_of(client.get(address))
    assert "Entre membres" not in page
    assert "Entre nous" not in page
    assert "Un filtre qui n’existe plus" in page
    client.force_login(author.person)
    page = text_of(client.get(address))
    assert "Retirer le filtre </span>Entre membres" in page
    assert "Entre nous" in page


@pytest.mark.parametrize("value", ["x", "99999999999999999999999999", "١٢", "-1", "1.5", "'--"])
def test_filters_that_mean_nothing_are_no_error(client, engine, topic, value):
    engine.holds(hit(topic.stream), facets={"space": [(value, 1)], "partner": [(value, 1)], "theme": [(value, 1)]})
    asked_for = dict.fromkeys(("espace", "theme", "region", "partenaire", "etat", "depuis", "nature", "page"), value)
    assert client.get("/recherche/", {"q": "eau", **asked_for}, follow=True).status_code == 200


def test_pages_go_to_the_last_one_and_no_further(client, engine, topic):
    engine.holds(*[hit(topic.stream)] * 45, total=45)
    assert client.get("/recherche/?q=eau&page=2").context["page"].number == 2
    assert client.get("/recherche/?q=eau&page=9")["Location"] == "/recherche/?q=eau&page=3"
    engine.holds(*[hit(topic.stream)] * 20, total=40_000)
    page = text_of(client.get("/recherche/?q=eau"))
    assert "40 000 résultats" in re.sub(r"\s", " ", page)
    assert "?q=eau&page=25" in page
    assert "page=26" not in page
    assert "Seuls les 500 premiers résultats" in page


def test_what_was_put_right_is_said_whether_or_not_it_finds_something(client, engine, topic):
    engine.holds(hit(topic.stream), spelling="noues")
    page = text_of(client.get("/recherche/?q=nouess"))
    assert "1 résultat pour « noues »" in page
    assert "Cette recherche remplace « nouess »" in page
    engine.holds(spelling="noues")
    page = text_of(client.get("/recherche/?q=nouess&region=53"))
    assert "Aucun résultat pour « noues » avec ces filtres" in page
    assert "Cette recherche remplace « nouess »" in page


def test_who_is_shown_another_word_may_ask_with_their_own(client, engine, topic, author):
    engine.holds(hit(topic.stream), spelling="redon")
    assert "Se connecter" in links(client.get("/recherche/?q=frelon"))
    client.force_login(author.person)
    ask = links(client.get("/recherche/?q=frelon"))["Posez la question"]
    assert ask == "/forum/national/nouvelle-discussion/?titre=frelon"
    engine.holds(hit(topic.stream))
    assert "Posez la question" not in links(client.get("/recherche/?q=frelon"))


@pytest.mark.parametrize("count", [1, 20])
def test_what_is_asked_beside_another_word_costs_the_same_at_any_number(client, engine, topic, author, count):
    client.force_login(author.person)
    engine.holds(*[hit(topic.stream)] * count, spelling="redon")
    client.get("/recherche/?q=mitage")
    with CaptureQueriesContext(connection) as captured:
        assert len(client.get("/recherche/?q=mitage").context["lines"]) == count
    assert len(captured) == 8, [one["sql"][:120] for one in captured]


@pytest.mark.parametrize(
    ("address", "said", "advised"),
    [
        ("q=noue", "Ce mot ne se trouve peut-être dans aucun texte", ["Essayez"]),
        ("q=noue+-parking", "Ce mot ne se trouve peut-être dans aucun texte", ["Essayez"]),
        ("q=noue+parking", "Ces mots ne se trouvent peut-être pas tous dans un même texte", ["Gardez", "Essayez"]),
        ("q=noue&nature=project", "Ce mot ne se trouve peut-être", ["Cherchez sans filtre", "Essayez"]),
        ("nature=project", "ne passe ces filtres", ["Cherchez sans filtre"]),
    ],
)
def test_why_nothing_is_found_is_said_of_what_was_asked(client, engine, address, said, advised):
    page = text_of(client.get(f"/recherche/?{address}"))
    assert said in page
    for advice in ("Cherchez sans filtre", "Gardez", "Essayez"):
        assert (advice in page) == (advice in advised), advice


@pytest.mark.parametrize(
    ("typed", "said"),
    [("-noue", "Une exclusion demande au moins un mot à chercher."), ("!!", "Une recherche demande au moins un mot.")],
)
def test_what_holds_no_word_to_look_for_is_said(client, engine, typed, said):
    page = text_of(client.get("/recherche/", {"q": typed}))
    assert said in page
    assert "Comment chercher" in page
    assert "demande au moins" not in text_of(client.get("/recherche/"))


def test_nothing_found_leads_to_a_question_with_the_words(client, engine, space, author):
    words = "noue & fossé <b>"
    page = client.get("/recherche/", {"q": words})
    assert "Aucun résultat pour « noue & fossé <b> »" in text_of(page)
    signing = links(page)["Se connecter"]
    assert "Posez la question" not in links(page)
    client.force_login(author.person)
    ask = links(client.get("/recherche/", {"q": words}))["Posez la question"]
    form = client.get(ask).context["form"]
    assert form["title"].value() == words
    assert signing.startswith("/compte/connexion/")


def test_a_draft_is_not_lost_to_the_words_of_a_search(client, space, author):
    from forum.actions import save_draft

    save_draft(target=f"{space.stream}:question", sequence=0, content={"title": "Mon brouillon"}, by=author)
    client.force_login(author.person)
    address = "/forum/national/nouvelle-discussion/?titre=noue"
    assert client.get(address).context["form"]["title"].value() == "Mon brouillon"


def test_one_asks_where_one_searched(client, engine, space, reserved, author):
    client.force_login(author.person)
    ask = links(client.get(f"/recherche/?q=rien&espace={reserved.pk}"))["Posez la question"]
    assert ask == "/forum/membres/nouvelle-discussion/?titre=rien"


def test_an_engine_that_is_away_is_said_and_nobody_keeps_it(client, engine):
    engine.away = True
    answer = client.get("/recherche/?q=eau")
    assert "La recherche ne répond pas pour le moment" in text_of(answer)
    assert "Aucun résultat" not in text_of(answer)
    assert "no-store" in answer["Cache-Control"]
    assert client.get("/recherche/suggestions/?q=eau").json() == {"results": []}
    feed = client.get("/recherche/flux/?q=eau")
    assert (feed.status_code, feed["Retry-After"]) == (503, "120")


def test_the_second_engine_s_answer_is_said_to_be_incomplete(client, engine, monkeypatch, topic):
    from search.engines import choosing
    from tests.search.stand_in import StandIn

    first = StandIn(away=True)
    engine.holds(hit(topic.stream))
    monkeypatch.setattr(choosing, "asked", lambda: [first, engine])
    assert "La recherche est incomplète" in text_of(client.get("/recherche/?q=eau"))


def test_long_words_are_cut_and_it_is_said(client, engine):
    page = text_of(client.get("/recherche/", {"q": "a" * (LIMIT + 1)}))
    assert f"ses {LIMIT} premiers caractères" in page
    assert len(engine.asked[0].query.raw) == LIMIT
    assert "premiers caractères" not in text_of(client.get("/recherche/", {"q": "a" * LIMIT}))


@pytest.mark.parametrize("who", ["visitor", "member"])
def test_no_answer_is_kept(client, engine, topic, author, who):
    """Rights act on the next query: what somebody found is kept nowhere, not even a visitor's page."""
    if who == "member":
        client.force_login(author.person)
    engine.holds(hit(topic.stream, topic.title))
    for address in ("/recherche/?q=noues", "/recherche/suggestions/?q=noues", f"/recherche/proches/{topic.pk}/"):
        assert client.get(address)["Cache-Control"] == "private, no-store", address
    assert topic.title in text_of(client.get("/recherche/?q=noues"))
    with change(by="test"):
        Topic.objects.filter(pk=topic.pk).update(state="hidden")
    assert topic.title not in text_of(client.get("/recherche/?q=noues"))


@pytest.mark.parametrize("count", [10, 1000])
@pytest.mark.parametrize("who", ["visitor", "member"])
def test_it_costs_the_same_at_any_number(client, engine, space, topic, author, referential, count, who):
    """Of SQL queries, with twenty results on the page and every filter full."""
    with change(by="test"):
        Topic.objects.bulk_create(Topic(space=space, title=f"Sujet {n}", author=author.person) for n in range(count))
        Organisation.objects.bulk_create(
            Organisation(kind="partner", name=f"Partenaire {n}") for n in range(min(count, 40))
        )
    partners = [(str(pk), 1) for pk in Organisation.objects.filter(kind="partner").values_list("pk", flat=True)[:40]]
    engine.holds(
        *[hit(one.stream, one.title) for one in Topic.objects.all()],
        facets={
            "kind": [("topic", count), ("project", 1)], "space": [(str(space.pk), count)], "partner": partners,
            "region": [("53", 1), ("84", 1)], "theme": [(str(n), 1) for n in range(1, 21)], "state": [("open", 1)],
        },
    )  # fmt: skip
    if who == "member":
        client.force_login(author.person)
    address = f"/recherche/?q=sujet&espace={space.pk}"
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert len(client.get(address).context["lines"]) == min(count + 1, 20)
    assert len(captured) == (8 if who == "visitor" else 11), [one["sql"][:120] for one in captured]


def test_labels_ask_once_for_each_kind_of_value(engine, space, referential):
    request = asked(QueryDict(f"q=eau&espace={space.pk}&region=53&theme=19&partenaire=1"))
    found = Found(facets={"space": [(str(space.pk), 1)], "region": [("84", 1)], "theme": [("3", 1)]})
    with CaptureQueriesContext(connection) as captured:
        filters = Filters(request, found, Viewer())
        assert [one.title for one in filters.facets] == ["Espace", "Thème", "Région", "Date"]
        assert len(filters.active) == 4
    assert len(captured) == 4


class TestSuggestions:
    def test_they_are_titles_that_one_may_read(self, client, engine, topic, secret, author):
        from search.engines.base import Suggestion

        engine.titles = [
            Suggestion(one.stream, "topic", one.title, one.get_absolute_url()) for one in (secret, topic)
        ]  # fmt: skip
        rows = client.get("/recherche/suggestions/?q=noue").json()["results"]
        expected = {"title": f"Qui entretient les noues{NBSP}?", "kind": "Discussion", "url": topic.get_absolute_url()}
        assert rows == [expected]
        client.force_login(author.person)
        assert len(client.get("/recherche/suggestions/?q=noue").json()["results"]) == 2

    def test_a_letter_asks_nothing(self, client, engine):
        assert client.get("/recherche/suggestions/?q=%20n").json() == {"results": []}
        assert engine.scopes == []


class TestNear:
    def test_the_topic_s_page_asks_nothing_and_offers_a_link(self, client, engine, topic):
        page = client.get(topic.get_absolute_url())
        assert links(page)["Discussions proches"] == f"/recherche/proches/{topic.pk}/"
        assert engine.scopes == []

    def test_only_readers_of_the_topic_see_what_is_near(self, client, engine, topic, secret, author):
        engine.holds(hit(secret.stream), hit(topic.stream))
        assert client.get(f"/recherche/proches/{secret.pk}/").status_code == 404
        assert "Entre nous" not in text_of(client.get(f"/recherche/proches/{topic.pk}/"))
        client.force_login(author.person)
        page = text_of(client.get(f"/recherche/proches/{topic.pk}/?bloc"))
        assert "Entre nous seulement" in page
        assert "<html" not in page
        assert text_of(client.get(f"/recherche/proches/{secret.pk}/")).count("Qui entretient les noues ?") == 1

    def test_keys_are_kept_per_revision_and_rights_are_asked_at_each_view(
        self, client, engine, topic, secret, author, make_person
    ):
        engine.holds(hit(secret.stream))
        client.force_login(author.person)
        address = f"/recherche/proches/{topic.pk}/?bloc"
        assert "Entre nous" in text_of(client.get(address))
        assert "Entre nous" in text_of(client.get(address))
        assert engine.compared == [topic.title], "kept"
        client.logout()
        assert "Entre nous" not in text_of(client.get(address))
        assert len(engine.compared) == 2, "a visitor's are others"
        client.force_login(author.person)
        office = Viewer.of(make_person("bureau@club.example", role=Role.NATIONAL_OFFICE))
        hide_topic(topic_id=secret.pk, reason="Hors sujet", by=office)
        assert "Entre nous" not in text_of(client.get(address))
        with change(by="test"):
            Topic.objects.filter(pk=topic.pk).update(revision=topic.revision + 1)
        client.get(address)
        assert len(engine.compared) == 3

    def test_while_a_title_is_typed(self, client, engine, topic, secret, author, space):
        engine.holds(hit(topic.stream), hit(secret.stream))
        page = text_of(client.get("/recherche/proches/?titre=entretien des noues"))
        assert "Qui entretient les noues ?" in page
        assert "Entre nous" not in page
        assert text_of(client.get("/recherche/proches/?titre=noues")) == ""
        client.force_login(author.person)
        form = text_of(client.get("/forum/national/nouvelle-discussion/"))
        assert 'data-near-title="/recherche/proches/"' in form
        assert "data-near-title" not in text_of(client.get(topic.get_absolute_url()))


class TestFeed:
    def test_it_holds_what_everybody_reads_whoever_asks(self, client, engine, topic, secret, author, settings):
        engine.holds(
            hit(topic.stream, f"Les {START}noues{END} & le reste", url=topic.get_absolute_url()),
            hit(secret.stream, secret.title),
        )
        client.force_login(author.person)
        answer = client.get("/recherche/flux/?q=noues&region=53")
        feed = answer.content.decode()
        assert answer["Content-Type"].startswith("application/rss+xml")
        assert "<title>Les noues &amp; le reste</title>" in feed
        assert f"<link>{settings.SITE_URL}{topic.get_absolute_url()}</link>" in feed
        assert "Entre nous" not in feed
        assert engine.scopes[-1].audience >= {"public"}
        assert "members" not in engine.scopes[-1].audience
        assert engine.asked[-1].order == "date"

    def test_an_empty_search_is_an_empty_feed(self, client, engine):
        feed = client.get("/recherche/flux/").content.decode()
        assert "<item>" not in feed
        assert "<title>Recherche" in feed


def test_browsers_may_add_it(client, settings):
    answer = client.get("/recherche/opensearch.xml")
    assert answer["Content-Type"].startswith("application/opensearchdescription+xml")
    assert f'template="{settings.SITE_URL}/recherche/?q={{searchTerms}}"' in answer.content.decode()
    assert 'type="application/opensearchdescription+xml"' in client.get("/recherche/").content.decode()


def test_an_empty_page_explains_and_asks_no_engine(client, engine):
    page = text_of(client.get("/recherche/"))
    assert "Comment chercher" in page
    assert engine.asked == []
    assert answering.search(asked(QueryDict("q=-eau")), Viewer()).found.total == 0
