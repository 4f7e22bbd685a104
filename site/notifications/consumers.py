"""The consumer `mail`: asks whether the mail may still be received, delivers it, purges its text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.utils import timezone

from changes import SYSTEM, change
from changes.facts import handles
from changes.models import Fact
from changes.ticks import tick
from notifications.delivery import delivery
from notifications.models import QueuedMail

KEEP_DAYS = 90  # the log of mails (address, subject, dates) is kept three months
_may_receive: dict[str, Callable[[QueuedMail], bool]] = {}
Enclosed = tuple[str, bytes, str]
"""What goes with a mail: a name, its bytes, its type."""
Enclosing = Callable[[QueuedMail], list[Enclosed]]
_enclosing: dict[str, Enclosing] = {}


def may_still_receive(purpose: str) -> Callable[[Callable[[QueuedMail], bool]], Callable[[QueuedMail], bool]]:
    """Register the question asked just before a mail of this purpose leaves: is it still wanted and allowed?"""

    def register(ask: Callable[[QueuedMail], bool]) -> Callable[[QueuedMail], bool]:
        _may_receive[purpose] = ask
        return ask

    return register


def encloses(purpose: str) -> Callable[[Enclosing], Enclosing]:
    """Register what goes with mails of this purpose: made when the mail leaves, so that it says what is so then."""

    def register(make: Enclosing) -> Enclosing:
        _enclosing[purpose] = make
        return make

    return register


@handles("mail", "mail.queued")
def send(fact: Fact) -> None:
    """Deliver one queued mail. A retry after a lost answer may repeat it once, under the same Message-ID."""
    mail = QueuedMail.objects.filter(pk=int(fact.object_id), state=QueuedMail.State.QUEUED).first()
    if mail is None:
        return
    ask = _may_receive.get(mail.purpose)
    if ask is not None and not ask(mail):
        _close(mail, QueuedMail.State.WITHDRAWN)
        return
    message = EmailMultiAlternatives(
        mail.subject,
        mail.text,
        mail.from_email,
        mail.to,
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated", **mail.headers},
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    if make := _enclosing.get(mail.purpose):
        for name, content, kind in make(mail):
            message.attach(name, content, kind)
    delivery().send_messages([message])
    _close(mail, QueuedMail.State.SENT)


def _close(mail: QueuedMail, state: str) -> None:
    with change(by=SYSTEM):
        QueuedMail.objects.filter(pk=mail.pk).update(state=state, sent_at=timezone.now(), text="", html="")


@tick(every=3600 * 6)
def purge_mail_log() -> None:
    """The log of mails goes after three months; so does, with its text, a mail that never could be sent."""
    limit = timezone.now() - timedelta(days=KEEP_DAYS)
    with change(by=SYSTEM):
        QueuedMail.objects.filter(Q(sent_at__lt=limit) | Q(sent_at=None, created_at__lt=limit)).delete()
