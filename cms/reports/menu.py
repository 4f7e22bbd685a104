"""The addresses of our reports in the administration, and their lines in its menu."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import policy_registry

from cms.reports.views import REPORTS, LinesView


class ReportItem(MenuItem):
    """A report, shown to whoever may change something of the kind that it is about.

    `address` is the name of its route: that of one of ours where none is given.
    """

    def __init__(self, view: type[LinesView], order: int, *, address: str = "") -> None:
        url = reverse(address or f"report:{view.route}")
        super().__init__(view.page_title, url, name=view.route, icon_name=view.header_icon, order=order)
        self.model = view.model

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(
            policy_registry.get_by_type(self.model).user_has_any_permission(request.user, ["change", "publish"])
        )


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """`rapports/…/`, each with the address from which its page takes new results."""
    found = []
    for view in REPORTS:
        names = {"index_url_name": f"report:{view.route}", "index_results_url_name": f"report:{view.route}-results"}
        found += [
            path(f"{view.route}/", view.as_view(**names), name=view.route),
            path(f"{view.route}/resultats/", view.as_view(results_only=True, **names), name=f"{view.route}-results"),
        ]
    return [path("rapports/", include((found, "report")))]


for _order, _view in enumerate(REPORTS, start=100):
    hooks.register("register_reports_menu_item", lambda view=_view, order=_order: ReportItem(view, order))
