"""Accepted answers, closing, collectivités concerned: who may, what it shows, what undoes it."""

import pytest
from django.core.cache import cache

from changes import change
from changes.models import JournalLine
from forum import actions, queries
from forum.models import Concern, Kind, Post, Status, Topic
from forum.writing import Guided
from members.actions import give_membership, give_role
from members.models import Organisation, Person, Role, Scope
from members.rules import NotAllowed
from members.viewer import VISITOR_VIEWER, Viewer

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


@pytest.fixture
def difficulty(space, author):
    return actions.start_topic(
        space=space, title="Nos noues se tassent", source="Huit mois.", kind=Kind.DIFFICULTY, by=author
    )


@pytest.fixture
def answer(difficulty, reader):
    return actions.reply_to_topic(topic_id=difficulty.pk, source="Décompactez en mars.", by=reader)


def now(topic: Topic) -> Topic:
    return Topic.objects.select_related("space", "accepted").get(pk=topic.pk)


def viewer(person: Person) -> Viewer:
    cache.clear()
    return Viewer.of(Person.objects.get(pk=person.pk))


def page(client, topic: Topic) -> str:
    return client.get(topic.get_absolute_url()).content.decode()


def test_whoever_asked_accepts_an_answer_and_it_stands_under_the_question(client, difficulty, answer, author):
    actions.accept_answer(post_id=answer.pk, by=author)
    assert (now(difficulty).accepted, now(difficulty).status) == (answer, Status.ANSWERED)
    shown = page(client, difficulty)
    assert shown.count("Décompactez en mars.") == 2
    assert "La réponse retenue" in shown
    assert shown.index("La réponse retenue") < shown.index(f'id="post-{answer.pk}"')
    actions.accept_answer(post_id=answer.pk, by=author)
    assert JournalLine.objects.filter(verb="accept").count() == 1
    actions.withdraw_acceptance(topic_id=difficulty.pk, by=author)
    assert (now(difficulty).accepted, now(difficulty).status) == (None, Status.OPEN)
    assert "La réponse retenue" not in page(client, difficulty)


def test_another_answer_takes_the_place_of_the_first(client, difficulty, answer, author, reader):
    other = actions.reply_to_topic(topic_id=difficulty.pk, source="Ou semez du trèfle.", by=reader)
    actions.accept_answer(post_id=answer.pk, by=author)
    actions.accept_answer(post_id=other.pk, by=author)
    assert now(difficulty).accepted == other
    assert page(client, difficulty).count("Réponse retenue</span>") == 1


def test_who_may_accept(difficulty, answer, author, reader, moderator, organisation, make_person):
    stranger = make_person("autre@collectivite.example")
    referent = make_person(
        "referente@collectivite.example", role=Role.REFERENT, scope=(Scope.ORGANISATION, str(organisation.pk))
    )
    matter = difficulty.posts.get(number=1)
    for by in (reader, viewer(stranger), VISITOR_VIEWER):
        with pytest.raises(NotAllowed):
            actions.accept_answer(post_id=answer.pk, by=by)
    for by in (author, viewer(referent), moderator):
        actions.accept_answer(post_id=answer.pk, by=by)
        actions.withdraw_acceptance(topic_id=difficulty.pk, by=by)
        with pytest.raises(NotAllowed):
            actions.accept_answer(post_id=matter.pk, by=by)


def test_who_animates_the_region_of_the_asker_accepts_wherever_it_was_asked(
    referential, difficulty, answer, make_person
):
    correspondent = make_person("dreal@etat.example")
    give_role(correspondent, Role.CORRESPONDENT, Scope.REGION, "53", by="test")
    with pytest.raises(NotAllowed):
        actions.accept_answer(post_id=answer.pk, by=viewer(correspondent))
    with change(by="test"):
        Topic.objects.filter(pk=difficulty.pk).update(region_id="53")
    actions.accept_answer(post_id=answer.pk, by=viewer(correspondent))
    assert now(difficulty).accepted == answer


