"""Who may do what with meetings: pure predicates over a viewer and rows already loaded."""

from __future__ import annotations

from datetime import datetime

from meetings.models import COMING, PAST, UNFINISHED, Meeting, Registration, State
from meetings.roles import managed_regions, manages_everywhere
from members.viewer import Viewer


def may_manage(viewer: Viewer, meeting: Meeting) -> bool:
    """The bureau and national facilitators all of them, correspondents and facilitators those of their régions."""
    return manages_everywhere(viewer) or meeting.region_id in managed_regions(viewer)


def may_organise(viewer: Viewer) -> bool:
    """Whether the viewer organises meetings anywhere."""
    return manages_everywhere(viewer) or bool(managed_regions(viewer))


def may_create_in(viewer: Viewer, region: str | None) -> bool:
    """Create a meeting of a région; a national one only who organises everywhere."""
    return manages_everywhere(viewer) or (region is not None and region in managed_regions(viewer))


def may_read(viewer: Viewer, meeting: Meeting) -> bool:
    """Whoever has its audience, once it is announced; its organisers always."""
    return may_manage(viewer, meeting) or (meeting.state != State.DRAFT and meeting.audience in viewer.tokens)


def may_edit(viewer: Viewer, meeting: Meeting) -> bool:
    """Its organisers, until it has ended."""
    return meeting.state in (State.DRAFT, *UNFINISHED) and may_manage(viewer, meeting)


def may_edit_programme(viewer: Viewer, meeting: Meeting) -> bool:
    """Agenda, speakers and documents: its organisers; also afterwards (slides come late), not once it is archived."""
    kept = (State.DRAFT, *UNFINISHED, State.ENDED, State.REPORTED)
    return meeting.state in kept and may_manage(viewer, meeting)


def may_announce(viewer: Viewer, meeting: Meeting) -> bool:
    return meeting.state == State.DRAFT and may_manage(viewer, meeting)


def may_open(viewer: Viewer, meeting: Meeting) -> bool:
    """Open registration of an announced meeting."""
    return meeting.state == State.ANNOUNCED and may_manage(viewer, meeting)


def may_cancel(viewer: Viewer, meeting: Meeting) -> bool:
    return meeting.state in COMING and may_manage(viewer, meeting)


def may_discard(viewer: Viewer, meeting: Meeting) -> bool:
    """Throw a draft away: nobody else has seen it."""
    return may_announce(viewer, meeting)


def may_report(viewer: Viewer, meeting: Meeting) -> bool:
    """Say where its report stands."""
    return meeting.state in PAST and may_manage(viewer, meeting)


def takes_registrations(meeting: Meeting, now: datetime) -> bool:
    """Whether one may still register: open, and its last call not passed."""
    return meeting.state == State.OPEN and now < meeting.last_call


def may_register(viewer: Viewer, meeting: Meeting, now: datetime) -> bool:
    """Members who read the page, while registration is open."""
    return viewer.is_member and meeting.audience in viewer.tokens and takes_registrations(meeting, now)


def may_leave(viewer: Viewer, meeting: Meeting, registration: Registration | None, now: datetime) -> bool:
    """Give one's place or rank back, until the meeting begins."""
    held = registration is not None and registration.state != Registration.State.CANCELLED
    return held and viewer.person is not None and meeting.state in COMING and now < meeting.begins_at


def may_see_link(viewer: Viewer, meeting: Meeting, registration: Registration | None) -> bool:
    """The address of the video room: its organisers and who has a place; of a meeting without registration, members
    who read it, once it is under way. Nobody any more once it is over or cancelled.
    """
    if not meeting.link or meeting.state not in UNFINISHED:
        return bool(meeting.link) and meeting.state == State.DRAFT and may_manage(viewer, meeting)
    if may_manage(viewer, meeting):
        return True
    if meeting.audience not in viewer.tokens or not viewer.is_member:
        return False
    seated = registration is not None and registration.state == Registration.State.SEATED
    return seated or (meeting.opened_at is None and meeting.state == State.LIVE)


def may_see_registrations(viewer: Viewer, meeting: Meeting) -> bool:
    """The names of who comes: its organisers."""
    return may_manage(viewer, meeting)
