"""« Nous écrire »: the form, and the page that says that it was sent."""

from __future__ import annotations

import uuid
from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from changes import OperationReused
from directory.contact import Message, NobodyThere, Subject, TooMany, write
from look.forms import ClubForm, OperationField
from members.middleware import ClubRequest
from members.queries import mandates_of
from members.viewer import Viewer
from territories.models import Region

TRAP = "site_web"
NATION = "Toute la France, ou je ne sais pas"


class ContactForm(ClubForm):
    """Who writes, about what, from where. `site_web` is not shown: what fills it in is no person."""

    sujet = forms.ChoiceField(label="Vous voulez", choices=Subject.choices)
    nom = forms.CharField(label="Votre nom", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    courriel = forms.EmailField(
        label="Votre adresse électronique",
        max_length=200,
        help_text="Format attendu : prenom.nom@ville.fr",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    organisme = forms.CharField(
        label="Votre collectivité ou organisme",
        max_length=200,
        required=False,
        help_text="Par exemple : Ville de Redon, direction de l’aménagement",
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    region = forms.ChoiceField(label="Votre région", required=False)
    message = forms.CharField(
        label="Votre message",
        min_length=10,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "true"}),
        error_messages={"min_length": "Quelques mots de plus : dix caractères au moins."},
    )
    operation = OperationField()

    def __init__(self, *args: Any, regions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = [("", NATION), *regions]
        self.dress()

    @property
    def written(self) -> Message:
        """The message of a valid form."""
        data = self.cleaned_data
        return Message(
            data["sujet"], data["nom"], data["courriel"], data["organisme"], data["region"], data["message"].strip()
        )


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: ClubRequest) -> HttpResponse:
    """The form (`?sujet=rejoindre&region=53`); it answers with the page that says that a receipt was sent."""
    regions = list(Region.objects.in_force().order_by("name").values_list("code", "name"))
    status = 200
    if request.method == "POST":
        form = ContactForm(request.POST, regions=regions)
        if form.is_valid():
            if request.POST.get(TRAP):
                return redirect("contact_sent")
            try:
                network = get_adapter().get_client_ip(request)
                write(form.written, network=network, operation=form.cleaned_data["operation"], by=request.viewer)
                return redirect("contact_sent")
            except (TooMany, NobodyThere) as refusal:
                form.add_error(None, str(refusal))
                status = 429 if isinstance(refusal, TooMany) else 503
            except OperationReused:
                form = ContactForm({**request.POST.dict(), "operation": str(uuid.uuid4())}, regions=regions)
                form.add_error(
                    None, "Un autre message est déjà parti de cette page : relisez celui-ci, puis envoyez-le."
                )
                status = 409
    else:
        form = ContactForm(initial=_known(request.viewer, request.GET), regions=regions)
    context = {"form": form, "trap": TRAP, "crumbs": [("Nous écrire", "")]}
    return render(request, "directory/contact.html", context, status=status)


def _known(viewer: Viewer, asked: Any) -> dict[str, str]:
    """What the address asks for, and what we know of who is signed in."""
    initial = {"sujet": asked.get("sujet", ""), "region": asked.get("region", "")}
    if viewer.person is not None:
        initial |= {"nom": viewer.person.get_full_name(), "courriel": viewer.person.email}
        for mandate in mandates_of(viewer)[:1]:
            initial["organisme"] = mandate.organisation.name
            initial["region"] = initial["region"] or mandate.organisation.region_id or ""
    return initial


@require_safe
def sent(request: ClubRequest) -> HttpResponse:
    """It is sent: who answers, when."""
    return render(request, "directory/contact_sent.html", {"crumbs": [("Nous écrire", "")]})
