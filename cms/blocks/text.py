"""Blocks of text."""

from __future__ import annotations

from typing import Any

from wagtail import blocks

from cms.blocks.base import LEVELS, RICH_TEXT, SIMPLE_TEXT, TEXT


class HeadingBlock(blocks.StructBlock):
    """A heading within the page, whose own title is its only h1."""

    text = blocks.CharBlock(label="Titre", max_length=160, help_text="Sans point final")
    level = blocks.ChoiceBlock(
        label="Niveau", choices=LEVELS, default="h2", help_text="Sans sauter de niveau : partie, puis sous-titre"
    )

    class Meta:
        template = "cms/blocks/heading.html"
        icon = "title"
        label = "Titre"
        group = TEXT
        preview_value = {"text": "Ce que la noue a changé", "level": "h2"}
        description = "Un titre de partie, de sous-partie ou un intertitre"


class ParagraphBlock(blocks.RichTextBlock):
    """Text with lists and links."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("features", RICH_TEXT)
        options.setdefault("help_text", "Des phrases courtes ; les titres ont leur propre bloc")
        super().__init__(**options)

    class Meta:
        template = "cms/blocks/paragraph.html"
        icon = "pilcrow"
        label = "Texte"
        group = TEXT
        preview_value = "<p>Les eaux de pluie rejoignent <b>quatre noues plantées</b> avant le ruisseau.</p>"
        description = "Un ou plusieurs paragraphes, des listes, des liens"


class QuoteBlock(blocks.StructBlock):
    """What somebody said."""

    text = blocks.TextBlock(label="Citation", max_length=600, help_text="Sans guillemets : le site les met")
    author = blocks.CharBlock(label="Auteur", max_length=120, required=False, help_text="Nom ou qualité")
    detail = blocks.CharBlock(
        label="Précision", max_length=160, required=False, help_text="Fonction, organisation, ou titre de l’ouvrage"
    )

    class Meta:
        template = "cms/blocks/quote.html"
        icon = "openquote"
        label = "Citation"
        group = TEXT
        preview_value = {"text": "On entretient moins, mais autrement.", "author": "Le chef du service des parcs"}
        description = "Ce qu’une personne a dit ou écrit, avec son nom"


class HighlightBlock(blocks.StructBlock):
    """Mise en exergue."""

    text = blocks.RichTextBlock(label="Texte", features=SIMPLE_TEXT, help_text="Une ou deux phrases à retenir")

    class Meta:
        template = "cms/blocks/highlight.html"
        icon = "pick"
        label = "Mise en exergue"
        group = TEXT
        preview_value = {"text": "<p>Aucun réseau enterré : l’eau se voit, donc se surveille.</p>"}
        description = "Une phrase du texte que l’on veut faire ressortir"


class CalloutBlock(blocks.StructBlock):
    """Mise en avant."""

    title = blocks.CharBlock(label="Titre", max_length=120, required=False, help_text="Facultatif")
    level = blocks.ChoiceBlock(label="Niveau du titre", choices=LEVELS, default="h3", help_text="Celui qui suit")
    text = blocks.RichTextBlock(label="Texte", features=RICH_TEXT, help_text="Une information à part du texte")

    class Meta:
        template = "cms/blocks/callout.html"
        icon = "info-circle"
        label = "Mise en avant"
        group = TEXT
        preview_value = {"title": "À savoir", "level": "h3", "text": "<p>L’aide se demande avant les travaux.</p>"}
        description = "Un encadré, pour une information distincte du texte"


class AlertBlock(blocks.StructBlock):
    """An alert."""

    kind = blocks.ChoiceBlock(
        label="Nature",
        choices=[("info", "Information"), ("success", "Succès"), ("warning", "Attention"), ("error", "Erreur")],
        default="info",
        help_text="« Attention » pour un risque, « Information » pour le reste",
    )
    title = blocks.CharBlock(label="Titre", max_length=120, help_text="Ce qui se passe, en quelques mots")
    level = blocks.ChoiceBlock(label="Niveau du titre", choices=LEVELS, default="h3", help_text="Celui qui suit")
    text = blocks.RichTextBlock(
        label="Texte", features=SIMPLE_TEXT, required=False, help_text="Ce qu’il faut faire, s’il y a lieu"
    )

    class Meta:
        template = "cms/blocks/alert.html"
        icon = "warning"
        label = "Alerte"
        group = TEXT
        preview_value = {"kind": "warning", "title": "Formulaire fermé le 30 juin", "level": "h3", "text": ""}
        description = "Une information importante ou urgente"


class PanelBlock(blocks.StructBlock):
    """One panel of an accordion or of tabs."""

    title = blocks.CharBlock(label="Titre", max_length=120, help_text="Une question, ou l’objet du texte")
    text = blocks.RichTextBlock(label="Texte", features=RICH_TEXT, help_text="Ce que l’on lit une fois ouvert")

    class Meta:
        icon = "list-ul"
        label = "Volet"


PANELS = [
    {"title": "Qui peut participer ?", "text": "<p>Les collectivités membres du club.</p>"},
    {"title": "Combien cela coûte-t-il ?", "text": "<p>Rien : l’adhésion est gratuite.</p>"},
]


class AccordionBlock(blocks.StructBlock):
    """Panels that open one by one."""

    level = blocks.ChoiceBlock(label="Niveau des titres", choices=LEVELS, default="h3", help_text="Celui qui suit")
    panels = blocks.ListBlock(PanelBlock(), label="Volets", min_num=1, help_text="Du plus demandé au plus rare")

    class Meta:
        template = "cms/blocks/accordion.html"
        icon = "collapse-down"
        label = "Accordéon"
        group = TEXT
        preview_value = {"level": "h3", "panels": PANELS}
        description = "Des réponses repliées, pour des questions fréquentes"


class TabsBlock(blocks.StructBlock):
    """Panels side by side, one shown at a time; without script all of them, one under the other."""

    label = blocks.CharBlock(label="Objet", max_length=120, help_text="Ce que comparent les onglets, pour l’oral")
    panels = blocks.ListBlock(PanelBlock(), label="Onglets", min_num=2, max_num=6, help_text="Deux à six, titres brefs")

    class Meta:
        template = "cms/blocks/tabs.html"
        icon = "tablet-alt"
        label = "Onglets"
        group = TEXT
        preview_value = {"label": "Questions", "panels": PANELS}
        description = "Deux à six textes de même nature, que l’on compare"


class StepBlock(blocks.StructBlock):
    """One step."""

    when = blocks.CharBlock(
        label="Quand", max_length=60, required=False, help_text="« Mars 2023 », « Avant le permis »"
    )
    title = blocks.CharBlock(label="Étape", max_length=120, help_text="Ce qui se fait")
    text = blocks.RichTextBlock(label="Texte", features=SIMPLE_TEXT, required=False, help_text="Comment, et avec qui")

    class Meta:
        icon = "date"
        label = "Étape"


class StepsBlock(blocks.StructBlock):
    """Steps, or what happened in order."""

    level = blocks.ChoiceBlock(label="Niveau des titres", choices=LEVELS, default="h3", help_text="Celui qui suit")
    steps = blocks.ListBlock(StepBlock(), label="Étapes", min_num=2, help_text="Dans l’ordre du temps")

    class Meta:
        template = "cms/blocks/steps.html"
        icon = "list-ol"
        label = "Étapes"
        group = TEXT
        preview_value = {
            "level": "h3",
            "steps": [
                {"when": "2021", "title": "Sondages de sol", "text": ""},
                {"when": "2022", "title": "Première noue", "text": "<p>Quarante mètres, pour essayer.</p>"},
            ],
        }
        description = "Un déroulé : dates, étapes d’une méthode"


class SeparatorBlock(blocks.StaticBlock):
    """A line between two parts."""

    class Meta:
        template = "cms/blocks/separator.html"
        icon = "minus"
        label = "Séparateur"
        group = TEXT
        admin_text = "Un trait, entre deux parties"
        description = "Un trait entre deux parties sans rapport"
