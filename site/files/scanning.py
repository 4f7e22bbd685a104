"""A virus scanner, if the installation has one: `CLUB_FILE_SCAN` names a function, `(bytes) -> str`.

It gets the file as it was sent and answers why to refuse it (a French sentence, shown to the person), or nothing; it
sets its own time limit. Where it fails, the file is refused: what could not be looked at is not taken.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string

from files.refusal import FileRefused

log = structlog.get_logger(__name__)


def scan(data: bytes) -> None:
    """Ask the scanner of this installation. Raises `FileRefused`."""
    if not settings.CLUB_FILE_SCAN:
        return
    try:
        function: Callable[[bytes], str] = import_string(settings.CLUB_FILE_SCAN)
        reason = function(data)
    except Exception as error:
        log.exception("file scanner failed")
        raise FileRefused(
            "Les fichiers ne peuvent pas être vérifiés en ce moment : réessayez dans quelques minutes.", "scanner-away"
        ) from error
    if reason:
        raise FileRefused(str(reason), "scanner")


@register()
def scanner_is_there(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A scanner that is named can be imported."""
    if not settings.CLUB_FILE_SCAN:
        return []
    try:
        import_string(settings.CLUB_FILE_SCAN)
    except ImportError as error:
        return [Error(f"CLUB_FILE_SCAN ne désigne aucune fonction : {error}", id="files.E001")]
    return []
