"""Conventions of the public sector, on one page of each kind: header, footer, links, language, headings, tables."""

import itertools
import re
from urllib.parse import urljoin

import html5lib
import pytest
from django.urls import reverse

from cms.tree import plant_tree

pytestmark = pytest.mark.django_db
STATE_LINKS = [
    "https://info.gouv.fr",
    "https://service-public.gouv.fr",
    "https://legifrance.gouv.fr",
    "https://data.gouv.fr",
]
LEGAL = [
    "footer-sitemap",
    "footer-accessibility-status",
    "footer-legal-notice",
    "footer-personal-data",
    "footer-cookie-management",
]
PUBLIC = ["/", "/projets/", "/recherche/?q=eau", "/recherche/", "/contact/", "/compte/connexion/",
          "/compte/mot-de-passe/", *(f"/{path}/" for path in ("plan-du-site", "accessibilite", "mentions-legales",
                                                              "donnees-personnelles", "cookies"))]  # fmt: skip
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture
def site(referential):
    plant_tree()


def dom(client, path: str):
    answer = client.get(path)
    assert answer.status_code in (200, 404), path
    text = answer.content.decode()
    tree = html5lib.parse(text, treebuilder="etree")
    return tree, text


def find(tree, tag: str, **attributes: str):
    wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
    return [element for element in tree.iter(XHTML + tag) if all(element.get(k) == v for k, v in wanted.items())]


def words(element) -> str:
    return " ".join("".join(element.itertext()).split())


def by_class(tree, name: str):
    return [element for element in tree.iter() if name in (element.get("class") or "").split()]


def conventions(tree, text: str) -> None:
    """What holds on every page of ours, whoever reads it."""
    # rows 10, 53: language, title, one h1, no level skipped
    assert find(tree, "html")[0].get("lang") == "fr"
    assert re.search(r"<title>[^<]+ — Club National EcoQuartier</title>", text)
    levels = [int(e.tag[-1]) for e in tree.iter() if re.fullmatch(re.escape(XHTML) + "h[1-6]", str(e.tag))]
    outside_dialogs = levels[: levels.index(1)] if 1 in levels else levels
    assert levels.count(1) == 1, levels
    assert not outside_dialogs, "the h1 comes first"
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), levels
    # rows 2, 3, 4: header, footer, their links
    (header,) = find(tree, "header", role="banner")
    brand = find(header, "p", **{"class": "fr-logo"})[0]
    assert "".join(brand.itertext()).startswith("Ministère")
    assert find(brand, "br"), "the ministry's name on its lines"
    service, tagline = (by_class(header, f"fr-header__service-{part}")[0] for part in ("title", "tagline"))
    assert words(service).startswith("Club National EcoQuartier")
    assert words(tagline)
    quick = find(by_class(header, "fr-header__tools-links")[0], "a")
    assert quick
    assert all("fr-btn--tertiary" in (a.get("class") or "") for a in quick)
    for name in ("fr-btn--search", "fr-btn--menu"):
        (button,) = by_class(header, name)
        assert button.get("aria-controls") in {e.get("id") for e in header.iter()}
    assert find(header, "form", role="search")
    (nav,) = find(header, "nav", role="navigation")
    assert nav.get("aria-label")
    (footer,) = find(tree, "footer", role="contentinfo")
    state = [a.get("href") for a in find(footer, "a") if "fr-footer__content-link" in (a.get("class") or "")]
    assert state == STATE_LINKS
    hrefs = [a.get("href") for a in find(footer, "a")]
    assert [reverse(name) for name in LEGAL] == [h for h in hrefs if h in {reverse(name) for name in LEGAL}]
    assert "licence etalab-2.0" in words(footer)
    assert any(a.get("title") == "Accueil - Club National EcoQuartier" for a in find(tree, "a"))
    # row 9: skip links first, each target there and focusable
    (body,) = find(tree, "body")
    first = next(iter(body))
    targets = [a.get("href") for a in find(first, "a")]
    assert [words(a) for a in find(first, "a")] == ["Contenu", "Menu", "Recherche", "Pied de page"]
    ids = [e.get("id") for e in tree.iter() if e.get("id")]
    for target in targets:
        (element,) = [e for e in tree.iter() if e.get("id") == target[1:]]
        assert element.get("tabindex") == "-1"
    # valid, unique ids; every reference leads somewhere
    assert len(ids) == len(set(ids)), [i for i in ids if ids.count(i) > 1]
    assert not [i for i in ids if re.search(r"\s", i) or not i]
    for element in tree.iter():
        for name in ("aria-describedby", "aria-labelledby", "aria-controls", "for"):
            for target in (element.get(name) or "").split():
                assert target in ids, (name, target)
    # rows 14, 30: tables with caption and scopes; nothing inline
    for table in find(tree, "table"):
        assert find(table, "caption")
        assert all(th.get("scope") for th in find(table, "th"))
    for scrolled in by_class(tree, "fr-table__container"):
        assert (scrolled.get("tabindex"), scrolled.get("role")) == ("0", "region"), "scrolled by the keyboard"
        assert scrolled.get("aria-label")
    assert len(find(tree, "table")) == len(by_class(tree, "fr-table__container"))
    assert not [e for e in tree.iter() if e.get("style") or any(str(k).startswith("on") for k in e.attrib)]
    data = "application/ld+json"  # read by machines, never run
    assert all(script.get("src") or script.get("type") == data for script in find(tree, "script"))
    assert not find(tree, "style")
    # row 12: every field has its label; row 13: a pagination is a named nav with its page
    labels = {label.get("for") for label in find(tree, "label")}
    for field in itertools.chain(*(find(tree, tag) for tag in ("input", "select", "textarea"))):
        if field.get("type") not in ("hidden", "submit"):
            assert field.get("id") in labels, field.attrib
    for pages in by_class(tree, "fr-pagination"):
        assert pages.get("aria-label")
        assert len(find(pages, "a", aria_current="page")) == 1
    # rows 1, 52: nothing from another host
    for element in tree.iter():
        for name in ("src", "srcset"):
            assert "//" not in (element.get(name) or "")
    for link in find(tree, "link"):
        if link.get("rel") != "canonical":
            assert not (link.get("href") or "").startswith("http")


