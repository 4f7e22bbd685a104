"""The report of what people search and do not find."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from cms.reports.views import LinesView
from members.models import Role
from members.viewer import Viewer
from search import (
    admin_policies,  # noqa: F401 - says who may
    missing,
)
from search.models import Missed


class MissedView(LinesView):
    """Words, how often, on how many days: the national office, correspondents, facilitators. One SQL query."""

    page_title = "Recherches sans résultat"
    header_icon = "search"
    route = "sans-resultat"
    model = Missed
    results_template_name = "search/admin/missed_results.html"
    list_export = ("text", "times", "days", "last")
    export_headings = {"text": "Mots", "times": "Fois", "days": "Jours", "last": "Dernier jour"}
    introduction = (
        "Ce que plusieurs ont cherché sans rien trouver, trois jours différents ou plus. Rien ne dit qui ; ce qui "
        "ressemble à un nom n’est pas gardé, et tout s’efface après treize mois. Un autre mot pour la même chose ? "
        "Ajoutez un synonyme. Personne n’en a parlé ? Posez la question sur le forum."
    )

    def get_queryset(self) -> QuerySet[Any, Any]:
        return missing.asked_again()

    def decorate_paginated_queryset(self, object_list: Any) -> list[dict[str, Any]]:  # type: ignore[override]
        """The rows with their addresses: the search, and a new set of synonyms for who keeps them."""
        keeps = Viewer.of(self.request.user).holds(Role.NATIONAL_OFFICE)
        new = reverse("synonyms:add")
        return [
            {
                **row,
                "search": f"{reverse('search')}?{urlencode({'q': row['text']})}",
                "synonym": f"{new}?{urlencode({'terms': row['text']})}" if keeps else "",
            }
            for row in object_list
        ]
