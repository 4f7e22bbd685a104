"""The body of a page."""

from __future__ import annotations

from typing import Any

from wagtail.fields import StreamField


class BodyField(StreamField):
    """A StreamField whose blocks are no part of the schema: what it keeps is JSON, whatever blocks there are.

    So a new block or a reworded help text needs no migration; one that changes what is kept is a data migration.
    """

    def __init__(self, block_types: Any = (), **options: Any) -> None:
        super().__init__(block_types, **options)

    def deconstruct(self) -> Any:
        """The field as migrations know it: without its blocks."""
        name, path, _, options = super().deconstruct()
        options.pop("block_lookup", None)
        return name, path, [], options
