"""A page reserved to a group is not there for others: neither its address nor its title, in no list and no feed."""

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from changes import change
from cms.models import ArticlePage, ExperienceSheet, RegionPage, SectionPage, StandardPage
from cms.reading.menus import menu, outline
from members.viewer import Viewer

pytestmark = [pytest.mark.django_db, pytest.mark.storage]
LISTS = ["/", "/plan-du-site/", "/actualites.rss", "/regions/44/actualites.rss", "/sitemap-pages.xml", "/actualites/",
         "/regions/", "/regions/grand-est/", "/annonces/"]  # fmt: skip


@pytest.fixture
def world(make_page, region, restrict):
    """A public section, a reserved one with an article, a reserved article among public ones, a page that lists."""
    news = make_page(SectionPage, title="Actualités", show_in_menus=True)
    make_page(ArticlePage, news, title="Un article ouvert", region=region)
    closed_article = make_page(ArticlePage, news, title="SECRETARTICLE", slug="secretadresse", region=region)
    regions = make_page(SectionPage, title="Régions", show_in_menus=True)
    region_page = make_page(RegionPage, regions, title="Grand Est", region=region)
    make_page(ArticlePage, region_page, title="Un article de la région", region=region)
    closed_section = make_page(SectionPage, title="SECRETRUBRIQUE", slug="secretrubrique", show_in_menus=True)
    below = make_page(ArticlePage, closed_section, title="SECRETDESSOUS", slug="secretdessous", region=region)
    listing = {"kind": "articles", "title": "Articles", "level": "h2", "region": "44", "commitment": None, "count": 9}
    make_page(StandardPage, title="Annonces", body=[("listing", listing)])
    restrict(closed_article, "Membres")
    restrict(closed_section, "Membres")
    return {"article": closed_article, "section": closed_section, "below": below}


def join(person, *names):
    with change(by="test"):
        person.groups.set([Group.objects.get_or_create(name=name)[0] for name in names])
    cache.clear()


@pytest.mark.parametrize("who", ["visitor", "outsider"])
def test_nothing_is_told_to_others(client, world, member, who):
    if who == "outsider":
        join(member, "Bureau national")
        client.force_login(member)
    for page in world.values():
        answer = client.get(page.url)
        assert answer.status_code == 404, page.url
        assert "SECRET" not in answer.content.decode()
    for address in LISTS:
        answer = client.get(address)
        assert answer.status_code == 200, address
        text = answer.content.decode()
        assert "SECRET" not in text, address
        assert "secret" not in text, address
    assert [entry.title for entry in menu()] == ["Actualités", "Régions"]


def test_whoever_is_in_the_group_reads_it(client, world, member):
    join(member, "Membres", "Autre chose")
    client.force_login(member)
    for page in world.values():
        assert client.get(page.url).status_code == 200
    assert "SECRETARTICLE" in client.get("/actualites/").content.decode()
    assert "SECRETDESSOUS" in client.get("/annonces/").content.decode()
    titles = [entry.title for entry in outline(Viewer.of(member))]
    assert "SECRETRUBRIQUE" in titles
    assert "SECRETRUBRIQUE" not in [entry.title for entry in menu()], "the menu is the same for all"


def test_an_old_address_does_not_tell_the_new_name(
    client, world, member, make_page, django_capture_on_commit_callbacks
):
    opened = make_page(StandardPage, title="Une page ouverte", slug="ouverte")
    for page, new in ((world["article"], "secretnouveau"), (opened, "renommee")):
        old = page.url
        with django_capture_on_commit_callbacks(execute=True), change(by="test"):
            page.slug = new
            page.save_revision().publish()
        if page is opened:
            answer = client.get(old)
            assert (answer.status_code, answer["Location"]) == (301, "/renommee/")
        else:
            answer = client.get(old)
            assert answer.status_code == 404
            join(member, "Membres")
            client.force_login(member)
            assert client.get(old).status_code == 301
            client.logout()


def test_a_kept_page_forgets_at_once_what_is_reserved(client, make_page, restrict):
    section = make_page(SectionPage, title="Actualités")
    article = make_page(ArticlePage, section, title="Bientôt SECRETARTICLE")
    assert "SECRETARTICLE" in client.get(section.url).content.decode()
    assert client.get(article.url).status_code == 200
    with change(by="test"):
        restriction = PageViewRestriction.objects.create(page=article, restriction_type="groups")
        restriction.groups.add(Group.objects.get_or_create(name="Membres")[0])
    assert "SECRETARTICLE" not in client.get(section.url).content.decode()
    assert client.get(article.url).status_code == 404
    with change(by="test"):
        restriction.delete()
    assert client.get(article.url).status_code == 200


