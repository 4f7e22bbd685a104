"""Writing to the club: to the bureau, or to a région's correspondents. The sender has a receipt; no address is shown.

The mails are the message: nothing else of it is kept, but by when a problem of access has to be answered. A receipt
repeats no word of it, so that the form cannot be used to write to somebody else under the club's name.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import asdict, dataclass

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db.models import TextChoices
from django.template.loader import render_to_string

from changes import Actor, change
from directory import complaints
from members.models import Person, Role, RoleAssignment, Scope
from territories.models import Region

MOST_RECIPIENTS = 10
PER_HOUR = 6
"""Messages from one address of the network, and to one address of mail, in an hour."""
PER_HOUR_IN_ALL = 200


class Subject(TextChoices):
    """What a person writes about."""

    JOIN = "rejoindre", "Rejoindre le club"
    SUPPORT = "accompagnement", "Demander un accompagnement"
    QUESTION = "question", "Poser une question au club"
    ACCESS = "acces", "Signaler un problème d’accès"


OF_THE_REGION = {Subject.JOIN, Subject.SUPPORT, Subject.QUESTION}
"""What a région's correspondents answer; the rest is the bureau's."""


@dataclass(frozen=True)
class Message:
    """What was written."""

    subject: str
    name: str
    email: str
    organisation: str
    region: str
    text: str


class NobodyThere(Exception):
    """No address of the club is known; the message says so (French)."""


class TooMany(Exception):
    """Enough was written from here for an hour; the message says so (French)."""


def write(message: Message, *, network: str, operation: str, by: Actor | str) -> None:
    """Send a message to whoever answers it, and a receipt to its sender. Anybody may; the same operation once.

    Raises `TooMany`, `NobodyThere`, and `OperationReused` where another text was sent under this operation.
    """
    with change(by=by) as c:
        if c.once(operation, asdict(message)) is not None:
            return
        _refuse_flood(_place(network))
        _refuse_flood("everybody", PER_HOUR_IN_ALL)
        _refuse_flood(message.email.lower())
        region = Region.objects.filter(code=message.region).first()
        of_the_region = _of_the_region(message.subject, region)
        people = of_the_region or _office()
        if not people:
            raise NobodyThere("Personne ne reçoit encore les messages du club. Votre texte est gardé ci-dessous.")
        context = {
            "message": message,
            "subject": Subject(message.subject).label,
            "region": region,
            "site": settings.SITE_NAME,
            "site_url": settings.SITE_URL,
            "to_region": bool(of_the_region),
            "complaint": complaints.receive() if message.subject == Subject.ACCESS else None,
        }
        text = render_to_string("directory/mail/contact.txt", context)
        for address in people:
            _send(f"{context['subject']} : {message.name}", text, address, reply_to=[message.email])
        receipt = render_to_string("directory/mail/receipt.txt", context)
        _send(f"Votre message au {settings.SITE_NAME}", receipt, message.email)
        c.log("write", "contact", operation, after={"subject": message.subject, "region": message.region})
        c.result = "sent"


def _of_the_region(subject: str, region: Region | None) -> list[str]:
    """Addresses of a région's correspondents, where they answer this. One SQL query."""
    if region is None or subject not in OF_THE_REGION:
        return []
    return _holding(Role.CORRESPONDENT, Scope.REGION, region.code)


def _office() -> list[str]:
    """The bureau's one address, else those of its people."""
    contact: str = settings.LEGAL["contact"]
    return [contact] if contact else _holding(Role.NATIONAL_OFFICE, Scope.NATION, "")


def _holding(role: Role, scope_kind: Scope, scope_id: str) -> list[str]:
    roles = RoleAssignment.objects.current().filter(role=role, scope_kind=scope_kind, scope_id=scope_id)
    people = Person.objects.filter(pk__in=roles.values("person"), is_active=True).order_by("id")
    return list(people.values_list("email", flat=True)[:MOST_RECIPIENTS])


def _send(subject: str, text: str, to: str, reply_to: list[str] | None = None) -> None:
    headers = {"X-Club-Purpose": "contact"}
    EmailMessage(" ".join(subject.split()), text, to=[to], reply_to=reply_to, headers=headers).send()


def _place(network: str) -> str:
    """Whose line it is: of an IPv6 address the first 64 bits, which one subscriber has whole."""
    try:
        address = ipaddress.ip_address(network)
    except ValueError:
        return network
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else network


def _refuse_flood(who: str, most: int = PER_HOUR) -> None:
    """So many an hour from one place, to one address, in all; where the cache is away, none is refused."""
    key = f"contact:{hashlib.sha256(who.encode()).hexdigest()}"
    cache.add(key, 0, 3600)
    try:
        count = cache.incr(key)
    except ValueError:
        return
    if count > most:
        raise TooMany(
            "Vous avez déjà écrit plusieurs fois : réessayez dans une heure. Votre texte est gardé ci-dessous."
        )
