"""The link of a mail that ends mails like it, for one person and one thing, without signing in."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.urls import reverse

from members.models import Person

SALT = "notifications.unsubscribe"
TOPIC = "topic"


class Ended(NamedTuple):
    """Who would hear no more of what."""

    person: int
    kind: str
    object_id: str


def unsubscribe_link(person: Person, kind: str, object_id: object) -> str:
    """The address of a link that can mute one thing for one person, and nothing else."""
    token = signing.dumps([person.pk, kind, str(object_id)], salt=SALT)
    return settings.SITE_URL + reverse("notifications:unsubscribe", args=[token])


def read_token(token: str) -> Ended | None:
    """What a link ends; None where it is not one of ours. Links of older mails name a topic alone."""
    try:
        held = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person, *thing = held
    kind, object_id = thing if len(thing) == 2 else (TOPIC, thing[0])
    return Ended(int(person), kind, str(object_id))
