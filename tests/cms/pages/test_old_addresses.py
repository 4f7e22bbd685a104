"""Addresses of the former site lead to those of now; the list can be taken up again; refusals say why."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from wagtail.contrib.redirects.models import Redirect

from changes import change
from cms.models import StandardPage

pytestmark = pytest.mark.django_db
LIST = """ancienne;nouvelle
/les-noues-r207.html;/noues/
/extranet/agenda.php?id=3;https://www.cerema.fr/
/les-noues-r207.html;/projets/
/noues/;/projets/
/a;/a
/b;javascript:alert(1)
;/projets/
"""


@pytest.fixture
def listed(tmp_path):
    file = tmp_path / "adresses.csv"
    file.write_text("\ufeff" + LIST, encoding="utf-8")
    return str(file)


def run(*args: str) -> str:
    out = StringIO()
    call_command("import_redirects", *args, stdout=out)
    return out.getvalue()


def test_it_is_repeatable_and_says_what_it_did(client, make_page, listed, django_capture_on_commit_callbacks):
    page = make_page(StandardPage, title="Les noues", slug="noues")
    assert "2 créées, 5 refusées" in run(listed, "--dry-run")
    assert not Redirect.objects.exists()
    told = run(listed)
    assert "2 créées, 5 refusées" in told
    for reason in ("déjà donnée plus haut", "une page est publiée", "mènerait à elle-même", "n’est pas une adresse"):
        assert reason in told
    assert "2 inchangées" in run(listed)
    answer = client.get("/les-noues-r207.html")
    assert (answer.status_code, answer["Location"]) == (301, "/noues/")
    assert client.get("/extranet/agenda.php?id=3")["Location"] == "https://www.cerema.fr/"
    with django_capture_on_commit_callbacks(execute=True), change(by="test"):
        page.slug = "noues-plantees"
        page.save_revision().publish()
    assert client.get("/les-noues-r207.html")["Location"] == "/noues-plantees/", "it follows the page"
    assert client.get("/noues/")["Location"] == "/noues-plantees/"


def test_what_is_no_list_is_refused(tmp_path):
    file = tmp_path / "autre.csv"
    file.write_text("a,b\n1,2\n")
    with pytest.raises(CommandError, match="ancienne"):
        run(str(file))
    with pytest.raises(CommandError):
        run(str(tmp_path / "absent.csv"))


def imported(tmp_path, *pairs: tuple[str, str]) -> str:
    file = tmp_path / "adresses.csv"
    file.write_text("ancienne;nouvelle\n" + "".join(f"{old};{new}\n" for old, new in pairs), encoding="utf-8")
    return run(str(file))


def test_what_goes_round_in_circles_is_refused(home, tmp_path):
    told = imported(tmp_path, ("/a/", "/b/"), ("/b/", "/c/"), ("/c/", "/a/"), ("/d/", "/projets/"), ("/e/", "/a/"))
    assert "« /c » tournerait en rond en passant par « /a/ »" in told
    assert "1 créées, 4 refusées" in told
    assert "1 créées" in imported(tmp_path, ("/f/", "/d/")), "a chain that ends somewhere is none"
    assert "tournerait en rond" in imported(tmp_path, ("/d/", "/f/")), "with those that were there too"


def test_what_is_not_there_is_refused(home, make_page, tmp_path):
    make_page(StandardPage, title="Les noues", slug="noues")
    told = imported(
        tmp_path, ("/a/", "/nulle-part/"), ("/b/", "/agenda/"), ("/c/", "/noues/"), ("/d/", "/"),
        ("/e/", "/noues/#deux"),
    )  # fmt: skip
    assert "ligne 2 : rien n’est publié à l’adresse « /nulle-part/ »" in told
    assert "4 créées, 1 refusées" in told


@pytest.mark.parametrize("address", ["/agenda/", "/agenda", "/projets/?q=eau", "/sitemap.xml", "/mentions-legales/"])
def test_what_the_site_answers_itself_is_no_old_address(home, tmp_path, address):
    assert "répond déjà" in imported(tmp_path, (address, "https://www.cerema.fr/"))
    assert not Redirect.objects.exists()


def test_our_own_address_written_whole_follows_the_page(home, make_page, tmp_path, settings):
    page = make_page(StandardPage, title="Les noues", slug="noues")
    imported(tmp_path, (f"{settings.SITE_URL}/les-noues-r207.html", f"{settings.SITE_URL}/noues/"))
    assert Redirect.objects.get().redirect_page_id == page.pk
    assert Redirect.objects.get().old_path == "/les-noues-r207.html"
