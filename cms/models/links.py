"""Links of published pages that lead nowhere any more, as the weekly walk found them."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class BrokenLink(models.Model):
    """A link that led to nothing when its page was last walked; the next walk writes them anew."""

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+", editable=False)
    place = models.CharField("endroit", max_length=300, editable=False)
    message = models.CharField("constat", max_length=500, editable=False)
    found_at = models.DateTimeField("constaté le", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "lien rompu"

    def __str__(self) -> str:
        return f"{self.page_id} : {self.message}"
