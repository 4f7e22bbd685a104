"""JSON lines of an old forum become people, spaces, topics and posts; again they change nothing; nobody is told."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from changes import SYSTEM
from changes.models import Entry, Fact, Head, JournalLine
from forum import actions, queries
from forum.importing import running, topics
from forum.importing.running import import_forum
from forum.models import Concern, Difficulty, Imported, Post, Reading, Space, Topic
from members.actions import give_membership
from members.models import Membership, Organisation, Person, Role, RoleAssignment
from members.services import seed_services
from members.viewer import Viewer
from notifications.models import QueuedMail
from projects.charter import seed_charter

pytestmark = [pytest.mark.django_db, pytest.mark.storage, pytest.mark.usefixtures("club")]
EXAMPLE = Path(__file__).parents[2] / "docs" / "exploitation" / "reprise-exemple.jsonl"
LINES = EXAMPLE.read_text().splitlines()


@pytest.fixture
def club(referential) -> None:
    seed_services()
    seed_charter()


def run(lines=LINES, **options):
    return import_forum(lines, source="ancien", by=SYSTEM, **options)


def figures(report) -> dict[str, tuple[int, int, int, int]]:
    return {kind: (one.made, one.unchanged, one.changed, one.left) for kind, one in report.figures.items()}


def with_changes(lines=LINES, **changes) -> list[str]:
    """The lines with fields of some ids changed: `t_12={"title": …}`."""
    found = []
    for line in lines:
        value = json.loads(line)
        value |= changes.get(str(value.get("id")).replace("-", "_"), {})
        found.append(json.dumps(value))
    return found


def imported(kind: str, key: str) -> str:
    return Imported.objects.get(source="ancien", kind=kind, source_id=key).object_id


def post_of(key: str) -> Post:
    return Post.objects.get(pk=imported("post", key))


def topic_of(key: str) -> Topic:
    return Topic.objects.get(pk=imported("topic", key))


def everything() -> list:
    models = (
        Organisation,
        Person,
        Membership,
        RoleAssignment,
        Space,
        Topic,
        Post,
        Difficulty,
        Concern,
        Reading,
        Imported,
    )
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_the_example_of_the_guide_is_imported_whole():
    out = StringIO()
    call_command("import_forum", str(EXAMPLE), stdout=out, stderr=StringIO(), source="ancien")
    assert "Importé." in out.getvalue()
    topic = topic_of("t-12")
    assert (topic.kind, topic.status, topic.step, topic.space.slug) == ("difficulty", "answered", "3", "ancien-forum")
    assert topic.accepted == post_of("m-12-2")
    assert [one.number for one in topic.commitments.all()] == [4, 19]
    assert (topic.last_number, topic.reply_count, topic.concern_count) == (3, 2, 1)
    assert topic.last_post_at == datetime.fromisoformat("2023-10-02T17:45:00+02:00")
    assert topic.difficulty.tried == "Un décompactage au printemps."
    closed = topic_of("t-31")
    assert (closed.status, closed.closed_reason) == ("closed", "Repris dans un guide.")
    assert JournalLine.objects.get(verb="close", object_id=closed.pk).by == closed.author.key
    assert not queries.miscounted()


def test_the_first_post_of_a_difficulty_says_all_three_parts():
    run()
    first = topic_of("t-12").posts.get(number=1)
    assert first.html.index("Les noues livrées") < first.html.index("<h3>Déjà tenté</h3>")
    assert first.html.index("Un décompactage") < first.html.index("<h3>Ce qui aiderait</h3>")
    assert "<strong>jamais de tonte</strong>" in post_of("m-12-2").html


def test_links_between_posts_lead_to_their_permalinks_forward_ones_too(client, office):
    run()
    assert f'href="{post_of("m-31-2").get_absolute_url()}"' in topic_of("t-12").posts.get(number=1).html
    assert f"](/forum/messages/{post_of('m-31-2').pk}/)" in topic_of("t-12").difficulty.context
    assert f'href="/forum/discussions/{topic_of("t-12").pk}/"' in topic_of("t-31").posts.get(number=1).html
    client.force_login(office)
    assert client.get(f"/forum/messages/{post_of('m-31-2').pk}/").status_code == 302


def test_who_wrote_wrote_in_the_mandate_and_role_of_that_day():
    run()
    spoke = {key: (post_of(key).organisation.name, post_of(key).function) for key in ("m-12-2", "m-12-3")}
    assert spoke == {"m-12-2": ("ADEME", "ingénieur"), "m-12-3": ("Eybens", "directrice de l’aménagement")}
    topic = topic_of("t-12")
    assert (topic.organisation.name, topic.region_id) == ("Vendenheim", "44")
    assert topic.posts.get(number=1).function == "cheffe de projet"
    assert post_of("m-12-2").badge == "Partenaire"


def test_again_it_changes_nothing():
    assert figures(run())["post"] == (3, 0, 0, 0)
    before, heads = everything(), list(Head.objects.values())
    report = run()
    assert figures(report) == {
        "organisation": (0, 3, 0, 0), "person": (0, 3, 0, 0), "space": (0, 1, 0, 0),
        "topic": (0, 2, 0, 0), "post": (0, 3, 0, 0), "concern": (0, 1, 0, 0),
    }  # fmt: skip
    assert everything() == before
    assert list(Head.objects.values()) == heads
    assert JournalLine.objects.filter(verb="import").count() == 1


def test_a_dry_run_says_what_would_be_made_and_writes_nothing():
    before = everything()
    report = run(dry_run=True)
    assert figures(report)["topic"] == (2, 0, 0, 0)
    assert figures(report)["person"] == (3, 0, 0, 0)
    assert everything() == before
    assert not JournalLine.objects.filter(verb="import").exists()
    real = run()
    assert figures(real) == figures(report)
    changed = with_changes(m_12_2={"text": "Trois fauches par an."})
    assert figures(run(changed, dry_run=True))["post"] == (0, 2, 1, 0)
    assert "Deux fauches" in post_of("m-12-2").text


def test_nobody_is_told_and_no_entry_is_written(work):
    entries = Entry.objects.count()
    run()
    work()
    assert not Fact.objects.filter(kind="forum.post").exists()
    assert not QueuedMail.objects.exists()
    assert Entry.objects.filter(stream__startswith="topic:").count() == 0
    assert Entry.objects.exclude(stream="rights").count() == 0, entries


def test_open_lists_take_a_snapshot_and_visitors_pages_renew():
    space = actions.open_space(slug="ancien-forum", title="Déjà là", audience="public", by=SYSTEM)
    run()
    heads = {head.view: head for head in Head.objects.filter(stream=space.stream)}
    assert set(heads) == {"public", "members", "mod"}
    assert all(head.floor == head.pos == 1 for head in heads.values())
    before = Head.objects.get(stream="public").pos
    run()
    assert Head.objects.get(stream="public").pos == before, "nothing to see"
    assert Space.objects.get(pk=space.pk).title == "Déjà là"


def test_the_search_hears_once_of_each_space(settings):
    settings.FACT_CONSUMERS = {**settings.FACT_CONSUMERS, "search": ["forum.*"]}
    run()
    assert [fact.kind for fact in Fact.objects.filter(consumer="search")] == ["forum.space_changed"]


def test_a_person_with_a_known_address_stays_who_they_are(make_person):
    person = make_person("Lea.Vidal@exemple.example", role=Role.NATIONAL_OFFICE)
    before = (person.given_name, person.password, person.rights_version)
    run()
    person.refresh_from_db()
    assert topic_of("t-12").author == person
    assert (person.given_name, person.password, person.rights_version) == before
    assert person.memberships.count() == 1
    assert Viewer.of(person).is_national_office
    assert topic_of("t-12").organisation.name == "Vendenheim", "what they wrote is of the mandate they had then"


def test_a_new_person_has_no_usable_password_and_their_mandates_and_roles():
    run()
    person = Person.objects.get(email="paul.masson@exemple.example")
    assert not person.has_usable_password()
    assert Viewer.of(person).is_member
    assert person.roles.get().scope_id == str(Organisation.objects.get(name="ADEME").pk)
    assert {"Auteurs partenaires", "Membres"} == set(person.groups.values_list("name", flat=True))
    assert person.joined_at.year == 2018


def test_what_changed_in_the_source_follows():
    run()
    revision = topic_of("t-12").revision
    report = run(with_changes(t_12={"title": "Des noues colmatées", "tried": "Rien."}, m_12_2={"text": "Trois."}))
    assert figures(report)["topic"] == (0, 1, 1, 0)
    assert figures(report)["post"] == (0, 2, 1, 0)
    topic = topic_of("t-12")
    assert topic.title == "Des noues colmatées"
    assert topic.difficulty.tried == "Rien."
    assert "Rien." in topic.posts.get(number=1).text
    assert topic.revision > revision, "kept fragments are of an older revision"
    assert post_of("m-12-2").text == "Trois."
    assert post_of("m-12-2").revision == 2
    assert Head.objects.get(stream=topic.stream, view="members").floor > 0
    again = run(with_changes(t_12={"title": "Des noues colmatées", "tried": "Rien."}, m_12_2={"text": "Quatre."}))
    assert figures(again)["post"] == (0, 2, 1, 0), "what an import wrote is no edit of somebody"


def test_what_somebody_edited_on_the_site_is_left_and_told():
    run()
    author, other = Viewer.of(topic_of("t-12").author), Viewer.of(post_of("m-12-2").author)
    actions.edit_matter(
        topic_id=topic_of("t-12").pk, revision=1, title="Titre d’ici", source="Contexte d’ici.", by=author
    )
    actions.edit_post(post_id=post_of("m-12-2").pk, revision=1, source="Texte d’ici.", by=other)
    actions.delete_post(post_id=post_of("m-12-3").pk, by=author)
    change = {"text": "Le texte de la source."}
    report = run(with_changes(t_12={**change, "title": "De la source"}, m_12_2=change, m_12_3=change))
    assert figures(report)["topic"] == (0, 1, 0, 1)
    assert figures(report)["post"] == (0, 1, 0, 2)
    assert topic_of("t-12").title == "Titre d’ici"
    assert [post.text for post in topic_of("t-12").posts.order_by("number")][:2] == ["Contexte d’ici.", "Texte d’ici."]
    assert "Ligne 8 : laissé tel quel (le titre a été modifié sur le site, le texte" in report.left[0]
    assert "retiré sur le site" in "".join(report.left)


def test_an_answer_that_people_decided_on_the_site_stays():
    run()
    actions.withdraw_acceptance(topic_id=topic_of("t-12").pk, by=Viewer.of(topic_of("t-12").author))
    run(with_changes(t_12={"title": "Un autre titre de la source"}))
    assert topic_of("t-12").accepted is None
    assert topic_of("t-12").title == "Un autre titre de la source"


def test_new_lines_go_on_after_what_was_written_here_since(office):
    run()
    topic = topic_of("t-31")
    Topic.objects.filter(pk=topic.pk).update(status="open")
    actions.reply_to_topic(topic_id=topic.pk, source="Merci.", by=Viewer.of(office))
    more = json.dumps({"type": "post", "id": "m-31-3", "topic": "t-31", "author": "p-3",
                       "at": "2022-02-01T10:00:00+01:00", "text": "Une suite."})  # fmt: skip
    run([*LINES, more])
    topic.refresh_from_db()
    assert [post.text for post in topic.posts.order_by("number")][2:] == ["Merci.", "Une suite."]
    assert (topic.last_number, topic.reply_count) == (4, 3)
    assert topic.last_post_at.date() == timezone.now().date(), "the latest stays the latest"
    assert not queries.miscounted()


def test_what_one_wrote_is_not_new_to_oneself(office):
    run()
    paul = Viewer.of(Person.objects.get(email="paul.masson@exemple.example"))
    unread = queries.unread_in(paul, [topic_of("t-12").pk, topic_of("t-31").pk])
    assert {pk: one.first for pk, one in unread.items()} == {topic_of("t-12").pk: 3}


class Killed(BaseException):
    """The process ends here."""


def test_a_killed_import_is_taken_up_again(monkeypatch, settings):
    settings.FACT_CONSUMERS = {**settings.FACT_CONSUMERS, "search": ["forum.*"]}
    monkeypatch.setattr(running, "BATCH", 1)
    whole, done = topics.Batch.write, []

    def cut(batch, **options):
        if len(done) == 3:
            raise Killed
        done.append(batch)
        whole(batch, **options)

    monkeypatch.setattr(topics.Batch, "write", cut)
    with pytest.raises(Killed):
        run()
    assert 0 < Post.objects.count() < 5
    assert not queries.miscounted(), "what is written is right at every moment"
    assert not Fact.objects.filter(consumer="search").exists()
    monkeypatch.setattr(topics.Batch, "write", whole)
    run()
    after = [(post.topic.title, post.number, post.text) for post in Post.objects.order_by("topic", "number")]
    assert len(after) == 5
    assert topic_of("t-12").accepted == post_of("m-12-2")
    assert f"](/forum/messages/{post_of('m-31-2').pk}/)" in topic_of("t-12").difficulty.context
    assert Fact.objects.filter(consumer="search").count() == 1
    assert not queries.miscounted()
    settings.FACT_CONSUMERS = {**settings.FACT_CONSUMERS, "search": []}
    before = everything()
    run()
    assert everything() == before


def test_what_a_killed_import_wrote_is_told_by_the_next_run(monkeypatch, settings):
    settings.FACT_CONSUMERS = {**settings.FACT_CONSUMERS, "search": ["forum.*"]}

    def cut(*args, **options):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(running, "_end", cut)
        with pytest.raises(Killed):
            run()
    assert Post.objects.count() == 5
    assert figures(run())["topic"] == (0, 2, 0, 0)
    assert [fact.kind for fact in Fact.objects.filter(consumer="search")] == ["forum.space_changed"]
    assert Head.objects.get(stream=Space.objects.get(slug="ancien-forum").stream, view="members").floor > 0


def test_a_topic_longer_than_a_batch_is_one_topic(monkeypatch):
    monkeypatch.setattr(running, "BATCH", 1)
    assert figures(run()) | {"organisation": ()} == {
        "organisation": (), "person": (3, 0, 0, 0), "space": (1, 0, 0, 0),
        "topic": (2, 0, 0, 0), "post": (3, 0, 0, 0), "concern": (1, 0, 0, 0),
    }  # fmt: skip
    assert list(topic_of("t-12").posts.order_by("number").values_list("number", flat=True)) == [1, 2, 3]
    assert (topic_of("t-12").status, topic_of("t-12").concern_count) == ("answered", 1)
    assert not queries.miscounted()


def test_dates_move_together_where_they_are_asked_to():
    now = timezone.now()
    run(shift_to=now)
    assert topic_of("t-12").last_post_at == now
    first = datetime.fromisoformat("2021-05-10T10:12:00+02:00")
    assert topic_of("t-12").created_at - first == now - datetime.fromisoformat("2023-10-02T17:45:00+02:00")
    assert post_of("m-12-3").function == "directrice de l’aménagement"
    assert Person.objects.get(email="paul.masson@exemple.example").joined_at > first - timedelta(days=1000)


WRONG = {
    "Ligne 1 : ce n’est pas du JSON": ["{"],
    "Ligne 1 : la ligne n’est pas un objet JSON": ["3"],
    "« type » attend": ['{"type": "poste"}'],
    "le champ « colour » n’existe pas": [json.dumps({**json.loads(LINES[0]), "colour": "red"})],
    "le champ « email » manque": [json.dumps({"type": "person", "id": "p"})],
    "n’est pas dans le référentiel": with_changes(o_eybens={"key": "commune:00000"}),
    "ne connaît pas d’organisation": with_changes(o_ademe={"name": "Nulle part"}),
    "décalage horaire": with_changes(m_12_2={"at": "2021-05-11T08:30:00"}),
    "la date précède": with_changes(m_12_3={"at": "2021-05-10T23:00:00+02:00"}),
    "la date est à venir": with_changes(m_31_2={"at": "2099-05-10T23:00:00+02:00"}),
    "est déjà à la ligne 10": [*LINES, LINES[9]],
    "aucune ligne plus haut n’est la personne « p-9 »": with_changes(m_12_2={"author": "p-9"}),
    "aucune ligne plus haut n’est la discussion « t-99 »": with_changes(m_12_2={"topic": "t-99"}),
    "n’est pas un message de cette discussion": with_changes(t_12={"accepted": "m-31-2"}),
    "ne mène nulle part": with_changes(m_12_2={"text": "[là](source:post/m-99)"}),
    "ne connaît pas de projet": with_changes(t_12={"project": "demo:99"}),
    "attend des numéros d’engagement": with_changes(t_12={"commitments": [21]}),
    "réservé à une difficulté": with_changes(t_31={"tried": "Rien."}),
    "dépasse 20000 signes": with_changes(m_12_2={"text": "a" * 20_001}),
    "est vide une fois mis en forme": with_changes(m_12_2={"text": "[a]: https://exemple.example/"}),
    "« text » est vide": with_changes(m_12_2={"text": "\u202e \u0000"}),
    "pas de l’UTF-8": with_changes(m_12_2={"text": "\ud800"}),
    "le rôle « referent » ne se donne pas": with_changes(p_2={"roles": [{"role": "referent", "scope": "nation"}]}),
    "attend l’une de ces valeurs : correspondent": with_changes(
        p_2={"roles": [{"role": "national_office", "scope": "nation"}]}
    ),
    "ne se compte pas elle-même": [line.replace('"o-eybens", "person"', '"o-vendenheim", "person"') for line in LINES],
    "est ou a été celle d’un autre espace": [*LINES, LINES[6].replace("s-ancien", "s-2")],
    "un mandat finit avant": with_changes(
        p_3={"mandates": [{"organisation": "o-eybens", "function": "x", "from": "2020-01-01T00:00:00+01:00",
                           "to": "2019-01-01T00:00:00+01:00"}]}
    ),
}  # fmt: skip


@pytest.mark.parametrize("said", WRONG)
def test_a_wrong_line_is_told_and_nothing_is_written(said):
    before = everything()
    report = run(WRONG[said])
    assert said in "\n".join(report.errors)
    assert everything() == before


def test_all_errors_are_told_up_to_a_hundred():
    report = run(["{"] * 7)
    assert len(report.errors) == 7
    assert len(run(["{"] * 500).errors) == 101


def test_the_command_tells_errors_and_fails(tmp_path):
    file = tmp_path / "faux.jsonl"
    file.write_text("{\n")
    said = StringIO()
    with pytest.raises(CommandError, match="Rien n’a été importé"):
        call_command("import_forum", str(file), stdout=StringIO(), stderr=said)
    assert "Ligne 1 :" in said.getvalue()
    with pytest.raises(CommandError, match="n’existe pas"):
        call_command("import_forum", str(tmp_path / "absent.jsonl"))


def test_text_is_cleaned_as_what_people_write():
    run(with_changes(m_12_2={"text": "<script>alert(1)</script> [x](javascript:alert(1)) # Titre"}))
    assert "<script" not in post_of("m-12-2").html
    assert 'href="javascript' not in post_of("m-12-2").html


def test_a_silent_person_wrote_for_whom_they_spoke_here(make_person):
    person = make_person("ines.roche@exemple.example")
    give_membership(
        person, Organisation.objects.get(name="CSTB"), "experte", by="test", starts_at=timezone.now() - timedelta(9999)
    )
    run(with_changes(p_3={"mandates": []}, m_12_2={"author": "p-3"}))
    assert post_of("m-12-2").organisation.name == "CSTB"
