"""What editors send is judged by what it holds; nothing of a picture but what is seen is kept."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from wagtail.documents.forms import get_document_form
from wagtail.images.forms import get_image_form

from changes import change
from cms.models import ClubDocument, ClubImage
from cms.uploads import check_document
from files.refusal import FileRefused

pytestmark = [pytest.mark.django_db, pytest.mark.storage]
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nstartxref\n0\n%%EOF\n"


def photograph() -> bytes:
    """A JPEG of 3,000 by 2,000 pixels with a position."""
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (48.0, 34.0, 0.0)
    exif[0x010F] = "SECRETAPPAREIL"
    file = io.BytesIO()
    Image.effect_noise((600, 400), 60).convert("RGB").resize((3000, 2000)).save(file, "JPEG", exif=exif)
    return file.getvalue()


def image_form(content: bytes, user):
    """The administration’s form with a file that calls itself a JPEG."""
    data = {"title": "Une image", "collection": "1", "tags": "", "description": "", "credit": ""}
    return get_image_form(ClubImage)(data, {"file": SimpleUploadedFile("a.jpg", content, "image/jpeg")}, user=user)


def test_a_photograph_loses_its_position_and_its_excess(home, office):
    form = image_form(photograph(), office)
    assert form.is_valid(), form.errors
    with change(by="test"):
        image = form.save()
    kept = Image.open(image.file.path)
    assert max(kept.size) == 2000
    assert (image.width, image.height) == kept.size
    assert not dict(kept.getexif())
    with image.file.open("rb") as file:
        assert b"SECRETAPPAREIL" not in file.read()


@pytest.mark.parametrize("content", [b"<svg onload='x'/>", b"GIF89a", PDF, b"\xff\xd8\xff" + b"0" * 100])
def test_what_is_no_picture_is_refused(home, office, content):
    form = image_form(content, office)
    assert not form.is_valid()
    assert "file" in form.errors


def archive(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as opened:
        for name in names:
            opened.writestr(name, "x")
    return file.getvalue()


@pytest.mark.parametrize(
    ("extension", "content", "fine"),
    [
        ("pdf", PDF, True),
        ("pdf", b"<html>", False),
        ("pdf", PDF.replace(b"<<>>", b"<</JavaScript 1>>"), False),
        ("docx", archive("word/document.xml"), True),
        ("docx", archive("word/document.xml", "word/vbaProject.bin"), False),
        ("xlsx", archive("word/document.xml"), False),
        ("odt", b"PK", False),
        ("zip", archive("a.txt"), True),
        ("csv", "année;coût\n".encode(), True),
        ("csv", "année".encode("latin-1"), False),
        ("txt", b"a\0b", False),
    ],
)
def test_a_document_is_what_its_name_says(extension, content, fine):
    if fine:
        check_document(extension, content)
    else:
        with pytest.raises(FileRefused):
            check_document(extension, content)


@pytest.mark.parametrize(
    ("name", "content", "fine"), [("a.pdf", PDF, True), ("a.pdf", b"x", False), ("a.html", b"x", False)]
)
def test_the_form_of_documents(home, office, settings, name, content, fine):
    form_class = get_document_form(ClubDocument)
    data = {"title": "Un document", "collection": "1", "tags": "", "source": ""}
    form = form_class(data, {"file": SimpleUploadedFile(name, content)}, user=office)
    assert form.is_valid() is fine
    settings.UPLOAD_LIMIT = 10
    heavy = form_class(data, {"file": SimpleUploadedFile("a.pdf", PDF)}, user=office)
    assert not heavy.is_valid()
