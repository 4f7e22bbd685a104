"""The sections in which partners and régions write. Made by `manage.py editors`, at the first content, and by a fact
when a role is given or an agreement signed. Repeatable; what an editor changed is left as it is.
"""

from __future__ import annotations

from typing import Any

from django.utils.text import slugify
from wagtail.models import Page

from changes import SYSTEM, change
from cms.models import HomePage, PartnerPage, RegionPage, SectionPage
from cms.roles import grants
from cms.roles.workflow import make_workflow
from members.models import Organisation, Person, Role
from members.projection import (
    GROUPS,
    MEMBERS,
    authors_of,
    editors_of,
    members_of,
    project_groups,
    publishers_of,
)
from territories.models import Region

PARTNERS = ("partenaires", "Partenaires", "Les organismes qui travaillent avec le club, et ce qu’ils publient.")
REGIONS = ("regions", "Régions", "La vie du club dans chaque région : correspondants, rencontres, publications.")


def make_sections() -> int:
    """Make the sections of all partners and régions, their groups and the review; returns how many pages were made."""
    if not HomePage.objects.exists():
        return 0
    before = Page.objects.count()
    with change(by=SYSTEM):
        make_workflow()
        grants.group_named(MEMBERS)
        grants.collection_named(grants.COMMON)
        grants.may_date_agreements(grants.group_named(GROUPS[Role.NATIONAL_OFFICE]))
    for partner in Organisation.objects.filter(kind=Organisation.Kind.PARTNER).order_by("name"):
        section_of_partner(partner)
    for region in regions():
        section_of_region(region)
    for person in Person.objects.filter(is_active=True):
        with change(by=SYSTEM):
            project_groups(person)
    return Page.objects.count() - before


def regions() -> list[Region]:
    """The régions that have départements; overseas collectivités, with three digits, have no service of their own."""
    rows = Region.objects.in_force().filter(departments__isnull=False).distinct().order_by("name")
    return [region for region in rows if len(region.code) == 2]


def section_of_partner(partner: Organisation) -> PartnerPage:
    """A partner’s section, collection and group: its authors add and change there, and publish nothing."""
    with change(by=SYSTEM):
        page = PartnerPage.objects.filter(organisation=partner).order_by("pk").first()
        if page is None:
            page = _add(
                _parent(*PARTNERS),
                PartnerPage(title=partner.name, organisation=partner, summary=f"{partner.name}, partenaire du club."),
            )
        name = authors_of(partner)
        group = grants.group_named(name)
        grants.may_enter(group)
        grants.on_pages(group, page, ["add", "change"])
        _files(name, partner.name)
    return page


def section_of_region(region: Region) -> RegionPage:
    """A région’s section, collection and groups: its editors add and change there, its correspondents publish."""
    with change(by=SYSTEM):
        page = RegionPage.objects.filter(region=region).order_by("pk").first()
        if page is None:
            page = _add(
                _parent(*REGIONS),
                RegionPage(title=region.name, region=region, summary=f"Le club en région : {region.name}."),
            )
        editors, publishers = grants.group_named(editors_of(region)), grants.group_named(publishers_of(region))
        grants.group_named(members_of(region))
        grants.may_enter(editors)
        grants.on_pages(editors, page, ["add", "change"])
        grants.on_pages(publishers, page, ["publish", "lock", "unlock"])
        _files(editors.name, f"Région {region.name}")
    return page


def _files(group: str, collection: str) -> None:
    held = grants.group_named(group)
    grants.on_files(held, grants.collection_named(collection), ["add", "change", "choose"])
    grants.on_files(held, grants.collection_named(grants.COMMON), ["choose"])


def _parent(slug: str, title: str, summary: str) -> Page:
    """The section of partners or of régions, under the home."""
    home = HomePage.objects.get()
    found = SectionPage.objects.child_of(home).filter(slug=slug).first()
    if found is not None:
        return found
    return _add(home, SectionPage(title=title, slug=slug, summary=summary, order=SectionPage.Order.TITLE))


def _add(parent: Page, page: Any) -> Any:
    page.slug = page.slug or slugify(page.title)
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page
