"""The page of components (development): every piece of ours, to look at in both themes and both widths."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from look.forms import ClubForm


class SampleForm(ClubForm):
    """One field of each kind."""

    title = forms.CharField(label="Titre", max_length=80, help_text="Une phrase courte")
    text = forms.CharField(label="Texte", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    region = forms.ChoiceField(label="Région", choices=[("", "Choisissez"), ("53", "Bretagne")])
    kind = forms.ChoiceField(label="Nature", choices=[("d", "Difficulté"), ("q", "Question")], widget=forms.RadioSelect)
    follow = forms.BooleanField(label="Suivre cette discussion", required=False)
    secret = forms.CharField(
        label="Mot de passe", required=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    picture = forms.FileField(label="Image", required=False, help_text="PNG ou JPEG, 20 Mo au plus")


def style(request: HttpRequest) -> HttpResponse:
    """Show every component of ours; exists in development and tests only."""
    messages.info(request, "Un message d’information.")
    messages.success(request, "C’est enregistré.")
    messages.warning(request, "À vérifier.")
    messages.error(request, "Cela n’a pas pu être fait.")
    context = {
        "form": SampleForm({"title": "", "region": "", "kind": ""}),
        "empty_form": SampleForm(auto_id="vide_%s"),
        "page": Paginator(list(range(500)), 10).get_page(request.GET.get("page", 7)),
        "crumbs": [("Style", "/style/"), ("Composants", "")],
        "sample_jobs": [{"title": "Premier contenu", "percent": 40, "message": "Territoires"}],
        "rows": [("Vendenheim", "67", 3), ("Grenoble", "38", 6)],
    }
    return render(request, "look/style.html", context)
