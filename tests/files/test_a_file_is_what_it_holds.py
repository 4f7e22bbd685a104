"""A file is taken for what it holds, never for what it is called: hostile bytes are refused with a sentence."""

import contextlib
import io
import random
import struct
import threading
import zipfile
import zlib

import pytest
from PIL import Image

from files import content, pictures
from files.content import examine
from files.refusal import FileRefused

from .conftest import PDF, pdf, picture


def refused(data: bytes) -> str:
    """Why it is refused; the sentence is one, and French."""
    with pytest.raises(FileRefused) as refusal:
        examine(data)
    assert str(refusal.value).endswith(".")
    assert len(str(refusal.value)) >= 20
    return refusal.value.why


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, rows: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as opened:
        opened.writestr("virus.js", "WScript.Echo(1)" * 50)
    return file.getvalue()


def object_stream(inside: bytes) -> bytes:
    packed = zlib.compress(inside)
    return b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\r\n%s\nendstream" % (
        len(packed),
        packed,
    )


OTHERS = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "svg behind a prolog": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "html": b"<!doctype html><script>alert(1)</script>",
    "pdf behind html": b"<script>alert(1)</script>\n" + PDF,
    "docx": archive(),
    "exe": b"MZ" + b"\0" * 200,
    "text": b"Une noue, deux platanes.",
    "tiff": b"II*\0" + b"\0" * 50,
    "bmp": b"BM" + b"\0" * 80,
    "picture behind a space": b" " + picture(),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_neither_a_pdf_nor_a_picture_is_refused(name):
    assert refused(OTHERS[name]) == "type"


def test_a_photo_of_a_phone_that_others_cannot_read_is_refused_by_name():
    assert refused(b"\0\0\0\x18ftypheic" + b"\0" * 100) == "heic"


def test_an_empty_file_and_one_of_eleven_megabytes_are_refused():
    assert refused(b"") == "empty"
    assert refused(PDF[:-6] + b" " * 11_000_000 + b"%%EOF\n") == "size"


def test_a_pdf_is_kept_as_it_is():
    found = examine(PDF)
    assert (found.kind, found.extension, found.content) == ("pdf", "pdf", PDF)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"%PDF-1.4\n", "pdf"),
        (b"%PDF-1.7" + b"<script>alert(1)</script>" * 300, "pdf"),
        (PDF[: len(PDF) // 2], "pdf"),
        (PDF + b"\n" * 2000, "pdf"),
        (PDF + archive(), "polyglot"),
        (PDF.replace(b"startxref", archive() + b"startxref"), "polyglot"),
        (PDF + archive() + PDF, "polyglot"),
        (pdf(b"/S /JavaScript /JS (app.alert(1))"), "active"),
        (pdf(b"/S /J#61vaScript /#4aS (app.alert(1))"), "active"),
        (pdf(b"/S /Rendition /JS 4 0 R"), "active"),
        (pdf(b"/S /Launch /F (cmd.exe)"), "active"),
        (pdf(b"/Type/EmbeddedFile/Length 4"), "active"),
        (pdf(b"/Names << /EmbeddedFiles 9 0 R >>"), "active"),
        (pdf(b"/AcroForm << /XFA [] >>"), "active"),
        (pdf(object_stream(b"7 0 << /S /JavaScript /JS (app.alert(1)) >>")), "active"),
        (pdf(object_stream(b"7 0 << /S /Rendition /JS 4 0 R >>")), "active"),
        (pdf(object_stream(b"7 0 << /S /JavaScript >>").replace(b"/ObjStm", b"/Obj#53tm")), "active"),
        (pdf(object_stream(b"\n" * 50_000_000)), "bomb"),
        (PDF.replace(b"/Size 3", b"/Size 3 /Encrypt 9 0 R"), "locked"),
    ],
)
def test_a_pdf_that_is_broken_locked_double_or_acts_is_refused(data, why):
    assert refused(data) == why


@pytest.mark.parametrize("word", [b"/JSON (1)", b"/Title (JavaScript and Launch)", b"/LaunchPad 1", b"/JavaScriptX 1"])
def test_words_of_a_harmless_pdf_are_no_reason(word):
    assert examine(pdf(word)).kind == "pdf"


