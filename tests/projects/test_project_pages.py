"""The public list, its filters and map, and a project's page: what they show, and what they cost."""

from __future__ import annotations

import html5lib
import pytest
from django.core.cache import caches

from changes import change
from cms.accessibility import accessibility_status
from projects.models import Commitment, Project


@pytest.fixture
def few(referential):
    from projects.demo import make_demo_projects

    make_demo_projects()


def names(response) -> list[str]:
    return [one.name for one in response.context["page"]]


@pytest.mark.parametrize(
    ("address", "count"),
    [("", 60), ("?region=06", 2), ("?departement=974", 2), ("?etat=lived", 4), ("?q=saint-paul", 1),
     ("?q=finistere", 1),
     ("?q=ilot+faienciers", 1), ("?region=84&etat=lived&q=rien", 0),
     ("?region=zz'--&etat=nul&engagement=99&page=x", 60)],
)  # fmt: skip
def test_filters_of_the_address(client, few, address, count):
    response = client.get(f"/projets/{address}")
    assert response.context["page"].paginator.count == count


def test_each_filter_is_shown_and_can_be_taken_off(client, few):
    """Also one that leaves nothing: a form that forgot it would list something else at the next try."""
    answer = client.get("/projets/?region=84&etat=lived&q=rien&engagement=3")
    page = html5lib.parse(answer.content.decode(), treebuilder="etree", namespaceHTMLElements=False)
    chosen = {one.get("value") for one in page.iter("option") if one.get("selected") is not None}
    assert chosen == {"84", "lived", "3"}
    tags = {"".join(one.itertext()): one.get("href") for one in page.iter("a") if "fr-tag" in (one.get("class") or "")}
    assert len(tags) == 4
    assert all("retirer ce filtre" in text for text in tags)
    (without,) = (address for text, address in tags.items() if text.startswith("Auvergne-Rhône-Alpes"))
    assert without == "?q=rien&engagement=3&etat=lived"


def test_the_home_page_of_a_club_without_projects_says_what_will_be_here(client, as_office, referential):
    from django.test import Client

    from cms.tree import plant_tree

    plant_tree()
    for asking, offered in ((Client(), False), (as_office, True)):
        page = asking.get("/").content.decode()
        assert "apparaîtront ici" in page
        assert "Le club en chiffres" not in page
        assert ("Importer la liste" in page) is offered


def test_an_area_has_no_idle_zeros():
    from decimal import Decimal

    from projects.models.project import _short

    shown = [str(_short(Decimal(text))) for text in ("8.80", "6.00", "120.00", "0.25", "1000.50")]
    assert shown == ["8.8", "6", "120", "0.25", "1000.5"]
    assert _short(None) is None


def test_an_engagement_filters_what_is_tagged(client, few):
    with change(by="test"):
        Project.commitments.through.objects.all().delete()
        Project.objects.get(name="Bassin aux Bois").commitments.add(Commitment.objects.get(number=19))
    assert names(client.get("/projets/?engagement=19")) == ["Bassin aux Bois"]


def test_what_is_not_published_is_nowhere(client, few):
    with change(by="test"):
        Project.objects.filter(name="Bassin aux Bois").update(published=False)
    slug = Project.objects.get(name="Bassin aux Bois").slug
    assert client.get(f"/projets/{slug}/").status_code == 404
    assert client.get("/projets/").context["map"].total == 59
    data = "/projets/donnees/projets"
    for address in ("/projets/?q=bassin", f"{data}.csv", f"{data}.json", "/recherche/?q=bassin"):
        assert "Bassin aux Bois" not in b"".join(client.get(address)).decode()


def test_the_map_counts_and_keeps_the_other_filters(client, few):
    response = client.get("/projets/?etat=lived&departement=974")
    drawn = response.context["map"]
    assert drawn.total == 4
    assert len(drawn.departments) == 96
    assert [one.code for one in drawn.departments + drawn.overseas if one.current] == ["974"]
    linked = next(one for one in drawn.departments if one.count)
    assert linked.url == f"/projets/?departement={linked.code}&etat=lived"
    assert client.get(linked.url).context["page"].paginator.count == linked.count


def test_a_page_says_the_steps_in_their_order_with_plain_years(client, few):
    text = client.get("/projets/67506-les-vergers-du-muhlbach/").content.decode()
    assert text.index("2009") < text.index("Grand prix") < text.index("Charte signée") < text.index("Vécu</strong>")
    assert "Eurométropole de Strasbourg" in text
    assert "2\u202f013" not in text
    assert "2\xa0013" not in text


@pytest.mark.storage
@pytest.mark.parametrize("count", [10, 1000])
@pytest.mark.parametrize(
    ("address", "queries"),
    [("/projets/", 6), ("/projets/?etat=committed&q=quartier&engagement=", 6), ("/projets/q-0003/", 8),
     ("/projets/donnees/projets.csv", 7), ("/projets/donnees/projets.json", 8)],
)  # fmt: skip
def test_queries_do_not_grow_with_the_rows(client, make_projects, django_assert_num_queries, count, address, queries):
    make_projects(count)
    accessibility_status()  # the footer’s mention is kept for five minutes, whatever page asks first
    caches["process"].set("sections:now", [], None)  # and the menu for two seconds
    with django_assert_num_queries(queries):
        response = client.get(address)
        b"".join(response)
    assert response.status_code == 200


def test_the_overview_costs_five_queries(make_projects, django_assert_num_queries):
    from projects.queries import overview

    make_projects(10)
    with django_assert_num_queries(5):
        shown = overview()
    assert [one["count"] for one in shown["figures"]][:2] == [10, 5]


def test_the_list_with_its_map_stays_light(client, make_projects):
    """Under 60 kB and 1,000 nodes with every département linked, the heaviest case."""
    from territories.models import Commune

    projects = make_projects(101)
    towns = {one.department_id: one for one in Commune.objects.of_today()}
    codes = sorted(towns)
    with change(by="test"):
        for project, code in zip(projects, codes, strict=False):
            Project.objects.filter(pk=project.pk).update(commune=towns[code])
    content = client.get("/projets/").content
    nodes = sum(1 for _ in html5lib.parse(content).iter())
    assert len(content) < 60_000
    assert nodes < 1_000


@pytest.mark.storage
def test_the_order_of_the_list_has_its_index(make_projects):
    from django.db import connection

    make_projects(1000)
    rows = Project.objects.published().order_by("sort_name", "id")[:20]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE projects_project")
    plan = rows.explain()
    assert "projects_by_name" in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def test_the_home_page_s_figures_are_what_their_links_list(client, few):
    from projects.queries import overview

    labelled = overview()["figures"][2]
    page = client.get(labelled["url"]).content.decode()
    assert f"{labelled['count']}\u00a0projet" in page


def test_its_link_is_shared_with_its_name_and_a_picture(client, make_projects):
    (project,) = make_projects(1)
    text = client.get(project.get_absolute_url()).content.decode()
    assert f'<meta property="og:title" content="{project.name}, ' in text
    assert '<meta property="og:image:width" content="1200">' in text
