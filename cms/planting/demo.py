"""Articles, practices, a report and an event of the demo, tied to its projects. Refused in production."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from changes import SYSTEM, change
from cms.models import (
    ArticlePage,
    EventPage,
    ExperienceSheet,
    HomePage,
    MeetingReport,
    PartnerPage,
    PracticeFigure,
    RegionPage,
)
from cms.planting.articles import ARTICLES, WAITING
from cms.planting.meetings import EVENT, REPORT
from cms.planting.planter import Planter, document, picture
from cms.planting.practices import PRACTICES
from cms.planting.words import image
from members.models import Organisation, Person
from members.organisations import organisation_of_key
from projects.models import Commitment, Project


class DemoRefused(Exception):
    """Demo content has no place in production."""


def plant_demo() -> int:
    """Plant the demo's pages that were never planted; returns how many. Needs its projects and people. Repeatable.

    Raises `DemoRefused` in production.
    """
    if settings.PRODUCTION:
        raise DemoRefused("Le contenu de démonstration n’est pas admis en production.")
    home = HomePage.objects.first()
    if home is None:
        return 0
    planter = Planter(home)
    now = timezone.now()
    for number, row in enumerate(PRACTICES):
        _practice(planter, row, now - timedelta(days=20 + 23 * number))
    for number, row in enumerate(ARTICLES):
        _article(planter, row, now - timedelta(days=6 + 17 * number))
    _meetings(planter, now)
    _waiting(planter)
    return planter.made


def _about(row: dict[str, Any]) -> dict[str, Any]:
    return {"commitments": list(Commitment.objects.filter(number__in=row["commitments"]))}


def _practice(planter: Planter, row: dict[str, Any], at: datetime) -> None:
    key = f"bonnes-pratiques/{row['slug']}"
    project = Project.objects.select_related("commune").filter(source_key=f"demo:{row['project']:02}").first()
    if key in planter.known or project is None:
        return
    with change(by=SYSTEM):
        organisation = organisation_of_key(f"commune:{project.commune.code}", by=SYSTEM)
    body = list(row["body"])
    if "drawing" in row:
        name, alt, caption = row["drawing"]
        body.insert(1, image(picture(name, alt), alt, caption))
    attachments = [
        ("download", {"document": document(*paper[:3]), "detail": paper[3]}) for paper in row.get("documents", [])
    ]
    page = ExperienceSheet(
        title=row["title"],
        summary=row["summary"],
        project=project,
        organisation=organisation,
        region_id=project.commune.region_id,
        picture=picture(*row["picture"]),
        picture_alt=row["picture"][1],
        body=body,
        attachments=attachments,
        verified_on=(at + timedelta(days=10)).date(),
        figures=[PracticeFigure(value=value, label=label, source=source) for value, label, source in row["figures"]],
        **{name: row[name] for name in ("difficulty", "results_text", "costs", "partners", "redo", "avoid", "contact")},
    )
    planter.page(key, page, parent="bonnes-pratiques", at=at, **_about(row))


def _article(planter: Planter, row: dict[str, Any], at: datetime) -> None:
    key = f"actualites/{row['slug']}"
    organisation = Organisation.objects.filter(name=row["organisation"]).first()
    if key in planter.known or organisation is None:
        return
    page = ArticlePage(
        title=row["title"],
        summary=row["summary"],
        organisation=organisation,
        author=Person.objects.filter(email=row.get("author", "")).first(),
        picture=picture(*row["picture"]) if "picture" in row else None,
        picture_alt=row["picture"][1] if "picture" in row else "",
        body=list(row["body"]),
    )
    planter.page(key, page, parent="actualites", at=at, **_about(row))


def _meetings(planter: Planter, now: datetime) -> None:
    region = RegionPage.objects.filter(region="53").first()
    if region is None:
        return
    planter.adopt("regions/bretagne", region)
    planter.page(
        "regions/bretagne/visite-des-noues-de-redon",
        EventPage(**EVENT, region_id="53"),
        parent="regions/bretagne",
        at=now - timedelta(days=12),
    )
    held = (now - timedelta(days=150)).date()
    planter.page(
        "regions/bretagne/restitution-lannion",
        MeetingReport(**REPORT, region_id="53", held_on=held),
        parent="regions/bretagne",
        at=now - timedelta(days=140),
    )


def _waiting(planter: Planter) -> None:
    """An article that its author has sent and that waits for the bureau."""
    key = f"en-relecture/{WAITING['slug']}"
    author = Person.objects.filter(email=WAITING["author"]).first()
    above = PartnerPage.objects.filter(organisation__name=WAITING["organisation"]).first()
    if key in planter.known or author is None or above is None:
        return
    with change(by=SYSTEM) as c:
        page = ArticlePage(
            title=WAITING["title"],
            slug=WAITING["slug"],
            summary=WAITING["summary"],
            organisation=above.organisation,
            author=author,
            owner=author,
            body=list(WAITING["body"]),
            live=False,
        )
        above.add_child(instance=page)
        page.commitments.set(Commitment.objects.filter(number__in=WAITING["commitments"]))
        page.save_revision(user=author)
        workflow = page.get_workflow()
        if workflow is not None:
            workflow.start(page, author)
        c.log("plant", "page", page.pk, after={"key": key, "title": page.title})
    planter.made += 1
