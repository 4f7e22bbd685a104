"""The demo's meetings, around today: past, open, full, cancelled, a draft, a colloque. Refused in production."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from changes import SYSTEM, change
from changes.streams import PUBLIC as VISITORS
from meetings.demo_texts import MEETINGS, DemoMeeting
from meetings.models import AgendaItem, Meeting, Registration, Speaker, State
from members.demo import PEOPLE, DemoRefused
from members.models import Membership, Person
from territories.models import Commune
from territories.names import normalise

SOURCE = "demo:"
ACCOUNTS = {person.email for person in PEOPLE}
"""Those whom a newcomer signs in as come only where the texts say so: there is something left to register for."""


def make_demo_meetings() -> int:
    """Make the demo's meetings that are missing; returns how many. Repeatable: what was edited since stays.

    Needs the referential and the demo's people; nobody is written to. Raises `DemoRefused` in production.
    """
    if settings.PRODUCTION:
        raise DemoRefused("Le contenu de démonstration n’est pas admis en production.")
    known = set(Meeting.objects.filter(source_key__startswith=SOURCE).values_list("source_key", flat=True))
    wanted = [(f"{SOURCE}{number:02}", row) for number, row in enumerate(MEETINGS, start=1)]
    missing = [(key, row) for key, row in wanted if key not in known]
    if missing:
        with change(by=SYSTEM) as c:
            people = list(Person.objects.filter(email__endswith="@demo.example", is_active=True).order_by("pk"))
            for key, row in missing:
                _make(key, row, people)
            c.renew(VISITORS, VISITORS)
    return len(missing)


def _at(day: datetime, hour: str) -> datetime:
    return timezone.make_aware(datetime.combine(day.date(), time.fromisoformat(hour)))


def _make(key: str, row: DemoMeeting, people: list[Person]) -> None:
    day = timezone.localtime() + timedelta(days=row.days)
    while day.weekday() > 4:  # nobody meets on a Saturday
        day += timedelta(days=1)
    coming = [one for one in people if one.email in row.accounts]
    coming += [one for one in people if one not in coming and one.email not in ACCOUNTS]
    coming = coming[: row.seated + row.waiting]
    seated = min(row.seated, len(coming))
    if row.capacity is not None and row.waiting and seated < row.capacity:
        row = row._replace(capacity=max(1, seated))  # a demo with fewer people is full all the same
    meeting = _meeting(key, row, day, seated, len(coming) - seated)
    meeting.last_number = len(coming)
    meeting.save()
    _programme(meeting, row, day)
    Registration.objects.bulk_create(
        Registration(
            meeting=meeting,
            person=person,
            number=number,
            state=Registration.State.SEATED if number <= seated else Registration.State.WAITING,
            registered_at=timezone.now() - timedelta(hours=7 * (len(coming) - number)),
        )
        for number, person in enumerate(coming, start=1)
    )


def _meeting(key: str, row: DemoMeeting, day: datetime, seated: int, waiting: int) -> Meeting:
    organiser = Person.objects.filter(email=row.organiser).first()
    mandate = Membership.objects.current().filter(person=organiser).first() if organiser else None
    begins = _at(day, row.hours[0])
    made = min(timezone.now(), begins) - timedelta(days=30)
    return Meeting(
        source_key=key,
        kind=row.kind,
        state=row.state,
        title=row.title,
        summary=row.summary,
        description=row.description,
        region_id=row.region,
        audience=row.audience,
        begins_at=begins,
        ends_at=_at(day + timedelta(days=row.lasts - 1), row.hours[1]),
        place=row.place,
        address=row.address,
        commune=_commune(*row.commune) if row.commune else None,
        link=row.link,
        capacity=row.capacity,
        registration_closes_at=_at(day - timedelta(days=row.closes), "23:59") if row.closes else None,
        organiser=organiser,
        organisation=mandate.organisation if mandate else None,
        cancel_reason=row.reason,
        report=row.report,
        opened_at=None if row.state in (State.DRAFT, State.ANNOUNCED) else made,
        reminded_at=made if row.days < 1 else None,
        seated_count=seated,
        waiting_count=waiting,
        created_at=made,
        changed_at=made,
    )


def _commune(department: str, name: str) -> Commune | None:
    return Commune.objects.of_today().filter(department=department, search_name=normalise(name)).first()


def _programme(meeting: Meeting, row: DemoMeeting, day: datetime) -> None:
    speakers = [
        Speaker.objects.create(meeting=meeting, name=name, function=function, organisation=organisation)
        for name, function, organisation in row.speakers
    ]
    for position, item in enumerate(row.items, start=1):
        made = AgendaItem.objects.create(
            meeting=meeting,
            position=position,
            title=item.title,
            starts_at=_at(day + timedelta(days=item.day), item.at),
            minutes=item.minutes,
        )
        made.speakers.set([speakers[number] for number in item.speakers])
