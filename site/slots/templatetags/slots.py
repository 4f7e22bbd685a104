"""`{% load slots %}{% slot "topic.after" topic %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from slots.registry import rendered

register = template.Library()


@register.simple_tag(takes_context=True)
def slot(context: template.Context, place: str, *things: Any) -> SafeString:
    """What higher apps show in this place to the page's viewer."""
    return rendered(place, *things, viewer=context.get("viewer"))