@pytest.mark.parametrize("path", [*PUBLIC, "/nulle-part/"])
def test_a_page(client, site, path):
    conventions(*dom(client, path))


def crawl(client, *starts: str) -> dict[str, str]:
    """Every page that links lead to from these (lists with a filter once for each page that names them); its title."""
    waiting, titles, seen = list(starts), {}, set()
    while waiting:
        address = waiting.pop(0)
        if address in seen:
            continue
        seen.add(address)
        answer = client.get(address)
        while answer.status_code in (301, 302):
            address = answer.headers["Location"].partition("?")[0]  # what leads on is the page that it leads to
            answer = client.get(answer.headers["Location"])
        assert answer.status_code == 200, address
        if not answer.headers["Content-Type"].startswith("text/html"):
            continue
        text = answer.content.decode()
        tree = html5lib.parse(text, treebuilder="etree")
        conventions(tree, text)
        (body,) = find(tree, "body")
        read_is_french(body)
        titles[address] = re.search(r"<title>(.*?)</title>", text)[1]
        for link in find(tree, "a"):
            target = urljoin(address, (link.get("href") or "").partition("#")[0]).removesuffix("?page=1")
            filtered = "?" in target and not target.startswith("/projets/?page=")
            if target.startswith("/") and not target.startswith("/redaction/") and not filtered:
                waiting.append(target)
    return titles


@pytest.fixture
def demo(site):
    from meetings.demo import make_demo_meetings
    from members.demo import make_demo_people
    from members.services import seed_services
    from projects.demo import make_demo_projects

    seed_services()
    make_demo_projects()
    make_demo_people()
    make_demo_meetings()


@pytest.mark.slow
def test_every_link_of_a_visitor_leads_to_a_page_that_keeps_them(client, demo):
    titles = crawl(client, "/")
    assert len([path for path in titles if path.startswith("/projets/")]) > 60
    assert len([path for path in titles if re.match(r"/agenda/(\d+-|mois/)", path)]) > 8
    assert set(PUBLIC) - {"/recherche/?q=eau"} <= set(titles)
    assert len(set(titles.values())) == len(titles), sorted(titles.values())


