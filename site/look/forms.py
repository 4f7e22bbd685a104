"""Forms of ours: DSFR fields, an error summary that takes the focus, what was typed always kept."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from dsfr.forms import DsfrBaseForm
from dsfr.utils import dsfr_input_class_attr

from look.typography import typographic


class ClubForm(DsfrBaseForm):
    """The base of every form: ids valid, errors tied to their field, autofocus never stolen from the summary."""

    required_css_class = "required"
    error_css_class = "fr-input-group--error"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.dress()

    def dress(self) -> None:
        """Give each field DSFR's class; called again by forms that replace fields after this base is made."""
        self._bound_fields_cache.clear()  # they copied labels and hints of the fields as they were
        for bound in self.visible_fields():
            dsfr_input_class_attr(bound)
            bound.label = bound.field.label = typographic(str(bound.label))
            bound.help_text = bound.field.help_text = typographic(str(bound.help_text))
            if isinstance(bound.field.widget, forms.FileInput):
                bound.field.widget.attrs.setdefault("class", "fr-upload")
            required = bound.field.error_messages.get("required")
            if required == forms.Field.default_error_messages["required"]:
                bound.field.error_messages["required"] = "Ce champ est à remplir."

    def set_autofocus_on_first_error(self) -> None:
        """django-dsfr would move the focus to the first field: here it goes to the summary of errors."""


class OperationField(forms.CharField):
    """The operation id of a form: made by the server, the same on a double click or a retry."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, max_length=36, initial=lambda: str(uuid.uuid4()))
