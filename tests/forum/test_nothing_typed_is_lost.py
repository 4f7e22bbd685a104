"""Whatever happened to the topic, the right, the session or the database meanwhile: what was typed is in the answer."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client

from forum import actions
from members.actions import end_membership
from members.models import Membership

pytestmark = pytest.mark.django_db
TYPED = "Chez nous, une fauche tardive et <b>deux</b> arrosages."
SHOWN = "Chez nous, une fauche tardive et &lt;b&gt;deux&lt;/b&gt; arrosages."
FORM = {"source": TYPED, "operation": "0b6f52d8-0b4c-4d5a-9d0a-6f2f5a1c9e11"}


@pytest.fixture
def signed_in(author):
    client = Client(raise_request_exception=False)
    client.force_login(author.person)
    return client


def assert_kept(answer, status: int) -> None:
    page = answer.content.decode()
    assert answer.status_code == status
    assert SHOWN in page
    assert FORM["operation"] not in page  # nobody typed that


def test_a_reply_to_a_topic_that_left_the_readers_is_shown_with_the_404(signed_in, topic, moderator):
    actions.hide_topic(topic_id=topic.pk, reason="essai", by=moderator)
    assert_kept(signed_in.post(topic.get_absolute_url(), FORM), 404)


def test_a_reply_after_signing_out_elsewhere_is_shown_with_the_refusal(signed_in, topic):
    signed_in.logout()
    assert_kept(signed_in.post(topic.get_absolute_url(), FORM), 403)


def test_a_reply_after_the_mandate_ended_is_shown_with_the_refusal(signed_in, topic, author, moderator):
    end_membership(Membership.objects.get(person=author.person), by=moderator, reason="essai")
    assert_kept(signed_in.post(topic.get_absolute_url(), FORM), 403)


def test_a_new_topic_in_a_space_that_closed_is_shown_with_the_404(signed_in, reserved, author):
    signed_in.logout()
    address = f"/forum/{reserved.slug}/nouvelle-discussion/"
    assert_kept(signed_in.post(address, {"title": "Quel coût au mètre ?", **FORM}), 404)


@pytest.mark.parametrize("meanwhile", ["hidden", "withdrawn"])
def test_an_edit_of_a_message_that_is_gone_is_shown_with_the_404(signed_in, topic, author, moderator, meanwhile):
    post = actions.reply_to_topic(topic_id=topic.pk, source="Deux.", by=author)
    if meanwhile == "hidden":
        actions.hide_post(post_id=post.pk, reason="un essai", by=moderator)
    else:
        actions.delete_post(post_id=post.pk, by=author)
    assert_kept(signed_in.post(f"/forum/messages/{post.pk}/modifier/", {**FORM, "revision": 1}), 404)


def test_a_form_of_a_page_open_too_long_shows_what_was_typed_and_nothing_else(topic, author):
    client = Client(enforce_csrf_checks=True)
    client.force_login(author.person)
    assert_kept(client.post(topic.get_absolute_url(), FORM), 403)


@pytest.mark.parametrize(("error", "status"), [(OperationalError("away"), 503), (RuntimeError("ours"), 500)])
def test_a_failure_while_publishing_shows_what_was_typed(signed_in, topic, monkeypatch, error, status):
    def fails(**kwargs):
        raise error

    monkeypatch.setattr(actions, "reply_to_topic", fails)
    assert_kept(signed_in.post(topic.get_absolute_url(), FORM), status)


def test_passwords_and_addresses_are_never_shown_again(client, topic):
    answer = client.post("/nulle-part/", {"login": "membre@collectivite.example", "password": "trois noues et un pin"})
    assert answer.status_code == 404
    assert "trois noues" not in answer.content.decode()
    assert "membre@collectivite" not in answer.content.decode()


def test_whoever_signs_in_to_reply_comes_back_to_the_topic(client, topic, make_person):
    make_person("elle@collectivite.example", password="trois noues et un platane")
    address = f"/compte/connexion/?next={topic.get_absolute_url()}"
    page = client.get(address).content.decode()
    assert f'name="next" value="{topic.get_absolute_url()}"' in page
    form = {"login": "elle@collectivite.example", "password": "trois noues et un platane"}
    answer = client.post("/compte/connexion/", {**form, "next": topic.get_absolute_url()})
    assert answer.url == topic.get_absolute_url()
    client.logout()
    assert client.post("/compte/connexion/", {**form, "next": "https://ailleurs.example/"}).url == "/"
    assert "<script" not in client.get('/compte/connexion/?next="><script>x').content.decode().split("<form")[-1]


def test_whoever_is_signed_out_is_told_to_sign_in(signed_in, topic):
    signed_in.logout()
    page = signed_in.post(topic.get_absolute_url(), FORM).content.decode()
    assert "Connectez-vous</a>, puis recommencez" in page
    assert "écrivez au bureau" not in page


def test_a_visitor_before_a_page_of_members_is_led_back_to_it_by_signing_in(client, reserved):
    page = client.get(f"{reserved.get_absolute_url()}?page=2").content.decode()
    assert 'href="/compte/connexion/?next=/forum/membres/%3Fpage%3D2"' in page
