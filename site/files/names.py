"""Names of files: what a person's file is called on the page and when it is downloaded. Never a name of our storage."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

LONGEST = 120
_suffix = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_refused_by_windows = re.compile(r'[<>:"|?*]')


def clean_name(given: str, extension: str) -> str:
    """The last part of a name as it was given, with the extension of what the file really is.

    Without folders, without signs that cannot be seen (control, direction of writing, zero width, halves of characters,
    private ones), at most 120 characters.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    seen = "".join(" " if unicodedata.category(c) in ("Zs", "Zl", "Zp") else c for c in last if _is_seen(c))
    stem = _suffix.sub("", " ".join(_refused_by_windows.sub("-", seen).split()).rstrip(". ")).strip(". ")
    if stem.lower().endswith(f".{extension}"):
        stem = stem[: -len(extension) - 1]
    return f"{stem[: LONGEST - len(extension) - 1].strip('. ') or 'fichier'}.{extension}"


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def clean_line(text: str) -> str:
    """One line of text without signs that cannot be seen."""
    return " ".join("".join(c if _is_seen(c) else " " for c in text).split())


def disposition(name: str, *, inline: bool) -> str:
    """The Content-Disposition of a cleaned name: in ASCII for old programs, and as it is (RFC 6266)."""
    plain = unicodedata.normalize("NFKD", name.replace("’", "'").replace("œ", "oe")).encode("ascii", "ignore").decode()
    plain = re.sub(r'["\\%]', "", plain)
    if plain.startswith("."):
        plain = f"fichier{plain}"
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
