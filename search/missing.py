"""What people search and do not find: counted by text and day, without the person, for those who animate the club.

What protects people:
* nothing is kept of who asked: of a person (or a network address) only a keyed print stays in the cache for a day, so
  that the same one counts once;
* a text that may name somebody is not kept at all: a given name or the name of anybody who has an account, two words
  with capitals, `auteur:`, a title (« Mme »), an address, a telephone number, a long text;
* what is shown (`asked_again`) was asked on three different days or more;
* thirteen months later it is gone.
"""

from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import structlog
from django.core.cache import cache
from django.db import DatabaseError
from django.db.models import Count, F, Max, QuerySet, Sum
from django.utils import timezone
from django.utils.crypto import salted_hmac

from changes import SYSTEM, change
from changes.ticks import tick
from members.models import Person
from members.viewer import Viewer
from search.core.asking import Request
from search.core.french import folded_words, is_stop_word
from search.models import Missed

log = structlog.get_logger(__name__)
FILE = Path(__file__).parent / "data" / "given_names.txt"
LONGEST, MOST_WORDS = 80, 8
DAYS = 3
"""Different days on which a text was asked before anybody reads it."""
KEPT = timedelta(days=396)
DAY = 24 * 3600
MOST_A_DAY = 20
"""Texts that one person or network adds in a day."""
NAMES_KEPT = 600  # seconds
_MACHINE = re.compile(r"bot|crawl|spider|slurp|preview|monitor|curl|wget|python|java|http", re.IGNORECASE)
_DIGITS = re.compile(r"\d(?:[ ./-]?\d){5,}")
_ADDRESS = re.compile(r"@|://|www\.", re.IGNORECASE)
_CAPITALISED = re.compile(r"[A-ZÀ-Ý][a-zà-ÿ]+")
_TITLES = frozenset(["m", "mr", "mme", "mlle", "dr", "me", "monsieur", "madame", "mademoiselle", "docteur", "maitre"])


def note(asked: Request, viewer: Viewer, *, network: str, agent: str) -> None:
    """Count a search that found nothing, or other words than those typed; whatever goes wrong, the page goes on.

    Its first page only, without filters; not of machines, and once a day of the same person or network.
    """
    if not agent or _MACHINE.search(agent):
        return
    text = kept_of(asked)
    if not text:
        return
    who = viewer.key if viewer.person else network
    try:
        if _first_of(who, text):
            _count(text)
    except DatabaseError as error:
        log.warning("missed search not counted", error=type(error).__name__)


def kept_of(asked: Request) -> str:
    """The folded words of a request that may be kept; empty where it may not. One SQL query every ten minutes."""
    query = asked.query
    raw = query.raw
    if asked.page != 1 or asked.filters or query.author or _ADDRESS.search(raw) or _DIGITS.search(raw):
        return ""
    written = raw.replace('"', " ").split()
    if 1 < len(written) <= 3 and all(_CAPITALISED.fullmatch(word) for word in written):
        return ""
    words = folded_words(raw)
    text = " ".join(words)[:LONGEST]
    if not 0 < len(words) <= MOST_WORDS or len(raw) > LONGEST or all(is_stop_word(word) for word in words):
        return ""
    saints = {number + 1 for number, word in enumerate(words) if word in ("saint", "sainte", "st", "ste")}
    named = {word for number, word in enumerate(words) if number not in saints}  # « Saint-Denis » is a commune
    if _TITLES.intersection(words[:-1]) or _given_names().intersection(named) or _names().intersection(named):
        return ""
    return text


def asked_again() -> QuerySet[Any, Any]:
    """Texts that were not found on three days or more, the most asked first: `text`, `times`, `days`, `last`."""
    rows = Missed.objects.values("text").annotate(times=Sum("count"), days=Count("day"), last=Max("day"))
    return rows.filter(days__gte=DAYS).order_by("-times", "text")


@tick(every=DAY)
def purge() -> None:
    """What was not found goes after thirteen months."""
    with change(by=SYSTEM):
        Missed.objects.filter(day__lt=timezone.localdate() - KEPT).delete()


def _first_of(who: str, text: str) -> bool:
    """Whether this person or network has not asked this today; nobody adds more than twenty texts a day."""
    day = timezone.localdate().isoformat()
    if not cache.add(f"search:missed:{salted_hmac('search.missed', f'{who} {day} {text}').hexdigest()}", 1, DAY):
        return False
    place = f"search:missed:{salted_hmac('search.missed', f'{who} {day}').hexdigest()}"
    count = cache.get(place, 0) + 1
    cache.set(place, count, DAY)
    return count <= MOST_A_DAY


def _count(text: str) -> None:
    """Two statements."""
    day = timezone.localdate()
    with change(by=SYSTEM):
        Missed.objects.bulk_create([Missed(text=text, day=day, count=0)], ignore_conflicts=True)
        Missed.objects.filter(text=text, day=day).update(count=F("count") + 1)


def _names() -> frozenset[str]:
    """Folded words of the names of all accounts."""
    found: frozenset[str] | None = cache.get("search:names")
    if found is None:
        rows = Person.objects.values_list("given_name", "family_name")
        words = (word for row in rows.iterator() for word in folded_words(" ".join(row)))
        found = frozenset(word for word in words if not is_stop_word(word))
        cache.set("search:names", found, NAMES_KEPT)
    return found


@lru_cache(maxsize=1)
def _given_names() -> frozenset[str]:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
