"""The discussion that a page opened: a row of ours, not a field of the page, which an older draft would undo."""

from __future__ import annotations

from django.db import models
from wagtail.models import Page

from forum.models import Topic


class Reaction(models.Model):
    """A page and its discussion. One page has one; it stays when the page is taken down."""

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="+", editable=False)
    topic = models.OneToOneField(Topic, on_delete=models.CASCADE, related_name="+", editable=False)

    class Meta:
        verbose_name = "discussion d’une page"
        verbose_name_plural = "discussions des pages"

    def __str__(self) -> str:
        return f"page {self.page_id}, discussion {self.topic_id}"
