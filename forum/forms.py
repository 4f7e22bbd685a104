"""The forum's forms: a topic, a reply, an edit, a reason, a target."""

from __future__ import annotations

from typing import Any

from django import forms

from forum.models import Space
from forum.text import LIMIT, seen
from look.forms import ClubForm, OperationField

HINT = "Mise en forme simple : **gras**, *italique*, « - » pour une liste, « > » pour une citation."


class TextField(forms.CharField):
    """The text of a message: Markdown in a bare text area."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        area = forms.Textarea(attrs={"rows": 6, "spellcheck": "true", "autocomplete": "off"})
        kwargs = {"help_text": HINT, "max_length": LIMIT, "strip": True, **kwargs}
        super().__init__(label=label, widget=area, **kwargs)


class TopicForm(ClubForm):
    """A new topic."""

    title = forms.CharField(
        label="Titre",
        max_length=160,
        min_length=8,
        help_text="Par exemple : « Qui entretient les noues après la livraison ? »",
    )
    source = TextField("Votre message")
    operation = OperationField()

    def clean_title(self) -> str:
        """The title as one sees it; what nobody sees does not count."""
        title = seen(self.cleaned_data["title"])
        if len(title) < self.fields["title"].min_length:
            raise forms.ValidationError("Donnez un titre d’au moins huit caractères.")
        return title


class ReplyForm(ClubForm):
    """A reply."""

    source = TextField("Votre réponse")
    operation = OperationField()


class EditForm(ClubForm):
    """Another text for a message, as it stood at a revision."""

    source = TextField("Votre message")
    revision = forms.IntegerField(widget=forms.HiddenInput)
    operation = OperationField()


class HideForm(ClubForm):
    """Why a message is hidden."""

    reason = forms.CharField(
        label="Motif",
        max_length=400,
        min_length=5,
        help_text="Les modérateurs le liront à côté du message. Par exemple : « Données personnelles d’un habitant ».",
    )


class MoveForm(ClubForm):
    """Where a topic goes."""

    target = forms.ModelChoiceField(label="Espace", queryset=Space.objects.none(), empty_label="Choisir un espace")

    def __init__(self, *args: Any, targets: list[Space], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].queryset = Space.objects.filter(pk__in=[space.pk for space in targets])