def test_a_short_name_that_a_compressed_picture_holds_by_chance_is_no_reason():
    drawn = b"/Length 9 >>\nstream\r\n\x8f\x01/JS (\x99\x00\nendstream"
    assert examine(pdf(drawn)).kind == "pdf"


def test_compressed_pictures_in_a_pdf_are_no_reason():
    """What compressed pictures look like: five megabytes of chance in a stream."""
    noise = random.Random(7).randbytes(5_000_000).replace(b"endstream", b"")
    assert examine(pdf(b"/Length %d >>\nstream\r\n%s\nendstream" % (len(noise), noise))).kind == "pdf"


@pytest.mark.slow
@pytest.mark.parametrize(
    "word",
    [
        b"stream\n",
        b"/ObjStm >>",
        b"/ObjStm >> stream\n",
        b"<< /ObjStm >> stream\nx\xda\x01\0\0\xff\xffendstream ",
        b"#41",
        b"endstream",
        b"PK\5\6",
        b"/",
    ],
)
def test_ten_megabytes_made_to_keep_a_processor_busy_are_read_once(word):
    """What grows with the square of its length would take hours here."""
    data = pdf(word * (9_900_000 // len(word)))
    with contextlib.suppress(FileRefused):
        examine(data)


@pytest.mark.parametrize(
    ("made", "extension"),
    [
        (lambda: picture("JPEG"), "jpg"),
        (lambda: picture("JPEG", mode="L"), "jpg"),
        (lambda: picture("JPEG", mode="CMYK"), "jpg"),
        (lambda: picture("JPEG", progressive=True), "jpg"),
        (lambda: picture("PNG"), "png"),
        (lambda: picture("PNG", mode="P"), "png"),
        (lambda: picture("PNG", mode="1"), "png"),
        (lambda: picture("PNG", mode="RGBA"), "png"),
        (lambda: picture("GIF", mode="P"), "png"),
        (lambda: picture("WEBP"), "webp"),
        (lambda: picture("WEBP", lossless=True), "webp"),
        (lambda: picture("WEBP", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"), "webp"),
    ],
)
def test_every_form_of_picture_comes_out_as_one_that_browsers_show(made, extension):
    data = made()
    found = examine(data)
    assert (found.kind, found.extension, found.width, found.height) == ("picture", extension, 640, 400)
    assert found.content != data, "made anew"
    shown = Image.open(io.BytesIO(found.content)).convert("L")
    assert shown.size == (640, 400)
    top, bottom = (shown.getpixel((320, y)) for y in (5, 395))
    assert abs(top - bottom) > 20, "it still shows its gradient"
    small = Image.open(io.BytesIO(found.thumbnail))
    assert (small.format, small.size) == ("WEBP", (480, 300))


def test_sixteen_bits_of_grey_keep_their_shades():
    deep = Image.linear_gradient("L").convert("I").point(lambda value: value * 257).convert("I;16")
    file = io.BytesIO()
    deep.save(file, "PNG")
    shown = Image.open(io.BytesIO(examine(file.getvalue()).content)).convert("L")
    assert abs(shown.getpixel((10, 128)) - 128) <= 2


def test_transparency_is_kept_and_a_full_one_is_dropped():
    clear = Image.new("RGBA", (60, 60), (0, 90, 0, 0))
    clear.paste((0, 90, 0, 255), (0, 0, 30, 60))
    file = io.BytesIO()
    clear.save(file, "PNG")
    kept = Image.open(io.BytesIO(examine(file.getvalue()).content))
    assert (kept.mode, kept.getpixel((50, 30))[3], kept.getpixel((10, 30))[3]) == ("RGBA", 0, 255)
    assert Image.open(io.BytesIO(examine(picture("PNG", mode="RGBA")).content)).mode == "RGB"


def test_of_an_animation_the_first_picture_stays():
    frames = [Image.new("P", (40, 40), colour) for colour in (3, 90, 200)]
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    shown = Image.open(io.BytesIO(examine(file.getvalue()).content))
    assert (shown.format, getattr(shown, "n_frames", 1)) == ("PNG", 1)


@pytest.mark.slow
def test_a_large_picture_comes_to_two_thousand_pixels_and_its_thumbnail_to_100_kb():
    noise = Image.effect_noise((3000, 4000), 120).convert("RGB")
    file = io.BytesIO()
    noise.save(file, "JPEG", quality=40)
    found = examine(file.getvalue())
    assert (found.width, found.height) == (1500, 2000)
    assert len(found.thumbnail) <= 100_000
    assert Image.open(io.BytesIO(found.thumbnail)).size == (480, 640)


@pytest.mark.slow
def test_a_photograph_sent_as_png_does_not_stay_heavy():
    file = io.BytesIO()
    Image.effect_noise((1500, 1200), 90).convert("RGB").save(file, "PNG")
    found = examine(file.getvalue())
    assert found.extension == "webp"
    assert len(found.content) < 2_000_000


@pytest.mark.parametrize("size", [(50_000, 50_000), (10_000, 4_001), (2**31 - 1, 1), (2**31 - 1, 2**31 - 1)])
def test_a_png_that_unfolds_without_end_is_refused_before_it_is_decoded(monkeypatch, size):
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded"))
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda self: pytest.fail("decoded"))
    assert refused(png(*size, b"\0" * 1000)) == "pixels"


@pytest.mark.parametrize(
    "declared",
    [
        b"VP8X\x0a\0\0\0\0\0\0\0" + (16_382).to_bytes(3, "little") * 2,
        b"VP8L\x0a\0\0\0/" + (16_382 | 16_382 << 14).to_bytes(4, "little") + b"\0" * 5,
        b"VP8 \x20\0\0\0\x10\0\0\x9d\x01*" + (16_383).to_bytes(2, "little") * 2,
    ],
)
def test_a_webp_is_measured_before_its_decoder_takes_the_memory(monkeypatch, declared):
    monkeypatch.setattr(Image, "open", lambda *args, **kwargs: pytest.fail("opened"))
    assert refused(b"RIFF\x40\0\0\0WEBP" + declared + b"\0" * 40) == "pixels"


@pytest.mark.slow
def test_forty_million_pixels_are_taken():
    assert examine(picture("PNG", (8000, 5000), mode="L")).width == 2000


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.95])
def test_a_picture_cut_off_is_refused(form, part):
    data = picture(form, mode="P" if form == "GIF" else "RGB")
    if form == "GIF" and part > 0.9:
        return  # all of its pixels are there
    assert refused(data[: int(len(data) * part)]) == "broken"


@pytest.mark.parametrize("start", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\x20\0\0\0WEBPVP8 "])
def test_what_only_begins_as_a_picture_is_refused(start):
    for seed in range(20):
        assert refused(start + random.Random(seed).randbytes(3000)) in ("broken", "pixels", "bomb")


def test_a_jpeg_of_a_thousand_passes_is_refused():
    data = picture("JPEG", progressive=True)
    at = data.rindex(b"\xff\xda")
    assert refused(data[:at] + data[at:-2] * 1000 + data[-2:]) == "bomb"


def test_a_polyglot_loses_everything_that_is_not_seen():
    script = b"<script>alert(document.domain)</script>"
    commented = picture("JPEG", comment=script + PDF)
    for data in (commented, picture("JPEG") + archive() + script, picture("PNG") + script, picture("GIF") + script):
        found = examine(data)
        assert script not in found.content + found.thumbnail
        assert b"virus.js" not in found.content
        assert b"%PDF" not in found.content
        assert not zipfile.is_zipfile(io.BytesIO(found.content))


def test_one_picture_is_decoded_at_a_time(monkeypatch):
    """Forty million pixels take hundreds of megabytes: eight people at once must not take gigabytes."""
    inside, most = [0], [0]
    real = pictures._decoded

    def counted(data):
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        try:
            return real(data)
        finally:
            inside[0] -= 1

    monkeypatch.setattr(pictures, "_decoded", counted)
    threads = [threading.Thread(target=content.examine, args=(picture("PNG", (900, 900)),)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]
