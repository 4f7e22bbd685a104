"""Agreements with partners: while one is in force, the partner's authors write."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from changes import Actor, change
from members.models import Organisation, PartnershipAgreement, Person, Role, RoleAssignment, Scope
from members.projection import project_groups


def sign_agreement(
    organisation: Organisation,
    *,
    by: Actor | str,
    themes: str = "",
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> PartnershipAgreement:
    """Record the agreement with a partner. Called after the right was checked; its authors write from its start."""
    with change(by=by) as c:
        agreement = PartnershipAgreement.objects.create(
            organisation=organisation, themes=themes, starts_at=starts_at or timezone.now(), ends_at=ends_at
        )
        c.log("sign", "agreement", agreement.pk, after={"organisation": organisation.pk})
        agreement_changed(agreement, by=by)
    return agreement


def agreement_changed(agreement: PartnershipAgreement, *, by: Actor | str) -> None:
    """An agreement was signed or its dates changed: the partner has its section, its authors gain or lose the pen."""
    with change(by=by) as c:
        c.fact("members.writers", f"org:{agreement.organisation_id}")
        rows = PartnershipAgreement.objects.filter(pk=agreement.pk)
        for person in Person.objects.filter(pk__in=authors_for(rows)):
            project_groups(person)


def authors_for(agreements: QuerySet[PartnershipAgreement]) -> list[int]:
    """Persons who have, had or will have the role of author for the partners of these agreements."""
    partners = [str(pk) for pk in agreements.values_list("organisation", flat=True)]
    roles = RoleAssignment.objects.filter(
        role=Role.PARTNER_AUTHOR, scope_kind=Scope.ORGANISATION, scope_id__in=partners
    )
    return list(roles.values_list("person", flat=True).distinct())
