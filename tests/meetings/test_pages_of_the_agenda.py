"""The agenda in a browser without script: found, read, registered for, organised; at a cost that stays."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from django.core.cache import cache, caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from changes import change
from changes.models import JournalLine
from meetings import actions
from meetings.models import AgendaItem, Meeting, Registration, Speaker
from members.models import Person, Role
from members.rules import Gone

pytestmark = pytest.mark.django_db
NBSP = "\u00a0"


@pytest.fixture
def browser():
    """`browser(anne)`: somebody's browser; without a name a visitor's."""

    def open_one(viewer=None) -> Client:
        one = Client()
        if viewer is not None:
            one.force_login(viewer.person)
        return one

    return open_one


def text(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def found(page: str, *titles: str) -> list[str]:
    return [title for title in titles if f">{title}</a>" in page]


def test_the_list_is_filtered_by_its_address(browser, make_meeting, bureau):
    make_meeting(title="Visite à Rennes", kind="visit")
    make_meeting(title="Groupe à Lyon", kind="working_group", region_id="84", by=bureau)
    make_meeting(title="Colloque national", kind="conference", region_id=None, by=bureau)
    make_meeting(title="Visite passée", kind="visit", state="ended")
    make_meeting(title="Visite entre membres", kind="visit", audience="members")
    names = ("Visite à Rennes", "Groupe à Lyon", "Colloque national", "Visite passée", "Visite entre membres")
    visitor = browser()

    def shown(query: str) -> list[str]:
        return found(text(visitor.get(f"/agenda/{query}")), *names)

    assert shown("") == ["Visite à Rennes", "Groupe à Lyon", "Colloque national"]
    assert shown("?nature=visit") == ["Visite à Rennes"]
    assert shown("?region=84") == ["Groupe à Lyon"]
    assert shown("?region=84&nature=visit") == []
    year = (timezone.now() - timedelta(days=3)).year
    assert shown(f"?annee={year}") == ["Visite passée"]
    for odd in ("?region=%00", "?nature=x&annee=abc", "?annee=0000", "?page=99", "?annee=9999", "?region=<b>"):
        assert visitor.get(f"/agenda/{odd}").status_code == 200, odd


def test_a_month_shows_its_days_and_leads_no_further_than_there_are_meetings(browser, make_meeting):
    begins = timezone.now() + timedelta(days=40)
    made = make_meeting(title="Deux jours", begins_at=begins, ends_at=begins + timedelta(days=1))
    visitor = browser()
    assert visitor.get("/agenda/mois/").url == f"/agenda/mois/{timezone.localdate():%Y-%m}/"
    page = text(visitor.get(f"/agenda/mois/{timezone.localtime(made.begins_at):%Y-%m}/"))
    same_month = timezone.localtime(made.begins_at).month == timezone.localtime(made.ends_at).month
    assert page.count(">Deux jours</a>") == (2 if same_month else 1)
    assert "Mois précédent" in page
    last = text(visitor.get(f"/agenda/mois/{timezone.localtime(made.begins_at) + timedelta(days=70):%Y-%m}/"))
    assert "Mois suivant" not in last
    for odd in ("2026-13", "2026-1", "abc", "1999-12", "2026-00", "２０２６-01"):
        assert visitor.get(f"/agenda/mois/{odd}/").status_code == 404, odd


def test_an_address_with_an_older_title_leads_to_the_meeting(browser, make_meeting):
    made = make_meeting()
    answer = browser().get(f"/agenda/{made.pk}-un-ancien-titre/")
    assert (answer.status_code, answer.url) == (301, made.get_absolute_url())
    assert browser().get("/agenda/999999/").status_code == 404


def operation_of(page: str) -> str:
    return re.search(r'name="operation" value="([^"]+)"', page)[1]


def test_a_member_registers_and_leaves_without_script(browser, meeting, anne, bruno, make_viewer):
    address = meeting.get_absolute_url()
    visitor = text(browser().get(address))
    assert "Se connecter pour s’inscrire" in visitor
    assert '<form method="post"' not in visitor
    one = browser(anne)
    page = text(one.get(address))
    assert f"2{NBSP}places restantes" in page
    form = {"operation": operation_of(page)}
    for _ in range(2):  # a double click
        assert one.post(f"/agenda/{meeting.pk}/inscription/", form).status_code == 302
    assert Registration.objects.count() == 1
    assert "Votre place est réservée" in text(one.get(address))
    browser(bruno).post(f"/agenda/{meeting.pk}/inscription/")
    third = browser(make_viewer("chloe"))
    assert "S’inscrire en liste d’attente" in text(third.get(address))
    third.post(f"/agenda/{meeting.pk}/inscription/")
    assert "Vous êtes 1er sur la liste d’attente" in text(third.get(address))
    page = text(one.get(address))
    one.post(f"/agenda/{meeting.pk}/desinscription/", {"operation": operation_of(page)})
    assert "Votre place est réservée" in text(third.get(address))
    assert browser().post(f"/agenda/{meeting.pk}/inscription/").status_code == 302
    assert Registration.objects.count() == 3
    assert one.get(f"/agenda/{meeting.pk}/inscription/").status_code == 405


def test_registering_too_late_is_said_kindly(browser, meeting, anne, organiser):
    actions.cancel_meeting(meeting_id=meeting.pk, reason="Intempéries", by=organiser)
    answer = browser(anne).post(f"/agenda/{meeting.pk}/inscription/", follow=True)
    assert "ne sont pas ouvertes, ou plus" in text(answer)
    assert not Registration.objects.exists()


FORM = {
    "title": "Rouvrir cours et places",
    "kind": "regional",
    "region": "53",
    "readers": "members",
    "begins": "9h30",
    "ends": "16:00",
    "place": "Halle Martenot",
    "operation": "11111111-1111-1111-1111-111111111111",
}


def day(days: int = 20) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def test_an_organiser_writes_a_draft_a_programme_and_announces_it(browser, organiser, anne, referential):
    one = browser(organiser)
    form = {**FORM, "day": day(), "commune": "Rennes", "capacity": "12", "closes": day(15)}
    answers = [one.post("/agenda/organiser/nouvelle/", form) for _ in range(2)]
    assert answers[0].status_code == 302, answers[0].content.decode()
    assert answers[0].url == answers[1].url
    made = Meeting.objects.get()
    assert (made.state, made.commune.code, made.region_id, made.capacity) == ("draft", "35238", "53", 12)
    assert timezone.localtime(made.begins_at).strftime("%H:%M") == "09:30"
    assert browser(anne).get(made.get_absolute_url()).status_code == 404
    address = f"/agenda/{made.pk}"
    one.post(f"{address}/intervenants/ajouter/", {"name": "Solène Bihan", "function": "cheffe de projet"})
    speaker = Speaker.objects.get()
    for title in ("Accueil", "Visite", "Échange"):
        form = {"title": title, "starts": "10:00", "minutes": "45", "speakers": [speaker.pk]}
        assert one.post(f"{address}/programme/ajouter/", form).status_code == 302
    visit = AgendaItem.objects.get(title="Visite")
    one.post(f"{address}/programme/{visit.pk}/deplacer/", {"up": "1"})
    one.post(f"{address}/programme/{visit.pk}/deplacer/", {"up": "1"})
    order = list(AgendaItem.objects.values_list("title", flat=True))
    assert order == ["Visite", "Accueil", "Échange"]
    one.post(f"{address}/programme/{AgendaItem.objects.get(title='Accueil').pk}/retirer/")
    assert list(AgendaItem.objects.values_list("title", "position")) == [("Visite", 1), ("Échange", 2)]
    page = text(one.get(f"{address}/programme/{visit.pk}/"))
    assert 'value="10:00"' in page
    assert "checked" in page
    assert one.post(f"{address}/annoncer/", {"opening": "1"}).status_code == 302
    page = text(browser(anne).get(made.get_absolute_url()))
    assert "Solène Bihan" in page
    assert f"10{NBSP}h (45{NBSP}min)" in page
    assert "S’inscrire" in page
    assert "Vous organisez cette rencontre" not in page


def test_what_cannot_be_is_said_beside_its_field_and_kept(browser, organiser, referential):
    one = browser(organiser)

    def refused(**wrong: str) -> str:
        page = text(one.post("/agenda/organiser/nouvelle/", {**FORM, "day": day(), **wrong}))
        assert "Rouvrir" in page, "what was typed stays"
        assert "fr-message--error" in page
        assert not Meeting.objects.exists()
        return page.replace(NBSP, " ")

    assert "Choisissez une date à venir" in refused(day=day(-2))
    assert "La fin doit suivre le début" in refused(ends="08:00")
    assert "Donnez un lieu ou une salle en ligne" in refused(place="")
    for wrong, why in ((-1, "Ce jour est passé"), (21, "au plus tard le jour où la rencontre commence")):
        page = refused(closes=day(wrong))
        assert why in page[page.index('id="id_closes"') - 900 : page.index('id="id_closes"') + 900], "beside the field"
    assert "Écrivez le code" in refused(commune="Saint-Denis")
    assert "Aucune commune" in refused(commune="Xyzville")
    assert "Sélectionnez un choix valide" in refused(region="84"), "not one of their régions"
    assert refused(capacity="0")
    assert refused(begins="midi")
    assert refused(link="javascript:alert(1)")
    assert refused(last_day=day(200))


def test_an_edit_over_a_newer_one_shows_it_and_is_taken_the_second_time(
    browser, make_meeting, organiser, bureau, referential
):
    made = make_meeting()
    one = browser(organiser)
    page = text(one.get(f"/agenda/{made.pk}/modifier/"))
    revision = re.search(r'name="revision" value="(\d+)"', page)[1]
    actions.edit_meeting(meeting_id=made.pk, revision=made.revision, summary="Du bureau.", by=bureau)
    form = {**FORM, "day": day(), "revision": revision}
    answer = one.post(f"/agenda/{made.pk}/modifier/", form)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "a modifié cette rencontre" in page
    assert "Rouvrir cours et places" in page
    revision = re.search(r'name="revision" value="(\d+)"', page)[1]
    assert operation_of(page) != FORM["operation"]
    form |= {"revision": revision, "operation": operation_of(page)}
    assert one.post(f"/agenda/{made.pk}/modifier/", form).status_code == 302
    made.refresh_from_db()
    assert made.title == "Rouvrir cours et places"


def test_who_comes_is_a_list_for_organisers_and_no_formula_for_their_spreadsheet(browser, meeting, organiser, anne):
    with change(by="test"):
        Person.objects.filter(pk=anne.person.pk).update(given_name="=HYPERLINK(1)", family_name="+33")
    actions.register(meeting_id=meeting.pk, by=anne)
    assert browser(anne).get(f"/agenda/{meeting.pk}/inscriptions/").status_code == 404
    assert browser(anne).get(f"/agenda/{meeting.pk}/inscriptions.csv").status_code == 404
    answer = browser(organiser).get(f"/agenda/{meeting.pk}/inscriptions.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[1][2:4] == ["'=HYPERLINK(1)", "'+33"]
    assert rows[1][6] == "anne@club.example"
    assert JournalLine.objects.filter(verb="export", kind="meeting").count() == 1
    assert "Télécharger" in text(browser(organiser).get(f"/agenda/{meeting.pk}/inscriptions/"))


@pytest.mark.parametrize(
    ("role", "region", "may"),
    [
        (None, "", False),
        (Role.CORRESPONDENT, "84", False),
        (Role.EXPERT, "53", False),
        (Role.FACILITATOR, "53", True),
        (Role.FACILITATOR, "", True),
        (Role.NATIONAL_OFFICE, "", True),
    ],
)
def test_organisers_are_those_of_the_region_and_the_bureau(browser, make_meeting, make_viewer, role, region, may):
    made = make_meeting(state="draft", audience="members")
    one = browser(make_viewer("zoe", role=role, region=region))
    assert one.get(made.get_absolute_url()).status_code == (200 if may else 404)
    answer = one.post(f"/agenda/{made.pk}/annoncer/")
    assert answer.status_code == (302 if may else 404)
    made.refresh_from_db()
    assert made.state == ("announced" if may else "draft")


def test_the_room_is_shown_to_who_has_a_place_until_it_is_over(
    browser, make_meeting, organiser, anne, bruno, time_machine
):
    made = make_meeting(link="https://visio.example/salle", capacity=1)
    actions.register(meeting_id=made.pk, by=anne)
    actions.register(meeting_id=made.pk, by=bruno)
    address = made.get_absolute_url()

    def sees(viewer) -> bool:
        return "visio.example" in text(browser(viewer).get(address))

    assert [sees(one) for one in (None, anne, bruno, organiser)] == [False, True, False, True]
    without = make_meeting(link="https://visio.example/sans", state="announced")
    here = without.get_absolute_url()
    assert "visio.example" not in text(browser(bruno).get(here)), "registration may still open, with few places"
    with change(by="test"):
        Meeting.objects.filter(pk=without.pk).update(state="live")
    assert "visio.example" in text(browser(bruno).get(here)), "it never opened: for all members, once it is under way"
    assert "visio.example" not in text(browser().get(here))
    with change(by="test"):
        Meeting.objects.update(state="ended")
    assert [sees(one) for one in (anne, organiser)] == [False, False]


def test_what_goes_while_a_form_is_sent_is_said_with_what_was_typed(browser, make_meeting, organiser, monkeypatch):
    """Between the look and the lock somebody else was quicker."""

    def gone(**_):
        raise Gone("Cette personne n’est plus parmi les intervenants.")

    made = make_meeting()
    monkeypatch.setattr(actions, "keep_speaker", gone)
    typed = "Gwenaëlle Prigent, avec toute son équipe"
    answer = browser(organiser).post(f"/agenda/{made.pk}/intervenants/ajouter/", {"name": typed, "operation": "une"})
    assert answer.status_code == 404
    assert typed in answer.content.decode(), "nothing typed is lost"


def test_a_report_stands_on_the_page_of_a_past_meeting(browser, make_meeting, organiser):
    made = make_meeting(state="ended")
    one = browser(organiser)
    assert one.post(f"/agenda/{made.pk}/compte-rendu/", {"address": "https://club.example/cr"}).status_code == 302
    made.refresh_from_db()
    assert made.state == "reported"
    assert 'href="https://club.example/cr"' in text(browser().get(made.get_absolute_url()))
    assert one.get(f"/agenda/{make_meeting().pk}/compte-rendu/").status_code == 404


def test_a_draft_is_thrown_away_and_an_announced_meeting_is_not(browser, make_meeting, organiser):
    one = browser(organiser)
    draft, announced = make_meeting(state="draft"), make_meeting()
    assert one.post(f"/agenda/{announced.pk}/supprimer/").status_code == 404
    assert one.post(f"/agenda/{draft.pk}/supprimer/").status_code == 302
    assert list(Meeting.objects.all()) == [announced]


def fill(count: int, organiser) -> Meeting:
    """Rows without actions: meetings to come and past, and one with a long programme and many who come."""
    now = timezone.now()
    with change(by="test"):
        Meeting.objects.bulk_create(
            Meeting(
                kind="visit", title=f"Rencontre {number}", region_id="53", audience="public", place="Ici",
                state="open" if number % 2 else "ended", opened_at=now,
                begins_at=now + timedelta(hours=number + 1) * (1 if number % 2 else -1),
                ends_at=now + timedelta(hours=number + 1) * (1 if number % 2 else -1) + timedelta(minutes=30),
            )
            for number in range(count)
        )  # fmt: skip
        made = Meeting.objects.filter(state="open").order_by("-begins_at").first()
        people = Person.objects.bulk_create(
            Person(email=f"p{n}@club.example", given_name="P", family_name=str(n)) for n in range(count)
        )
        Registration.objects.bulk_create(
            Registration(meeting=made, person=person, number=number, state="registered")
            for number, person in enumerate(people, start=1)
        )
        speakers = [Speaker.objects.create(meeting=made, name=f"Oratrice {n}") for n in range(min(count, 60))]
        for number in range(1, min(count, 60) + 1):
            item = AgendaItem.objects.create(meeting=made, position=number, title=f"Point {number}")
            item.speakers.set(speakers[:3])
        Meeting.objects.filter(pk=made.pk).update(seated_count=count, last_number=count)
    return made


@pytest.mark.parametrize("count", [10, pytest.param(1000, marks=pytest.mark.slow)])
def test_pages_cost_the_same_at_any_number_of_rows(browser, regions, organiser, anne, count):
    made = fill(count, organiser)
    one, staff, visitor = browser(anne), browser(organiser), browser()

    def cost(who: Client, address: str) -> int:
        cache.clear()
        who.get(address)  # what is kept for a while (rights, epoch) is there
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if who is visitor:
            cache.clear()
            caches["pages"].clear()  # a kept page costs one: this is what it costs to make
        with CaptureQueriesContext(connection) as captured:
            answer = who.get(address)
            assert answer.status_code == 200
            assert len(answer.content) < 60_000 or address.endswith((".ics", ".csv", "/programme/"))
        return len(captured)

    page, month = made.get_absolute_url(), f"/agenda/mois/{timezone.localtime(made.begins_at):%Y-%m}/"
    costs = {
        "liste": cost(one, "/agenda/"),
        "mois": cost(one, month),
        "page": cost(one, page),
        "bureau": cost(staff, "/agenda/organiser/"),
        "inscriptions": cost(staff, f"/agenda/{made.pk}/inscriptions/"),
        "csv": cost(staff, f"/agenda/{made.pk}/inscriptions.csv"),
        "ics": cost(one, f"/agenda/{made.pk}.ics"),
        "calendrier": cost(one, "/agenda/calendrier.ics"),
        "programme": cost(staff, f"/agenda/{made.pk}/programme/"),
        "liste d’un visiteur": cost(visitor, "/agenda/"),
    }

    assert " ".join(f"{name} {number}" for name, number in costs.items()) == (
        "liste 7 mois 6 page 9 bureau 5 inscriptions 6 csv 7 ics 4 calendrier 3 programme 9 liste d’un visiteur 6"
    )


def test_lists_read_their_index(regions, anne):
    fill(3000, None)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rows = Meeting.objects.visible_to(anne).filter(state__in=["announced", "open", "live"])
    plan = rows.order_by("begins_at", "id")[:3].explain()
    assert re.search(r"meeting_by_date|meeting_by_state|meeting_of_region", plan), plan
    assert "SCAN meetings_meeting\n" not in plan, plan
    assert "Seq Scan on meetings_meeting" not in plan, plan


def test_the_plans_of_the_site_lead_to_what_a_visitor_reads(client, make_meeting):
    shown = [make_meeting(), make_meeting(state="announced"), make_meeting(state="ended")]
    hidden = [make_meeting(state="draft"), make_meeting(audience="members"), make_meeting(audience="region:53")]
    assert 'href="/agenda/"' in client.get("/plan-du-site/").content.decode().partition("<main")[2]
    assert "/sitemap-rencontres.xml" in client.get("/sitemap.xml").content.decode()
    told = client.get("/sitemap-rencontres.xml").content.decode()
    assert all(f"{one.get_absolute_url()}</loc>" in told for one in shown)
    assert not any(f"/agenda/{one.pk}" in told for one in hidden)


def test_what_is_full_is_not_full_out_of_so_many(browser, make_meeting, anne, bruno):
    meeting = make_meeting(capacity=1)
    assert "1 place restante</strong> sur 1." in text(browser(bruno).get(meeting.get_absolute_url())).replace(NBSP, " ")
    actions.register(meeting_id=meeting.pk, by=anne)
    assert "<strong>Complet</strong>." in text(browser(bruno).get(meeting.get_absolute_url()))
