"""Images, videos and documents."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

from cms.blocks.base import LEVELS, MEDIA, RICH_TEXT, SafeURLBlock
from cms.reading.privacy import closed_collections
from members.viewer import VISITOR_VIEWER


def picture(**options: Any) -> ImageBlock:
    """An image with its alternative text for this place, or marked as decorative: one of the two is compulsory."""
    options.setdefault("help_text", "Décrivez ce qu’elle montre, ou dites qu’elle est décorative")
    return ImageBlock(label="Image", **options)


class FigureBlock(blocks.StructBlock):
    """An image with its caption and credit."""

    image = picture()
    caption = blocks.CharBlock(
        label="Légende", max_length=240, required=False, help_text="Où, quand, ce qu’il faut y voir"
    )
    size = blocks.ChoiceBlock(
        label="Largeur",
        choices=[("column", "Colonne de texte"), ("small", "Réduite")],
        default="column",
        help_text="« Réduite » pour un schéma simple ou une image en hauteur",
    )

    class Meta:
        template = "cms/blocks/image.html"
        icon = "image"
        label = "Image"
        group = MEDIA
        description = "Une image avec sa légende et son crédit"


class ImageTextBlock(blocks.StructBlock):
    """An image beside a text."""

    image = picture()
    side = blocks.ChoiceBlock(
        label="Place de l’image",
        choices=[("left", "À gauche"), ("right", "À droite")],
        default="left",
        help_text="Sur un écran étroit, l’image vient toujours d’abord",
    )
    text = blocks.RichTextBlock(label="Texte", features=RICH_TEXT, help_text="Quelques phrases")

    class Meta:
        template = "cms/blocks/image_text.html"
        icon = "doc-full-inverse"
        label = "Image et texte"
        group = MEDIA
        description = "Une image à côté de quelques phrases"


class GalleryBlock(blocks.StructBlock):
    """Several images."""

    images = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("image", picture()),
                ("caption", blocks.CharBlock(label="Légende", max_length=160, required=False, help_text="Brève")),
            ],
            label="Image",
            icon="image",
        ),
        label="Images",
        min_num=2,
        max_num=12,
        help_text="Deux à douze images",
    )

    class Meta:
        template = "cms/blocks/gallery.html"
        icon = "grip"
        label = "Galerie"
        group = MEDIA
        description = "Plusieurs images de même importance"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """The sizes of all images in one SQL query."""
        images = [one["image"] for one in value["images"] if one["image"] is not None]
        prefetch_related_objects(images, Prefetch("renditions", to_attr="prefetched_renditions"))
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        return context


class VideoBlock(blocks.StructBlock):
    """A video elsewhere, by a link: nothing of it is loaded here, so nobody is followed. Its text stands beside it."""

    title = blocks.CharBlock(label="Titre", max_length=160, help_text="Le titre de la vidéo")
    level = blocks.ChoiceBlock(label="Niveau du titre", choices=LEVELS, default="h3", help_text="Celui qui suit")
    url = SafeURLBlock(label="Adresse", help_text="La page où elle se regarde")
    host = blocks.CharBlock(label="Hébergeur", max_length=80, help_text="« PeerTube du ministère », « YouTube »")
    duration = blocks.CharBlock(label="Durée", max_length=40, required=False, help_text="« 4 min »")
    poster = picture(required=False)
    transcript = blocks.RichTextBlock(
        label="Transcription", features=RICH_TEXT, help_text="Tout ce qui se dit et se voit d’utile : elle est due"
    )

    class Meta:
        template = "cms/blocks/video.html"
        icon = "media"
        label = "Vidéo"
        group = MEDIA
        preview_value = {
            "title": "Visite du quartier",
            "level": "h3",
            "url": "https://example.org/",
            "host": "PeerTube",
            "duration": "4 min",
            "poster": None,
            "transcript": "<p>La caméra suit la noue.</p>",
        }
        description = "Un lien vers une vidéo, avec sa transcription"


class DownloadBlock(blocks.StructBlock):
    """A document to download, as far as the viewer may read it."""

    document = DocumentChooserBlock(label="Document", help_text="PDF accessible de préférence, 20 Mo au plus")
    detail = blocks.CharBlock(
        label="Précision", max_length=200, required=False, help_text="À quoi sert ce document, pour qui"
    )

    class Meta:
        template = "cms/blocks/download.html"
        icon = "download"
        label = "Document à télécharger"
        group = MEDIA
        description = "Un document avec son format et son poids"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """`document`, or nothing to whoever may not read its collection. One SQL query a page."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        request: HttpRequest | None = context.get("request")
        viewer = getattr(request, "viewer", VISITOR_VIEWER)
        document = value.get("document")
        open_to = document is not None and document.collection_id not in closed_collections(viewer, request)
        return {**context, "document": document if open_to else None}
