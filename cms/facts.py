"""Wagtail's signals made into facts: the one place where signals carry domain logic, because Wagtail has no other.

Every POST of its administration runs in one change (`cms.admin_changes`), `ClubPage.publish` and `unpublish` open one,
so the fact and the stream `public` advance with the rows. What visitors see may be anything of these: `public` is
renewed each time.
"""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction
from wagtail.signals import page_published, page_unpublished, post_page_move

from changes import SYSTEM, change
from changes.streams import PUBLIC
from cms.accessibility import forget
from cms.models import AccessibilityAudit, ClubDocument, ClubImage

NARROWING = ("page.unpublished", "page.moved", "page.deleted")


def tell(kind: str, pk: object) -> None:
    """Record the fact and renew visitors’ pages, in the change that is open or in one of its own.

    What a restriction closes is asked at each search; a page that leaves its place is kept back until it is indexed.
    """
    with change(by=SYSTEM) as c:
        c.fact(kind, pk)
        if kind in NARROWING:
            c.narrow("page", pk)
        c.renew(PUBLIC, PUBLIC)


def renew() -> None:
    """Renew visitors’ pages: nothing that others index has changed."""
    with change(by=SYSTEM) as c:
        c.renew(PUBLIC, PUBLIC)


def _renewed(**kwargs: Any) -> None:
    renew()


def _audited(**kwargs: Any) -> None:
    forget()
    renew()


def _published(instance: Any, **kwargs: Any) -> None:
    tell("page.published", instance.pk)


def _unpublished(instance: Any, **kwargs: Any) -> None:
    tell("page.unpublished", instance.pk)


def _moved(instance: Any, url_path_before: str = "", url_path_after: str = "", **kwargs: Any) -> None:
    if url_path_before != url_path_after:
        tell("page.moved", instance.pk)
    else:  # a new order among sisters changes no address, but what a list shows first
        renew()


def _deleted(sender: Any, instance: Any, **kwargs: Any) -> None:
    if isinstance(instance, Page) and sender is not Page:  # once: the specific page, not its base row
        tell("page.deleted", instance.pk)


def _restricted(instance: Any, **kwargs: Any) -> None:
    tell("page.restricted", instance.page_id)


def _image(instance: Any, raw: bool = False, signal: Any = None, **kwargs: Any) -> None:
    tell("image.saved" if signal is post_save else "image.deleted", instance.pk)


def _document(instance: Any, raw: bool = False, signal: Any = None, **kwargs: Any) -> None:
    tell("document.saved" if signal is post_save else "document.deleted", instance.pk)


def _collection(**kwargs: Any) -> None:
    """A collection that moves may close what pages show."""
    with change(by=SYSTEM) as c:
        c.renew(PUBLIC, PUBLIC)


post_save.connect(_collection, sender=Collection, dispatch_uid="facts.collection")
page_published.connect(_published, dispatch_uid="facts.published")
page_unpublished.connect(_unpublished, dispatch_uid="facts.unpublished")
post_page_move.connect(_moved, dispatch_uid="facts.moved")
post_delete.connect(_deleted, dispatch_uid="facts.deleted")
for _signal in (post_save, post_delete):
    _signal.connect(_restricted, sender=PageViewRestriction, dispatch_uid="facts.restricted")
    _signal.connect(_image, sender=ClubImage, dispatch_uid="facts.image")
    _signal.connect(_document, sender=ClubDocument, dispatch_uid="facts.document")
    _signal.connect(_renewed, sender=CollectionViewRestriction, dispatch_uid="facts.collection")
    _signal.connect(_audited, sender=AccessibilityAudit, dispatch_uid="facts.audit")
