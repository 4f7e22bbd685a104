"""What each report lists: one SQL query over pages that the caller has narrowed to an editor’s own."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.models import Page, PageQuerySet, ReferenceIndex, get_page_models
from wagtail.permissions import policy_registry

from cms.models import (
    ArticlePage,
    BrokenLink,
    ClubImage,
    ClubPage,
    EventPage,
    ExperienceSheet,
    HomePage,
    MeetingReport,
    SectionPage,
)

OLD = timedelta(days=548)
"""Eighteen months: after that, a page is asked whether it is still right."""


def theirs(user: Any) -> PageQuerySet:
    """Pages that this person may change."""
    pages: PageQuerySet = policy_registry.get_by_type(Page).instances_user_has_permission_for(user, "change")
    return pages


def _kinds(base: type[ClubPage], *but: type[ClubPage]) -> list[Any]:
    return [model for model in get_page_models() if issubclass(model, base) and model not in but]


def _any(kinds: list[Any], **asked: Any) -> Q:
    """Pages of one of these kinds of which this is true."""
    found = Q(pk__in=[])
    for model in kinds:
        found |= Q(pk__in=model.objects.filter(**asked).values("pk"))
    return found


def to_read_again(user: Any, today: date | None = None) -> PageQuerySet:
    """Published pages whose day of review has come, or that nobody published or verified for eighteen months.

    Whoever set a later day has said that it is right until then. Sections and the home page are no such text.
    """
    today = today or timezone.localdate()
    since = timezone.make_aware(datetime.combine(today - OLD, time()))
    written = _kinds(ClubPage, HomePage, SectionPage)
    due = _any(written, review_on__lte=today)
    spared = _any(written, review_on__gt=today) | _any([ExperienceSheet], verified_on__gte=since.date())
    old = Q(last_published_at__lt=since) & _any(written) & ~spared
    return theirs(user).live().filter(due | old).order_by("last_published_at", "pk")


def without_engagement(user: Any) -> PageQuerySet:
    """Published pages of the kinds that one finds by the charter, and that name none of its engagements."""
    kinds = [ArticlePage, ExperienceSheet, EventPage, MeetingReport]
    found = theirs(user).live().filter(_any(kinds)).exclude(_any(kinds, commitments__isnull=False))
    return found.order_by("title", "pk")


def without_words(user: Any) -> QuerySet[ClubImage]:
    """Images that some page uses and whose description, which is their alternative text, is empty."""
    policy = policy_registry.get_by_type(ClubImage)
    used = ReferenceIndex.objects.filter(
        to_content_type__model="clubimage",
        to_content_type__app_label="cms",
        to_object_id=Cast(OuterRef("pk"), CharField()),
    )
    images: QuerySet[ClubImage] = policy.instances_user_has_permission_for(user, "change")
    return images.filter(Exists(used), description="").order_by("title", "pk")


def broken_links(user: Any) -> QuerySet[BrokenLink]:
    """What the last walk found on their published pages."""
    rows = BrokenLink.objects.filter(page__in=theirs(user).live().values("pk")).select_related("page__content_type")
    return rows.order_by("page__title", "page_id", "pk")
