"""Why a file is not taken: one French sentence for the person, one word for the log."""

from __future__ import annotations


class FileRefused(Exception):
    """The file, or what was asked of it, is refused; the message says why and what to do (French). Nothing is kept."""

    def __init__(self, message: str, why: str) -> None:
        super().__init__(message)
        self.why = why


ACCEPTED = "Joignez un PDF ou une image JPEG, PNG, WebP ou GIF."
