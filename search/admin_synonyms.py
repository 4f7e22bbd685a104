"""Synonyms in the administration: sets are added, changed and deleted by our actions, and tried before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, HelpPanel, ObjectList
from wagtail.admin.views.generic import CreateView, DeleteView, EditView
from wagtail.admin.viewsets.model import ModelViewSet

from members.middleware import ClubRequest
from members.rules import NotAllowed
from members.viewer import Viewer
from search import (
    admin_policies,  # noqa: F401 - says who may
    answering,
    wording,
)
from search.core import synonyms
from search.core.asking import LIMIT, Request, read
from search.models import SynonymSet
from search.results import Line, line

SHOWN = 10


class SetForm(WagtailAdminModelForm):
    """A set that is one."""

    class Meta:
        model = SynonymSet
        fields = ("terms", "remark")

    def clean_terms(self) -> str:
        try:
            return wording.check(self.cleaned_data["terms"])
        except wording.NotASet as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class AddView(CreateView):
    """A new set; `?terms=` fills in what was searched."""

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "terms": self.request.GET.get("terms", "")[:300]}

    def save_instance(self) -> SynonymSet:
        return wording.keep_set(self.form.save(commit=False), by=self.request.viewer)


class ChangeView(EditView):
    """A set that is changed."""

    def save_instance(self) -> SynonymSet:
        return wording.keep_set(self.form.save(commit=False), by=self.request.viewer)


class DropView(DeleteView):
    """A set that goes."""

    def delete_action(self) -> None:
        wording.drop_set(self.object, by=self.request.viewer)


class SynonymViewSet(ModelViewSet):
    """Sets of synonyms: the national office."""

    model = SynonymSet
    icon = "openquote"
    menu_label = "Synonymes"
    menu_order = 710
    add_to_admin_menu = True
    copy_view_enabled = False
    add_to_reference_index = False
    list_display = ["terms", "remark", "changed_at"]
    search_fields = ["terms", "remark"]
    add_view_class = AddView
    edit_view_class = ChangeView
    delete_view_class = DropView
    edit_handler = ObjectList(
        [
            HelpPanel(template="search/admin/synonyms_help.html"),
            FieldPanel("terms"),
            FieldPanel("remark"),
        ],
        base_form_class=SetForm,
    )


@require_safe
def preview(request: ClubRequest) -> HttpResponse:
    """What a set (`?jeu=`) changes to a search (`?q=`): the first ten results with it and without, nothing kept.

    The national office, under their own rights; raises `NotAllowed` to others.
    """
    if not request.viewer.is_national_office:
        raise NotAllowed("Les synonymes sont tenus par le bureau national.")
    terms, words = request.GET.get("jeu", "")[:300], request.GET.get("q", "")[:LIMIT]
    context: dict[str, Any] = {"terms": terms, "words": words, "shown": SHOWN}
    if terms and words:
        try:
            with_it, without = wording.with_and_without(wording.check(terms))
        except wording.NotASet as refusal:
            context["refusal"] = str(refusal)
        else:
            context["columns"] = [
                ("Sans ce jeu", *_found(words, without, request.viewer)),
                ("Avec ce jeu", *_found(words, with_it, request.viewer)),
            ]
    return render(request, "search/admin/preview.html", context)


def _found(words: str, lines: Sequence[str], viewer: Viewer) -> tuple[list[Line], int, str]:
    """The first lines, how many there are, and the words that were looked for in place of misspelt ones."""
    with synonyms.with_added(lines):
        found = answering.search(Request(read(words)), viewer, facets=False).found
    return [line(hit) for hit in found.hits[:SHOWN]], found.total, found.spelling
