"""Notices: an answer accepted, a topic closed, a message hidden or reported, a report decided. Bell, page, and a mail
after a minute for those whom it concerns in person, unless they have seen it by then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from changes import SYSTEM, change
from changes.facts import handles
from changes.models import Fact
from changes.ticks import tick
from forum import rules
from forum.models import Post, Report, Space, State, Topic
from meetings.following import FOLLOWED
from members.models import Person, Role, RoleAssignment, Scope
from members.viewer import Viewer
from notifications.backend import OBJECT, PURPOSE
from notifications.consumers import may_still_receive
from notifications.meeting_words import OF_MEETINGS, unsubscribed_place
from notifications.meeting_words import words_of as words_of_meetings
from notifications.models import Notice, QueuedMail
from notifications.pages import OF_PAGES, words_of
from notifications.streams import OWN
from notifications.unsubscribing import unsubscribe_link

Kind = Notice.Kind
MAIL_AFTER = timedelta(seconds=60)
KEEP = timedelta(days=60)
SHOWN = 50
OF_OTHERS = OF_PAGES | OF_MEETINGS
"""What is not about the forum, said by other modules."""
BY_MAIL = {Kind.ACCEPTED, Kind.HIDDEN, Kind.CLOSED, Kind.REPORT_DECIDED} | OF_PAGES


@dataclass(frozen=True)
class Said:
    """A notice in words, for the person whom it concerns."""

    words: str
    detail: str
    address: str
    told_at: datetime
    new: bool


def tell(kind: Notice.Kind, object_id: int, people: Iterable[int], mailed: Collection[int] = ()) -> None:
    """Give each person the notice, once for the object; said again later, it is new again. Their bells follow.

    A mail follows for all where the kind is one of `BY_MAIL`, else for those `mailed`.
    """
    now = timezone.now()
    rows = [Notice(person_id=pk, kind=kind, object_id=str(object_id), told_at=now) for pk in sorted(set(people))]
    if not rows:
        return
    with change(by=SYSTEM) as c:
        Notice.objects.bulk_create(
            rows,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["person", "kind", "object_id"],
            update_fields=["told_at", "read_at"],
        )
        for row in rows:
            c.touch(f"person:{row.person_id}", "bell", 0, after=[OWN])
            if kind in BY_MAIL or row.person_id in mailed:
                c.fact("mail.notice", f"{row.person_id}:{kind}:{object_id}", not_before=now + MAIL_AFTER)


def _post(fact: Fact) -> Post | None:
    return Post.objects.select_related("topic__space").filter(pk=int(fact.object_id)).first()


@handles("tell", "forum.accepted")
def tell_accepted(fact: Fact) -> None:
    """Whoever wrote the answer hears that it was accepted, unless they did it themselves."""
    post = _post(fact)
    if post is not None and post.topic.accepted_id == post.pk and post.author.key != fact.payload.get("by"):
        tell(Kind.ACCEPTED, post.pk, [post.author_id])


@handles("tell", "forum.acceptance_lost")
def tell_acceptance_lost(fact: Fact) -> None:
    """Whoever asked hears that the accepted answer was hidden or withdrawn."""
    topic = Topic.objects.filter(pk=int(fact.object_id), accepted=None).first()
    if topic is not None:
        tell(Kind.ACCEPTANCE_LOST, topic.pk, [topic.author_id])


@handles("tell", "forum.closed")
def tell_closed(fact: Fact) -> None:
    """Whoever opened a topic hears that somebody else closed it."""
    topic = Topic.objects.select_related("author").filter(pk=int(fact.object_id)).first()
    if topic is not None and topic.author.key != fact.payload.get("by"):
        tell(Kind.CLOSED, topic.pk, [topic.author_id])


@handles("tell", "forum.hidden")
def tell_hidden(fact: Fact) -> None:
    """Whoever wrote a message hears that it was hidden, and why."""
    post = _post(fact)
    if post is not None and post.state == State.HIDDEN:
        tell(Kind.HIDDEN, post.pk, [post.author_id])


@handles("tell", "forum.reported")
def tell_reported(fact: Fact) -> None:
    """Those who moderate the space hear that something waits for them."""
    post = _post(fact)
    if post is not None and post.reports.filter(outcome=Report.Outcome.WAITING).exists():
        tell(Kind.REPORTED, post.pk, [person.pk for person in moderators_of(post.topic.space, post)])


@handles("tell", "forum.report_decided")
def tell_decided(fact: Fact) -> None:
    """Those who reported a message hear what became of it."""
    reports = Report.objects.filter(pk__in=fact.payload.get("reports", [])).exclude(outcome=Report.Outcome.WAITING)
    tell(Kind.REPORT_DECIDED, int(fact.object_id), reports.values_list("person", flat=True))


def moderators_of(space: Space, post: Post) -> list[Person]:
    """Who decides on reports of a post now: its space's moderators, those of its region, else the bureau and moderators
    of everything.
    """
    roles = RoleAssignment.objects.current().filter(person__is_active=True).select_related("person")
    near = Q(scope_kind=Scope.SPACE, scope_id=str(space.pk), role=Role.MODERATOR)
    if space.region_id:
        regional = [Role.CORRESPONDENT, Role.FACILITATOR, Role.MODERATOR]
        near |= Q(scope_kind=Scope.REGION, scope_id=space.region_id, role__in=regional)
    far = Q(scope_kind=Scope.NATION, role__in=[Role.NATIONAL_OFFICE, Role.MODERATOR])
    for scope in (near, far):
        people = {role.person_id: role.person for role in roles.filter(scope)}
        found = [person for person in people.values() if rules.may_decide_reports(Viewer.of(person), post)]
        if found:
            return found
    return []


def said(viewer: Viewer) -> list[Said]:
    """The person's latest notices in words, as far as they may read what these are about. Four SQL queries at most for
    the forum's, and those of `notifications.pages`.
    """
    if viewer.person is None:
        return []
    rows = list(Notice.objects.filter(person=viewer.person).order_by("-told_at", "-id")[:SHOWN])
    return in_words(rows, viewer)


def in_words(rows: list[Notice], viewer: Viewer) -> list[Said]:
    """Notices in words. Three SQL queries at most for the forum's."""
    others = words_of(rows, viewer.person) if viewer.person is not None else {}
    others |= words_of_meetings(rows, viewer)
    rows = [row for row in rows if row.kind not in OF_OTHERS or row.pk in others]
    told = {row.pk: Said(*others[row.pk], row.told_at, row.read_at is None) for row in rows if row.pk in others}
    told |= _of_the_forum([row for row in rows if row.pk not in told], viewer)
    return [told[row.pk] for row in rows if row.pk in told]