@pytest.mark.slow
def test_every_link_of_the_bureau_too(as_office, demo):
    titles = crawl(as_office, "/membres/", "/projets/imports/", "/compte/", "/style/", "/agenda/organiser/nouvelle/")
    assert {"/membres/inviter/", "/compte/"} <= set(titles)
    assert len([path for path in titles if re.match(r"/membres/\d+/", path)]) >= 7


def test_titles_are_distinct(client, site):
    titles = [re.search(r"<title>(.*?)</title>", dom(client, path)[1])[1] for path in PUBLIC]
    assert len(titles) == len(set(titles)), titles


@pytest.mark.parametrize("name", LEGAL)
def test_each_legal_link_answers(client, site, name):
    tree, _ = dom(client, reverse(name))
    assert words(find(tree, "h1")[0])


def test_the_footer_says_the_declaration_s_level(client, site):
    from cms.accessibility import level

    footer = client.get("/contact/").content.decode()
    declaration = client.get(reverse("footer-accessibility-status")).content.decode()
    assert "Accessibilité\u00a0: non conforme" in footer
    assert "<strong>non conforme</strong>" in declaration
    assert [level(rate) for rate in (None, 0, 49.9, 50, 99, 100)] == [
        "non conforme", "non conforme", "non conforme", "partiellement conforme", "partiellement conforme",
        "totalement conforme"]  # fmt: skip


@pytest.mark.parametrize(
    ("setting", "value", "mark"),
    [("NOTICE", "Travaux ce soir", "Travaux ce soir"), ("BETA", True, "BETA"), ("MOURNING", True, "data-fr-mourning")],
)
def test_banners_show_when_they_are_set(client, site, settings, setting, value, mark):
    assert mark not in client.get("/contact/").content.decode()
    setattr(settings, setting, value)
    assert mark in client.get("/contact/").content.decode()


def test_public_pages_set_no_cookie_and_signed_in_ones_set_those_that_are_listed(client, site, member):
    for path in PUBLIC:
        if not any(form in path for form in ("connexion", "mot-de-passe", "contact")):  # what is sent is guarded
            assert not client.get(path).cookies, path
    member.set_password("trois noues et un platane")
    from changes import change

    with change(by="test"):
        member.save()
    client.post("/compte/connexion/", {"login": member.email, "password": "trois noues et un platane"})
    client.get("/compte/")
    page = client.get(reverse("footer-cookie-management")).content.decode()
    assert set(client.cookies) <= {"club_session", "club_csrf"}
    for name in client.cookies:
        assert name in page


def test_pages_of_a_person_are_never_kept(client, site, member):
    client.force_login(member)
    for path in ("/", "/compte/", "/contact/"):
        assert client.get(path).headers["Cache-Control"] == "private, no-store"


def test_security_txt_is_of_this_year(client):
    from datetime import UTC, datetime, timedelta

    text = client.get("/.well-known/security.txt").content.decode()
    fields = dict(line.split(": ", 1) for line in text.splitlines())
    expires = datetime.fromisoformat(fields["Expires"])
    assert datetime.now(UTC) + timedelta(days=200) < expires < datetime.now(UTC) + timedelta(days=366)
    assert fields["Preferred-Languages"] == "fr, en"
    assert fields["Canonical"].endswith("/.well-known/security.txt")
    assert fields["Contact"]
    assert client.get("/.well-known/change-password").headers["Location"] == reverse("account_reset_password")


ENGLISH = re.compile(
    r"\b(the|your|password|sign in|login|search|submit|required|this field|home|page not found|error|next|previous|"
    r"logout|email|forgot|please)\b",
    re.IGNORECASE,
)


def read_is_french(body) -> None:
    for kept_as_it_is in (*find(body, "script"), *find(body, "textarea")):  # what somebody typed is shown as typed
        kept_as_it_is.clear()
    assert not ENGLISH.findall(words(body)), ENGLISH.findall(words(body))
    text = "".join(body.itertext())
    assert not re.findall(r"\w+ [»;?!%](?!\w)|\w+ : |« \w+", text), "a breaking space before or after punctuation"
    dates = re.findall(r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b|\b20\d\d-\d\d-\d\d\b", text)
    assert not dates, f"dates are written out: {dates}"


@pytest.mark.parametrize("path", [*PUBLIC, "/style/", "/nulle-part/"])
def test_what_is_read_is_french(client, site, path):
    tree, _ = dom(client, path)
    (body,) = find(tree, "body")
    read_is_french(body)
