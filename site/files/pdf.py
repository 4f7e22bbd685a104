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
_STREAM = re.compile(rb"stream\r?\n")
_DICTIONARY = 600
"""How far before a stream its own dictionary is looked for."""


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
    everything = _names(data)
    if _LOCKED.search(everything):
        raise FileRefused("Ce PDF est protégé par un mot de passe : joignez une copie sans protection.", "locked")
    objects, packed = _split(data)
    parts = [_names(objects), *map(_names, _inflated(packed))]
    # `/JS` is so short that compressed pictures hold it by chance: it is looked for in objects alone.
    if any(_ACTIVE.search(part) for part in (everything, *parts)) or any(_SCRIPT.search(part) for part in parts):
        raise FileRefused(
            "Ce PDF contient un programme, un formulaire actif ou une pièce jointe : joignez une copie "
            "« imprimée » en PDF.",
            "active",
        )


def _names(data: bytes) -> bytes:
    """The bytes with names as readers understand them: `/J#53` is `/JS`."""
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), data)


def _split(data: bytes) -> tuple[bytes, list[bytes]]:
    """What stands outside streams, and the content of the object streams. Read once, whatever the bytes are."""
    outside, packed, at = [], [], 0
    while begin := _STREAM.search(data, at):
        end = data.find(b"endstream", begin.end())
        end = end if end >= 0 else len(data)
        if b"/ObjStm" in _names(data[max(at, begin.start() - _DICTIONARY) : begin.start()]):
            packed.append(data[begin.end() : end])
        outside.append(data[at : begin.start()])
        at = end + len(b"endstream")
    return b"".join([*outside, data[at:]]), packed


def _inflated(packed: list[bytes]) -> list[bytes]:
    """Object streams unfolded. Raises `FileRefused` for a bomb."""
    parts, room = [], INFLATED
    for stream in packed:
        try:
            part = zlib.decompressobj().decompress(stream, room)
        except zlib.error:
            continue
        room -= len(part)
        if room <= 0:
            raise FileRefused("Ce PDF se déplie sans fin : enregistrez-le de nouveau, puis joignez-le.", "bomb")
        parts.append(part)
    return parts
