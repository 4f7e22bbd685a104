"""What leads elsewhere: tiles, cards, buttons, contacts, lists that fill themselves."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail import blocks

from cms.blocks.base import LEVELS, LINKS, LinkBlock
from cms.blocks.media import picture
from cms.reading.lists import LISTS, embedded
from members.viewer import VISITOR_VIEWER
from territories.models import Region

LINK = {"text": "Les bonnes pratiques", "page": None, "url": "/bonnes-pratiques/"}


class TileBlock(blocks.StructBlock):
    """One tile."""

    link = LinkBlock(label="Lien")
    detail = blocks.CharBlock(label="Précision", max_length=160, required=False, help_text="Une phrase")

    class Meta:
        icon = "link"
        label = "Tuile"


class TilesBlock(blocks.StructBlock):
    """Ways to several places."""

    level = blocks.ChoiceBlock(label="Niveau des titres", choices=LEVELS, default="h3", help_text="Celui qui suit")
    tiles = blocks.ListBlock(TileBlock(), label="Tuiles", min_num=2, max_num=9, help_text="Deux à neuf, de même nature")

    class Meta:
        template = "cms/blocks/tiles.html"
        icon = "table"
        label = "Tuiles"
        group = LINKS
        preview_value = {"level": "h3", "tiles": [{"link": LINK, "detail": "Ce qui a marché ailleurs"}] * 2}
        description = "Des accès, d’égale importance"


class CardBlock(blocks.StructBlock):
    """One card."""

    link = LinkBlock(label="Lien")
    text = blocks.TextBlock(label="Texte", max_length=300, required=False, help_text="Deux phrases au plus")
    image = picture(required=False)

    class Meta:
        icon = "doc-full"
        label = "Carte"


class CardsBlock(blocks.StructBlock):
    """Contents to discover, with a picture or not."""

    level = blocks.ChoiceBlock(label="Niveau des titres", choices=LEVELS, default="h3", help_text="Celui qui suit")
    cards = blocks.ListBlock(CardBlock(), label="Cartes", min_num=1, max_num=9, help_text="Une à neuf")

    class Meta:
        template = "cms/blocks/cards.html"
        icon = "duplicate"
        label = "Cartes"
        group = LINKS
        preview_value = {"level": "h3", "cards": [{"link": LINK, "text": "Six fiches relues.", "image": None}]}
        description = "Des contenus à découvrir, avec ou sans image"


class ButtonsBlock(blocks.StructBlock):
    """Calls to action; the first one is the main one."""

    buttons = blocks.ListBlock(
        LinkBlock(), label="Boutons", min_num=1, max_num=3, help_text="Le premier est l’action principale"
    )

    class Meta:
        template = "cms/blocks/buttons.html"
        icon = "plus"
        label = "Boutons"
        group = LINKS
        preview_value = {"buttons": [LINK]}
        description = "Une à trois actions, la principale d’abord"


class ContactBlock(blocks.StructBlock):
    """Whom to ask."""

    name = blocks.CharBlock(label="Service ou nom", max_length=120, help_text="Un service plutôt qu’une personne")
    level = blocks.ChoiceBlock(label="Niveau du titre", choices=LEVELS, default="h3", help_text="Celui qui suit")
    detail = blocks.CharBlock(label="Organisation", max_length=160, required=False, help_text="« Cerema, Lyon »")
    text = blocks.CharBlock(
        label="Pour quoi", max_length=240, required=False, help_text="Quand s’adresser à ce service"
    )
    phone = blocks.CharBlock(label="Téléphone", max_length=30, required=False, help_text="Le standard du service")
    links = blocks.ListBlock(
        LinkBlock(), label="Lien", default=[], max_num=1, help_text="Vers un formulaire ou une page ; facultatif"
    )

    class Meta:
        template = "cms/blocks/contact.html"
        icon = "user"
        label = "Contact"
        group = LINKS
        preview_value = {
            "name": "Bureau national du club",
            "level": "h3",
            "detail": "",
            "text": "",
            "phone": "",
            "links": [LINK],
        }
        description = "À qui s’adresser, et pour quoi"


def regions() -> list[tuple[str, str]]:
    """The régions, by name. One SQL query."""
    return list(Region.objects.order_by("name").values_list("code", "name"))


class ListingBlock(blocks.StructBlock):
    """The latest things of a kind, as far as whoever looks may read them."""

    kind = blocks.ChoiceBlock(label="Liste", choices=LISTS, help_text="Ce que la liste montre")
    title = blocks.CharBlock(label="Titre", max_length=120, help_text="« Les dernières discussions »")
    level = blocks.ChoiceBlock(label="Niveau du titre", choices=LEVELS, default="h2", help_text="Celui qui suit")
    region = blocks.ChoiceBlock(label="Région", choices=regions, required=False, help_text="Vide : toutes les régions")
    commitment = blocks.IntegerBlock(
        label="Engagement",
        required=False,
        min_value=1,
        max_value=20,
        help_text="Le numéro d’un engagement de la charte ; vide : tous",
    )
    count = blocks.IntegerBlock(label="Combien", default=3, min_value=1, max_value=10, help_text="Un à dix")

    class Meta:
        template = "cms/blocks/listing.html"
        icon = "list-ul"
        label = "Liste automatique"
        group = LINKS
        description = "Les dernières discussions, pratiques, articles ou projets"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """`lines`: see `cms.reading.lists.embedded`."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        request: HttpRequest | None = context.get("request")
        viewer = getattr(request, "viewer", VISITOR_VIEWER)
        lines = embedded(
            value["kind"], viewer, region=value["region"], commitment=value["commitment"], count=value["count"] or 3
        )
        return {**context, "lines": lines}
