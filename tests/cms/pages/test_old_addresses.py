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
