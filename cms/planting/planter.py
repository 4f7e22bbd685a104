"""How the starter tree is planted: each page once, under its key; what was edited, moved or deleted since stays so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.utils import timezone
from wagtail.models import Page

from changes import SYSTEM, change
from changes.models import JournalLine
from cms.models import ClubDocument, ClubImage, HomePage
from cms.planting.pictures import drawn

VERB, KIND = "plant", "page"


class Planter:
    """Plants pages below the home. A key (the way of slugs) that the journal knows is never planted again.

    Whoever deletes a planted page, renames or moves it, keeps what they did: the journal, not the tree, is asked.
    """

    def __init__(self, home: HomePage) -> None:
        lines = JournalLine.objects.filter(verb=VERB, kind=KIND).values_list("object_id", "after")
        self.known = {after["key"]: int(pk) for pk, after in lines if after and "key" in after}
        self.home = home
        self.made = 0

    def page(self, key: str, page: Page, *, parent: str = "", at: datetime | None = None, **also: Any) -> Page | None:
        """Plant a published page under the page of the key `parent`, or the home; None where there is nothing to do.

        Nothing is done where it was planted before, where its parent is gone, or where a sister has its address.
        `also`: many-to-many values, set after the page is there.
        """
        above = self.find(parent) if parent else Page.objects.filter(pk=self.home.pk).first()
        slug = key.rpartition("/")[2]
        if key in self.known or above is None or above.get_children().filter(slug=slug).exists():
            return None
        moment = at or timezone.now()
        page.slug, page.live, page.first_published_at, page.last_published_at = slug, True, moment, moment
        with change(by=SYSTEM) as c:
            above.specific.add_child(instance=page)
            for name, values in also.items():
                getattr(page, name).set(values)
            if also:
                page.save()
            page.save_revision().publish()
            c.log(VERB, KIND, page.pk, after={"key": key, "title": page.title})
        Page.objects.filter(pk=page.pk).update(first_published_at=moment, last_published_at=moment)
        self.known[key] = page.pk
        self.made += 1
        return page

    def adopt(self, key: str, page: Page | None) -> None:
        """Take a page that was made another way for the one of a key."""
        if page is not None:
            self.known.setdefault(key, page.pk)

    def find(self, key: str) -> Page | None:
        """The page of a key, if it is still there."""
        pk = self.known.get(key)
        return Page.objects.filter(pk=pk).first() if pk else None


def picture(name: str, title: str) -> ClubImage:
    """A drawing of ours (`cms.planting.pictures`), made where it is missing."""
    found = ClubImage.objects.filter(title=title, credit=CREDIT).first()
    if found is not None:
        return found
    content = ContentFile(drawn(name))
    with change(by=SYSTEM):
        return ClubImage.objects.create(
            title=title, description=title, credit=CREDIT, file=ImageFile(content, name=f"{name}.png")
        )


def document(title: str, file_name: str, text: str) -> ClubDocument:
    """A document of the demo, made where it is missing."""
    found = ClubDocument.objects.filter(title=title).first()
    if found is not None:
        return found
    with change(by=SYSTEM):
        row = ClubDocument(title=title, source="Club National EcoQuartier")
        row.file.save(file_name, ContentFile(text.encode()), save=False)
        row._set_document_file_metadata()
        row.save()
        return row


CREDIT = "Dessin du club"
