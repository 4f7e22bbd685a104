"""Forms of ours: DSFR fields, an error summary that takes the focus, what was typed always kept."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from dsfr.forms import DsfrBaseForm


class ClubForm(DsfrBaseForm):
    """The base of every form: ids valid, errors tied to their field, autofocus never stolen from the summary."""

    required_css_class = "required"
    error_css_class = "fr-input-group--error"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages.setdefault("required", "Ce champ est à remplir.")

    def set_autofocus_on_first_error(self) -> None:
        """django-dsfr would move the focus to the first field: here it goes to the summary of errors."""


class OperationField(forms.CharField):
    """The operation id of a form: made by the server, the same on a double click or a retry."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, max_length=36, initial=lambda: str(uuid.uuid4()))
