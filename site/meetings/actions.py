"""Every change of meetings, one function each: checks the right, then writes inside `with change(by=…)`.

Lock order: the meeting's row, then what belongs to it, then the heads of streams.
"""

from meetings.following import follow_meetings, mute_meetings
from meetings.keeping import (
    announce_meeting,
    cancel_meeting,
    create_meeting,
    discard_draft,
    edit_meeting,
    open_registration,
    publish_report,
)
from meetings.programme import keep_documents, keep_item, keep_speaker, move_item, remove_item, remove_speaker
from meetings.registering import leave, register

__all__ = [
    "announce_meeting",
    "cancel_meeting",
    "create_meeting",
    "discard_draft",
    "edit_meeting",
    "follow_meetings",
    "keep_documents",
    "keep_item",
    "keep_speaker",
    "leave",
    "move_item",
    "mute_meetings",
    "open_registration",
    "publish_report",
    "register",
    "remove_item",
    "remove_speaker",
]
