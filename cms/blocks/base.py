"""What several blocks share: closed lists of text features, and links that lead somewhere."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

SIMPLE_TEXT = ["bold", "italic", "link"]
RICH_TEXT = ["bold", "italic", "ol", "ul", "link", "superscript", "subscript"]

TEXT, MEDIA, DATA, LINKS = "Texte", "Images et fichiers", "Tableaux et chiffres", "Renvois"
"""Groups of the editor’s list of blocks."""

LEVELS = [("h2", "Titre de partie"), ("h3", "Sous-titre"), ("h4", "Intertitre")]


class LinkValue(blocks.StructValue):
    """A link: to a page of the site, or to an address."""

    @property
    def href(self) -> str:
        """Where it leads; empty where its page is no longer published."""
        page = self.get("page")
        if page is not None:
            return str(page.url or "") if page.live else ""
        return str(self.get("url") or "")

    @property
    def is_external(self) -> bool:
        """Whether it leaves the site."""
        return self.get("page") is None and self.href.startswith(("http://", "https://"))


class LinkBlock(blocks.StructBlock):
    """A link with its words."""

    text = blocks.CharBlock(
        label="Libellé", max_length=120, help_text="Ce que l’on trouvera : jamais « cliquez ici » ni « en savoir plus »"
    )
    page = blocks.PageChooserBlock(label="Page du site", required=False, help_text="Une page de ce site, ou")
    url = blocks.CharBlock(
        label="Adresse",
        required=False,
        max_length=500,
        help_text="une adresse : « https://… », ou « /forum/ » pour un autre endroit de ce site",
    )

    class Meta:
        value_class = LinkValue
        icon = "link"
        label = "Lien"

    def clean(self, value: Any) -> Any:
        """A link leads to one place, by an address that a browser may open safely."""
        cleaned = super().clean(value)
        page, url = cleaned.get("page"), (cleaned.get("url") or "").strip()
        if bool(page) == bool(url):
            message = "Choisissez une page ou donnez une adresse, l’une des deux seulement."
            raise StructBlockValidationError(block_errors={"url": ValidationError(message)})
        if (url and not url.startswith(("https://", "http://", "mailto:", "/", "#"))) or url.startswith("//"):
            message = "Une adresse commence par « https:// », ou par « / » sur ce site."
            raise StructBlockValidationError(block_errors={"url": ValidationError(message)})
        return cleaned


class SafeURLBlock(blocks.URLBlock):
    """An address on the web, http or https."""

    def clean(self, value: Any) -> Any:
        """Refuse other schemes."""
        cleaned = super().clean(value)
        if cleaned and not cleaned.startswith(("https://", "http://")):
            raise ValidationError("L’adresse commence par « https:// ».")
        return cleaned
