"""Tables of the embedded engine, where Django looks for them."""

from search.engines.embedded.models import Body, Document, Generation, Name, Profile, Readers, Word

__all__ = ["Body", "Document", "Generation", "Name", "Profile", "Readers", "Word"]
