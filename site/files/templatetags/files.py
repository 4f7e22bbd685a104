"""Template tags of files: weights as people read them, the files under a thing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.formats import number_format

from files.models import Upload
from look.typography import NBSP

register = template.Library()


@register.filter
def weight(size: int) -> str:
    """`1234567|weight` → « 1,2 Mo », `5300|weight` → « 5 ko »."""
    if size >= 1_000_000:
        return f"{number_format(size / 1_000_000, 1)}{NBSP}Mo"
    return f"{max(1, round(size / 1000))}{NBSP}ko"


@register.inclusion_tag("files/attached.html")
def attached(uploads: Iterable[Upload]) -> dict[str, Any]:
    """What is attached to a thing, the same for everybody who reads it."""
    listed = list(uploads)
    return {
        "pictures": [upload for upload in listed if upload.is_picture],
        "documents": [upload for upload in listed if not upload.is_picture],
    }
