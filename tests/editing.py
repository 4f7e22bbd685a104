"""What tests of the editorial site arrange: two partners and a région with their authors, an article in each."""

from __future__ import annotations

from dataclasses import dataclass

from changes import change
from cms.models import ArticlePage
from cms.roles import make_sections, section_of_partner, section_of_region
from cms.tree import plant_tree
from members.actions import sign_agreement
from members.models import Organisation, Person, Role, Scope
from projects.charter import seed_charter
from projects.models import Commitment
from territories.models import Region

BODY = [("heading", {"text": "Ce que l’on a fait", "level": "h2"}), ("paragraph", "<p>Quatre noues plantées.</p>")]


@dataclass
class House:
    """A site in which people write."""

    ademe: Organisation
    ush: Organisation
    author: Person
    other: Person
    office: Person
    deputy: Person
    correspondent: Person
    facilitator: Person

    def article(self, title: str = "Des noues", by: Person | None = None, region: str = "", **fields) -> ArticlePage:
        """A draft of this person: in the partner’s section, or in the région’s."""
        by = by or self.author
        with change(by="test"):
            if region:
                parent = section_of_region(Region.objects.get(code=region))
            else:
                parent = section_of_partner(self.ush if by == self.other else self.ademe)
            values = {"organisation": self.ademe, "summary": "Ce qu’il faut retenir.", "body": BODY, **fields}
            page = ArticlePage(title=title, owner=by, live=False, region_id=region or None, **values)
            parent.add_child(instance=page)
            page.commitments.set([Commitment.objects.first()])
            page.save()
            page.save_revision(user=by)
        return ArticlePage.objects.get(pk=page.pk)


def typed(title: str = "Mon article", **more: object) -> dict[str, object]:
    """What the editor of an article posts."""
    body = {"body-count": "1", "body-0-deleted": "", "body-0-order": "0", "body-0-type": "heading", "body-0-id": ""}
    body |= {"body-0-value-text": "Les choix", "body-0-value-level": "h2"}
    counts = {f"comments-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")}
    return {"title": title, "slug": "mon-article", "summary": "En bref.", **body, **counts, **more}


def make_house(make_person, work) -> House:
    seed_charter()
    plant_tree()
    with change(by="test"):
        ademe, ush = (Organisation.objects.create(kind="partner", name=name) for name in ("ADEME", "USH"))
        for partner in (ademe, ush):
            sign_agreement(partner, by="test")
    author, other = (
        make_person(f"{name}@p.example", role=Role.PARTNER_AUTHOR, scope=(Scope.ORGANISATION, str(partner.pk)))
        for name, partner in (("auteur", ademe), ("autre", ush))
    )
    region = (Scope.REGION, "53")
    made = House(
        ademe,
        ush,
        author,
        other,
        office=make_person("bureau@club.example", role=Role.NATIONAL_OFFICE),
        deputy=make_person("second@club.example", role=Role.NATIONAL_OFFICE),
        correspondent=make_person("dreal@etat.example", role=Role.CORRESPONDENT, scope=region),
        facilitator=make_person("cerema@etat.example", role=Role.FACILITATOR, scope=region),
    )
    make_sections()
    work()
    for field in ("author", "other", "office", "deputy", "correspondent", "facilitator"):
        setattr(made, field, Person.objects.get(pk=getattr(made, field).pk))
    return made
