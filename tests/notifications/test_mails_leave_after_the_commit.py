"""Mails: queued with the change, delivered by the worker, asked again at sending, purged afterwards."""

import re
import smtplib
import socket
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller
from django.core.mail import EmailMultiAlternatives, send_mail

from changes import change
from changes.models import Fact
from notifications import consumers
from notifications.delivery import boxed_mails, delivery
from notifications.models import QueuedMail

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.storage]


class Box:
    """What a real SMTP server received."""

    def __init__(self) -> None:
        self.envelopes = []
        self.refuse = False

    async def handle_DATA(self, server, session, envelope):
        if self.refuse:
            return "451 try later"
        self.envelopes.append(envelope)
        return "250 OK"


@pytest.fixture
def smtp(settings):
    box = Box()
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_URL = f"smtp://127.0.0.1:{port}"
    yield box
    controller.stop()


def mail(**headers: str) -> None:
    message = EmailMultiAlternatives("Une réponse à « noues »", "Bonjour,\n\nUne réponse.", to=["a@b.example"],
                                     headers=headers)  # fmt: skip
    message.attach_alternative("<p>Bonjour</p>", "text/html")
    message.send()


def test_a_mail_is_delivered_with_both_parts_and_its_text_purged(smtp, work):
    mail()
    assert not smtp.envelopes, "nobody waits for a mail server in a request"
    work()
    (envelope,) = smtp.envelopes
    received = message_from_bytes(envelope.content)
    assert envelope.rcpt_tos == ["a@b.example"]
    assert [part.get_content_type() for part in received.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert received["Auto-Submitted"] == "auto-generated"
    row = QueuedMail.objects.get()
    assert (row.state, row.text, row.html) == ("sent", "", "")
    assert row.message_id == received["Message-ID"]


def test_a_change_that_fails_sends_nothing(smtp, work):
    with pytest.raises(RuntimeError), change(by="test"):  # noqa: PT012 - the whole block is what is undone
        mail()
        raise RuntimeError
    work()
    assert not smtp.envelopes
    assert not QueuedMail.objects.exists()


def test_a_server_that_is_away_is_tried_again(smtp, work):
    smtp.refuse = True
    mail()
    work()
    assert not smtp.envelopes
    assert Fact.objects.get().attempt == 1
    smtp.refuse = False
    Fact.objects.update(not_before="2020-01-01T00:00Z")
    work()
    assert len(smtp.envelopes) == 1
    assert QueuedMail.objects.get().state == "sent"


def test_a_mail_that_may_no_longer_be_received_is_withdrawn(smtp, work, monkeypatch):
    monkeypatch.setitem(consumers._may_receive, "secret", lambda mail: mail.object_id != "12")
    mail(**{"X-Club-Purpose": "secret", "X-Club-Object": "12"})
    mail(**{"X-Club-Purpose": "secret", "X-Club-Object": "13"})
    work()
    assert len(smtp.envelopes) == 1
    assert b"X-Club" not in smtp.envelopes[0].content
    withdrawn = QueuedMail.objects.get(state="withdrawn")
    assert (withdrawn.object_id, withdrawn.text) == ("12", "")


def test_the_local_box_shows_what_was_sent(settings, tmp_path, work, client):
    settings.EMAIL_URL, settings.MAILBOX, settings.DEVELOPMENT = "mailbox://", tmp_path, True
    send_mail("Bienvenue", "Ouvrez http://127.0.0.1/lien", None, ["lou@ville.example"])
    work()
    (shown,) = boxed_mails()
    assert (shown.subject, shown.to) == ("Bienvenue", "lou@ville.example")
    assert re.fullmatch(r"\d+ [a-zéû]+ \d{4} à \d+\sh\s\d\d", shown.sent), shown.sent
    page = client.get("/courriels/").content.decode()
    assert "Bienvenue" in page
    assert '<a href="http://127.0.0.1/lien"' in page
    settings.DEVELOPMENT = False
    assert client.get("/courriels/").status_code == 404


def test_an_unknown_delivery_address_is_refused(settings):
    from django.core.exceptions import ImproperlyConfigured

    with pytest.raises(ImproperlyConfigured):
        delivery("ftp://example")
    assert delivery("smtp+tls://moi:secret%40@mail.example").password == "secret@"
    assert smtplib.SMTP_PORT == 25
