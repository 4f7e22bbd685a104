"""The consumer `tell`: after a post, tell those who follow its topic that something of theirs changed."""

from __future__ import annotations

from changes import SYSTEM, change
from changes.facts import handles
from changes.models import Fact
from forum.models import Post
from members.models import Follow
from notifications.streams import OWN

BATCH = 2000  # people in one transaction: their heads are locked together, in order


@handles("tell", "forum.post")
def tell_followers(fact: Fact) -> None:
    """Touch the own streams of the topic's followers, but the author's; done twice it tells nothing new."""
    post = Post.objects.filter(pk=int(fact.object_id)).only("topic_id", "author_id").first()
    if post is None:
        return
    topic = str(post.topic_id)
    followers = Follow.objects.filter(kind="topic", object_id=topic).exclude(person=post.author_id)
    last = 0
    while people := list(followers.filter(person__gt=last).order_by("person").values_list("person", flat=True)[:BATCH]):
        with change(by=SYSTEM) as c:
            for person in people:
                c.touch(f"person:{person}", "topic", topic, after=[OWN])
        last = people[-1]
