"""The bureau sends a list, reads the report, chooses for a doubtful line, imports; a visitor reads the project."""

from __future__ import annotations

import csv
import io

import pytest

from tests.e2e.accessible import violations

COLUMNS = [
    "Région", "Ancienne région", "N° Dept", "Nom Dept", "CODE INSEE", "Ville", "Nom EcoQuartier", "Population",
    "Commune rurale ou urbaine", "Situation territoriale", "Situation du quartier", "Type d’opération",
    "Nombre d’habitants dans le quartier", "Nombre de logements", "Nombre de logements sociaux",
    "Superficie du quartier (ha)", "EPA", "ANRU", "PNR", "AAP 2009", "AAP 2011", "Charte", "Candidat 2013",
    "Résultats 2013", "Candidat 2014", "Résultats 2014", "Candidat 2015", "Résultats 2015", "Dotation Evaluation",
    "Candidat potentiel repérage AD4 2017", "Candidat 2016", "Avancement dans la démarche",
]  # fmt: skip


def made_list() -> bytes:
    rows = [
        {"N° Dept": "67", "CODE INSEE": "67482", "Ville": "Strasbourg", "Nom EcoQuartier": "Cour Zéphyrin",
         "Nombre de logements": "210", "AAP 2011": "x", "Dotation Evaluation": "SECRET-INTERNE"},
        {"N° Dept": "29", "CODE INSEE": "21485", "Ville": "Brest", "Nom EcoQuartier": "Ilot du Port"},
        {"N° Dept": "99", "CODE INSEE": "", "Ville": "Nulle-Part-les-Oies", "Nom EcoQuartier": "Mirage"},
    ]  # fmt: skip
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def wrong(page) -> list[str]:
    """What axe finds, and what is wider than the screen."""
    found = violations(page)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("wider than the screen")
    return found


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_the_report_and_the_page_of_a_doubtful_line_can_be_read_by_all(open_page, width, scheme):
    office = open_page(width, scheme, who="bureau@demo.example")
    office.goto("/projets/imports/")
    office.locator("input[type=file]").set_input_files(
        {"name": f"liste-{width}.csv", "mimeType": "text/csv", "buffer": made_list()}
    )
    office.click("text=Essayer la liste")
    office.locator(".import__figures").wait_for()
    assert not wrong(office)
    office.click("main a[href*='resultat=to_verify']")
    assert not wrong(office)
    office.locator("main a[href*='/lignes/']").first.click()
    office.locator("h1").wait_for()
    assert "/lignes/" in office.url
    assert not wrong(office)
    assert not office.faults


def test_from_the_file_to_the_public_page(open_page):
    office = open_page(who="bureau@demo.example")
    office.goto("/projets/imports/")
    office.locator("input[type=file]").set_input_files(
        {"name": "liste.csv", "mimeType": "text/csv", "buffer": made_list()}
    )
    office.click("text=Essayer la liste")
    office.locator(".import__figures").wait_for()
    figures = office.locator(".import__figures").inner_text()
    assert "Importer" in office.locator("main").inner_text()
    visitor = open_page(320)
    visitor.goto("/projets/?q=zephyrin")
    assert visitor.locator("main", has_text="Aucun projet ne répond").is_visible(), "nothing is written by the report"

    office.click("main button:has-text('Importer')")
    office.locator("text=importé").first.wait_for()
    assert figures
    visitor.goto("/projets/?q=zephyrin")
    visitor.click("text=Cour Zéphyrin")
    assert visitor.locator("main", has_text="Strasbourg").is_visible()
    assert "SECRET-INTERNE" not in visitor.content()
    for address in ("/projets/donnees/projets.csv", "/projets/donnees/projets.json"):
        answer = visitor.request.get(address)
        assert answer.ok
        assert "Cour Zéphyrin" in answer.text()
        assert "SECRET-INTERNE" not in answer.text()

    office.goto("/projets/imports/")
    office.locator("input[type=file]").set_input_files(
        {"name": "encore.csv", "mimeType": "text/csv", "buffer": made_list()}
    )
    office.click("text=Essayer la liste")
    office.locator(".import__figures").wait_for()
    assert not office.locator("main button:has-text('Importer')").count(), "a second import has nothing to do"


def test_a_spreadsheet_of_something_else_is_refused_in_a_sentence(open_page):
    office = open_page(320, script=False, who="bureau@demo.example")
    office.goto("/projets/imports/")
    office.locator("input[type=file]").set_input_files(
        {"name": "budget.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n"}
    )
    office.click("text=Essayer la liste")
    for _ in range(20):
        if office.locator("text=Cette liste a été refusée").count():
            break
        office.wait_for_timeout(500)
        office.reload()
    assert office.locator("text=Rien n’a été écrit").is_visible()
