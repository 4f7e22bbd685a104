"""Files in a form, with or without JavaScript: what was received stays chosen while the rest is being corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict

from files.actions import ALT_TOO_LONG, DESCRIBE, GONE, TOO_MANY, Chosen, Sender, receive
from files.models import ALT_LONGEST, PER_HOLDER, Upload
from files.names import clean_line
from files.queries import attached_to, usable
from files.refusal import FileRefused

SLOTS = 3
"""How many files a form without JavaScript carries at a time."""


@dataclass
class Row:
    """A file that the form has: received before, or just now."""

    upload: Upload
    alt: str = ""
    decorative: bool = False
    error: str = ""

    @property
    def chosen(self) -> Chosen:
        picture = self.upload.is_picture
        alt = "" if self.decorative or not picture else self.alt
        return Chosen(self.upload.pk, alt, self.decorative and picture, self.upload.sha256)


@dataclass
class Slot:
    """A place for a file in a form without JavaScript, with what was typed beside it."""

    number: int
    file: UploadedFile | None = None
    alt: str = ""
    decorative: bool = False


@dataclass(frozen=True)
class Sent:
    """What a form sent about files: ids that it kept, what is typed beside each, files it carries."""

    kept: Sequence[str] = ()
    texts: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    slots: Sequence[Slot] = ()


class FilesWidget(forms.Widget):
    """Reads what `files/field.html` sends."""

    needs_multipart_form = True
    use_fieldset = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Sent:
        """What was sent; nothing is checked here."""
        dropped = set(_list(data, f"{name}-drop"))
        kept = [one for one in dict.fromkeys(_list(data, f"{name}-kept")) if one not in dropped]

        def beside(what: object) -> tuple[str, bool]:
            return clean_line(str(data.get(f"{name}-alt-{what}", ""))), bool(data.get(f"{name}-decorative-{what}"))

        slots = [Slot(n, files.get(f"{name}-file-{n}"), *beside(n)) for n in range(SLOTS)]
        return Sent(kept, {one: beside(one) for one in kept}, slots)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def id_for_label(self, id_: str | None, index: str | None = None) -> str:
        return ""


def _list(data: Any, name: str) -> list[str]:
    return [str(one) for one in data.getlist(name)] if hasattr(data, "getlist") else []


class FilesField(forms.Field):
    """Up to five files. Cleaned: a list of `Chosen`, for `files.actions.attach` or `settle`.

    Cleaning receives the files that the form carries: they wait, and stay chosen when another field is to be corrected.
    Ids of other people's files are refused like ids of none.
    """

    widget = FilesWidget
    by: Sender
    holder: tuple[str, object] | None = None
    rows: Sequence[Row] = ()
    slots: Sequence[Slot] = tuple(Slot(n) for n in range(SLOTS))

    def __init__(self, **kwargs: Any) -> None:
        kwargs = {"label": "Fichiers joints", "required": False, "template_name": "files/field.html", **kwargs}
        super().__init__(**kwargs)

    def clean(self, value: Sent) -> list[Chosen]:
        """Receive, check, choose. Raises `ValidationError` with a sentence for each file that is to be corrected."""
        errors: list[str] = []
        rows = self._kept(value, errors)
        slots = [Slot(n) for n in range(SLOTS)]
        for slot in value.slots:
            if slot.file is None:
                continue
            try:
                if len(rows) >= PER_HOLDER:
                    raise FileRefused(TOO_MANY, "too-many")
                upload = receive(file=slot.file, by=self.by)
            except FileRefused as refusal:
                errors.append(f"« {clean_line(slot.file.name or 'fichier')[:80]} » : {refusal}")
                slots[slot.number] = Slot(slot.number, None, slot.alt, slot.decorative)
            else:
                rows.append(Row(upload, slot.alt, slot.decorative))
        for row in rows:
            row.error = _missing(row)
            if row.error:
                errors.append(f"« {row.upload.name} » : {row.error}")
        self.rows, self.slots = rows, slots
        if errors:
            raise forms.ValidationError(errors)
        return [row.chosen for row in rows]

    def _kept(self, value: Sent, errors: list[str]) -> list[Row]:
        found = usable(value.kept, person=self.by.person, holder=self.holder)
        rows = [Row(found[one], *value.texts[one]) for one in value.kept if one in found]
        if len(rows) < len(value.kept):
            errors.append(GONE)
        if len(rows) > PER_HOLDER:
            errors.append(TOO_MANY)
        return rows

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data.kept or any(slot.file for slot in data.slots))


def _missing(row: Row) -> str:
    if not row.upload.is_picture or row.decorative:
        return ""
    if len(row.alt) > ALT_LONGEST:
        return ALT_TOO_LONG
    return "" if row.alt else DESCRIBE


class WithFiles(forms.Form):
    """A form with files: `class ReplyForm(WithFiles, ClubForm)`, made with the viewer, and with what holds the files
    already when that is edited. `cleaned_data["attachments"]` goes to `attach` or `settle`.
    """

    attachments = FilesField()

    def __init__(self, *args: Any, viewer: Sender, holder: tuple[str, object] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["attachments"] = files = cast(FilesField, self.fields.pop("attachments"))  # behind the text
        files.by, files.holder = viewer, holder
        if holder and not self.is_bound:
            held = attached_to(holder[0], [str(holder[1])])[str(holder[1])]
            files.rows = [Row(upload, upload.alt, upload.decorative) for upload in held]

    def again(self) -> QueryDict:
        """What was sent, for another form bound to it: files that came with it are named by their ids."""
        data = cast(QueryDict, self.data).copy()
        name = self.add_prefix("attachments")
        files = cast(FilesField, self.fields["attachments"])
        data.setlist(f"{name}-kept", [str(row.upload.pk) for row in files.rows])
        for row in files.rows:
            data[f"{name}-alt-{row.upload.pk}"] = row.alt
            data[f"{name}-decorative-{row.upload.pk}"] = "1" if row.decorative else ""
        return data