@pytest.mark.parametrize("how", ["hidden", "withdrawn"])
def test_an_accepted_answer_that_goes_is_accepted_no_more(client, difficulty, answer, author, reader, moderator, how):
    actions.accept_answer(post_id=answer.pk, by=author)
    if how == "hidden":
        actions.hide_post(post_id=answer.pk, reason="Hors sujet", by=moderator)
    else:
        actions.delete_post(post_id=answer.pk, by=reader)
    assert (now(difficulty).accepted, now(difficulty).status) == (None, Status.OPEN)
    assert "Décompactez" not in page(client, difficulty)
    with pytest.raises(NotAllowed):
        actions.accept_answer(post_id=answer.pk, by=author)


def test_an_edit_of_the_accepted_answer_is_seen_in_both_places(client, difficulty, answer, author, reader):
    actions.accept_answer(post_id=answer.pk, by=author)
    revision = Post.objects.get(pk=answer.pk).revision
    actions.edit_post(post_id=answer.pk, revision=revision, source="Décompactez en avril.", by=reader)
    shown = page(client, difficulty)
    assert shown.count("Décompactez en avril.") == 2
    assert "en mars" not in shown


def test_a_track_and_an_information_have_no_accepted_answer(space, author, reader):
    track = actions.start_topic(space=space, title="Une convention", source="À trois.", kind=Kind.TRACK, by=author)
    post = actions.reply_to_topic(topic_id=track.pk, source="Merci.", by=reader)
    with pytest.raises(NotAllowed):
        actions.accept_answer(post_id=post.pk, by=author)


def test_a_closed_topic_is_read_and_says_why_and_nobody_replies(client, difficulty, answer, author, reader):
    with pytest.raises(NotAllowed):
        actions.close_topic(topic_id=difficulty.pk, reason="Je ferme", by=reader)
    actions.close_topic(topic_id=difficulty.pk, reason="Réglé avec l’entreprise", by=author)
    assert "Réglé avec l’entreprise" in page(client, difficulty)
    with pytest.raises(NotAllowed):
        actions.reply_to_topic(topic_id=difficulty.pk, source="Trop tard.", by=reader)
    client.force_login(reader.person)
    assert "on n’y répond plus" in page(client, difficulty)
    answered = client.post(difficulty.get_absolute_url(), {"source": "Trop tard, me dira-t-on, mais voici."})
    assert answered.status_code == 409
    assert "Trop tard, me dira-t-on, mais voici." in answered.content.decode()
    actions.edit_post(post_id=answer.pk, revision=1, source="Décompactez, puis semez.", by=reader)
    actions.accept_answer(post_id=answer.pk, by=author)
    assert now(difficulty).status == Status.CLOSED
    actions.reopen_topic(topic_id=difficulty.pk, by=author)
    assert now(difficulty).status == Status.ANSWERED
    actions.reply_to_topic(topic_id=difficulty.pk, source="Encore une chose.", by=reader)


@pytest.fixture
def collectivite(referential, make_person):
    """Two agents of the same commune."""
    from members.organisations import organisation_of_key

    rennes = organisation_of_key("commune:35238", by="test")
    people = [make_person(f"agent{number}@rennes.example") for number in (1, 2)]
    for person in people:
        give_membership(person, rennes, "cheffe de projet", by="test")
    return rennes, [viewer(person) for person in people]


def test_one_collectivite_counts_once_whoever_says_so(client, difficulty, collectivite, author):
    rennes, (first, second) = collectivite
    for by in (first, first, second):
        actions.say_we_too(topic_id=difficulty.pk, organisation_id=rennes.pk, by=by)
    assert Concern.objects.count() == now(difficulty).concern_count == 1
    assert not queries.miscounted().exists()
    assert "1\xa0autre collectivité concernée" in page(client, difficulty)
    client.force_login(author.person)
    assert "Rennes (35)" in client.get(f"/forum/discussions/{difficulty.pk}/collectivites/").content.decode()
    actions.say_we_no_more(topic_id=difficulty.pk, organisation_id=rennes.pk, by=second)
    assert now(difficulty).concern_count == 0


