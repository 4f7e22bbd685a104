"""Forms of accounts and of the bureau's pages on people."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth
from django import forms

from look.forms import ClubForm
from members.models import Role

PASSWORD_HINT = "12 caractères au moins ; une phrase se retient mieux qu’un mot compliqué."  # noqa: S105 - a help text


class LoginForm(allauth.LoginForm, ClubForm):  # type: ignore[misc]  # allauth ships no types
    """Sign-in by e-mail and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Adresse électronique"
        self.fields["login"].help_text = "Format attendu : nom@domaine.fr"
        self.fields["login"].widget.attrs.update({"autocomplete": "username", "autofocus": False})
        self.fields["password"].label = "Mot de passe"
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs.pop("autofocus", None)
        self.fields["remember"].label = "Rester connecté sur cet appareil"


class ResetPasswordForm(allauth.ResetPasswordForm, ClubForm):  # type: ignore[misc]  # allauth ships no types
    """Ask for a link; the answer is the same whether the address is known or not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Adresse électronique"
        self.fields["email"].help_text = "Format attendu : nom@domaine.fr"
        self.fields["email"].widget.attrs.pop("placeholder", None)


class ResetPasswordKeyForm(allauth.ResetPasswordKeyForm, ClubForm):  # type: ignore[misc]  # allauth ships no types
    """The new password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = "Nouveau mot de passe"
        self.fields["password1"].help_text = PASSWORD_HINT
        self.fields["password2"].label = "Le même, pour être sûr"
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class InvitationForm(ClubForm):
    """The bureau invites a person: address, organisation, function, and if wanted a role with its scope."""

    email = forms.EmailField(
        label="Adresse électronique professionnelle",
        help_text="Format attendu : nom@domaine.fr",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        max_length=254,
    )
    given_name = forms.CharField(label="Prénom", max_length=80, required=False)
    family_name = forms.CharField(label="Nom", max_length=80, required=False)
    organisation = forms.CharField(
        label="Organisation",
        help_text="Nom ou code postal d’une collectivité, ou nom d’un service : « Vendenheim », « DREAL Bretagne »",
        max_length=160,
    )
    organisation_key = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)
    function = forms.CharField(label="Fonction", help_text="Exemple : chargée de mission habitat", max_length=120)
    role = forms.ChoiceField(
        label="Rôle",
        required=False,
        choices=[("", "Membre, sans rôle particulier"), *Role.choices],
    )
    scope = forms.CharField(label="Portée du rôle", required=False, max_length=80)


class EndForm(ClubForm):
    """Why a mandate or role ends: kept in the journal."""

    reason = forms.CharField(
        label="Motif",
        required=False,
        max_length=300,
        help_text="Gardé dans le journal. Exemple : a changé de poste",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AcceptForm(ClubForm):
    """What an invited person fills in."""

    given_name = forms.CharField(
        label="Prénom", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    family_name = forms.CharField(
        label="Nom", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    password = forms.CharField(
        label="Mot de passe",
        help_text=PASSWORD_HINT,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
