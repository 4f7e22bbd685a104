"""In the administration: the synonyms, their preview, and what people search and do not find."""

from __future__ import annotations

from typing import Any

from django.urls import path
from wagtail import hooks

from cms.reports.menu import ReportItem
from search.admin_missing import MissedView
from search.admin_synonyms import SynonymViewSet, preview


@hooks.register("register_admin_viewset")
def synonyms() -> SynonymViewSet:
    """`synonymes/…/`, for the national office."""
    return SynonymViewSet("synonyms", url_prefix="synonymes")


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """The preview of a set, and the report."""
    names = {"index_url_name": "missed", "index_results_url_name": "missed-results"}
    return [
        path("synonymes/apercu/", preview, name="synonyms-preview"),
        path("rapports/sans-resultat/", MissedView.as_view(**names), name="missed"),
        path(
            "rapports/sans-resultat/resultats/",
            MissedView.as_view(results_only=True, **names),
            name="missed-results",
        ),
    ]


hooks.register("register_reports_menu_item", lambda: ReportItem(MissedView, 110, address="missed"))
