"""Position, camera, dates, comments: nothing of them is left in what is kept; the picture stands upright."""

import io

import pytest
from PIL import Image, ImageCms

from files.content import examine
from files.pictures import fitted

from .conftest import picture

SECRETS = (b"48.8584", b"SecretCam", b"2026:03:14", b"Exif", b"exif", b"xmp", b"http://ns.adobe.com", b"GPS", b"SECRET")


def exif(orientation: int = 1) -> Image.Exif:
    """What a telephone writes: camera, date, place."""
    told = Image.Exif()
    told[0x010F] = "SecretCam"
    told[0x0110] = "SECRET 12"
    told[0x0132] = "2026:03:14 15:09:26"
    told[0x9286] = "SECRET comment"
    told[0x0112] = orientation
    told.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 30.24), 3: "E", 4: (2.0, 17.0, 40.2), 29: "2026:03:14"})
    return told


def with_everything(form: str, orientation: int = 1) -> bytes:
    xmp = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><GPSLatitude>48.8584 http://ns.adobe.com SECRET</GPSLatitude></x:xmpmeta>'
    )
    options = {"exif": exif(orientation), "xmp": xmp}
    if form == "JPEG":
        options["comment"] = b"SECRET"
    if form == "PNG":
        from PIL.PngImagePlugin import PngInfo

        told = PngInfo()
        told.add_text("Author", "SECRET 48.8584")
        told.add_itxt("XML:com.adobe.xmp", xmp.decode())
        options = {"exif": exif(orientation), "pnginfo": told}
    return picture(form, **options)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_no_position_and_no_exif_is_left(form):
    data = with_everything(form)
    before = Image.open(io.BytesIO(data))
    assert before.getexif().get_ifd(0x8825), "the test sends a position"
    assert sum(secret in data for secret in SECRETS) >= 3
    found = examine(data)
    for kept in (found.content, found.thumbnail):
        shown = Image.open(io.BytesIO(kept))
        shown.load()
        assert not dict(shown.getexif())
        assert not shown.getexif().get_ifd(0x8825)
        assert not set(shown.info) & {"exif", "xmp", "comment", "icc_profile", "Author", "XML:com.adobe.xmp"}
        for secret in SECRETS:
            assert secret not in kept, secret
        assert b"\xff\xe1" not in kept[:400], "an APP1 segment"


@pytest.mark.parametrize(
    ("orientation", "size", "dark"),
    [(1, (640, 400), "top"), (3, (640, 400), "bottom"), (6, (400, 640), "right"), (8, (400, 640), "left")],
)
def test_a_picture_taken_sideways_stands_upright(orientation, size, dark):
    image = Image.new("L", (640, 400), 255)
    image.paste(0, (0, 0, 640, 100))
    file = io.BytesIO()
    image.save(file, "JPEG", exif=exif(orientation))
    found = examine(file.getvalue())
    shown = Image.open(io.BytesIO(found.content)).convert("L")
    assert (found.width, found.height) == shown.size == size
    width, height = size
    places = {
        "top": (width // 2, 5),
        "bottom": (width // 2, height - 5),
        "left": (5, height // 2),
        "right": (width - 5, height // 2),
    }
    assert [name for name, place in places.items() if shown.getpixel(place) < 60] == [dark]


def test_an_orientation_that_cannot_be_read_is_no_reason_to_refuse():
    found = examine(picture("JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\x7f" + b"\xff" * 40))
    assert (found.width, found.height) == (640, 400)


def with_red_and_green_swapped() -> bytes:
    """The profile of sRGB, in which the two tags of these colours point at each other's values."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = profile.index(b"rXYZ", 128) + 4, profile.index(b"gXYZ", 128) + 4
    profile[red : red + 8], profile[green : green + 8] = profile[green : green + 8], profile[red : red + 8]
    return bytes(profile)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_colours_of_another_profile_become_those_of_the_web(form):
    file = io.BytesIO()
    Image.new("RGB", (50, 50), (250, 10, 10)).save(file, form, icc_profile=with_red_and_green_swapped())
    found = examine(file.getvalue())
    red, green, _ = Image.open(io.BytesIO(found.content)).convert("RGB").getpixel((25, 25))
    assert green > red + 100, "what its profile calls green"
    assert b"ICC_PROFILE" not in found.content
    assert not Image.open(io.BytesIO(found.content)).info.get("icc_profile")


def test_a_profile_that_is_none_or_of_another_space_is_left_out():
    of_another_space = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for profile in (b"not a profile", of_another_space):
        found = examine(picture("JPEG", icc_profile=profile))
        assert b"ICC_PROFILE" not in found.content
        assert b"not a profile" not in found.content


@pytest.mark.parametrize(
    ("size", "box", "wanted"),
    [
        ((640, 400), (480, 640), (480, 300)),
        ((100, 50), (480, 640), (100, 50)),
        ((400, 4000), (480, 640), (64, 640)),
        ((10_000, 3), (480, 640), (480, 1)),
    ],
)
def test_a_picture_fits_its_box_and_never_grows(size, box, wanted):
    assert fitted(*size, box) == wanted
