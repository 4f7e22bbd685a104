"""Template tags of ours: pagination, addresses that keep their filters, typography."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BaseForm
from django.template.defaultfilters import floatformat, stringfilter
from django.utils.formats import number_format
from django.utils.safestring import SafeString

from look.sharing import sharing
from look.typography import NBSP, typographic

register = template.Library()
ELLIPSIS = "…"


@register.inclusion_tag("look/pagination.html", takes_context=True)
def pagination(context: template.RequestContext, page: Page[Any], label: str = "Pagination") -> dict[str, Any]:
    """DSFR pagination; the address keeps every other parameter."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    query = context["request"].GET.copy()
    query.pop("page", None)
    prefix = f"?{query.urlencode()}&" if query else "?"
    return {"page": page, "numbers": list(numbers), "prefix": prefix, "label": label, "ellipsis": ELLIPSIS}


@register.simple_tag(takes_context=True)
def shared(context: template.Context, title: str, description: str, path: str) -> SafeString | str:
    """What is shown where the page's link is shared: to visitors, as nothing is told of what members read."""
    if getattr(context.get("viewer"), "person", None) is not None:
        return ""
    return sharing(title, description, f"{settings.SITE_URL}{path}")


@register.simple_tag(takes_context=True)
def with_query(context: template.RequestContext, **changes: object) -> str:
    """The present query string with some parameters changed (empty: removed); back to the first page."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.inclusion_tag("look/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """The list of a form's errors, each a link to its field; it takes the focus."""
    errors = [
        {"id": form[name].auto_id if name in form.fields else "", "label": _label(form, name), "texts": texts}
        for name, texts in form.errors.items()
    ]
    return {"errors": errors, "count": len(errors), "of_fields": all(error["id"] for error in errors)}


def _label(form: BaseForm, name: str) -> str:
    return str(form[name].label) if name in form.fields else ""


@register.filter
def quantity(count: int | None, words: str) -> str:
    """`3|quantity:"projet,projets"` → « 3 projets », with a non-breaking space; French: 0 and 1 are singular."""
    one, _, many = words.partition(",")
    count = count or 0
    return f"{number_format(count, force_grouping=True)}{NBSP}{many if count > 1 else one}"


@register.filter(name="typographic", is_safe=True)
@stringfilter
def french_spaces(text: str) -> str:
    """Non-breaking spaces for a text that comes from a row or from Python; templates get theirs when they are read."""
    return typographic(text)


@register.filter
def grouped(count: int | None) -> str:
    """`12345|grouped` → « 12 345 »: a figure for people, never an identifier."""
    return number_format(count or 0, force_grouping=True)


@register.filter
def percent(value: float | None) -> str:
    """A share in percent, without decimals."""
    return "" if value is None else f"{floatformat(value, 0)}{NBSP}%"
