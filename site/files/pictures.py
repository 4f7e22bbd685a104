"""Pictures: decoded within limits and made anew, so that nothing but what is seen is left of what was sent."""

from __future__ import annotations

import contextlib
import io
import threading
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps

from files.refusal import ACCEPTED, FileRefused

MAX_PIXELS = 40_000_000
LONGEST = (2000, 2000)
THUMBNAIL = (480, 640)
THUMBNAIL_BYTES = 100_000
PNG_BYTES = 2_000_000
"""A photograph kept as PNG weighs more than this; it becomes WebP."""
SCANS = 100
"""Passes of a progressive JPEG: ten in a real one; thousands hold a processor for minutes."""
FORMATS = {"JPEG": "jpg", "MPO": "jpg", "PNG": "png", "GIF": "png", "WEBP": "webp"}
_one_at_a_time = threading.Lock()
Size = tuple[int, int]


@dataclass(frozen=True)
class Picture:
    """A picture made anew, with its thumbnail (WebP)."""

    content: bytes
    extension: str
    width: int
    height: int
    thumbnail: bytes


def fitted(width: int, height: int, box: Size) -> Size:
    """The size that a picture takes in a box; never larger than it is."""
    scale = min(1.0, box[0] / width, box[1] / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def remade(data: bytes) -> Picture:
    """The picture upright, in sRGB, at most 2,000 pixels on its longest side, without anything that it told besides.

    Position, camera, dates, comments, profiles, embedded thumbnails and whatever stood behind its end are gone. Of an
    animation the first picture stays. One at a time in a process: the largest take up to 600 MB while they are decoded.
    Raises `FileRefused`: not decodable, too many pixels (told before decoding).
    """
    with _one_at_a_time:
        try:
            extension, image = _decoded(data)
        except FileRefused:
            raise
        except Exception as error:  # decoders meet hostile bytes: whatever they raise, it is no picture
            raise FileRefused(f"Cette image est abîmée ou incomplète. {ACCEPTED}", "broken") from error
        extension, content = _encoded(image, extension)
        return Picture(content, extension, image.width, image.height, _thumbnail(image))


def _decoded(data: bytes) -> tuple[str, Image.Image]:
    """The extension that fits the format, and a new picture that holds nothing but pixels in L, RGB or RGBA."""
    _refuse_beyond(_webp_size(data))
    try:
        opened = Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP", "GIF"])
    except Image.DecompressionBombError:
        _refuse_beyond((MAX_PIXELS, 2))
        raise
    _refuse_beyond(opened.size)
    extension = FORMATS[opened.format or ""]
    if extension == "jpg" and data.count(b"\xff\xda") > SCANS:
        raise FileRefused(f"Cette image est construite de façon anormale. {ACCEPTED}", "bomb")
    opened.verify()
    del opened  # and the memory of its decoder
    image: Image.Image = Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP", "GIF"])
    image.draft("", LONGEST)  # a JPEG much larger than wanted is decoded at half, a quarter of its size
    image.load()
    profile = image.info.get("icc_profile")
    with contextlib.suppress(Exception):  # its orientation cannot be read: it stays as it lies
        ImageOps.exif_transpose(image, in_place=True)
    image = _plain(image)
    image = image.resize(fitted(image.width, image.height, LONGEST), Image.Resampling.LANCZOS)
    return extension, _only_pixels(_in_srgb(image, profile))


def _refuse_beyond(size: Size) -> None:
    if size[0] * size[1] > MAX_PIXELS:
        raise FileRefused("Cette image a trop de points : réduisez-la à 40 millions au plus.", "pixels")


def _webp_size(data: bytes) -> Size:
    """What a WebP says of its size: its decoder takes the memory for it as soon as it is opened."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or len(data) < 30:
        return (0, 0)
    if data[12:16] == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if data[12:16] == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF


def _plain(image: Image.Image) -> Image.Image:
    """The picture in a mode that is easy to go on from: L, RGB, RGBA or CMYK."""
    if image.mode in ("P", "PA", "LA", "La", "RGBa") or "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode.startswith("I") or image.mode == "F":  # 16 bits of grey
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode == "1":
        return image.convert("L")
    return image if image.mode in ("L", "RGB", "RGBA", "CMYK") else image.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The colours as the picture's own profile means them; a profile that cannot be read is left out."""
    if profile:
        target = "RGBA" if image.mode == "RGBA" else "RGB"
        with contextlib.suppress(Exception):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=target)
            return turned or image
    return image.convert("RGB") if image.mode == "CMYK" else image


def _only_pixels(image: Image.Image) -> Image.Image:
    """A new picture: what the library remembers of the old one (comments, profile) would be written again."""
    if image.mode == "CMYK":
        image = image.convert("RGB")
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    fresh = Image.new(image.mode, image.size)
    fresh.paste(image)
    return fresh


def _encoded(image: Image.Image, extension: str) -> tuple[str, bytes]:
    if extension == "jpg":
        return extension, _saved(image.convert("RGB"), "JPEG", quality=82, progressive=True, optimize=True)
    if extension == "png":
        content = _saved(image, "PNG", optimize=True)
        if len(content) <= PNG_BYTES:
            return extension, content
    return "webp", _saved(image, "WEBP", quality=82)


def _thumbnail(image: Image.Image) -> bytes:
    small = image.resize(fitted(image.width, image.height, THUMBNAIL), Image.Resampling.LANCZOS)
    content = b""
    for quality in (80, 60, 40, 20, 5):
        content = _saved(small, "WEBP", quality=quality)
        if len(content) <= THUMBNAIL_BYTES:
            break
    return content


def _saved(image: Image.Image, form: str, **options: int) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()
