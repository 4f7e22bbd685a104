"""What the editor’s « Vérifications » panel says of the draft as it was last saved."""

from __future__ import annotations

from typing import Any

from django import template

from cms.checks import Finding, check_page

register = template.Library()


@register.simple_tag
def findings_of(page: Any) -> list[Finding] | None:
    """What is to be mended in a page of ours, the gravest first; nothing for a page that is not saved yet."""
    if getattr(page, "pk", None) is None or not hasattr(page, "another_publishes"):
        return None
    return check_page(page)
