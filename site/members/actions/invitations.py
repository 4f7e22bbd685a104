"""Inviting a person, and what their link does."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from changes import Actor, change
from members.actions.rights import check_scope, give_membership, give_role
from members.models import Invitation, Organisation, Person, Role, Scope
from members.rules import NotAllowed, may_manage_people
from members.viewer import Viewer


class InvitationClosed(Exception):
    """The invitation was used, withdrawn, is out of date or never was; the message says what to do (French)."""


@dataclass(frozen=True)
class Invited:
    """An invitation and its link's secret, known only at this moment: the database keeps its hash."""

    invitation: Invitation
    token: str


class TooManyInvitations(Exception):
    """Enough were sent to this address, or by this person, in a day; the message says so (French)."""


def _refuse_flood(email: str, by: str) -> None:
    """At most 5 invitations a day to one address and 200 by one person: nobody's mailbox is flooded."""
    today = Invitation.objects.filter(created_at__gt=timezone.now() - timedelta(days=1))
    if today.filter(email=email).count() >= 5:
        raise TooManyInvitations("Cinq invitations sont déjà parties vers cette adresse en un jour : attendez demain.")
    if today.filter(invited_by=by).count() >= 200:
        raise TooManyInvitations("Vous avez envoyé 200 invitations en un jour : attendez demain.")


def _refuse_guessing(invitation: Invitation) -> None:
    """At most 10 tries of a link in five minutes: it is no way to guess the password of an account."""
    key = f"invitation-tries:{invitation.pk}"
    cache.add(key, 0, 300)
    try:
        tries = cache.incr(key)
    except ValueError:  # the cache is away, or the count has just expired
        return
    if tries > 10:
        raise NotAllowed("Trop d’essais : recommencez dans cinq minutes.")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def invite(
    *,
    email: str,
    organisation: Organisation,
    function: str,
    role: str = "",
    scope_kind: str = "",
    scope_id: str = "",
    given_name: str = "",
    family_name: str = "",
    operation: str = "",
    by: Viewer | str,
) -> Invited:
    """Make an invitation; the caller sends or shows its link. An open one to the same address is withdrawn.

    Who may: the national office (`by` a viewer), or the installation itself (`by="system"`). Raises `NotAllowed`.
    """
    if isinstance(by, Viewer) and not may_manage_people(by):
        raise NotAllowed("Seul le bureau national peut inviter une personne.")
    if role:
        check_scope(role, scope_kind)
    email = email.strip().lower()
    _refuse_flood(email, by if isinstance(by, str) else by.key)
    token = secrets.token_urlsafe(32)
    with change(by=by) as c:
        Invitation.objects.filter(email=email, used_at=None, withdrawn_at=None).update(withdrawn_at=timezone.now())
        invitation = Invitation.objects.create(
            email=email,
            given_name=given_name,
            family_name=family_name,
            organisation=organisation,
            function=function,
            role=role,
            scope_kind=scope_kind,
            scope_id=scope_id,
            operation=operation or None,
            token_hash=_hash(token),
            invited_by=c.by,
        )
        c.log(
            "invite",
            "invitation",
            invitation.pk,
            after={"organisation": organisation.pk, "role": role, "scope": f"{scope_kind}:{scope_id}"},
        )
    return Invited(invitation, token)


def send_invitation(*, by: Viewer | str, **invited: Any) -> Invited:
    """Make an invitation (see `invite`) and queue its mail, in one change. Raises `NotAllowed`, `TooManyInvitations`.

    The same operation id (a double click, a retry) gives the first invitation again, without its secret or a mail.
    """
    operation = invited.get("operation")
    before = Invitation.objects.filter(operation=operation).first() if operation else None
    if before is not None:
        return Invited(before, "")
    with change(by=by):
        made = invite(by=by, **invited)
        invitation = made.invitation
        context = {"invitation": invitation, "link": invitation_link(made.token), "site": settings.SITE_NAME}
        message = EmailMultiAlternatives(
            f"Votre invitation au {settings.SITE_NAME}",
            render_to_string("members/mail/invitation.txt", context),
            to=[invitation.email],
            headers={"X-Club-Purpose": "invitation", "X-Club-Object": str(invitation.pk)},
        )
        message.attach_alternative(render_to_string("members/mail/invitation.html", context), "text/html")
        message.send()
    return made


def invitation_link(token: str) -> str:
    """The absolute address of an invitation's page."""
    return settings.SITE_URL + reverse("members:accept", args=[token])


def find_invitation(token: str) -> Invitation:
    """The open invitation of a link. Raises `InvitationClosed`, with the same words whatever the reason."""
    invitation = (
        Invitation.objects.select_related("organisation").filter(token_hash=_hash(token)).first() if token else None
    )
    if invitation is None or not invitation.is_open:
        raise InvitationClosed(
            "Cette invitation a déjà servi, a été retirée ou a plus de 14 jours. "
            "Demandez-en une nouvelle à la personne qui vous a invité."
        )
    return invitation


def accept_invitation(token: str, *, given_name: str, family_name: str, password: str) -> Person:
    """Make the account (or add to the existing one), its mandate and role; the link is used up.

    For an existing account the password must be theirs: a link in somebody else's mailbox takes no account over.
    Raises `InvitationClosed`; `ValidationError` for a weak password, `NotAllowed` for a wrong one.
    """
    found = find_invitation(token)
    existing = Person.objects.filter(email__iexact=found.email).first()
    if existing is not None and not existing.is_active:
        raise InvitationClosed("Ce compte est fermé : écrivez au bureau national.")
    _refuse_guessing(found)
    if existing is None:
        validate_password(password, Person(email=found.email, given_name=given_name, family_name=family_name))
    elif not existing.check_password(password):
        raise NotAllowed("Ce mot de passe n’est pas celui de votre compte.")
    by: Actor | str = existing or f"invitation:{found.pk}"
    with change(by=by) as c:
        used = Invitation.objects.filter(pk=found.pk, used_at=None, withdrawn_at=None).update(used_at=timezone.now())
        if not used:
            raise InvitationClosed("Cette invitation vient d’être utilisée.")
        person = existing or Person.objects.create_user(
            found.email, password, given_name=given_name.strip(), family_name=family_name.strip()
        )
        Invitation.objects.filter(pk=found.pk).update(used_by=person)
        give_membership(person, found.organisation, found.function, by=by)
        if found.role:
            give_role(person, Role(found.role), Scope(found.scope_kind), found.scope_id, by=by)
        c.log("accept", "invitation", found.pk, after={"person": person.pk})
    return person


def withdraw_invitation(invitation: Invitation, *, by: Viewer) -> None:
    """Close an invitation that was not used. Raises `NotAllowed`, `InvitationClosed`."""
    if not may_manage_people(by):
        raise NotAllowed("Seul le bureau national peut retirer une invitation.")
    with change(by=by) as c:
        open_ones = Invitation.objects.filter(pk=invitation.pk, used_at=None, withdrawn_at=None)
        if not open_ones.update(withdrawn_at=timezone.now()):
            raise InvitationClosed("Cette invitation a déjà servi ou a déjà été retirée.")
        c.log("withdraw", "invitation", invitation.pk)
