"""What members do after the commit and at dates."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from changes import SYSTEM, change
from changes.facts import handles
from changes.models import Fact
from changes.ticks import tick
from members.actions.agreements import authors_for
from members.models import Invitation, PartnershipAgreement, Person
from members.projection import project_groups

KEEP_DAYS = 90  # an invitation that nobody took up


@handles("mail", "mail.password_reset")
def send_reset_link(fact: Fact) -> None:
    """Mail a link to choose a new password, where the address has an open account; else nothing happens."""
    person = Person.objects.filter(email__iexact=fact.payload.get("email", ""), is_active=True).first()
    if person is None:
        return
    key = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    path = reverse("account_reset_password_from_key", kwargs=key)
    context = {"password_reset_url": settings.SITE_URL + path}
    send_mail(
        render_to_string("account/email/password_reset_key_subject.txt", context).strip(),
        render_to_string("account/email/password_reset_key_message.txt", context),
        None,
        [person.email],
    )


@tick(every=3600 * 6)
def forget_unused_invitations() -> None:
    """What we know of somebody who never came goes three months after the invitation."""
    with change(by=SYSTEM):
        limit = timezone.now() - timedelta(days=KEEP_DAYS)
        Invitation.objects.filter(used_at=None, created_at__lt=limit).delete()


@tick(every=60)
def follow_dates() -> None:
    """Bring Wagtail's groups in line with roles, mandates and agreements that began or ended in the last two days."""
    now = timezone.now()
    lately = (now - timedelta(days=2), now)

    def passed(where: str) -> Q:
        return Q(**{f"{where}__ends_at__range": lately}) | Q(**{f"{where}__starts_at__range": lately})

    partners = PartnershipAgreement.objects.filter(Q(ends_at__range=lately) | Q(starts_at__range=lately))
    people = Person.objects.filter(passed("roles") | passed("memberships") | Q(pk__in=authors_for(partners)))
    for person in people.distinct():
        with change(by=SYSTEM):
            project_groups(person)
