"""Which views of the forum's streams show a row: pure, asked before and after each change and at each read.

Views: `public` (visitors, in public spaces), `members` (whoever reads the space), `mod` (its moderators).
"""

from __future__ import annotations

from forum.models import PUBLIC, Post, Space, State, Topic

VIEWS = ("public", "members", "mod")
NOBODY: frozenset[str] = frozenset()
MODERATORS = frozenset({"mod"})
READERS = frozenset({"members", "mod"})
EVERYBODY = frozenset(VIEWS)


def views_of(space: Space) -> frozenset[str]:
    """The views in which a space's visible things stand."""
    return EVERYBODY if space.audience == PUBLIC else READERS


def topic_shown_in(topic: Topic) -> frozenset[str]:
    """A topic: a hidden one for moderators, a withdrawn one for nobody."""
    if topic.state == State.VISIBLE:
        return views_of(topic.space)
    return MODERATORS if topic.state == State.HIDDEN else NOBODY


def post_shown_in(post: Post) -> frozenset[str]:
    """A post: a hidden one for moderators; a withdrawn one wherever it stood, without its text."""
    if post.state == State.HIDDEN:
        return topic_shown_in(post.topic) & MODERATORS
    return topic_shown_in(post.topic)
