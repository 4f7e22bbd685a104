"""A second import makes no second copy; what changed is told before and after; all of it is written or nothing."""

from __future__ import annotations

import pytest

from projects.models import ImportChoice, ImportLine, LabelEvent, Project

pytestmark = [pytest.mark.storage, pytest.mark.slow]


@pytest.fixture
def rows(row):
    steps = {"AAP 2009": "x", "AAP 2011": "oui", "Charte": "2013", "Candidat 2014": "x", "Résultats 2014": "ajourné",
             "Candidat 2015": "x", "Résultats 2015": "Engagé", "Candidat 2016": "Étape 2",
             "Nombre de logements": "1 200", "Superficie du quartier (ha)": "33 600 m²",
             "Nombre de logements sociaux": "30 %", "Dotation Evaluation": "20 000"}  # fmt: skip
    return [
        row("67482", "Strasbourg", "Les Rives", steps),
        row("67482", "Strasbourg", "L’Île aux Jeux"),
        row("35238", "Rennes\nSaint-Jacques-de-la-Lande", "La Couture"),
        row("44109", "Nantes"),
        row("44109", "Nantes", "", {"AAP 2011": "x"}),
        row("21232", "Dijon", "Le Clos", {"N° Dept": "22"}),
    ]


def test_the_first_import_creates_what_the_rows_say(import_list, as_csv, rows, figures):
    assert figures(import_list(as_csv(rows))) == (5, 0, 0, 1, 0)
    project = Project.objects.with_state().get(name="Les Rives")
    assert (project.dwellings, str(project.area), project.social_dwellings) == (1200, "3.36", None)
    assert project.social_dwellings_text == "30 %"
    assert [one.call.year for one in project.candidacies.order_by("call__year")] == [2009, 2011]
    assert project.charter.year == 2013
    assert [(one.year, one.result) for one in project.events.all()] == [
        (2014, "adjourned"), (2015, "committed"), (2016, "candidate"),
    ]  # fmt: skip
    assert project.state == "committed"
    both = Project.objects.get(name="La Couture")
    assert sorted(one.name for one in both.communes.all()) == ["Rennes", "Saint-Jacques-de-la-Lande"]


def test_a_second_import_changes_nothing_even_in_another_order(import_list, as_csv, rows, figures):
    import_list(as_csv(rows))
    before = list(Project.objects.order_by("pk").values())
    assert figures(import_list(as_csv(rows))) == (0, 0, 5, 1, 0)
    assert figures(import_list(as_csv(rows[::-1]))) == (0, 0, 5, 1, 0)
    assert list(Project.objects.order_by("pk").values()) == before


def test_what_changed_is_told_before_and_after_and_only_that(import_list, as_csv, rows, figures):
    import_list(as_csv(rows))
    address = Project.objects.get(name="Les Rives").slug
    rows[0] = rows[0] | {"Nombre de logements": "1 250", "Résultats 2015": "Label"}
    run = import_list(as_csv(rows))
    assert figures(run) == (0, 1, 4, 1, 0)
    line = run.lines.get(outcome="changed")
    assert line.changes == {"Nombre de logements": ["1 200", "1 250"], "Résultats 2015": ["Engagé", "Label"]}
    project = Project.objects.with_state().get(name="Les Rives")
    assert (project.dwellings, project.state, project.slug) == (1250, "label", address)
    assert project.events.count() == 3


def test_the_same_line_twice_is_refused_with_its_twin(import_list, as_csv, rows, figures):
    run = import_list(as_csv([rows[0], rows[0], rows[1]]))
    assert figures(run) == (2, 0, 0, 0, 1)
    assert "ligne 1" in run.lines.get(outcome="refused").reason
    assert figures(import_list(as_csv([rows[0], rows[0], rows[1]]))) == (0, 0, 2, 0, 1)


def test_a_step_written_by_hand_stays(import_list, as_csv, rows):
    from changes import change

    import_list(as_csv(rows))
    project = Project.objects.get(name="Les Rives")
    with change(by="test"):
        LabelEvent.objects.filter(project=project, year=2016).update(result="stage_2", imported=False)
    rows[0] = rows[0] | {"Nombre de logements": "7"}
    import_list(as_csv(rows))
    assert project.events.get(year=2016).result == "stage_2"


def test_a_dry_run_writes_no_project(import_list, as_csv, rows, figures):
    assert figures(import_list(as_csv(rows), apply=False)) == (5, 0, 0, 1, 0)
    assert not Project.objects.exists()


def test_a_failure_half_way_leaves_nothing(import_list, as_csv, rows, monkeypatch):
    from projects.importing import applying

    def broken(*args):
        raise RuntimeError("power cut")

    monkeypatch.setattr(applying, "_write_steps", broken)
    with pytest.raises(RuntimeError, match="power cut"):
        import_list(as_csv(rows))
    assert not Project.objects.exists()


def test_a_project_changed_since_the_dry_run_stops_the_import(import_list, as_csv, rows):
    from projects.importing.refusal import ImportRefused
    from projects.importing.running import import_file

    path = as_csv(rows)
    run = import_list(path, apply=False)
    import_list(path)
    with pytest.raises(ImportRefused, match="a changé depuis l’essai"):
        import_file(run, path, by="test")


def test_a_project_changed_while_the_import_was_planned_stops_it_too(import_list, as_csv, rows):
    from projects.importing import applying
    from projects.importing.refusal import ImportRefused

    run = import_list(as_csv(rows), apply=False)
    prepared = applying.Prepared([])
    with pytest.raises(ImportRefused, match="a changé depuis l’essai"):
        applying.apply(prepared, run=run, by="test", on="the base of a minute ago")


def test_cells_with_shifted_values_are_kept_and_said(import_list, as_csv, row):
    run = import_list(as_csv([row("67482", "Strasbourg", "Les Rives", {"AAP 2009": "62427"})]))
    assert "« 62427 » n’a pas été repris" in run.lines.get().reason
    project = Project.objects.get()
    assert not project.candidacies.exists()
    assert project.raw["AAP 2009"] == "62427"


def test_a_choice_makes_the_project_and_later_imports_respect_it(import_list, as_csv, rows, figures, office):
    from members.viewer import Viewer
    from projects.actions import choose
    from territories.resolution import resolve_code

    run = import_list(as_csv(rows))
    line = run.lines.get(outcome="to_verify")
    choose(line=line, commune=resolve_code("21231"), by=Viewer.of(office))
    assert Project.objects.get(name="Le Clos").commune.name == "Dijon"
    run.refresh_from_db()
    assert figures(run) == (6, 0, 0, 0, 0)
    assert figures(import_list(as_csv(rows))) == (0, 0, 6, 0, 0)
    assert ImportChoice.objects.get().by == office.key


def test_a_line_put_aside_stays_aside(import_list, as_csv, rows, figures, office):
    from members.viewer import Viewer
    from projects.actions import choose

    run = import_list(as_csv(rows), apply=False)
    choose(line=run.lines.get(outcome="to_verify"), commune=None, by=Viewer.of(office))
    assert figures(import_list(as_csv(rows))) == (5, 0, 0, 0, 1)
    assert ImportLine.objects.filter(outcome="to_verify").count() == 0
