"""Published pages with the whole text of their blocks. A page closed to somebody closes all that stands below it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.db.models import QuerySet
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.rich_text import get_text_for_indexing

from changes.streams import PUBLIC
from cms.models import (
    ArticlePage,
    ClubPage,
    EventPage,
    ExperienceSheet,
    HomePage,
    LegalPage,
    MeetingReport,
    PartnerPage,
    RegionPage,
    SectionPage,
    StandardPage,
)
from cms.reading.privacy import readable
from members.viewer import Viewer
from search.core.matter import Matter
from search.sources.base import Source, joined, place_words, words

KINDS: dict[type[ClubPage], str] = {ArticlePage: "article", ExperienceSheet: "practice", EventPage: "event"}
OTHERS = (StandardPage, SectionPage, RegionPage, PartnerPage, MeetingReport, LegalPage)
SAID = (RichTextField, StreamField, models.TextField)
UNDATED = datetime(2026, 1, 1, tzinfo=UTC)
"""The moment of a page that a script made without publishing it: the same at each reading."""


def texts(page: Page) -> Iterator[str]:
    """Everything that a page says, field after field, without its title."""
    for field in page._meta.get_fields():
        if not isinstance(field, SAID) or field.model in (Page, ClubPage) or field.name in ("draft_title",):
            continue
        value = getattr(page, field.name)
        if isinstance(field, StreamField):
            yield from _said(value.stream_block, value)
        elif isinstance(field, RichTextField):
            yield get_text_for_indexing(value or "")
        elif field.model is not Page and value:
            yield str(value)


def figures(page: Any) -> Iterator[str]:
    """The figures of a practice, with what they measure."""
    for figure in page.figures.all() if isinstance(page, ExperienceSheet) else ():
        yield f"{figure.value} {figure.label}"


def _said(block: blocks.Block, value: Any) -> Iterator[str]:
    """What a block says to its readers: the choices of its author (a colour, a level) are no words of the page."""
    if isinstance(block, blocks.BaseStreamBlock):
        for child in value:
            yield from _said(child.block, child.value)
    elif isinstance(block, blocks.ListBlock):
        for child in value.bound_blocks:
            yield from _said(child.block, child.value)
    elif isinstance(value, blocks.StructValue):
        for name, child in value.block.child_blocks.items():
            yield from _said(child, value.get(name))
    elif value and not isinstance(block, blocks.ChoiceBlock | blocks.URLBlock | blocks.BooleanBlock):
        yield from block.get_searchable_content(value)


class PageSource(Source):
    """Pages of every kind but the home page, which lists what the others say."""

    name = "page"

    def rows(self) -> QuerySet[Page]:
        kinds = [*KINDS, *OTHERS]
        return Page.objects.live().type(*kinds).not_exact_type(HomePage)

    def build(self, ids: Sequence[int]) -> list[Matter]:
        """One SQL query for the pages, some for each kind among them, one for those above."""
        pages = list(self.rows().filter(pk__in=ids))
        by_kind: dict[type[models.Model], list[int]] = {}
        for page in pages:
            by_kind.setdefault(page.specific_class, []).append(page.pk)
        made: list[Any] = []
        for kind, pks in by_kind.items():
            joins = [
                name
                for name in (
                    "region",
                    "organisation",
                    "author",
                    "project__commune__department",
                    "project__commune__region",
                    "meeting",
                )
                if _has(kind, name)
            ]
            made += (
                kind._default_manager.filter(pk__in=pks)
                .select_related(*joins)
                .prefetch_related("commitments", *(["figures"] if kind is ExperienceSheet else []))
            )
        above = _paths({path[:end] for path in (p.path for p in made) for end in range(8, len(path) + 1, 4)})
        return [self._matter(page, above) for page in made]

    def _matter(self, page: Any, above: dict[str, tuple[int, str]]) -> Matter:
        themes = list(page.commitments.all())
        organisation, author = getattr(page, "organisation", None), getattr(page, "author", None)
        meeting, project = getattr(page, "meeting", None), getattr(page, "project", None)
        ancestors = [above[page.path[:end]] for end in range(8, len(page.path) + 1, 4) if page.path[:end] in above]
        parent = ancestors[-2][1] if len(ancestors) > 2 else ""
        return Matter(
            key=self.key(page.pk),
            kind=KINDS.get(type(page), "page"),
            root=f"meeting:{meeting.pk}" if meeting else self.key(page.pk),
            title=page.title,
            url=page.get_url() or "",
            audience=(PUBLIC,),
            containers=tuple(self.key(pk) for pk, _ in ancestors),
            at=page.last_published_at or page.latest_revision_created_at or page.first_published_at or UNDATED,
            text="\n".join(" ".join(text.split()) for text in [*texts(page), *figures(page)] if text.strip()),
            people=words(author, organisation),
            place=words(page.region and page.region.name, place_words(project.commune) if project else ""),
            tags=words(*(theme.name for theme in themes), project),
            detail=joined(organisation, project and project.place, parent if not organisation else ""),
            regions=(page.region_id,) if page.region_id else (project.commune.region_id,) if project else (),
            themes=tuple(str(theme.number) for theme in themes),
            partner=str(organisation.pk) if organisation and organisation.kind == "partner" else "",
            weight={"practice": 1.2, "article": 1.05}.get(
                KINDS.get(type(page), ""), 0.6 if isinstance(page, LegalPage) else 0.95
            ),
        )

    def readable(self, viewer: Viewer, ids: Iterable[int]) -> set[int]:
        return set(readable(Page.objects.live().filter(pk__in=list(ids)), viewer).values_list("pk", flat=True))


def _has(kind: type[models.Model], path: str) -> bool:
    return any(field.name == path.partition("__")[0] for field in kind._meta.get_fields())


def _paths(paths: set[str]) -> dict[str, tuple[int, str]]:
    """Primary key and title of the pages at these paths. One SQL query."""
    rows = Page.objects.filter(path__in=list(paths)).values_list("path", "pk", "title")
    return {path: (pk, title) for path, pk, title in rows}
