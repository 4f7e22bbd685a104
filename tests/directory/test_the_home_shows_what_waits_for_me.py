"""« Pour vous »: replies since my last visit, my difficulties with their state, my drafts; else where to begin."""

import pytest

from forum import actions
from forum.models import Topic
from members.viewer import Viewer

pytestmark = [pytest.mark.django_db, pytest.mark.storage]
NBSP = "\u00a0"


def difficulty(space, by: Viewer, title: str) -> Topic:
    return actions.start_topic(space=space, title=title, source="Deux noues sont tassées.", kind="difficulty", by=by)


def reply(topic: Topic, by: Viewer, text: str = "Une fauche par an."):
    return actions.reply_to_topic(topic_id=topic.pk, source=text, by=by)


def test_replies_to_what_i_opened_lead_to_the_first_unread(section, national, anne, lea, work):
    topic = difficulty(national, anne, "Qui entretient les noues ?")
    reply(topic, lea)
    reply(topic, lea, "Ou deux.")
    work()
    shown = section(anne, "vous")
    assert f"2{NBSP}nouvelles réponses" in shown
    assert f'href="/forum/discussions/{topic.pk}/non-lu/"' in shown
    topic.refresh_from_db()
    actions.mark_read(topic=topic, number=topic.last_number, by=anne)
    again = section(anne, "vous")
    assert "nouvelles réponses<" not in again
    assert "Rien de nouveau" in again


def test_what_i_follow_is_told_and_what_i_stopped_following_is_not(section, national, anne, bruno, lea, work):
    followed, quiet = difficulty(national, lea, "Suivie"), difficulty(national, lea, "Quittée")
    for topic in (followed, quiet):
        actions.mark_read(topic=topic, number=1, by=anne)
        reply(topic, anne)
    actions.unfollow_topic(topic=quiet, by=anne)
    for topic in (followed, quiet):
        reply(topic, bruno)
    work()
    shown = section(anne, "vous")
    assert f"1{NBSP}nouvelle réponse<" in shown
    assert "Suivie" in shown
    assert "Quittée" not in shown
    assert "Quittée" not in section(anne, "ailleurs")


def test_new_topics_of_a_space_that_i_follow_are_no_replies_to_me(section, national, anne, lea, work):
    actions.follow_space(space=national, by=anne)
    difficulty(national, lea, "Une nouvelle")
    work()
    assert "Une nouvelle" not in section(anne, "vous")
    assert "Une nouvelle" in section(anne, "ailleurs")


def test_my_questions_say_how_far_they_are(section, national, anne, lea):
    answered = difficulty(national, anne, "Réglée")
    post = reply(answered, lea)
    actions.accept_answer(post_id=post.pk, by=anne)
    closed = difficulty(national, anne, "Sans suite")
    actions.close_topic(topic_id=closed.pk, reason="Le projet est reporté.", by=anne)
    difficulty(national, anne, "Neuve")
    shown = section(anne, "vous")
    for state in ("Répondue", "Close", "Ouverte"):
        assert f"<strong>{state}</strong>" in shown
    assert f"1{NBSP}réponse" in shown
    assert "sans réponse" in shown


def test_my_drafts_are_counted_and_nobody_else_s_are_shown(section, national, anne, lea):
    topic = difficulty(national, lea, "Un sujet")
    actions.save_draft(target=topic.stream, sequence=0, content={"source": "Chez nous, deux fauches"}, by=anne)
    actions.save_draft(target=f"space:{national.pk}", sequence=0, content={"title": "Le dernier"}, by=anne)
    actions.save_draft(target=f"space:{national.pk}", sequence=1, content={"title": "SECRET DE LEA"}, by=lea)
    actions.drop_draft(target="topic:999", by=anne)  # an empty one that stands for a day
    shown = section(anne, "vous")
    assert f"2{NBSP}brouillons à finir" in shown
    assert "« Le dernier »" in shown.replace(NBSP, " ")
    assert "SECRET" not in shown


def test_with_nothing_yet_three_steps_say_what_to_do_first(client, section, national, brittany, anne):
    shown = section(anne, "vous")
    steps = ["/forum/bretagne/", "/forum/", "/forum/bretagne/nouvelle-discussion/difficulte/"]
    assert [shown.count("<li>")] == [3]
    for address in steps:
        assert f'href="{address}"' in shown
        assert client.get(address).status_code == 200
    difficulty(national, anne, "Une première")
    assert "Pour commencer" not in section(anne, "vous")


def test_somebody_whose_mandates_have_ended_is_told_so(section, national, make_viewer):
    shown = section(make_viewer("zoe"), "vous")
    assert "rattaché à aucune organisation" in shown
    assert "nouvelle-discussion" not in shown


def test_a_right_lost_takes_its_topics_away_at_once(look, brittany, anne, bruno, work, end):
    topic = difficulty(brittany, bruno, "Entre Bretons")
    reply(topic, anne)
    reply(topic, bruno)
    work()
    assert "Entre Bretons" in look(anne)
    end(anne.person.memberships.get())
    shown = look(anne)
    assert "Entre Bretons" not in shown
    assert "Bretagne" not in shown


def test_hidden_topics_are_nowhere(look, national, anne, bruno, make_viewer, work):
    from members.models import Role

    office = make_viewer("isabelle", role=Role.NATIONAL_OFFICE)
    mine, theirs = difficulty(national, anne, "La mienne"), difficulty(national, bruno, "La leur")
    reply(mine, bruno)
    work()
    assert "La mienne" in look(anne)
    assert "La leur" in look(anne)
    for topic in (mine, theirs):
        actions.hide_topic(topic_id=topic.pk, reason="Hors sujet", by=office)
    for viewer in (anne, office):
        assert "La mienne" not in look(viewer)
        assert "La leur" not in look(viewer)


def test_the_strip_renews_what_waits_for_me_alone(client, home, national, anne, lea, work):
    topic = difficulty(national, anne, "Qui entretient les noues ?")
    client.force_login(anne.person)
    assert "nouvelle réponse<" not in client.get("/me/?id=home-0").json()["strips"]["home-0"]
    reply(topic, lea)
    work()
    told = client.get("/me/?id=home-0").json()["strips"]["home-0"]
    assert f"1{NBSP}nouvelle réponse<" in told
    assert told in client.get("/").content.decode()
    client.logout()
    assert client.get("/me/?id=home-0").json()["strips"] == {}
