"""PDF: what is looked for in one before it is taken."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from files.refusal import FileRefused

INFLATED = 40_000_000
"""How many bytes the objects of a PDF may unfold to: they are small, a bomb is not."""
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_END = rb"(?=[\s/<>\[\](){}%]|$)"
_ACTIVE = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA)" + _END)
_SCRIPT = re.compile(rb"/JS" + _END)
_LOCKED = re.compile(rb"/Encrypt" + _END)
_STREAM = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)
_OBJECTS = re.compile(rb"/ObjStm[^\0]{0,400}?>>\s*stream\r?\n")


def check(data: bytes) -> None:
    """Refuse what is no whole PDF, is locked, is an archive as well, or says that it does something when opened.

    What is seen: the names of actions and attachments (`/JavaScript`, `/JS`, `/Launch`, `/EmbeddedFile`, `/RichMedia`,
    `/XFA`), also written with escapes (`/J#61vaScript`), in the open objects and in those that object streams hold
    compressed with Flate. What is not seen: objects behind another filter or a predictor, names that only a reader's
    repair brings up, faults of readers that a plain picture or font can meet. It keeps away ordinary documents that
    act; a virus scanner (`CLUB_FILE_SCAN`) looks for the rest, and no browser opens a PDF in a page of the site.
    """
    if b"%%EOF" not in data[-1024:] or b"startxref" not in data[-4096:]:
        raise FileRefused(
            "Ce PDF n’est pas entier ou n’en est pas un : enregistrez-le de nouveau, puis joignez-le.", "pdf"
        )
    if zipfile.is_zipfile(io.BytesIO(data)):
        raise FileRefused("Ce PDF contient aussi une archive : enregistrez-le de nouveau, puis joignez-le.", "polyglot")
    opened = _names(data)
    if _LOCKED.search(opened):
        raise FileRefused("Ce PDF est protégé par un mot de passe : joignez une copie sans protection.", "locked")
    # `/JS` is so short that compressed pictures hold it by chance: it is looked for in objects alone.
    for part in (opened, *map(_names, _inflated(data))):
        if _ACTIVE.search(part) or _SCRIPT.search(_STREAM.sub(b"", part)):
            raise FileRefused(
                "Ce PDF contient un programme, un formulaire actif ou une pièce jointe : joignez une copie "
                "« imprimée » en PDF.",
                "active",
            )


def _names(data: bytes) -> bytes:
    """The bytes with names as readers understand them: `/J#53` is `/JS`."""
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), data)


def _inflated(data: bytes) -> list[bytes]:
    """The object streams of a PDF, unfolded. Raises `FileRefused` for a bomb."""
    parts, room = [], INFLATED
    for found in _OBJECTS.finditer(data):
        try:
            part = zlib.decompressobj().decompress(data[found.end() : found.end() + INFLATED], room)
        except zlib.error:
            continue
        room -= len(part)
        if room <= 0:
            raise FileRefused("Ce PDF se déplie sans fin : enregistrez-le de nouveau, puis joignez-le.", "bomb")
        parts.append(part)
    return parts
