"""Every change of the forum, one function each: checks the right, then writes inside `with change(by=…)`.

Lock order: the topic's row, then its posts, then the heads of streams (which `change()` takes last, in their order).
"""

from forum.moderating import hide_post, hide_topic, move_topic, open_space, show_post, show_topic
from forum.reading import follow_space, follow_topic, mark_read, unfollow_space, unfollow_topic
from forum.writing import delete_post, edit_post, reply_to_topic, restore_post, start_topic

__all__ = [
    "delete_post",
    "edit_post",
    "follow_space",
    "follow_topic",
    "hide_post",
    "hide_topic",
    "mark_read",
    "move_topic",
    "open_space",
    "reply_to_topic",
    "restore_post",
    "show_post",
    "show_topic",
    "start_topic",
    "unfollow_space",
    "unfollow_topic",
]
