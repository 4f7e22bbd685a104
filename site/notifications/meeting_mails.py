"""Mails about meetings: a place taken, a rank, a place that came free, a new date or place, a cancellation, a reminder;
a place taken back, since the meeting has other readers now, in words that say nothing of it.

Each answers something that the person asked for, to that person alone; whether it is still so is asked as it leaves.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from changes import SYSTEM, change
from changes.facts import handles
from changes.models import Fact
from meetings import ical, rules
from meetings.models import COMING, Registration, State
from members.viewer import Viewer
from notifications.backend import OBJECT, PURPOSE
from notifications.consumers import Enclosed, encloses, may_still_receive
from notifications.models import QueuedMail

PURPOSE_NAME = "meeting"
Seat = Registration.State
SUBJECTS = {
    "registered": "Votre place est réservée : {}",
    "waiting": "Vous êtes en liste d’attente : {}",
    "promoted": "Une place s’est libérée pour vous : {}",
    "moved": "Changement de date ou de lieu : {}",
    "cancelled": "Rencontre annulée : {}",
    "soon": "C’est bientôt : {}",
    "released": "Votre inscription à une rencontre est annulée",
}
OF_ONE = ("registered", "waiting", "promoted", "released")
CARRIED = {"registered", "promoted", "moved", "cancelled"}
"""Those with the meeting for one's calendar."""


@dataclass(frozen=True)
class Letter:
    """Which mail to whom: `promoted:12:7`. Its mark is the registration's number or how often the meeting was moved:
    when that has gone on, the mail says what is no more.
    """

    what: str
    registration_id: int
    mark: int

    @property
    def key(self) -> str:
        return f"{self.what}:{self.registration_id}:{self.mark}"

    @classmethod
    def of(cls, key: str) -> Letter:
        """The letter of a fact or of a queued mail."""
        what, registration, mark = key.split(":")
        return cls(what, int(registration), int(mark))


def _tell_one(fact: Fact) -> None:
    """What happened to one registration."""
    what = fact.kind.partition(".")[2]
    with change(by=SYSTEM) as c:
        c.fact("mail.meeting", Letter(what, int(fact.object_id), int(fact.payload["mark"])).key)


def _tell_all(fact: Fact) -> None:
    """What happened to a meeting: everybody who has a place, or waits for one, each in a fact of their own."""
    what, mark = fact.kind.partition(".")[2], int(fact.payload["mark"])
    rows = Registration.objects.filter(meeting=int(fact.object_id)).exclude(state=Seat.CANCELLED)
    with change(by=SYSTEM) as c:
        for pk in rows.order_by("number").values_list("pk", flat=True):
            c.fact("mail.meeting", Letter(what, pk, mark).key)


for _what in SUBJECTS:
    handles("tell", f"meeting.{_what}")(_tell_one if _what in OF_ONE else _tell_all)


def _row(letter: Letter) -> Registration | None:
    rows = Registration.objects.select_related("person", "meeting__region", "meeting__commune")
    return rows.filter(pk=letter.registration_id, person__is_active=True).first()


def _is_so(letter: Letter, row: Registration | None) -> bool:
    """Whether the mail is still true, and about something that its person may read."""
    if row is None:
        return False
    reads = rules.may_read(Viewer.of(row.person), row.meeting)
    if letter.what == "released":
        return not reads and row.number == letter.mark and row.state == Seat.CANCELLED
    if not reads:
        return False
    coming = row.meeting.state in COMING
    if letter.what in OF_ONE:
        wanted = Seat.WAITING if letter.what == "waiting" else Seat.SEATED
        return coming and row.number == letter.mark and row.state == wanted
    if row.meeting.moves != letter.mark or row.state == Seat.CANCELLED:
        return False
    if letter.what == "cancelled":
        return row.meeting.state == State.CANCELLED
    return coming and (letter.what == "moved" or row.state == Seat.SEATED)


@handles("mail", "mail.meeting")
def mail_about_meeting(fact: Fact) -> None:
    """Queue one mail, unless it was queued before (a worker that was killed) or is not true any more."""
    letter = Letter.of(fact.object_id)
    row = _row(letter)
    if row is None or not _is_so(letter, row):
        return
    with change(by=SYSTEM):
        if not QueuedMail.objects.filter(purpose=PURPOSE_NAME, object_id=letter.key).exists():
            _send(letter, row)


def _send(letter: Letter, row: Registration) -> None:
    meeting, site = row.meeting, settings.SITE_URL
    context = {
        "what": letter.what,
        "person": row.person,
        "meeting": meeting,
        "waits": row.state == Seat.WAITING,
        "link": meeting.link if rules.may_see_link(Viewer.of(row.person), meeting, row) else "",
        "address": site + reverse("meetings:meeting_by_number", args=[meeting.pk]),
        "agenda": site + reverse("meetings:list"),
        "registered_at": row.registered_at,
    }
    template = "notifications/mail/released" if letter.what == "released" else "notifications/mail/meeting"
    message = EmailMultiAlternatives(
        SUBJECTS[letter.what].format(meeting.title),
        render_to_string(f"{template}.txt", context),
        to=[row.person.email],
        headers={PURPOSE: PURPOSE_NAME, OBJECT: letter.key},
    )
    message.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    message.send()


@may_still_receive(PURPOSE_NAME)
def still_so(mail: QueuedMail) -> bool:
    """Asked just before the mail leaves."""
    letter = Letter.of(mail.object_id)
    return _is_so(letter, _row(letter))


@encloses(PURPOSE_NAME)
def for_the_calendar(mail: QueuedMail) -> list[Enclosed]:
    """The meeting as it is now, for the person's calendar; a cancelled one leaves it."""
    letter = Letter.of(mail.object_id)
    row = _row(letter)
    if row is None or letter.what not in CARRIED or row.state != Seat.SEATED:
        return []
    link = rules.may_see_link(Viewer.of(row.person), row.meeting, row)
    return [("rencontre.ics", ical.calendar_of([row.meeting], with_link=link), ical.CONTENT_TYPE)]
