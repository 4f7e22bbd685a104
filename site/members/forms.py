"""Forms of accounts and of the bureau's pages on people."""

from __future__ import annotations

import hashlib
from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.http import HttpRequest

from changes import change
from look.forms import ClubForm, OperationField
from members.models import SCOPES_OF, Role, Scope
from members.organisations import Found, find_organisations, found_of_key

PASSWORD_HINT = "12 caractères au moins ; une phrase se retient mieux qu’un mot compliqué."  # noqa: S105 - a help text


class LoginForm(allauth.LoginForm, ClubForm):
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
        self.dress()


class ResetPasswordForm(allauth.ResetPasswordForm, ClubForm):
    """Ask for a link; the answer is the same whether the address is known or not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Adresse électronique"
        self.fields["email"].help_text = "Format attendu : nom@domaine.fr"
        self.fields["email"].widget.attrs.pop("placeholder", None)
        self.dress()

    def clean_email(self) -> str:
        """Take any address: the worker looks up whether it is known, so that the time of answer tells nothing."""
        return str(self.cleaned_data["email"]).strip().lower()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Queue the question; the worker sends the link where the address has an account."""
        email: str = self.cleaned_data["email"]
        with change(by="visitor") as c:
            c.fact("mail.password_reset", hashlib.sha256(email.encode()).hexdigest()[:16], payload={"email": email})
        return email


class ResetPasswordKeyForm(allauth.ResetPasswordKeyForm, ClubForm):
    """The new password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = "Nouveau mot de passe"
        self.fields["password1"].help_text = PASSWORD_HINT
        self.fields["password2"].label = "Le même, pour être sûr"
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.dress()


class InvitationForm(ClubForm):
    """The bureau invites a person: address, organisation, function, and if wanted a role with its scope.

    The organisation is looked up from what was typed: exactly one match is taken, several are offered as choices
    (`organisation_key`), so the form works without JavaScript. With it, the one chosen from the suggestions comes with
    its key and is not asked for again; a key that no longer goes with the name typed is dropped.
    """

    data: Any
    operation = OperationField()
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
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    organisation_key = forms.ChoiceField(
        label="Laquelle de ces organisations ?", required=False, choices=[], widget=forms.RadioSelect
    )
    function = forms.CharField(label="Fonction", help_text="Exemple : chargée de mission habitat", max_length=120)
    role = forms.ChoiceField(
        label="Rôle",
        required=False,
        choices=[
            ("", "Membre, sans rôle particulier"),
            *(choice for choice in Role.choices if choice[0] != Role.GUEST),
        ],
    )
    scope = forms.ChoiceField(
        label="Portée du rôle", required=False, help_text="À choisir si vous donnez un rôle", choices=[]
    )

    def __init__(self, *args: Any, scopes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scope"].choices = _grouped(scopes)
        self.offered: list[Found] = self._look_up() if self.is_bound else []
        choices = [(found.key, f"{found.name} ({found.detail})") for found in self.offered]
        self.fields["organisation_key"].choices = choices
        if len(choices) < 2:
            self.fields["organisation_key"].widget = forms.HiddenInput()

    def _look_up(self) -> list[Found]:
        text, key = self.data.get("organisation", ""), self.data.get("organisation_key", "")
        offered = find_organisations(text)
        if key and key not in {found.key for found in offered}:
            if chosen := found_of_key(key, text):
                return [chosen]
            self.data = self.data.copy()
            self.data["organisation_key"] = ""
        return offered

    def clean_organisation(self) -> str:
        """Refuse a name that no organisation bears: a collectivité is never made from free text."""
        text: str = self.cleaned_data["organisation"]
        if not self.offered:
            raise forms.ValidationError("Aucune organisation ne porte ce nom. Vérifiez son orthographe.")
        return text

    def clean(self) -> dict[str, Any]:
        """Find the one organisation and check that the role may hold in the scope."""
        data = super().clean() or self.cleaned_data
        if self.offered and not data.get("organisation_key"):
            if len(self.offered) > 1:
                self.add_error("organisation_key", "Plusieurs organisations répondent à ce nom : choisissez la bonne.")
            else:
                data["organisation_key"] = self.offered[0].key
        role, scope = data.get("role", ""), data.get("scope", "")
        if role:
            kind = Scope(scope.partition(":")[0]) if scope else None
            if kind not in SCOPES_OF[Role(role)]:
                names = ", ".join(sorted(wanted.label.lower() for wanted in SCOPES_OF[Role(role)]))
                self.add_error("scope", f"Ce rôle se donne pour : {names}.")
        return data

    @property
    def scope_parts(self) -> tuple[str, str]:
        """The scope's kind and id; empty without a role."""
        if not self.cleaned_data["role"]:
            return "", ""
        kind, _, scope_id = self.cleaned_data["scope"].partition(":")
        return kind, scope_id


def _grouped(scopes: list[tuple[str, str]]) -> list[Any]:
    """The scopes as a select shows them: the wide ones first, then régions and départements under a heading."""
    headed: dict[str, list[tuple[str, str]]] = {"region": [], "department": []}
    wide = [("", "Aucune")]
    for key, label in scopes:
        headed.get(key.partition(":")[0], wide).append((key, label))
    return [*wide, ("Régions", headed["region"]), ("Départements", headed["department"])]


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
    """What an invited person fills in: their name and a password; only the password where they have an account."""

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

    def __init__(self, *args: Any, known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known:
            del self.fields["given_name"], self.fields["family_name"]
            self.fields["password"].help_text = "Celui de votre compte : vous en avez déjà un à cette adresse."
            self.fields["password"].widget.attrs["autocomplete"] = "current-password"
