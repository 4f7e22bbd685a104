"""Images and documents as editors send them: judged by what they hold; images are made anew."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from files import pdf, pictures, scanning
from files.refusal import FileRefused

OFFICE = {"odt", "ods", "odp", "docx", "xlsx", "pptx", "zip"}
INSIDE = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
    "odt": "content.xml",
    "ods": "content.xml",
    "odp": "content.xml",
}
TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}


class ClubImageField(WagtailImageField):
    """Wagtail's field, where what no decoder knows is an error of the form and not of the site."""

    def to_python(self, data: Any) -> Any:
        """The file with what Wagtail found of it."""
        try:
            return super().to_python(data)
        except (OSError, ValueError, SyntaxError) as error:  # what decoders raise on bytes that only begin well
            raise forms.ValidationError("Cette image est abîmée ou incomplète.") from error


class ClubImageForm(BaseImageForm):
    """An image of the editors."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        old = self.fields["file"]
        self.fields["file"] = ClubImageField(
            label=old.label, required=old.required, widget=old.widget, help_text=old.help_text
        )

    def clean_file(self) -> Any:
        """The picture made anew (`files.pictures`): at most 2,000 pixels, without position, camera or comments."""
        sent = self.cleaned_data["file"]
        if not isinstance(sent, UploadedFile):
            return sent
        try:
            data = _bytes_of(sent)
            scanning.scan(data)
            made = pictures.remade(data)
        except FileRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
        name = f"{PurePath(sent.name or 'image').stem}.{made.extension}"
        kept: Any = SimpleUploadedFile(name, made.content, TYPES[made.extension])
        return forms.ImageField().to_python(kept)


class ClubDocumentForm(BaseDocumentForm):
    """A document of the editors."""

    def clean_file(self) -> Any:
        """Refuse what is too heavy, or is not what its name says."""
        sent = self.cleaned_data["file"]
        if not isinstance(sent, UploadedFile):
            return sent
        try:
            data = _bytes_of(sent)
            scanning.scan(data)
            check_document(PurePath(sent.name or "").suffix.lower().lstrip("."), data)
        except FileRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
        return sent


def check_document(extension: str, data: bytes) -> None:
    """Refuse a document whose content is not of the type that its name says. Raises `FileRefused`."""
    if extension == "pdf":
        if not data.startswith(b"%PDF-"):
            raise FileRefused("Ce fichier n’est pas un PDF.", "type")
        pdf.check(data)
    elif extension in OFFICE:
        _check_archive(extension, data)
    else:  # csv, txt
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            raise FileRefused("Enregistrez ce texte en UTF-8, puis envoyez-le de nouveau.", "encoding") from error
        if "\0" in text:
            raise FileRefused("Ce fichier n’est pas du texte.", "type")


def _check_archive(extension: str, data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile as error:
        raise FileRefused(f"Ce fichier n’est pas un document « {extension} ».", "type") from error
    if extension in INSIDE and INSIDE[extension] not in names:
        raise FileRefused(f"Ce fichier n’est pas un document « {extension} ».", "type")
    if any(name.endswith("vbaProject.bin") for name in names):
        raise FileRefused("Ce document contient un programme (macros) : enregistrez-le sans lui.", "active")


def _bytes_of(sent: UploadedFile) -> bytes:
    """What was sent; refused before it is read where it is heavier than the site takes."""
    if (sent.size or 0) > settings.UPLOAD_LIMIT:
        raise FileRefused(f"Ce fichier pèse plus de {settings.UPLOAD_LIMIT // 1_000_000} Mo : allégez-le.", "size")
    sent.seek(0)
    data: bytes = sent.read()
    sent.seek(0)
    return data