def test_who_may_not_say_we_too(space, difficulty, collectivite, author, reader):
    rennes, (agent, _) = collectivite
    partner = Organisation.objects.get(name="Atelier des Rives")
    question = actions.start_topic(space=space, title="Une question", source="Laquelle ?", by=author)
    own = actions.start_topic(
        space=space,
        title="Une difficulté à nous",
        source="Elle.",
        kind=Kind.DIFFICULTY,
        organisation_id=rennes.pk,
        by=agent,
    )
    for topic, organisation, by in (
        (difficulty, rennes, reader),  # speaks for another organisation
        (difficulty, partner, reader),  # no collectivité
        (question, rennes, agent),  # no difficulty
        (own, rennes, agent),  # asked itself
        (difficulty, rennes, VISITOR_VIEWER),
    ):
        with pytest.raises(NotAllowed):
            actions.say_we_too(topic_id=topic.pk, organisation_id=organisation.pk, by=by)


def test_the_guided_form_is_kept_as_data_and_read_as_text(client, space, author):
    client.force_login(author.person)
    form = {
        "title": "Nos noues se tassent",
        "source": "Sol argileux.",
        "tried": "Deux reprises.",
        "wanted": "Un cahier des charges.",
        "step": "3",
    }
    answer = client.post(f"/forum/{space.slug}/nouvelle-discussion/difficulte/", form)
    topic = Topic.objects.get()
    assert answer.url == topic.get_absolute_url()
    assert (topic.kind, topic.step, topic.difficulty.tried) == (Kind.DIFFICULTY, "3", "Deux reprises.")
    assert topic.posts.get().text.split("\n") == [
        "Sol argileux.",
        "Déjà tenté",
        "Deux reprises.",
        "Ce qui aiderait",
        "Un cahier des charges.",
    ]
    edit = client.get(f"/forum/messages/{topic.posts.get().pk}/modifier/").content.decode()
    for typed in form.values():
        assert typed in edit
    post = topic.posts.get()
    again = {**form, "title": "Nos noues se tassent encore", "tried": "", "revision": post.revision}
    assert client.post(f"/forum/messages/{post.pk}/modifier/", again).status_code == 302
    assert "Déjà tenté" not in topic.posts.get().text
    moved = client.get(topic.get_absolute_url())
    assert (moved.status_code, moved.url) == (301, now(topic).get_absolute_url())


def test_a_project_and_engagements_tag_a_topic(client, referential, space, author):
    from projects.demo import make_demo_projects
    from projects.models import Project

    make_demo_projects()
    project = Project.objects.first()
    topic = actions.start_topic(
        space=space,
        title="Nos noues se tassent",
        source="Sol argileux.",
        kind=Kind.DIFFICULTY,
        guided=Guided(project_id=project.pk, commitments=(19, 20)),
        by=author,
    )
    shown = page(client, topic)
    assert project.get_absolute_url() in shown
    assert "?engagement=19" in shown
    assert "Nos noues" in client.get(f"{space.get_absolute_url()}?engagement=19").content.decode()
    assert "Nos noues" not in client.get(f"{space.get_absolute_url()}?engagement=3").content.decode()


def test_one_writes_for_the_organisation_one_chooses_and_for_no_other(client, topic, collectivite, organisation):
    rennes, (agent, _) = collectivite
    client.force_login(agent.person)
    assert "Au nom de" in page(client, topic)
    client.post(topic.get_absolute_url(), {"source": "Pour la ville.", "organisation": rennes.pk})
    said = Post.objects.get(text="Pour la ville.")
    assert (said.organisation, said.function) == (rennes, "cheffe de projet")
    cerema = Organisation(kind=Organisation.Kind.CEREMA, name="Cerema, Brest")
    with change(by="test"):
        cerema.save()
    with pytest.raises(NotAllowed):
        actions.reply_to_topic(topic_id=topic.pk, source="Usurpé.", organisation_id=cerema.pk, by=agent)
    assert client.post(topic.get_absolute_url(), {"source": "Usurpé.", "organisation": cerema.pk}).status_code == 200


def test_role_and_organisation_stay_those_of_the_moment_of_writing(client, topic, moderator):
    from members.models import RoleAssignment

    post = actions.reply_to_topic(topic_id=topic.pk, source="Le bureau confirme.", by=moderator)
    with change(by="test"):
        RoleAssignment.objects.all().delete()
    assert Post.objects.get(pk=post.pk).badge == "Bureau national"
    assert "Bureau national</span>" in page(client, topic)
