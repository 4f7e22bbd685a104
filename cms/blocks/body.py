"""The lists of blocks that pages offer."""

from __future__ import annotations

from wagtail.blocks import Block

from cms.blocks.data import CaptionedTableBlock, ChartBlock
from cms.blocks.links import ButtonsBlock, CardsBlock, ContactBlock, ListingBlock, TilesBlock
from cms.blocks.media import DownloadBlock, FigureBlock, GalleryBlock, ImageTextBlock, VideoBlock
from cms.blocks.text import (
    AccordionBlock,
    AlertBlock,
    CalloutBlock,
    HeadingBlock,
    HighlightBlock,
    ParagraphBlock,
    QuoteBlock,
    SeparatorBlock,
    StepsBlock,
    TabsBlock,
)

Blocks = list[tuple[str, Block]]

BODY: Blocks = [
    ("heading", HeadingBlock()),
    ("paragraph", ParagraphBlock()),
    ("quote", QuoteBlock()),
    ("highlight", HighlightBlock()),
    ("callout", CalloutBlock()),
    ("alert", AlertBlock()),
    ("accordion", AccordionBlock()),
    ("tabs", TabsBlock()),
    ("steps", StepsBlock()),
    ("separator", SeparatorBlock()),
    ("image", FigureBlock()),
    ("image_text", ImageTextBlock()),
    ("gallery", GalleryBlock()),
    ("video", VideoBlock()),
    ("download", DownloadBlock()),
    ("table", CaptionedTableBlock(table_options={"language": "en-US"})),
    ("chart", ChartBlock()),
    ("tiles", TilesBlock()),
    ("cards", CardsBlock()),
    ("buttons", ButtonsBlock()),
    ("contact", ContactBlock()),
    ("listing", ListingBlock()),
]
"""What the body of a page may be made of."""

ATTACHED: Blocks = [
    ("paragraph", ParagraphBlock()),
    ("image", FigureBlock()),
    ("gallery", GalleryBlock()),
    ("download", DownloadBlock()),
    ("contact", ContactBlock()),
]
"""What is added at the end: photos, documents, whom to ask."""
