"""Editorial pages: kept for visitors under load; lists and the explorer at 100 pages of a section, then at 5,000.

    python -m bench.editorial.pages [--few 100] [--many 5000] [--at-once 16] [--seconds 20] [--count 60]

The production shape with two page processes, asked from 127.0.0.1. Baselines of the same run: a style sheet that nginx
sends by itself; `/me/` without an id (session and rights, no template); the same pages at the smaller number.
"""

from __future__ import annotations

import asyncio

from bench.forum._load import Request, request
from bench.forum._site import SESSIONS, Job, get, hammered, one_by_one, options, show, static_file
from bench.realtime._site import busy, host
from tools.full import Desk, Stack, full_stack
from tools.wire import ask

PEOPLE = """
from changes import SYSTEM, change
from members.actions import give_membership, give_role
from members.models import Organisation, Person, Role, Scope
with change(by=SYSTEM):
    partner, _ = Organisation.objects.get_or_create(kind="partner", name="Atelier de mesure")
    office = Person.objects.create_user("bureau@mesure.example", None, given_name="Ada", family_name="Bureau")
    give_membership(office, partner, "bureau", by=SYSTEM)
    give_role(office, Role.NATIONAL_OFFICE, Scope.NATION, "", by=SYSTEM)
    member = Person.objects.create_user("membre@mesure.example", None, given_name="Ida", family_name="Membre")
    give_membership(member, partner, "membre", by=SYSTEM)
answer = None
"""
PAGES = """
from changes import SYSTEM, change
from cms.models import ArticlePage, SectionPage
from cms.tree import plant_tree
from members.models import Organisation
home = plant_tree()
section = SectionPage.objects.filter(slug="mesure").first()
with change(by=SYSTEM):
    if section is None:
        section = home.add_child(instance=SectionPage(title="Mesure", slug="mesure", order="recent"))
    partner = Organisation.objects.get(name="Atelier de mesure")
    text = "<p>" + "Une noue retient la pluie le temps que le sol la boive, si le sol est vivant. " * 12 + "</p>"
    for number in range(first, last):
        section.add_child(instance=ArticlePage(
            title=f"Article de mesure {number}", slug=f"article-{number}", summary="Un résumé de deux lignes. " * 5,
            organisation=partner, body=[("paragraph", text)] * 4))
answer = [section.pk, section.url, ArticlePage.objects.get(slug="article-7").url]
"""
SIGNED_IN = SESSIONS.replace(
    'people = Person.objects.filter(email__endswith="@mesure.example", roles=None)',
    'people = Person.objects.filter(email__in=["bureau@mesure.example", "membre@mesure.example"])',
)


def plant(desk: Desk, first: int, last: int) -> tuple[int, str, str]:
    """Articles of one section, from one number to another; the section's id and address, an article's address."""
    found: list[tuple[int, str, str]] = []
    for start in range(first, last, 250):
        found.append(tuple(desk.do(PAGES, first=start, last=min(start + 250, last))))
    return found[-1]


def lists(stack: Stack, section: int, url: str, office: str, member: str, count: int) -> None:
    """The pages that list a section, one request after the other."""

    def page(path: str, cookies: str) -> Job:
        return lambda number: get(stack, path, cookies)

    admin = f"/redaction/pages/{section}/"
    jobs = {
        "/me/ without an id (baseline)": page("/me/", member),
        "section, first page, member": page(url, member),
        "section, page 4, member": page(f"{url}?page=4", member),
        "explorer, first page, bureau": page(admin, office),
        "explorer, page 2, bureau": page(f"{admin}?p=2", office),
        "explorer by title, bureau": page(f"{admin}?ordering=title", office),
        "explorer, words, bureau": page(f"{admin}?q=article+42", office),
        "desk of the editorial site, bureau": page("/redaction/", office),
    }
    before = busy()
    show(one_by_one(jobs, count), before)


def kept(stack: Stack, article: str, url: str, at_once: int, seconds: float) -> None:
    """What visitors meet, many at once."""

    def visitor(path: str) -> Request:
        sent = request(path, host(stack))
        return lambda number: sent

    body = asyncio.run(ask(stack.front.port, article, host=host(stack))).body.decode()
    jobs = {
        "a style sheet by nginx (baseline)": visitor(static_file(body)),
        "an article": visitor(article),
        "its section": visitor(url),
        "home": visitor("/"),
    }
    print(f"{at_once} at once, visitors")
    before = busy()
    show(hammered(stack, jobs, at_once=at_once, seconds=seconds), before)


def main() -> None:
    given = options(__doc__, few=100, many=5000, at_once=16, seconds=20.0, count=60)
    with full_stack(search=False) as stack, Desk(stack) as desk:
        stack.worker.stop()  # it would index the pages while they are measured, on the same cores
        desk.do(PEOPLE)
        section, url, article = plant(desk, 0, given.few)
        office, member = desk.do(SIGNED_IN, count=2)
        print(f"\n{given.few} pages in a section")
        lists(stack, section, url, office, member, given.count)
        kept(stack, article, url, given.at_once, given.seconds)
        plant(desk, given.few, given.many)
        print(f"\n{given.many} pages in a section")
        lists(stack, section, url, office, member, given.count)


if __name__ == "__main__":
    main()
