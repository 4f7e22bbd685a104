"""Who may read a page: Wagtail's view restriction, whose groups are projections of roles, and nothing beside it.

One answer for the page itself, lists, menus, feeds, the sitemap and the search: `readable`.
"""

from __future__ import annotations

from typing import TypeVar

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, QuerySet
from django.db.models.functions import Length, Substr
from django.http import HttpRequest
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from members.viewer import Viewer

Pages = TypeVar("Pages", bound=QuerySet[Page])


def readable(pages: Pages, viewer: Viewer) -> Pages:
    """Keep the pages that no restriction, theirs or one of a page above, closes to this viewer. SQL queries: 0.

    A restriction opens to those who are in one of its groups. What it closes stays unknown to the others; a visitor is
    in no group. A kind of restriction that we do not use (password, any signed-in person) opens to nobody.
    """
    closing = PageViewRestriction.objects.alias(
        below=Substr(ExpressionWrapper(OuterRef("path"), CharField()), 1, Length("page__path"))
    ).filter(below=F("page__path"))
    if viewer.person is not None:
        opened = PageViewRestriction.objects.filter(
            pk=OuterRef("pk"), restriction_type=PageViewRestriction.GROUPS, groups__user=viewer.person.pk
        )
        closing = closing.exclude(Exists(opened))
    return pages.exclude(Exists(closing))


def closed_roots(viewer: Viewer) -> list[int]:
    """Pages whose restriction closes them, and all below, to this viewer. One SQL query."""
    closing = PageViewRestriction.objects.all()
    if viewer.person is not None:
        opened = {"restriction_type": PageViewRestriction.GROUPS, "groups__user": viewer.person.pk}
        closing = closing.exclude(pk__in=PageViewRestriction.objects.filter(**opened).values("pk"))
    return list(closing.values_list("page", flat=True))


def may_read(page: Page, viewer: Viewer) -> bool:
    """Whether this viewer may read the page. SQL queries: 1."""
    return readable(Page.objects.filter(pk=page.pk), viewer).exists()


def is_closed(pages: QuerySet[Page]) -> bool:
    """Whether one of these very pages bears a restriction. SQL queries: 1."""
    return PageViewRestriction.objects.filter(page__in=pages).exists()


def closed_collections(viewer: Viewer, request: HttpRequest | None = None) -> frozenset[int]:
    """Collections of documents and images that are closed to this viewer, themselves or by one above. One SQL query.

    Kept on the request, so that a page with many documents asks once.
    """
    kept: frozenset[int] | None = getattr(request, "closed_collections", None)
    if kept is None:
        closing = CollectionViewRestriction.objects.alias(
            below=Substr(ExpressionWrapper(OuterRef("path"), CharField()), 1, Length("collection__path"))
        ).filter(below=F("collection__path"))
        if viewer.person is not None:
            opened = CollectionViewRestriction.objects.filter(
                pk=OuterRef("pk"), restriction_type=CollectionViewRestriction.GROUPS, groups__user=viewer.person.pk
            )
            closing = closing.exclude(Exists(opened))
        kept = frozenset(Collection.objects.filter(Exists(closing)).values_list("pk", flat=True))
        if request is not None:
            request.closed_collections = kept  # type: ignore[attr-defined]  # ours, for this answer only
    return kept
