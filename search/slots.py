"""Places of the forum's pages that the search fills; they cost no SQL query: what they show comes by itself later."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string

from forum.models import Topic
from slots import fills


@fills("topic.after", order=50)
def near_a_topic(topic: Topic, *, viewer: Any) -> str:
    """« Discussions proches » under a discussion: a link, in whose place they come when one reads down to it."""
    return render_to_string("search/near_slot.html", {"topic": topic})


@fills("topic.title")
def near_a_title(*, viewer: Any) -> str:
    """Under the title of a new discussion: those that are like it, while it is typed."""
    return render_to_string("search/near_title_slot.html")
