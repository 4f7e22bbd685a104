"""Lists of pages, discussions and projects: only what this viewer may read.

Pages come as base rows, with what a line shows of each kind joined to them: one query, whatever the kinds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.paginator import Page as PageOfRows
from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet, TextField, Value, Window
from django.db.models.functions import Coalesce
from wagtail.images import get_image_model
from wagtail.models import Page

from cms.reading.privacy import readable
from forum.models import Space, Topic
from members.viewer import Viewer
from projects.models import Project

PER_PAGE = 20
KINDS = {
    "sectionpage": "Rubrique",
    "standardpage": "",
    "articlepage": "Article",
    "experiencesheet": "Bonne pratique",
    "partnerpage": "Partenaire",
    "regionpage": "Région",
    "eventpage": "Rencontre",
    "meetingreport": "Restitution",
}
"""Kinds of pages that lists show, as their tables are called, and what a line calls them."""
SIGNED = ("articlepage", "experiencesheet")
"""Kinds of pages that are of an organisation, of which the line says the name."""
DATED = ("articlepage", "experiencesheet", "meetingreport")
"""Kinds of pages whose line says when they were published."""
PICTURE = "fill-480x300-c100|format-webp"
"""The picture of a card."""
LISTS = [
    ("topics", "Dernières discussions"),
    ("practices", "Dernières bonnes pratiques"),
    ("articles", "Derniers articles"),
    ("projects", "Projets mis à jour"),
]
"""What a list of a page’s body may show."""
ORDERS: dict[str, list[Any]] = {
    "tree": ["path"],
    "recent": [F("first_published_at").desc(nulls_last=True), "-pk"],
    "title": ["title", "pk"],
}


@dataclass(frozen=True)
class Line:
    """What a line of a list shows of something."""

    title: str
    url: str
    detail: str = ""
    text: str = ""


def _of_kinds(name: str, kinds: Iterable[str], empty: Any = None) -> Any:
    """The column of this name, of whichever kind the page is."""
    columns = [F(f"{kind}__{name}") for kind in kinds]
    return Coalesce(*columns, empty) if empty is not None else Coalesce(*columns)


def with_lines(pages: QuerySet[Page]) -> QuerySet[Page]:
    """Join what a line shows: `kind`, `summary`, `picture_pk`, `picture_text`, `signature`. No SQL query more."""
    return pages.annotate(
        kind=F("content_type__model"),
        summary=_of_kinds("summary", KINDS, Value("", output_field=TextField())),
        picture_pk=_of_kinds("picture_id", KINDS),
        picture_text=_of_kinds("picture_alt", KINDS),
        signature=_of_kinds("organisation__name", SIGNED),
    )


def dressed(pages: Iterable[Page]) -> list[Any]:
    """The lines with their kind in words and their picture. One SQL query for the pictures, two until each is sized."""
    lines: list[Any] = list(pages)
    pictures = _pictures({line.picture_pk for line in lines if line.picture_pk})
    for line in lines:
        line.kind_label = KINDS.get(line.kind, "")
        line.picture = pictures.get(line.picture_pk)
    return lines


def _pictures(wanted: set[int]) -> dict[int, Any]:
    """The images of these keys, each with its size for a card."""
    if not wanted:
        return {}
    model = get_image_model()
    sized = model.get_rendition_model().objects.filter(image__in=wanted, filter_spec=PICTURE).select_related("image")
    found: dict[int, Any] = {}
    for rendition in sized:
        image = found.setdefault(rendition.image_id, rendition.image)
        image.prefetched_renditions = [*getattr(image, "prefetched_renditions", ()), rendition]
    missing = wanted - found.keys()
    return {**found, **(model.objects.in_bulk(missing) if missing else {})}


def page_of(pages: QuerySet[Page], number: str) -> PageOfRows[Any]:
    """One page of a list (the last one where the number is beyond). Three SQL queries, five beyond the last page.

    Which rows it holds, out of how many, is asked first, and then what their lines show: in one query PostgreSQL joins
    for all the rows of the list what twenty of them need.
    """
    asked = max(1, int(number)) if number.isascii() and number.isdecimal() and len(number) < 6 else 1
    counted = pages.annotate(total=Window(Count("pk"))).values_list("pk", "total")
    start = (asked - 1) * PER_PAGE
    found = list(counted[start : start + PER_PAGE])
    paginator = Paginator(pages.values_list("pk", flat=True), PER_PAGE)
    if found:
        paginator.count = found[0][1]
        shown = paginator.get_page(asked)
        shown.object_list = [pk for pk, _ in found]
    else:
        shown = paginator.get_page(asked)
    rows = Page.objects.filter(pk__in=list(shown.object_list)).order_by(*pages.query.order_by)
    shown.object_list = dressed(with_lines(rows))
    return shown


def page_of_children(parent: Page, viewer: Viewer, number: str, order: str = "tree") -> PageOfRows[Any]:
    """The pages under a page, as far as the viewer reads them. Three SQL queries."""
    rows = readable(Page.objects.child_of(parent).live(), viewer).order_by(*ORDERS[order])
    return page_of(rows, number)


def articles_of(partner: Any, viewer: Viewer, number: str) -> PageOfRows[Any]:
    """Articles and practices under a partner’s page, or signed for it elsewhere, the latest first."""
    own = Q(path__startswith=partner.path, depth__gt=partner.depth)
    if partner.organisation_id is not None:
        own |= Q(articlepage__organisation=partner.organisation_id)
    rows = Page.objects.live().filter(own, content_type__model__in=SIGNED)
    return page_of(readable(rows, viewer).order_by(*ORDERS["recent"]), number)


def embedded(kind: str, viewer: Viewer, *, region: str, commitment: int | None, count: int) -> list[Line]:
    """The latest things of a kind (`LISTS`) that the viewer may read, narrowed. One SQL query."""
    if kind == "topics":
        return topics(viewer, region=region, commitment=commitment, count=count)
    if kind == "projects":
        return projects_of(region=region, commitment=commitment, count=count)
    rows = latest(kind, viewer, region=region, commitment=commitment)
    return [Line(row.title, row.url, row.signature or "", row.summary) for row in with_lines(rows)[:count]]


def latest(kind: str, viewer: Viewer, *, region: str = "", commitment: int | None = None) -> QuerySet[Page]:
    """Practices or articles, the latest first, as base rows; for a list or a feed."""
    name = {"practices": "experiencesheet", "articles": "articlepage"}[kind]
    model: Any = apps.get_model("cms", name)  # not imported: the models read from here
    own = model.objects.all()
    if region:
        own = own.filter(region=region)
    if commitment:
        own = own.filter(commitments__number=commitment)
    rows = Page.objects.live().filter(pk__in=own.values("pk"))
    return readable(rows, viewer).order_by(*ORDERS["recent"])


def topics(viewer: Viewer, *, region: str = "", commitment: int | None = None, count: int) -> list[Line]:
    rows = Topic.objects.visible_to(viewer).filter(last_number__gt=0)
    if region:
        rows = rows.filter(Q(region=region) | Q(space__in=Space.objects.filter(region=region)))
    if commitment:
        rows = rows.filter(commitments__number=commitment)
    rows = rows.select_related("space").order_by("-last_post_at", "-id")
    return [Line(topic.title, topic.get_absolute_url(), topic.space.title) for topic in rows[:count]]


def projects_of(*, region: str = "", commitment: int | None = None, count: int) -> list[Line]:
    rows = Project.objects.published().with_place().with_state().defer("raw")
    if region:
        rows = rows.filter(commune__region=region)
    if commitment:
        rows = rows.filter(commitments__number=commitment)
    found = rows.order_by("-updated_at", "-id")[:count]
    return [Line(row.name, row.get_absolute_url(), f"{row.place}, {row.state_label}") for row in found]