def _of_the_forum(rows: list[Notice], viewer: Viewer) -> dict[int, Said]:
    of_topics = {Kind.CLOSED, Kind.ACCEPTANCE_LOST}
    topic_ids = [int(row.object_id) for row in rows if row.kind in of_topics]
    post_ids = [int(row.object_id) for row in rows if row.kind not in of_topics]
    topics = Topic.objects.select_related("space").in_bulk(topic_ids) if topic_ids else {}
    posts = Post.objects.select_related("topic__space").in_bulk(post_ids) if post_ids else {}
    decided = {kind.object_id for kind in rows if kind.kind == Kind.REPORT_DECIDED}
    reports = {
        str(report.post_id): report
        for report in Report.objects.filter(post__in=map(int, decided), person=viewer.person)
    }
    found = {}
    for row in rows:
        post = posts.get(int(row.object_id)) if row.kind not in of_topics else None
        topic = post.topic if post is not None else topics.get(int(row.object_id))
        if topic is None:
            continue
        seen = rules.may_see_topic(viewer, topic)
        words = f"{row.get_kind_display()}, dans « {topic.title} »" if seen else row.get_kind_display()
        found[row.pk] = Said(
            words,
            _detail(row, topic, post, reports, seen),
            _address(row, topic, seen),
            row.told_at,
            row.read_at is None,
        )
    return found


