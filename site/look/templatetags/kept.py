"""`{% kept "pied" SITE_NAME %}…{% endkept %}`: a part that is the same on every page, rendered once by each process."""

from __future__ import annotations

import hashlib
from typing import Any

from django import template
from django.conf import settings
from django.core.cache import caches
from django.template.base import FilterExpression, Node, NodeList, Parser, Token

register = template.Library()


class KeptNode(Node):
    """Renders its content where no content was kept under its name and the values that it names."""

    def __init__(self, nodelist: NodeList, names: list[FilterExpression]) -> None:
        self.nodelist, self.names = nodelist, names

    def render(self, context: template.Context) -> str:
        """The content; in debug never from what was kept, so that a change of a template is seen."""
        if settings.DEBUG:
            return self.nodelist.render(context)
        values = repr([str(name.resolve(context)) for name in self.names])  # str: lazy values are asked, not named
        key = f"kept:{hashlib.blake2b(values.encode(), digest_size=16).hexdigest()}"
        html: str | None = caches["process"].get(key)
        if html is None:
            html = self.nodelist.render(context)
            caches["process"].set(key, html, None)
        return html


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """A name, then all that the content depends on: nothing of the person, nothing of the page."""
    names: list[Any] = [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(nodelist, names)
