"""Tags of the editorial pages: pictures in their sizes, ids that are not said twice, what a shared link shows."""

from __future__ import annotations

from decimal import Decimal
from itertools import count
from typing import Any

from django import template
from django.conf import settings
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.text import slugify
from wagtail.images.models import Filter, Picture

from cms.reacting import Discussion, discussion_of
from cms.reading.lists import PICTURE
from look.sharing import Picture as SharedPicture
from look.sharing import sharing
from look.structured import structured
from members.viewer import VISITOR_VIEWER

register = template.Library()

SHARED = "fill-1200x630|format-jpeg"
"""The picture of a shared link: robots that show one know JPEG."""
FORMATS = "format-{avif,webp,jpeg}"
SIZES = {
    "column": (["width-{420,840}", FORMATS], "(min-width: 48em) 52rem, 100vw"),
    "first": (["width-{420,840}", FORMATS], "(min-width: 48em) 52rem, 100vw"),
    "half": (["width-{320,640}", FORMATS], "(min-width: 48em) 26rem, 100vw"),
    "card": (["fill-480x300", "format-{avif,webp,jpeg}"], ""),
    "logo": (["max-240x160", "format-{webp,png}"], ""),
}
"""For each place: what is made of the picture, and how wide the browser will show it."""


@register.simple_tag(takes_context=True)
def discussion(context: template.Context, page: Any) -> Discussion:
    """The discussion of a page, as far as its viewer may see it."""
    return discussion_of(page, context.get("viewer") or VISITOR_VIEWER)


def _sized(image: Any) -> Any:
    """The image with all its sizes read: one SQL query, however many are shown of it."""
    if getattr(image, "prefetched_renditions", None) is None:
        image.prefetched_renditions = list(image.renditions.all())
    return image


@register.simple_tag
def shown(image: Any, place: str = "column", alt: str | None = None) -> SafeString | str:
    """A picture in the sizes and formats of its place, with width, height and alternative text.

    Without `alt` the alternative text is the block's (`ImageBlock`); an empty one says that it is decorative. All but
    the first picture of a page wait until they are near. One SQL query, unless the sizes were fetched before.
    """
    if not image:
        return ""
    specs, sizes = SIZES[place]
    filters = [Filter(spec=spec) for spec in Filter.expand_spec(specs)]
    text = getattr(image, "contextual_alt_text", None) if alt is None else alt
    attributes = {"alt": text or "", "class": "fr-responsive-img", "decoding": "async"}
    if sizes:
        attributes["sizes"] = sizes
    if place != "first":
        attributes["loading"] = "lazy"
    return SafeString(Picture(_sized(image).get_renditions(*filters), attributes).__html__())


@register.simple_tag
def small_picture(image: Any, alt: str | None = "") -> SafeString:
    """The small picture of a card, whose sizes the list has fetched."""
    attributes = {"alt": alt or "", "class": "fr-responsive-img", "loading": "lazy", "decoding": "async"}
    return image.get_rendition(Filter(spec=PICTURE)).img_tag(attributes)


def _counter(context: template.Context) -> Any:
    """Counts within one answer, so that the same page is the same to all."""
    request = context.get("request")
    if request is None:
        return count(1)
    if not hasattr(request, "numbered"):
        request.numbered = (count(1), set())
    return request.numbered[0]


@register.simple_tag(takes_context=True)
def numbered(context: template.Context, name: str) -> str:
    """An id that no other block of the page has."""
    return f"{name}-{next(_counter(context))}"


@register.simple_tag(takes_context=True)
def anchor(context: template.Context, title: str) -> str:
    """The id of a heading, from its words; a second one of the same words gets a number."""
    number = next(_counter(context))
    request = context.get("request")
    name = f"t-{slugify(title)[:60]}"
    taken: set[str] = request.numbered[1] if request is not None else set()
    if name in taken:
        name = f"{name}-{number}"
    taken.add(name)
    return name


@register.filter
def decimal(value: Decimal | float | None) -> str:
    """A figure with the decimals that it has: « 1 240 », « 3,5 »."""
    if value is None:
        return ""
    return number_format(Decimal(str(value)).normalize().__format__("f"), force_grouping=True)


@register.simple_tag(takes_context=True)
def canonical(context: template.Context) -> str:
    """The page's one address, with the number of its list."""
    page, number = context["page"], getattr(context.get("children"), "number", 1)
    return f"{settings.SITE_URL}{page.url or ''}{f'?page={number}' if number > 1 else ''}"


@register.simple_tag(takes_context=True)
def open_graph(context: template.Context) -> SafeString | str:
    """What is shown where the page's link is shared: to visitors, so that nothing is told of what members alone read.

    Its picture costs no SQL query beside that of its other sizes.
    """
    page = context["page"]
    if (context.get("viewer") or VISITOR_VIEWER).person is not None:
        return ""
    picture = getattr(page, "picture", None)
    if picture is not None:
        large = _sized(picture).get_rendition(Filter(spec=SHARED))
        picture = SharedPicture(large.url, large.width, large.height, page.picture_alt or page.title)
    return sharing(
        page.seo_title or page.title,
        page.description,
        canonical(context),
        kind="article" if getattr(page, "summary", "") else "website",
        picture=picture,
    )


@register.simple_tag(takes_context=True)
def article_data(context: template.Context) -> SafeString:
    """An article or a practice for search engines; its author is the organisation, never a person."""
    page = context["page"]
    return structured(
        "Article",
        headline=page.title,
        description=page.description,
        url=canonical(context),
        inLanguage="fr",
        datePublished=page.first_published_at.isoformat() if page.first_published_at else "",
        dateModified=page.last_published_at.isoformat() if page.last_published_at else "",
        author={"@type": "Organization", "name": page.organisation.label} if page.organisation else None,
        publisher={"@type": "Organization", "name": settings.SITE_NAME},
    )


@register.simple_tag(takes_context=True)
def partner_data(context: template.Context) -> SafeString:
    """A partner for search engines."""
    page = context["page"]
    name = page.organisation.label if page.organisation else page.title
    return structured("Organization", name=name, description=page.description, url=page.website or canonical(context))
