"""All checks over one page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from cms.checks import rules
from cms.checks.findings import Finding, Place, advice, blocking
from cms.checks.links import known_of
from cms.checks.matter import Text, Thing, in_html, things_in

# Wagtail’s own columns hold no text of the page, except these two.
WRITTEN = {"title", "search_description"}


def check_page(page: Any, commitments: Iterable[Any] | None = None) -> list[Finding]:
    """What is to be mended in a page as it stands in memory, the gravest first. Four SQL queries at most for links.

    `commitments` are those of a form that is not saved yet; else the page’s own.
    """
    bodies = [list(things) for things in _bodies(page)]
    things = [thing for body in bodies for thing in body]
    findings = [*_complete(page, commitments), *rules.check_pictures(things)]
    for body in bodies:
        findings += rules.check_headings(body)
    findings += rules.check_empty(things)
    findings += rules.check_tables(things)
    findings += rules.check_link_words(things)
    findings += rules.check_link_ends(things, known_of(things))
    findings += rules.check_typography([*things, *_texts(page)])
    return sorted(findings, key=lambda finding: not finding.is_blocking)


def check_links(page: Any) -> list[Finding]:
    """The links of a page that lead nowhere. Four SQL queries at most."""
    things = [thing for body in _bodies(page) for thing in body]
    return list(rules.check_link_ends(things, known_of(things)))


def _bodies(page: Any) -> Iterator[Iterable[Thing]]:
    for field in page._meta.get_fields():
        if isinstance(field, (StreamField, RichTextField)):
            label = str(field.verbose_name)
            place = Place(field.name, label[:1].upper() + label[1:], field.name)
            value = getattr(page, field.name)
            if isinstance(field, RichTextField):
                yield in_html(value, place)
            elif value:
                yield things_in(value, value.stream_block, place)


def _texts(page: Any) -> Iterator[Thing]:
    base = {field.name for field in Page._meta.get_fields()} - WRITTEN
    for field in page._meta.get_fields():
        plain = isinstance(field, (models.CharField, models.TextField)) and not isinstance(
            field, (RichTextField, models.URLField, models.EmailField, models.SlugField)
        )
        if plain and field.name not in base and not field.choices:
            label = str(field.verbose_name)
            yield Text(
                str(getattr(page, field.name) or ""), Place(field.name, label[:1].upper() + label[1:], field.name)
            )


def _complete(page: Any, commitments: Iterable[Any] | None) -> Iterator[Finding]:
    """The summary, the engagements of the charter."""
    names = {field.name for field in page._meta.get_fields()}
    if "summary" in names and not (page.summary or "").strip():
        yield blocking(
            "résumez la page en trois lignes : les listes et les moteurs les montrent.",
            Place("summary", "Résumé", "summary"),
        )
    if "commitments" in names:
        chosen = list(page.commitments.all()) if commitments is None else list(commitments)
        if not chosen:
            place = Place("commitments", "Engagements de la charte", "commitments")
            needed = getattr(page, "needs_commitment", False)
            say = blocking if needed else advice
            yield say("choisissez au moins un engagement : c’est par là que l’on trouve la page.", place)
