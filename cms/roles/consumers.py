"""Facts that make somebody write somewhere: a role is given, an agreement signed, a partner’s page published."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from changes import SYSTEM, change
from changes.facts import handles
from changes.models import Fact
from cms.models import HomePage, PartnerPage
from cms.roles.sections import make_sections, section_of_partner, section_of_region
from members.actions import agreement_changed, sign_agreement
from members.models import Organisation, PartnershipAgreement
from territories.models import Region


@handles("sections", "members.writers")
def make_their_section(fact: Fact) -> None:
    """The section of a partner or région who just gained an author. Nothing to do before the site has its home."""
    kind, _, pk = fact.object_id.partition(":")
    if not HomePage.objects.exists():
        return
    if kind == "org":
        partner = Organisation.objects.filter(pk=pk, kind=Organisation.Kind.PARTNER).first()
        if partner is not None:
            section_of_partner(partner)
    elif kind in ("region", "department"):
        of = {"code": pk} if kind == "region" else {"departments": pk}
        for region in Region.objects.filter(**of):
            section_of_region(region)
    else:
        make_sections()


@handles("sections", "page.published")
def follow_the_agreement(fact: Fact) -> None:
    """A partner’s page says from when to when its agreement runs: once the bureau has published it, rights follow."""
    page = PartnerPage.objects.live().filter(pk=fact.object_id).exclude(organisation=None).first()
    if page is None or page.agreement_from is None:
        return
    begins = _start(page.agreement_from)
    ends = _start(page.agreement_until + timedelta(days=1)) if page.agreement_until is not None else None
    with change(by=SYSTEM):
        known = PartnershipAgreement.objects.filter(organisation=page.organisation).order_by("-starts_at").first()
        if known is None or (known.ends_at is not None and known.ends_at <= begins):
            sign_agreement(page.organisation, by=SYSTEM, starts_at=begins, ends_at=ends)
        elif (known.starts_at, known.ends_at) != (begins, ends):
            known.starts_at, known.ends_at = begins, ends
            known.save(update_fields=["starts_at", "ends_at"])
            agreement_changed(known, by=SYSTEM)


def _start(day: date) -> datetime:
    """The start of a day in France."""
    return timezone.make_aware(datetime.combine(day, time.min))
