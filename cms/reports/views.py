"""The reports of Wagtail’s menu, each limited to what the editor may change; also as CSV and XLSX."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page

from cms.models import BrokenLink, ClubImage
from cms.reports import queries


@dataclass(frozen=True)
class Line:
    """One thing to mend: what it is called, of which kind, why it is here, where it is mended."""

    title: str
    kind: str
    note: str
    address: str


class LinesView(ReportView):
    """Lines of a report: three SQL queries, whatever their number, with those of the administration."""

    results_template_name = "cms/reports/results.html"
    list_export: tuple[str, ...] = ("title", "kind", "note")
    export_headings = {"title": "Titre", "kind": "Nature", "note": "À faire"}
    any_permission_required = ("add", "change", "publish")
    model: type[Any] = Page
    introduction = ""
    route = ""

    def decorate_paginated_queryset(self, object_list: Any) -> list[Line]:
        """The rows of this page of the report as lines."""
        return [self.line(row) for row in object_list]

    def line(self, row: Any) -> Line:
        """A row as a line."""
        return of_page(row, "")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """With the sentence that says what the report is for."""
        return {**super().get_context_data(*args, **kwargs), "introduction": self.introduction}


def of_page(page: Page, note: str) -> Line:
    """A page as a line."""
    return Line(page.title, page.page_type_display_name, note, reverse("wagtailadmin_pages:edit", args=[page.pk]))


class ToReadAgain(LinesView):
    """« Toujours valable ? »"""

    page_title = "Pages à relire"
    header_icon = "time"
    route = "a-relire"
    introduction = (
        "Ces pages n’ont pas été relues depuis dix-huit mois, ou leur date de relecture est passée. Sont-elles "
        "toujours valables ? Publiez-les de nouveau, ou donnez-leur une date de relecture."
    )

    def get_queryset(self) -> QuerySet[Any]:
        return queries.to_read_again(self.request.user).select_related("content_type")

    def line(self, row: Any) -> Line:
        at = timezone.localtime(row.last_published_at) if row.last_published_at else None
        return of_page(row, f"Publiée le {date_format(at, 'j F Y')}" if at else "Date de relecture passée")


class WithoutEngagement(LinesView):
    """Pages that one does not find by the charter."""

    page_title = "Pages sans engagement"
    header_icon = "tag"
    route = "sans-engagement"
    introduction = "On trouve une page par les engagements de la charte : choisissez-en un à trois dans « Paramètres »."

    def get_queryset(self) -> QuerySet[Any]:
        return queries.without_engagement(self.request.user).select_related("content_type")

    def line(self, row: Any) -> Line:
        return of_page(row, "Aucun engagement")


class WithoutWords(LinesView):
    """Images used without a text for who does not see them."""

    page_title = "Images sans texte alternatif"
    header_icon = "image"
    route = "images-sans-texte"
    model = ClubImage
    introduction = "Ces images sont employées par une page. Dites ce qu’elles montrent, pour qui ne les voit pas."

    def get_queryset(self) -> QuerySet[Any]:
        return queries.without_words(self.request.user)

    def line(self, row: Any) -> Line:
        return Line(row.title, "Image", "Description vide", reverse("wagtailimages:edit", args=[row.pk]))


class BrokenLinks(LinesView):
    """Links that lead nowhere."""

    page_title = "Liens rompus"
    header_icon = "link"
    route = "liens-rompus"
    introduction = (
        "Une fois par semaine, le site suit les liens de ses pages vers ses propres pages. Ceux-ci ne mènent plus à "
        "rien. Les liens vers d’autres sites ne sont pas suivis."
    )

    def get_queryset(self) -> QuerySet[Any]:
        return queries.broken_links(self.request.user)

    def line(self, row: BrokenLink) -> Line:
        day = date_format(timezone.localtime(row.found_at), "j F Y")
        return of_page(row.page, f"{row.place} : {row.message} Constaté le {day}.")


REPORTS: list[type[LinesView]] = [ToReadAgain, WithoutEngagement, WithoutWords, BrokenLinks]
