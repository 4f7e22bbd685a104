"""What a page names: an editor names what they may see, and what the page named before; a number that is posted is no
right to what stands under it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, ReferenceIndex
from wagtail.permissions import policy_registry

from cms.reading.choosing import choosable_by
from members.models import Person
from members.viewer import Viewer

Named = set[tuple[type[Any], str]]


def named_by(page: Any) -> Named:
    """Pages, images and documents that a page names, in fields, blocks and links of its texts."""
    kinds = {Page, get_image_model(), get_document_model()}
    found: Named = set()
    for content_type_id, pk, _, _ in ReferenceIndex._extract_references_from_object(page):
        model = _model(content_type_id)
        for kind in kinds:
            if model is not None and issubclass(model, kind):
                found.add((kind, str(pk)))
    return found


def _model(content_type_id: int) -> type[Any] | None:
    return ContentType.objects.get_for_id(content_type_id).model_class()


def beyond(named: Named, held: Named, user: Any) -> Named:
    """Those that are new and that this person may not choose. Three SQL queries; none for the national office."""
    if isinstance(user, Person) and Viewer.of(user).is_national_office:
        return set()
    new: dict[type[Any], set[str]] = defaultdict(set)
    for kind, pk in named - held:
        new[kind].add(pk)
    refused: Named = set()
    for kind, pks in new.items():
        if kind is Page:
            rows = choosable_by(Page.objects.all(), user)
        else:
            policy = policy_registry.get_by_type(kind)
            rows = policy.instances_user_has_any_permission_for(user, ["choose", "change", "add"])
        known = {str(pk) for pk in rows.filter(pk__in=pks).values_list("pk", flat=True)}
        refused |= {(kind, pk) for pk in pks - known}
    return refused
