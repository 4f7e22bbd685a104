"""The bureau sends a list, reads its report, chooses, imports; for others these pages do not exist."""

from __future__ import annotations

import pytest

from projects.models import ImportRun, Project


@pytest.fixture
def work():
    """Do the jobs that wait, in the test's own transaction (the worker itself closes its connection)."""
    from changes import facts

    def run() -> None:
        for fact in facts.claim("jobs"):
            facts.work(fact)

    return run


@pytest.fixture
def sent(as_office, referential, as_csv, row, work):
    """A list sent and tried: one good line, one doubtful."""
    path = as_csv([row("67482", "Strasbourg", "Les Rives"), row("21232", "Dijon", "Le Clos", {"N° Dept": "22"})])

    def send() -> str:
        with path.open("rb") as file:
            answer = as_office.post("/projets/imports/", {"file": file})
        assert answer.status_code == 302
        return answer.url

    url = send()
    work()
    return url


@pytest.mark.parametrize("address", ["", "1/", "1/lignes/1/"])
def test_others_find_nothing(client, member, address):
    for _ in range(2):
        assert client.get(f"/projets/imports/{address}").status_code == 404
        assert client.post(f"/projets/imports/{address}").status_code in (404, 405)
        client.force_login(member)
    assert client.post("/projets/imports/1/importer/").status_code == 404


def test_the_report_then_the_import(as_office, sent, work):
    page = as_office.get(sent)
    text = page.content.decode()
    assert [count for _, count, _ in page.context["figures"]] == [1, 0, 0, 1, 0]
    assert "L’import créera 1\xa0projet" in text
    assert "<mark>Dompierre-en-Morvan</mark>" in text
    assert not Project.objects.exists()
    as_office.post(f"{sent}importer/", {"seen": page.context["seen"]})
    work()
    assert Project.objects.get().name == "Les Rives"
    run = ImportRun.objects.get()
    assert run.state == ImportRun.State.IMPORTED
    assert not run.file


def test_nothing_is_imported_on_a_report_that_was_not_read(as_office, sent, work):
    as_office.post(f"{sent}importer/", {"seen": "guess"})
    work()
    assert not Project.objects.exists()


def test_a_choice_on_the_report_is_imported_with_the_rest(as_office, sent, work):
    answer = as_office.post(f"{sent}lignes/2/", {"choice": "other", "code": "99999"})
    assert "Aucune commune ne porte ce code" in answer.content.decode()
    as_office.post(f"{sent}lignes/2/", {"choice": "other", "code": "21231"})
    page = as_office.get(sent)
    assert [count for _, count, _ in page.context["figures"]] == [2, 0, 0, 0, 0]
    as_office.post(f"{sent}importer/", {"seen": page.context["seen"]})
    work()
    assert sorted(Project.objects.values_list("commune__name", flat=True)) == ["Dijon", "Strasbourg"]


def test_a_refused_file_says_why(as_office, referential, work, tmp_path):
    path = tmp_path / "liste.csv"
    path.write_bytes(b"a,b\n1,2\n")
    with path.open("rb") as file:
        url = as_office.post("/projets/imports/", {"file": file}).url
    work()
    assert "colonnes absentes" in as_office.get(url).content.decode()


def test_an_empty_form_lists_its_error(as_office):
    text = as_office.post("/projets/imports/").content.decode()
    assert "Choisissez un fichier." in text
    assert "<title>Erreur" in text