def test_what_is_not_published_is_nowhere(client, make_page):
    section = make_page(SectionPage, title="Actualités")
    article = make_page(ArticlePage, section, title="SECRETBROUILLON")
    with change(by="test"):
        article.unpublish()
    assert client.get(article.url).status_code == 404
    for address in (section.url, "/plan-du-site/", "/sitemap-pages.xml", "/actualites.rss"):
        assert "SECRETBROUILLON" not in client.get(address).content.decode()


def test_kinds_of_restrictions_that_we_do_not_use_open_to_nobody(client, make_page, member):
    page = make_page(StandardPage, title="Une page")
    for kind in (PageViewRestriction.LOGIN, PageViewRestriction.PASSWORD):
        with change(by="test"):
            PageViewRestriction.objects.all().delete()
            PageViewRestriction.objects.create(page=page, restriction_type=kind, password="x")
        assert client.get(page.url).status_code == 404
        client.force_login(member)
        assert client.get(page.url).status_code == 404
        client.logout()


def test_a_restriction_is_by_groups_and_not_under_another(as_office, make_page, restrict):
    section = make_page(SectionPage, title="Actualités")
    article = make_page(ArticlePage, section, title="Un article")
    assert section.private_page_options == article.private_page_options == ["groups"]
    form = as_office.get(f"/redaction/pages/{article.pk}/privacy/").content.decode()
    assert "Membres" in form or "groups" in form
    assert "password" not in form
    restrict(section, "Membres")
    assert (section.private_page_options, article.private_page_options) == (["groups"], [])
    answer = as_office.get(f"/redaction/pages/{article.pk}/privacy/").content.decode()
    assert "une page au-dessus" in answer
    group = Group.objects.get(name="Membres").pk
    as_office.post(f"/redaction/pages/{article.pk}/privacy/", {"restriction_type": "groups", "groups": [group]})
    assert PageViewRestriction.objects.count() == 1


def test_what_is_reserved_does_not_move_under_what_is_reserved(as_office, make_page, restrict):
    closed = make_page(SectionPage, title="Réservée")
    article = make_page(ArticlePage, make_page(SectionPage, title="Actualités"), title="Un article")
    restrict(closed, "Membres")
    restrict(article, "Correspondants")
    answer = as_office.post(f"/redaction/pages/{article.pk}/move/{closed.pk}/confirm/", follow=True)
    assert "réservées à des groupes" in answer.content.decode()
    assert Page.objects.get(pk=article.pk).depth == article.depth
    assert Page.objects.get(pk=article.pk).path == article.path


@pytest.fixture
def closed_collection(home):
    with change(by="test"):
        collection = Collection.get_first_root_node().add_child(instance=Collection(name="Réservée"))
        restriction = CollectionViewRestriction.objects.create(collection=collection, restriction_type="groups")
        restriction.groups.add(Group.objects.get_or_create(name="Membres")[0])
    return collection


def test_a_document_follows_its_collection(client, document, make_page, member, closed_collection):
    page = make_page(StandardPage, title="Une page", body=[("download", {"document": document, "detail": ""})])
    assert client.get(document.url).status_code == 200
    assert "Cahier des charges" in client.get(page.url).content.decode()
    with change(by="test"):
        document.collection = closed_collection
        document.save()
    answer = client.get(document.url)
    assert answer.status_code == 404
    assert "Cahier des charges" not in client.get(page.url).content.decode()
    join(member, "Membres")
    client.force_login(member)
    answer = client.get(document.url)
    assert answer.status_code == 200
    assert "private" in answer["Cache-Control"]
    assert "Cahier des charges" in client.get(page.url).content.decode()
    join(member)
    assert client.get(document.url).status_code == 404


def test_a_picture_follows_its_collection(client, image, member, closed_collection):
    address = image.get_rendition("fill-480x300").url
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert "public" in answer["Cache-Control"]
    assert client.get(f"/{image.file.name}").status_code == 404, "originals have no address"
    with change(by="test"):
        image.collection = closed_collection
        image.save()
    assert client.get(address).status_code == 404
    join(member, "Membres")
    client.force_login(member)
    answer = client.get(address)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")


def test_a_member_s_home_shows_the_practices_that_they_read(client, home, member, make_person):
    with change(by="test"):
        reserved, _ = Group.objects.get_or_create(name="Bureau national")
        for title, closed in (("Une noue ouverte", False), ("SECRETFICHE", True)):
            page = home.add_child(
                instance=ExperienceSheet(title=title, slug=title.lower().replace(" ", "-"), difficulty="<p>Un sol.</p>")
            )
            if closed:
                PageViewRestriction.objects.create(page=page, restriction_type="groups").groups.add(reserved)
    client.force_login(member)
    shown = client.get("/").content.decode()
    assert "Une noue ouverte" in shown
    assert "SECRETFICHE" not in shown
    member.groups.add(reserved)
    assert "SECRETFICHE" in client.get("/").content.decode()
