"""Tables and figures."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock

from cms.blocks.base import DATA

SAMPLE = {
    "data": [["Poste", "Coût HT"], ["Terrassement", "84 000 €"], ["Plantations", "31 500 €"]],
    "first_row_is_table_header": True,
    "first_col_is_header": False,
    "table_header_choice": "row",
    "table_caption": "Coût de la première noue",
}


class CaptionedTableBlock(TableBlock):
    """A table; its caption and the choice of its headers are compulsory."""

    class Meta:
        template = "cms/blocks/table.html"
        icon = "table"
        label = "Tableau"
        group = DATA
        preview_value = SAMPLE
        description = "Un tableau de données, avec sa légende et ses en-têtes"

    def clean(self, value: Any) -> Any:
        """Refuse a table without caption, or without header."""
        cleaned = super().clean(value)
        if cleaned and not self.is_deferred_validation:
            if not (cleaned.get("table_caption") or "").strip():
                raise ValidationError("Donnez une légende au tableau : elle dit ce qu’il montre.")
            if cleaned.get("table_header_choice") == "neither":
                raise ValidationError(
                    "Un tableau de données a des en-têtes : première ligne, première colonne ou les deux."
                )
        return cleaned


class ChartBlock(blocks.StructBlock):
    """A few figures drawn as bars, with the table that says the same."""

    title = blocks.CharBlock(label="Titre", max_length=160, help_text="Ce que comparent ces chiffres")
    unit = blocks.CharBlock(label="Unité", max_length=40, help_text="« m³ par an », « % des logements »")
    label = blocks.CharBlock(
        label="En-tête des lignes", max_length=60, default="Année", help_text="« Année », « Poste »"
    )
    rows = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("label", blocks.CharBlock(label="Ligne", max_length=60, help_text="« 2022 »")),
                ("value", blocks.DecimalBlock(label="Valeur", min_value=0, help_text="Un nombre, sans l’unité")),
            ],
            label="Ligne",
        ),
        label="Chiffres",
        min_num=2,
        max_num=12,
        help_text="Deux à douze lignes",
    )
    source = blocks.CharBlock(label="Source", max_length=200, help_text="Qui a mesuré, et quand")

    class Meta:
        template = "cms/blocks/chart.html"
        icon = "order"
        label = "Chiffres et graphique"
        group = DATA
        preview_value = {
            "title": "Eau d’arrosage",
            "unit": "m³ par an",
            "label": "Année",
            "rows": [{"label": "2021", "value": 1240}, {"label": "2023", "value": 410}],
            "source": "Service des espaces verts, 2024",
        }
        description = "Des barres et, à côté, le tableau des mêmes chiffres"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """`bars`: each row with the share of the largest that its bar takes."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        largest = max((row["value"] or 0 for row in value["rows"]), default=0)
        bars = [
            {
                "label": row["label"],
                "value": row["value"],
                "width": round(100 * row["value"] / largest) if largest else 0,
            }
            for row in value["rows"]
        ]
        return {**context, "bars": bars}
