"""Notes: a little app above `files`, as the tests need one. A page, a form, who may read."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from changes import change
from club.urls import urlpatterns as site_urls
from files import actions
from files.forms import WithFiles
from files.queries import attached_to
from look.forms import ClubForm

NAME = "attachments"
PAGE = """{% extends "base.html" %}{% load static files %}
{% block title %}Note{% endblock %}
{% block head %}<script type="module" src="{% static 'files/files.js' %}"></script>{% endblock %}
{% block content %}<div class="club-text"><h1>Note</h1>{% attached files %}
<h2>Modifier</h2>{% include "look/form.html" with verb="Publier" %}</div>{% endblock %}
"""


class NoteForm(WithFiles, ClubForm):
    """A note, as an app above would have it."""

    text = forms.CharField(label="Votre note")


def note(request: HttpRequest, pk: int) -> HttpResponse:
    """What such an app does with it."""
    viewer = request.viewer
    form = NoteForm(request.POST or None, request.FILES or None, viewer=viewer, holder=("note", pk))
    status = 200
    if request.method == "POST" and form.is_valid():
        with change(by=viewer):
            actions.settle(form.cleaned_data[NAME], holder_kind="note", holder_id=pk, by=viewer)
        form, status = NoteForm(viewer=viewer, holder=("note", pk)), 201
    files = attached_to("note", [pk])[pk]
    page = engines["django"].from_string(PAGE).render({"form": form, "files": files}, request)
    return HttpResponse(page, status=status)


urlpatterns = [path("note/<int:pk>/", note), *site_urls]
