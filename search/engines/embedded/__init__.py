"""The embedded engine: `EmbeddedEngine` is all that others use of it."""

from search.engines.embedded.engine import EmbeddedEngine

__all__ = ["EmbeddedEngine"]
