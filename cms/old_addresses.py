"""Addresses of a former site, from a CSV: each leads to a page or an address of now. Repeatable, with a report."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from changes import SYSTEM, change
from cms.models import HomePage
from cms.reading.pages import page_at
from members.viewer import VISITOR_VIEWER

OLD, NEW = "ancienne", "nouvelle"
PAGES = "wagtail_serve"
"""The route of the tree, which takes whatever no other takes."""


class NotAList(Exception):
    """The file has not the two columns."""


@dataclass
class Report:
    """What the import did, or would do: how many lines of each outcome, and why some were refused."""

    counts: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)

    def refuse(self, number: int, reason: str) -> None:
        """Count a line as refused, with its reason."""
        self.counts["refusées"] += 1
        self.refused.append(f"ligne {number} : {reason}")


def read_list(lines: Iterable[str]) -> Iterator[tuple[int, str, str]]:
    """Line number, old address and new one. Commas or semicolons. Raises `NotAList`."""
    held = [line for line in lines if line.strip()]
    delimiter = ";" if held and held[0].count(";") >= held[0].count(",") and ";" in held[0] else ","
    rows = csv.DictReader(held, delimiter=delimiter)
    if not {OLD, NEW} <= set(rows.fieldnames or ()):
        raise NotAList(f"Le fichier doit avoir les colonnes « {OLD} » et « {NEW} ».")
    for number, row in enumerate(rows, start=2):
        yield number, (row[OLD] or "").strip(), (row[NEW] or "").strip()


def import_addresses(lines: Iterable[str], *, dry_run: bool) -> Report:
    """Make or change the redirects of a list, all of them in one change; by an operator. Raises `NotAList`.

    A new address that is a page of the tree is kept as that page, whether it was written with our host or without: it
    follows when the page moves. Refused: an address that is given twice, that leads round in circles, to another
    scheme or to what is not there, or at which something of ours answers.
    """
    report = Report()
    home = HomePage.objects.first()
    seen: set[str] = set()
    rows = [(number, _without_host(old), _without_host(new)) for number, old, new in read_list(lines)]
    with change(by=SYSTEM) as c:
        ways = _known() | {Redirect.normalise_path(old): new for _, old, new in reversed(rows) if old}
        for number, old, new in rows:
            path = Redirect.normalise_path(old) if old else ""
            reason = _wrong(path, new, seen, home) or _wrong_way(path, new, ways, home)
            seen.add(path)
            if reason:
                report.refuse(number, reason)
                continue
            report.counts[_keep(path, new, home, dry_run)] += 1
        if not dry_run:
            c.log("import", "redirects", "list", after=dict(report.counts))
    return report


def _without_host(address: str) -> str:
    """An address of our own site without its host; another as it is."""
    site, given = urlsplit(settings.SITE_URL), urlsplit(address)
    if given.scheme not in ("http", "https") or given.netloc.lower() != site.netloc.lower():
        return address
    return given._replace(scheme="", netloc="", path=given.path or "/").geturl()


def _known() -> dict[str, str]:
    """Where the redirects of the site lead; nothing for those that follow a page. One SQL query."""
    return dict(Redirect.objects.filter(site=None).values_list("old_path", "redirect_link"))


def _wrong(path: str, new: str, seen: set[str], home: HomePage | None) -> str:
    if not path or path == "/":
        return "l’ancienne adresse manque"
    if not new.startswith(("/", "https://", "http://")) or new.startswith("//"):
        return f"« {new} » n’est pas une adresse : commencez par « / » ou « https:// »"
    if path in seen:
        return f"« {path} » est déjà donnée plus haut"
    if new.startswith("/") and Redirect.normalise_path(new) == path:
        return f"« {path} » mènerait à elle-même"
    if home is not None and _page(path, home) is not None:
        return f"une page est publiée à l’adresse « {path} »"
    if _is_answered(path) or _is_answered(f"{urlsplit(path).path}/"):
        return f"le site répond déjà à l’adresse « {path} » : la redirection n’agirait jamais"
    return ""


def _wrong_way(path: str, new: str, ways: dict[str, str], home: HomePage | None) -> str:
    """What is wrong with where an address leads, by others or not: round in circles, or to nothing of ours."""
    last, passed = new, {path}
    while not (there := _is_there(last, home)) and (step := Redirect.normalise_path(last)) in ways:
        if step in passed:
            return f"« {path} » tournerait en rond en passant par « {new} »"
        passed.add(step)
        last = ways[step]
    return "" if there else f"rien n’est publié à l’adresse « {last} »"


def _is_answered(address: str) -> bool:
    """Whether a view of ours, other than the tree of pages, takes this address."""
    try:
        return resolve(unquote(urlsplit(address).path)).url_name != PAGES
    except Resolver404:
        return False


def _is_there(address: str, home: HomePage | None) -> bool:
    """Whether the address is of another site, or something of ours answers at it."""
    path = urlsplit(address).path
    if not address.startswith("/") or path == "/" or _is_answered(path):
        return True
    return home is not None and _page(path, home) is not None


def _page(address: str, home: HomePage) -> Page | None:
    """The published page of an address of this site, if everybody may read it."""
    components = [part for part in address.split("?", maxsplit=1)[0].split("/") if part]
    if not address.startswith("/") or not components:
        return None
    found: Page | None = page_at(home, components, VISITOR_VIEWER)
    return found


def _keep(path: str, new: str, home: HomePage | None, dry_run: bool) -> str:
    """Write one redirect; the word of what was done."""
    page = _page(new, home) if home is not None else None
    wanted: dict[str, Any] = {
        "redirect_page_id": page.pk if page else None,
        "redirect_link": "" if page else new,
        "is_permanent": True,
    }
    known = Redirect.objects.filter(old_path=path, site=None).first()
    if known is not None and all(getattr(known, name) == value for name, value in wanted.items()):
        return "inchangées"
    if not dry_run:
        Redirect.objects.update_or_create(old_path=path, site=None, defaults={**wanted, "automatically_created": False})
    return "créées" if known is None else "modifiées"
