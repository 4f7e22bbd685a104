"""Editorial pages: kept for visitors under load; lists and the explorer in a section of 100 pages and in one of 5,000.

    python -m bench.editorial.pages [--few 100] [--many 5000] [--at-once 16] [--seconds 20] [--count 60]

The production shape with two page processes, asked from 127.0.0.1. Baselines of the same run: a style sheet that nginx
sends by itself; `/me/` without an id (session and rights, no template); the pages of the smaller section, asked in
turn with the others.
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
section = SectionPage.objects.filter(slug=name).first()
with change(by=SYSTEM):
    if section is None:
        section = home.add_child(instance=SectionPage(title="Mesure", slug=name, order="recent"))
    partner = Organisation.objects.get(name="Atelier de mesure")
    text = "<p>" + "Une noue retient la pluie le temps que le sol la boive, si le sol est vivant. " * 12 + "</p>"
    for number in range(first, last):
        section.add_child(instance=ArticlePage(
            title=f"Article de mesure {number}", slug=f"article-{number}", summary="Un résumé de deux lignes. " * 5,
            organisation=partner, body=[("paragraph", text)] * 4))
answer = [section.pk, section.url]
"""
SIGNED_IN = SESSIONS.replace(
    'people = Person.objects.filter(email__endswith="@mesure.example", roles=None)',
    'people = Person.objects.filter(email__in=["bureau@mesure.example", "membre@mesure.example"])',
)


def plant(desk: Desk, count: int) -> tuple[int, str]:
    """A section with so many articles: its id and its address."""
    found = (0, "")
    for start in range(0, count, 250):
        found = tuple(desk.do(PAGES, name=f"mesure-{count}", first=start, last=min(start + 250, count)))
    return found


def lists(stack: Stack, sections: dict[int, tuple[int, str]], office: str, member: str, count: int) -> None:
    """The pages that list a section, of each number of pages in turn, one request after the other."""

    def page(path: str, cookies: str) -> Job:
        return lambda number: get(stack, path, cookies)

    jobs = {"/me/ without an id (baseline)": page("/me/", member)}
    listed = {
        "section, first page, member": ("{url}", member),
        "section, page 4, member": ("{url}?page=4", member),
        "explorer, first page, bureau": ("/redaction/pages/{key}/", office),
        "explorer, page 2, bureau": ("/redaction/pages/{key}/?p=2", office),
        "explorer by title, bureau": ("/redaction/pages/{key}/?ordering=title", office),
        "explorer, a word of all, bureau": ("/redaction/pages/{key}/?q=mesure", office),
    }
    for title, (path, cookies) in listed.items():
        for pages, (key, url) in sections.items():
            jobs[f"{title}, {pages}"] = page(path.format(key=key, url=url), cookies)
    jobs["desk of the editorial site, bureau"] = page("/redaction/", office)
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
        sections = {count: plant(desk, count) for count in (given.few, given.many)}
        office, member = desk.do(SIGNED_IN, count=2)
        print(f"\nSections of {given.few} and of {given.many} pages, in turn")
        lists(stack, sections, office, member, given.count)
        url = sections[given.few][1]
        kept(stack, f"{url}article-7/", url, given.at_once, given.seconds)


if __name__ == "__main__":
    main()
