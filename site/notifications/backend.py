"""`EMAIL_BACKEND`: whoever sends a mail only queues it, in its own transaction; nobody waits for a mail server."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from changes import SYSTEM, change
from notifications.models import QueuedMail

PURPOSE = "X-Club-Purpose"  # our own two headers tell the queue why and for what; they are not sent
OBJECT = "X-Club-Object"


class QueueBackend(BaseEmailBackend):
    """Queues each message with a fact for the consumer `mail`. Mails carry links: attachments are refused, but for
    what their purpose encloses when they leave (`consumers.encloses`).
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue the messages; returns how many. Joins the caller's change."""
        with change(by=SYSTEM) as c:
            for message in email_messages:
                c.fact("mail.queued", self._queue(message).pk)
        return len(email_messages)

    def _queue(self, message: EmailMessage) -> QueuedMail:
        if message.attachments:
            raise ValueError("queued mails carry links, not attachments")
        if message.cc or message.bcc:
            raise ValueError("queued mails have one kind of recipient: send one mail to each")
        headers = {name: str(value) for name, value in message.extra_headers.items()}
        if message.reply_to:
            headers["Reply-To"] = ", ".join(message.reply_to)
        html = ""
        if isinstance(message, EmailMultiAlternatives):
            html = next((str(body) for body, kind in message.alternatives if kind == "text/html"), "")
        domain = parseaddr(message.from_email or settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
        return QueuedMail.objects.create(
            to=list(message.to),
            from_email=message.from_email or settings.DEFAULT_FROM_EMAIL,
            subject=message.subject[:300],
            text=str(message.body),
            html=html,
            purpose=headers.pop(PURPOSE, ""),
            object_id=headers.pop(OBJECT, ""),
            headers=headers,
            message_id=f"<{uuid.uuid4()}@{domain}>",
        )
