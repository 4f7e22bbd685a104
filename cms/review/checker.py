"""Wagtail’s content checker, run by the browser on the preview: the rules of ours that it knows too, in French."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest
from wagtail.admin.userbar import ContentCheckerItem


class ClubChecker(ContentCheckerItem):
    """Its own rules, and alternative texts, lists and cells of tables."""

    axe_run_only: ClassVar[list[str]] = [*ContentCheckerItem.axe_run_only, "image-alt", "list", "td-headers-attr"]
    axe_messages: ClassVar[dict[str, Any]] = {
        **ContentCheckerItem.axe_messages,
        "image-alt": {
            "error_name": "Une image n’a pas de texte alternatif",
            "help_text": "Décrivez-la, ou cochez « Image décorative »",
        },
        "list": {"error_name": "Une liste est mal formée", "help_text": "Employez les puces de l’éditeur"},
        "td-headers-attr": {
            "error_name": "Un tableau a des en-têtes mal liés",
            "help_text": "Choisissez les en-têtes : première ligne, première colonne",
        },
    }


def own_checker(request: HttpRequest, items: list[Any], page: Any) -> None:
    """Ours in place of Wagtail’s."""
    items[:] = [ClubChecker(one.in_editor) if isinstance(one, ContentCheckerItem) else one for one in items]
