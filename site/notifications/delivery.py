"""Where the worker hands mails over: an SMTP server, or the local box of development (a folder of .eml files)."""

from __future__ import annotations

import email
import email.policy
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from email.message import EmailMessage as ParsedMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.utils.formats import date_format
from django.utils.timezone import localtime


def delivery(url: str | None = None) -> BaseEmailBackend:
    """The backend of `EMAIL_URL`: `smtp://user:secret@host:port`, `smtp+tls://`, `smtps://`, or `mailbox://`."""
    parts = urlsplit(settings.EMAIL_URL if url is None else url)
    if parts.scheme == "mailbox":
        return MailboxBackend()
    if parts.scheme in ("smtp", "smtp+tls", "smtps"):
        return SmtpBackend(
            host=parts.hostname,
            port=parts.port or {"smtp": 25, "smtp+tls": 587, "smtps": 465}[parts.scheme],
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            use_tls=parts.scheme == "smtp+tls",
            use_ssl=parts.scheme == "smtps",
            timeout=settings.EMAIL_TIMEOUT,
        )
    raise ImproperlyConfigured("EMAIL_URL doit être smtp://…, smtp+tls://…, smtps://… ou mailbox://")


class MailboxBackend(BaseEmailBackend):
    """Writes each mail into `settings.MAILBOX`, where the page « Courriels » of development reads it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the messages; returns how many."""
        folder = Path(settings.MAILBOX)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            beside = folder / f"{time.time_ns()}.new"
            beside.write_bytes(message.message().as_bytes())
            beside.rename(beside.with_suffix(".eml"))
        return len(email_messages)


@dataclass(frozen=True)
class BoxedMail:
    """A mail of the local box, as its page shows it."""

    name: str
    sent: str
    to: str
    subject: str
    text: str


def boxed_mails(limit: int = 100) -> list[BoxedMail]:
    """The newest mails of the local box."""
    folder = Path(settings.MAILBOX)
    files = sorted(folder.glob("*.eml"), reverse=True)[:limit] if folder.exists() else []
    return [_read(file) for file in files]


def _read(file: Path) -> BoxedMail:
    message = email.message_from_bytes(file.read_bytes(), _class=ParsedMessage, policy=email.policy.default)
    body = message.get_body(("plain", "html"))
    return BoxedMail(
        name=file.stem,
        sent=_when(str(message["Date"] or "")),
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        text=body.get_content() if body else "",
    )


def _when(header: str) -> str:
    """« 24 novembre 2026 à 6 h 05 » from a mail's own date; empty where it has none that can be read."""
    try:
        at = parsedate_to_datetime(header)
    except ValueError:
        return ""
    return date_format(localtime(at if at.tzinfo else at.replace(tzinfo=UTC)), "j F Y à G\u00a0\\h\u00a0i")
