"""Forms of the import."""

from __future__ import annotations

from typing import Any

from django import forms

from look.forms import ClubForm
from projects.importing.reading import MAX_BYTES
from projects.models import ImportLine
from territories.models import Commune
from territories.resolution import resolve_code

NONE, OTHER = "none", "other"


class ListForm(ClubForm):
    """The file of the list."""

    file = forms.FileField(
        label="Liste des projets",
        help_text="CSV en UTF-8 ou classeur XLSX, avec les 32 colonnes de la liste ; 20 Mo et 20 000 lignes au plus",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={"empty": "Le fichier est vide.", "required": "Choisissez un fichier."},
    )

    def clean_file(self) -> Any:
        """Refuse at once what is too large; everything else is said by the dry run."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(f"Le fichier pèse plus de {MAX_BYTES // 1_000_000} Mo : découpez-le.")
        return file


class ChoiceForm(ClubForm):
    """Which commune a doubtful line means."""

    choice = forms.ChoiceField(label="Cette ligne désigne", choices=[], widget=forms.RadioSelect)
    code = forms.CharField(
        label="Code Insee d’une autre commune", required=False, max_length=5,
        help_text="5 signes, par exemple 67482. Seulement si vous avez choisi « Une autre commune »",
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
    )  # fmt: skip

    def __init__(self, *args: Any, line: ImportLine, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(str(one["id"]), f"{one['name']} ({one['code']})") for one in line.candidates]
        self.fields["choice"].choices = [*offered, (OTHER, "Une autre commune"), (NONE, "Aucun projet à reprendre")]

    def clean(self) -> dict[str, Any]:
        """Find the commune; None stands for no project."""
        data = super().clean() or self.cleaned_data
        choice = data.get("choice")
        data["commune"] = None
        if choice == OTHER:
            data["commune"] = resolve_code(data.get("code", ""))
            if data["commune"] is None:
                self.add_error("code", "Aucune commune ne porte ce code. Vérifiez-le, par exemple sur insee.fr.")
        elif choice and choice != NONE:
            data["commune"] = Commune.objects.filter(pk=int(choice)).first()
        return data
