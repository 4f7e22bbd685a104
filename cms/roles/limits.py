"""What an editor meets in choosers and suggestions: what is published, what is theirs. Wagtail’s show everything."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.http import HttpRequest
from taggit.models import Tag, TaggedItem
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.permissions import policy_registry

from cms.reading.choosing import choosable_by

SUGGESTED = 10


def choosable(pages: Any, request: HttpRequest) -> Any:
    """Pages that whoever asks may see in a chooser."""
    return choosable_by(pages, request.user)


def tags_of(user: Any, begin: str) -> list[str]:
    """Words that begin so, on images and documents that this person may choose."""
    if not begin:
        return []
    found = Q(pk__in=[])
    for model in (get_image_model(), get_document_model()):
        theirs = policy_registry.get_by_type(model).instances_user_has_any_permission_for(user, ["change", "choose"])
        items = TaggedItem.objects.filter(
            content_type=ContentType.objects.get_for_model(model), object_id__in=theirs.values("pk")
        )
        found |= Q(pk__in=items.values("tag"))
    tags = Tag.objects.filter(found, name__istartswith=begin).order_by("name")
    return list(tags.values_list("name", flat=True)[:SUGGESTED])


def no_popular_tags(model: Any, count: int = 10) -> Any:
    """In place of Wagtail’s, which counts the words of everybody’s images and documents."""
    return Tag.objects.none()