def _detail(row: Notice, topic: Topic, post: Post | None, reports: dict[str, Report], seen: bool) -> str:
    if row.kind == Kind.HIDDEN and post is not None and post.reason:
        return f"Motif : {post.reason}"
    if row.kind == Kind.CLOSED and seen:
        return f"Motif : {topic.closed_reason}" if topic.closed_reason else ""
    report = reports.get(row.object_id)
    if row.kind == Kind.REPORT_DECIDED and report is not None:
        return f"{report.get_outcome_display().capitalize()}. {report.answer}"
    return ""


def _address(row: Notice, topic: Topic, seen: bool) -> str:
    if not seen:
        return ""
    if row.kind == Kind.REPORTED:
        return reverse("forum:decide", args=[row.object_id])
    if row.kind == Kind.ACCEPTED:
        return reverse("forum:post", args=[row.object_id])
    return topic.get_absolute_url()


def mark_shown(viewer: Viewer) -> None:
    """The person's page has shown their notices: they are read, on every tab."""
    if viewer.person is None or not Notice.objects.filter(person=viewer.person, read_at=None).exists():
        return
    with change(by=viewer) as c:
        Notice.objects.filter(person=viewer.person, read_at=None).update(read_at=timezone.now())
        c.touch(f"person:{viewer.person.pk}", "bell", 0, after=[OWN])


def _unread(object_id: str) -> Notice | None:
    person, kind, pk = object_id.split(":")
    rows = Notice.objects.select_related("person").filter(person__is_active=True, read_at=None)
    return rows.filter(person=int(person), kind=kind, object_id=pk).first()


@handles("mail", "mail.notice")
def mail_notice(fact: Fact) -> None:
    """Queue the mail of a notice that nobody has read meanwhile."""
    notice = _unread(fact.object_id)
    if notice is None:
        return
    told = in_words([notice], Viewer.of(notice.person))
    if not told:
        return
    headers = {PURPOSE: "notice", OBJECT: fact.object_id}
    context = {"person": notice.person, "notice": told[0], "site": settings.SITE_URL}
    if notice.kind in OF_MEETINGS:
        place = unsubscribed_place(notice)
        if place is None:
            return
        context["unsubscribe"] = link = unsubscribe_link(notice.person, FOLLOWED, place)
        headers |= {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    message = EmailMultiAlternatives(
        _subject(notice, told[0]),
        render_to_string("notifications/mail/notice.txt", context),
        to=[notice.person.email],
        headers=headers,
    )
    message.attach_alternative(render_to_string("notifications/mail/notice.html", context), "text/html")
    with change(by=SYSTEM):
        if not QueuedMail.objects.filter(purpose="notice", object_id=fact.object_id, sent_at=None).exists():
            message.send()


def _subject(notice: Notice, told: Said) -> str:
    """The kind alone, but for what is nobody's secret from its readers: a mail's subject is seen over a shoulder."""
    return told.words if notice.kind in OF_MEETINGS else notice.get_kind_display()


@may_still_receive("notice")
def still_new(mail: QueuedMail) -> bool:
    """Asked just before the mail leaves: has the person not seen it on the site, and would it say the same now?"""
    notice = _unread(mail.object_id)
    told = in_words([notice], Viewer.of(notice.person)) if notice is not None else []
    if notice is not None and notice.kind in OF_MEETINGS and unsubscribed_place(notice) is None:
        return False
    return bool(told) and told[0].words in mail.text and told[0].detail in mail.text


@tick(every=3600 * 6)
def forget_old_notices() -> None:
    """A notice older than sixty days goes."""
    with change(by=SYSTEM):
        Notice.objects.filter(told_at__lt=timezone.now() - KEEP).delete()
