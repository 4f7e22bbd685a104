"""Every change to members, one function each: checks the right, then writes inside `with change(by=…)`."""

from members.actions.agreements import agreement_changed, sign_agreement
from members.actions.invitations import (
    InvitationClosed,
    TooManyInvitations,
    accept_invitation,
    find_invitation,
    invitation_link,
    invite,
    send_invitation,
    withdraw_invitation,
)
from members.actions.rights import AlreadyEnded, end_membership, end_role, give_membership, give_role

__all__ = [
    "AlreadyEnded",
    "InvitationClosed",
    "TooManyInvitations",
    "accept_invitation",
    "agreement_changed",
    "end_membership",
    "end_role",
    "find_invitation",
    "give_membership",
    "give_role",
    "invitation_link",
    "invite",
    "send_invitation",
    "sign_agreement",
    "withdraw_invitation",
]
