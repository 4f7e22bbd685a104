"""Every change of the forum, one function each: checks the right, then writes inside `with change(by=…)`.

Lock order: the topic's row, then its posts, then the heads of streams (which `change()` takes last, in their order).
"""

from forum.answering import (
    accept_answer,
    close_topic,
    reopen_topic,
    say_we_no_more,
    say_we_too,
    withdraw_acceptance,
)
from forum.drafting import drop_draft, save_draft
from forum.moderating import (
    hide_post,
    hide_topic,
    hide_version,
    move_topic,
    pin_topic,
    show_post,
    show_topic,
    unpin_topic,
)
from forum.reading import (
    dismiss_pin,
    follow_space,
    follow_topic,
    mark_read,
    unfollow_space,
    unfollow_topic,
)
from forum.reporting import decide_reports, report_post
from forum.spaces import keep_space, open_space
from forum.writing import delete_post, edit_matter, edit_post, reply_to_topic, restore_post, start_topic

__all__ = [
    "accept_answer",
    "close_topic",
    "decide_reports",
    "delete_post",
    "dismiss_pin",
    "drop_draft",
    "edit_matter",
    "edit_post",
    "follow_space",
    "follow_topic",
    "hide_post",
    "hide_topic",
    "hide_version",
    "keep_space",
    "mark_read",
    "move_topic",
    "open_space",
    "pin_topic",
    "reopen_topic",
    "reply_to_topic",
    "report_post",
    "restore_post",
    "save_draft",
    "say_we_no_more",
    "say_we_too",
    "show_post",
    "show_topic",
    "start_topic",
    "unfollow_space",
    "unfollow_topic",
    "unpin_topic",
    "withdraw_acceptance",
]
