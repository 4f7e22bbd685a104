"""The mail about replies: a minute after the first, unless read or withdrawn meanwhile; rights are asked then."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from changes import SYSTEM, change
from changes.facts import handles
from changes.models import Fact
from forum import rules
from forum.models import Post
from forum.queries import level_of, unread_posts
from members.models import Level
from members.viewer import Viewer
from notifications.backend import OBJECT, PURPOSE
from notifications.consumers import may_still_receive
from notifications.models import Notification, QueuedMail
from notifications.unsubscribing import TOPIC, unsubscribe_link

SHOWN = 3  # messages in one mail; the others are counted


def news_for(notification: Notification) -> list[Post]:
    """The messages that this line still has to tell by mail: unread, visible, readable now, not mailed before."""
    viewer = Viewer.of(notification.person)
    topic = notification.topic
    if not rules.may_see_topic(viewer, topic) or level_of(viewer, "topic", topic.pk) == Level.MUTED:
        return []
    posts = unread_posts(notification.person).filter(topic=topic, number__gt=notification.mailed_number)
    return list(posts.select_related("author", "organisation").order_by("number")[:100])


@handles("mail", "mail.reply")
def mail_about_replies(fact: Fact) -> None:
    """Queue one mail about all that is new in the topic; nothing where nothing is left to tell."""
    person_id, _, topic_id = fact.object_id.partition(":")
    rows = Notification.objects.select_related("person", "topic__space")
    notification = rows.filter(person=int(person_id), topic=int(topic_id), person__is_active=True).first()
    if notification is None or not (posts := news_for(notification)):
        return
    with change(by=SYSTEM):
        claimed = Notification.objects.filter(pk=notification.pk, mailed_number=notification.mailed_number)
        if claimed.update(mailed_number=posts[-1].number):  # done twice at once, it is sent once
            _send(notification, posts)


def _send(notification: Notification, posts: list[Post]) -> None:
    topic, person = notification.topic, notification.person
    site = settings.SITE_URL
    unsubscribe = unsubscribe_link(person, TOPIC, topic.pk)
    host = urlsplit(site).hostname or "localhost"
    context = {
        "person": person,
        "topic": topic,
        "posts": posts[:SHOWN],
        "more": len(posts) - SHOWN,
        "reason": notification.get_reason_display(),
        "address": site + reverse("forum:unread", args=[topic.pk]),
        "site": site,
        "unsubscribe": unsubscribe,
    }
    message = EmailMultiAlternatives(
        f"{topic.title}",
        render_to_string("notifications/mail/reply.txt", context),
        to=[person.email],
        headers={
            PURPOSE: "reply",
            OBJECT: f"{person.pk}:{topic.pk}:{posts[0].number}",
            "References": f"<topic-{topic.pk}@{host}>",
            "In-Reply-To": f"<topic-{topic.pk}@{host}>",
            "List-Id": f"<espace-{topic.space_id}.{host}>",
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    message.attach_alternative(render_to_string("notifications/mail/reply.html", context), "text/html")
    message.send()


@may_still_receive("reply")
def still_news(mail: QueuedMail) -> bool:
    """Asked just before the mail leaves: may the person still read the topic, and is anything of it still unread?"""
    person_id, topic_id, number = (int(part) for part in mail.object_id.split(":"))
    rows = Notification.objects.select_related("person", "topic__space")
    notification = rows.filter(person=person_id, topic=topic_id, person__is_active=True).first()
    if notification is None:
        return False
    notification.mailed_number = number - 1
    return bool(news_for(notification))
