"""Audits in the administration: the bureau enters them, row by row."""

from __future__ import annotations

from typing import Any

from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.snippets.views.snippets import SnippetViewSet

from cms.models import AccessibilityAudit


class AuditViewSet(SnippetViewSet):
    """Audits of accessibility: list, add, change, delete. Open to whoever has the model's permissions."""

    model: Any = AccessibilityAudit
    icon = "tick-inverse"
    menu_label = "Accessibilité"
    menu_order = 700
    add_to_admin_menu = True
    list_display = ["audited_on", "auditor"]
    panels = [
        MultiFieldPanel([FieldPanel("audited_on"), FieldPanel("auditor")], heading="L’audit"),
        FieldPanel("sample"),
        FieldPanel("tools"),
        InlinePanel("rows", label="critère", heading="Critères"),
        FieldPanel("exemptions"),
    ]
