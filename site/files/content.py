"""What a file is, by what it holds: its name and what the browser says of it are not asked."""

from __future__ import annotations

from dataclasses import dataclass

from files import pdf, pictures
from files.models import Upload
from files.refusal import ACCEPTED, FileRefused

MAX_BYTES = 10_000_000
TOO_LARGE = "Ce fichier pèse plus de 10 Mo : allégez-le ou découpez-le."
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
_PHONE = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif")


@dataclass(frozen=True)
class Examined:
    """What will be kept of a file."""

    kind: Upload.Kind
    extension: str
    content: bytes
    width: int | None = None
    height: int | None = None
    thumbnail: bytes = b""


def examine(data: bytes) -> Examined:
    """What is kept of these bytes: a PDF as it is, a picture made anew. Raises `FileRefused` for everything else."""
    if not data:
        raise FileRefused("Ce fichier est vide.", "empty")
    if len(data) > MAX_BYTES:
        raise FileRefused(TOO_LARGE, "size")
    if data.startswith(b"%PDF-"):
        pdf.check(data)
        return Examined(Upload.Kind.PDF, "pdf", data)
    if data.startswith(_PICTURES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        made = pictures.remade(data)
        return Examined(Upload.Kind.PICTURE, made.extension, made.content, made.width, made.height, made.thumbnail)
    if data[4:8] == b"ftyp" and data[8:12] in _PHONE:
        raise FileRefused("Ce format de photo n’est pas lu partout : enregistrez-la en JPEG, puis joignez-la.", "heic")
    raise FileRefused(f"Ce type de fichier n’est pas accepté. {ACCEPTED}", "type")
