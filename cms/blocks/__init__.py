"""What the body of a page is made of."""

from cms.blocks.base import RICH_TEXT, SIMPLE_TEXT
from cms.blocks.body import ATTACHED, BODY
from cms.blocks.field import BodyField

__all__ = ["ATTACHED", "BODY", "RICH_TEXT", "SIMPLE_TEXT", "BodyField"]
