"""The search page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from search.queries import search as search_for


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Results for `?q=`: everyone may search, and finds what they may read."""
    words = request.GET.get("q", "").strip()
    return render(
        request,
        "search/results.html",
        {"words": words, "results": search_for(words), "crumbs": [("Recherche", "")]},
    )
