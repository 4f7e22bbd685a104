"""What is near a discussion, or near a title that is being typed.

What is kept of a discussion are keys; each view asks again who reads what they stand for, and how it is called now.
"""

from __future__ import annotations

import hashlib

from django.core.cache import cache

from forum.models import Post, State, Topic
from members.viewer import Viewer
from search import answering, sources
from search.core.matter import Matter

SHOWN = 5
SHOWN_OF_TITLE = 3
KEEP = 600  # seconds
KEEP_NOTHING = 30  # seconds: nothing was near, or no engine answered


def near_topic(topic: Topic, viewer: Viewer) -> list[Matter]:
    """At most five, the nearest first, that the viewer may read now; nothing where no engine answers.

    Keys are kept per revision of the topic, and per set of rights: whoever reads more finds more.
    """
    place = f"search:near:{topic.pk}:{topic.revision}:{_rights(viewer)}"
    keys: list[str] | None = cache.get(place)
    if keys is None:
        matter = Post.objects.filter(topic=topic, number=1, state=State.VISIBLE).values_list("text", flat=True).first()
        hits = answering.similar(topic.title, matter or "", viewer, without=f"topic:{topic.pk}", limit=SHOWN)
        keys = [hit.root for hit in hits]
        cache.set(place, keys, KEEP if keys else KEEP_NOTHING)
    return _readable(keys, viewer)


def near_text(title: str, viewer: Viewer) -> list[Matter]:
    """The same for a title that is not published yet. Nothing is kept."""
    return _readable([hit.root for hit in answering.similar(title, "", viewer, limit=SHOWN_OF_TITLE)], viewer)


def _readable(keys: list[str], viewer: Viewer) -> list[Matter]:
    """What the keys stand for now, in their order."""
    allowed = sources.readable(viewer, keys)
    built = {one.key: one for one in sources.build([key for key in keys if key in allowed])}
    return [built[key] for key in keys if key in built]


def _rights(viewer: Viewer) -> str:
    """The same for people who read the same: their own token opens no discussion."""
    tokens = sorted(token for token in viewer.tokens if not token.startswith("person:"))
    return hashlib.blake2b(" ".join(tokens).encode(), digest_size=8).hexdigest()
