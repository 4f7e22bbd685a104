"""An invitation's mail leaves only while its link still works."""

from __future__ import annotations

from members.models import Invitation
from notifications.consumers import may_still_receive
from notifications.models import QueuedMail


@may_still_receive("invitation")
def still_invited(mail: QueuedMail) -> bool:
    """False once the invitation was withdrawn, used or is past its days."""
    invitation = Invitation.objects.filter(pk=mail.object_id).first() if mail.object_id.isdigit() else None
    return invitation is not None and invitation.is_open
