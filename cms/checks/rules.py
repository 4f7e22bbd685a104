"""Each check: from what a page holds to what must be mended. Pure: what they need to know of the site is given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from cms.checks.findings import Finding, advice, blocking
from cms.checks.links import Known
from cms.checks.matter import Empty, Heading, Link, Picture, Table, Text, Thing

VAGUE = {
    "ici",
    "cliquez ici",
    "cliquer ici",
    "clic",
    "en savoir plus",
    "savoir plus",
    "lire la suite",
    "la suite",
    "suite",
    "lien",
    "ce lien",
    "voir",
    "voir plus",
    "plus",
    "plus d’informations",
    "plus d’infos",
    "télécharger",
    "site",
    "site web",
    "page",
    "cette page",
}
_address = re.compile(r"^(?:https?://|www\.)\S+$|^\S+\.(?:fr|com|org|eu|net|gouv\.fr)(?:/\S*)?$", re.IGNORECASE)


def check_pictures(things: Iterable[Thing]) -> Iterator[Finding]:
    """Every image has its alternative text, or is decorative."""
    for thing in things:
        if isinstance(thing, Picture) and not thing.described:
            yield blocking(
                "dites ce que montre l’image à qui ne la voit pas, ou cochez « Image décorative ».", thing.place
            )


def check_headings(things: Iterable[Thing]) -> Iterator[Finding]:
    """Headings follow each other without a jump; the page’s own title is its only h1."""
    before = 1
    for thing in things:
        if not isinstance(thing, Heading):
            continue
        if not thing.text.strip():
            yield blocking("ce titre est vide.", thing.place)
        elif thing.level == 1:
            yield blocking(
                "le titre de la page est le seul de premier niveau : choisissez un titre de partie.", thing.place
            )
        elif thing.level > before + 1:
            yield blocking(
                f"« {thing.text} » saute un niveau de titre : choisissez un titre de niveau {before + 1}.", thing.place
            )
        before = max(thing.level, 1)


def check_empty(things: Iterable[Thing]) -> Iterator[Finding]:
    """A text has words where it must: the editor leaves the mark of a paragraph, which Django takes for a value."""
    for thing in things:
        if isinstance(thing, Empty):
            yield blocking("ce texte est vide : écrivez-le, ou supprimez le bloc.", thing.place)


def check_tables(things: Iterable[Thing]) -> Iterator[Finding]:
    """Tables say what they show, and have headers."""
    for thing in things:
        if not isinstance(thing, Table):
            continue
        if not thing.caption:
            yield blocking("donnez une légende au tableau : elle dit ce qu’il montre.", thing.place)
        if not thing.has_headers:
            yield blocking("choisissez les en-têtes du tableau : première ligne, première colonne.", thing.place)


def check_link_words(things: Iterable[Thing]) -> Iterator[Finding]:
    """The words of a link say where it leads, even read alone."""
    for thing in things:
        if not isinstance(thing, Link):
            continue
        words = " ".join(thing.text.lower().replace("'", "’").split()).rstrip(" .…!»").lstrip("« ")
        if not words:
            yield blocking("un lien n’a pas de mots : dites où il mène.", thing.place)
        elif words in VAGUE:
            yield blocking(
                f"« {thing.text.strip()} » ne dit pas où mène le lien : nommez ce que l’on trouvera.", thing.place
            )
        elif _address.match(words):
            yield blocking(
                f"« {thing.text.strip()} » est une adresse : nommez plutôt ce que l’on trouvera.", thing.place
            )


def check_link_ends(things: Iterable[Thing], known: Known) -> Iterator[Finding]:
    """Links lead somewhere. Of other sites only the form of the address is checked: the site asks nobody."""
    for thing in things:
        if not isinstance(thing, Link):
            continue
        if thing.page is not None:
            if thing.page not in known.pages:
                yield blocking(f"le lien « {thing.text} » mène à une page qui n’est pas publiée.", thing.place)
        elif thing.address.startswith("/"):
            if thing.address not in known.paths:
                yield blocking(f"le lien « {thing.text} » mène à une adresse du site qui n’existe pas.", thing.place)
        elif not well_formed(thing.address):
            yield blocking(f"l’adresse du lien « {thing.text} » n’est pas complète.", thing.place)


def well_formed(address: str) -> bool:
    """Whether a browser could follow the address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme in ("http", "https"):
        return "." in (parts.hostname or "") or parts.hostname == "localhost"
    if parts.scheme == "mailto":
        return "@" in parts.path
    return parts.scheme == "tel" or (address.startswith("#") and len(address) > 1)


TYPOGRAPHY = [
    (
        re.compile(r"[^\W\d_»)][!?;»]|[^\W\d_»)]:(?=\s|$)"),
        "mettez une espace devant « : », « ; », « ! », « ? » et « » »",
    ),
    (re.compile(r'"[^"\n]+"'), "écrivez les guillemets à la française : « … »"),
    (re.compile(r"\S  +\S"), "une espace est doublée"),
    (re.compile(r"(?<!\.)\.\.\.(?!\.)"), "écrivez les points de suspension d’un seul signe : …"),
    (re.compile(r"\s[,.](?!\d|\.)"), "pas d’espace devant une virgule ni un point"),
    (re.compile(r"(?:\b[A-ZÀ-Ý]{3,}\b[ ’-]?){4,}"), "pas de phrase en capitales : elles se lisent mal"),
]
_web = re.compile(r"\S+://\S+|\S+@\S+|\bwww\.\S+")


def check_typography(things: Iterable[Thing]) -> Iterator[Finding]:
    """French typography, as advice: one line per place and mistake, with the words where it is."""
    for thing in things:
        if not isinstance(thing, (Text, Heading)):
            continue
        text = _web.sub("x", thing.text)
        for mistake, words in TYPOGRAPHY:
            found = mistake.search(text)
            if found:
                around = text[max(0, found.start() - 20) : found.end() + 10].strip()
                yield advice(f"{words} (« {around} »).", thing.place)
