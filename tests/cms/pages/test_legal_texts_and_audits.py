"""Legal texts by version and date; the declaration's level computed from the rows of an audit."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from changes import change
from cms.accessibility import PLANS, accessibility_status, state
from cms.legal_versions import in_force, to_accept
from cms.models import AccessibilityAudit, AuditRow, LegalPage
from cms.planting.structure import plant_structure

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture
def terms(make_page):
    def make(version: int, day: date, **fields):
        values = {"kind": "cgu", "slug": f"cgu-{version}", "version": version, "in_force_on": day, **fields}
        return make_page(LegalPage, title=f"Conditions {version}", **values)

    return make


def test_the_text_in_force_is_the_one_whose_date_came_last(terms):
    assert in_force("cgu", TODAY) is None
    assert to_accept(TODAY) == {}
    first, second = terms(1, date(2025, 1, 1)), terms(2, date(2026, 6, 1))
    terms(3, date(2027, 1, 1))
    assert in_force("cgu", TODAY).pk == second.pk
    assert in_force("cgu", date(2026, 5, 31)).pk == first.pk
    assert in_force("cgu", date(2027, 1, 1)).version == 3
    moderation = terms(9, date(2026, 1, 1), kind="charte-de-moderation", slug="charte")
    assert {kind: page.pk for kind, page in to_accept(TODAY).items()} == {
        "cgu": second.pk,
        "charte-de-moderation": moderation.pk,
    }


def test_a_version_stands_once(terms):
    terms(1, TODAY)
    with pytest.raises(ValidationError, match="existe déjà"):
        terms(1, TODAY, slug="encore")


def test_its_page_says_which_version_it_is(client, terms):
    today = timezone.localdate()
    old, new = terms(1, today - timedelta(days=40)), terms(2, today - timedelta(days=1), changes="La licence.")
    text = client.get(old.url).content.decode()
    assert "Ce n’est pas le texte en vigueur" in text
    assert new.url in text
    text = client.get(new.url).content.decode()
    assert "Ce n’est pas le texte en vigueur" not in text
    assert "La licence." in text
    coming = terms(3, today + timedelta(days=3))
    assert "Ce n’est pas le texte en vigueur" in client.get(coming.url).content.decode()


def test_a_text_of_the_bureau_takes_the_place_of_ours(client, terms):
    assert "À renseigner par l’exploitant" in client.get("/mentions-legales/").content.decode()
    terms(1, TODAY - timedelta(days=400), kind="mentions-legales", body=[("paragraph", "<p>Le texte du bureau.</p>")])
    text = client.get("/mentions-legales/").content.decode()
    assert "Le texte du bureau." in text
    assert "À renseigner par l’exploitant" not in text


def audit(on: date, met: int, not_met: int, not_applicable: int = 3) -> AccessibilityAudit:
    """An audit with so many rows of each result."""
    statuses = [AuditRow.Status.MET] * met + [AuditRow.Status.NOT_MET] * not_met
    statuses += [AuditRow.Status.NOT_APPLICABLE] * not_applicable
    with change(by="test"):
        row = AccessibilityAudit(audited_on=on, auditor="Atelier", sample="Accueil\nContact", tools="Firefox et NVDA")
        row.rows = [
            AuditRow(criterion=f"{1 + number // 9}.{1 + number % 9}", status=status, remark=f"Constat {number}")
            for number, status in enumerate(statuses)
        ]
        row.save()
    return row


@pytest.mark.parametrize(
    ("met", "not_met", "level", "rate"),
    [
        (0, 0, "non conforme", None),
        (1, 2, "non conforme", Decimal("33.33")),
        (1, 1, "partiellement conforme", Decimal(50)),
        (52, 1, "partiellement conforme", Decimal("98.11")),
        (53, 0, "totalement conforme", Decimal(100)),
    ],
)
def test_the_level_is_computed_from_the_rows(db, met, not_met, level, rate):
    assert state().level == "non conforme"
    audit(timezone.localdate(), met, not_met)
    assert (state().level, state().rate) == (level, rate)
    assert accessibility_status() == level


def test_an_audit_is_valid_for_three_years(db):
    audit(date(2024, 2, 29), 10, 0)
    assert state(date(2027, 2, 27)).level == "totalement conforme"
    assert state(date(2027, 3, 1)).level == "non conforme"
    assert state(date(2024, 2, 28)).level == "non conforme", "not before it was made"


def test_the_declaration_and_the_footer_say_the_same(client, home):
    text = client.get("/accessibilite/").content.decode()
    assert "<strong>non conforme</strong>" in text
    assert "Aucun audit de moins de trois ans" in text
    made = audit(timezone.localdate(), 3, 1)
    text = client.get("/accessibilite/").content.decode()
    assert "<strong>partiellement conforme</strong>" in text
    assert "75\u00a0%" in text
    assert "Constat 3" in text
    assert "Firefox et NVDA" in text
    assert "Accessibilité\u00a0: partiellement conforme" in client.get("/contact/").content.decode()
    with change(by="test"):
        made.delete()
    assert "Accessibilité\u00a0: non conforme" in client.get("/contact/").content.decode()


def test_the_bureau_enters_an_audit(as_office, home):
    url = "/redaction/snippets/cms/accessibilityaudit/add/"
    assert as_office.get(url).status_code == 200
    form = {
        "audited_on": "2026-11-02",
        "auditor": "Atelier",
        "sample": "Accueil",
        "tools": "Firefox et NVDA",
        "exemptions": "",
        "rows-TOTAL_FORMS": 2,
        "rows-INITIAL_FORMS": 0,
        "rows-MIN_NUM_FORMS": 0,
        "rows-MAX_NUM_FORMS": 1000,
    }
    for number, status in enumerate(("C", "NC")):
        form |= {f"rows-{number}-criterion": f"1.{number + 1}", f"rows-{number}-status": status}
        form |= {f"rows-{number}-remark": "", f"rows-{number}-ORDER": number + 1, f"rows-{number}-id": ""}
    answer = as_office.post(url, form)
    assert answer.status_code == 302
    assert AuditRow.objects.count() == 2
    assert state(TODAY).rate == 50


def test_robots_name_the_sitemap(client):
    assert "/sitemap.xml" in client.get("/robots.txt").content.decode()


def test_the_declaration_leads_to_the_plans_and_says_its_day(client, home):
    text = client.get("/accessibilite/").content.decode()
    assert "schema-pluriannuel" not in text, "no link to what is not there"
    assert "a été établie le" not in text, "nor a day that nobody established"
    plant_structure(home)
    text = client.get("/accessibilite/").content.decode()
    for slug in PLANS:
        (address,) = re.findall(f'href="([^"]*{slug}/)"', text)
        assert client.get(address).status_code == 200
    assert "Cette déclaration a été établie le" in text
    assert "/contact/?sujet=acces" in text
