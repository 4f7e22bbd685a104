"""« Réagir »: a discussion under an article, a practice or a report, in a space that is never wider than the page."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Q, QuerySet
from wagtail.models import Page, PageViewRestriction

from changes import change
from changes.facts import handles
from changes.models import Fact
from cms.models import ClubPage, Reaction
from cms.reading.privacy import may_read
from forum.actions import hide_topic, reply_to_topic, show_topic, start_topic
from forum.models import MEMBERS, PUBLIC, Kind, Space, State, Topic
from forum.rules import may_see_topic, may_write
from members.audiences import VISITOR
from members.models import Role, Scope
from members.projection import MEMBERS as MEMBERS_GROUP
from members.projection import members_of
from members.rules import NotAllowed
from members.viewer import Viewer
from territories.models import Region

NARROWED = "La page dont elle parle est maintenant réservée."
WITHDRAWN = "La page dont elle parle n’est plus publiée."


class Discussion(NamedTuple):
    """What a page shows of its discussion: its address and count where it is there, else whether one may be opened."""

    topic: Topic | None
    may_open: bool


def discussion_of(page: ClubPage, viewer: Viewer) -> Discussion:
    """The page's discussion, as far as the viewer may see it. At most three SQL queries."""
    found = Reaction.objects.select_related("topic__space").filter(page=page.pk).first()
    if found is not None:
        seen = may_see_topic(viewer, found.topic) and found.topic.state == State.VISIBLE
        return Discussion(found.topic if seen else None, False)
    return Discussion(None, space_for(page) is not None)


def space_for(page: ClubPage) -> Space | None:
    """Where the page's discussion opens: its région's space, else a national one; none that is wider than the page."""
    audiences = _audiences_within(page)
    rows = Space.objects.filter(Q(region=page.region_id) | Q(region=None)).filter(kind__in=["regional", "national"])
    spaces = [space for space in rows if audiences is None or space.audience in audiences]
    own = [space for space in spaces if space.region_id]
    public = [space for space in spaces if space.audience == PUBLIC]
    return next(iter([*own, *public, *spaces]), None)


def _audiences_within(page: Page) -> set[str] | None:
    """Audiences that are not wider than the page's; None: the page is public, any is. Two SQL queries at most."""
    rows = PageViewRestriction.objects.filter(page__in=page.get_ancestors(inclusive=True))
    closing = list(rows.prefetch_related("groups"))
    if not closing:
        return None
    groups = {group.name for one in closing for group in one.groups.all()}
    regions = {members_of(region): f"region:{region.code}" for region in Region.objects.in_force()}
    if groups == {MEMBERS_GROUP}:
        return {MEMBERS, *regions.values()}
    return {regions[name] for name in groups} if len(groups) == 1 and groups <= regions.keys() else set()


def react(page: ClubPage, *, source: str, operation: str, by: Viewer) -> Topic:
    """Open the page's discussion with a message, or answer in it where somebody was quicker.

    Who may: members who read the page and write in its space. Raises `NotAllowed`, `EmptyText`, `OperationReused`.
    """
    if not (page.live and may_read(page, by)):
        raise NotAllowed("Cette page n’est plus là.")
    with change(by=by) as c:
        c.fact("page.discussed", page.pk)  # asked again after the commit: a restriction may come at the same moment
        if first := c.once(operation, [page.pk, source]):
            return Topic.objects.select_related("space").get(pk=first)
        Page.objects.select_for_update().get(pk=page.pk)  # two at once: the second one answers the first
        found = Reaction.objects.select_related("topic").filter(page=page.pk).first()
        if found is not None:
            topic = reply_to_topic(topic_id=found.topic_id, source=source, by=by).topic
        else:
            topic = _open(page, source, by)
            Reaction.objects.create(page_id=page.pk, topic=topic)
        c.result = str(topic.pk)
    return topic


def _open(page: ClubPage, source: str, by: Viewer) -> Topic:
    space = space_for(page)
    if space is None or not may_write(by, space):
        raise NotAllowed("Les réactions à cette page ne sont pas ouvertes.")
    about = f"{source}\n\nÀ propos de : [{_plain(page.title)}]({page.url})"
    return start_topic(space=space, title=f"Réactions : {page.title}"[:160], source=about, kind=Kind.INFORMATION, by=by)


def _plain(title: str) -> str:
    return title.replace("[", "(").replace("]", ")")


class _Keeper(Viewer):
    """The site itself, where what closes a page closes its discussion too."""

    @property
    def key(self) -> str:
        return "system"


@handles("reactions", "page.restricted")
@handles("reactions", "page.moved")
@handles("reactions", "page.published")
@handles("reactions", "page.unpublished")
@handles("reactions", "page.discussed")
def a_page_changed(fact: Fact) -> None:
    """Its readers, or those of a page above, changed; nobody reads one that is withdrawn."""
    changed = Page.objects.filter(pk=int(fact.object_id)).first()
    if changed is not None:
        below = Page.objects.filter(path__startswith=changed.path)
        _keep_narrow(Reaction.objects.filter(page__in=below.values("pk")))


@handles("reactions", "forum.topic_changed")
def a_topic_changed(fact: Fact) -> None:
    """It may stand in another space."""
    _keep_narrow(Reaction.objects.filter(topic=int(fact.object_id)))


@handles("reactions", "forum.space_changed")
def a_space_changed(fact: Fact) -> None:
    """It may have other readers."""
    _keep_narrow(Reaction.objects.filter(topic__space=int(fact.object_id)))


def _keep_narrow(rows: QuerySet[Reaction]) -> None:
    """Hide discussions that are wider than the page they are about, or whose page is not published: their titles say
    what it is called.

    One that we hid is shown again once it fits; one that a moderator hid stays so.
    """
    office = f"{Scope.NATION.value}:{Role.NATIONAL_OFFICE.value}"
    for one in rows.select_related("page", "topic__space"):
        audiences, topic = _audiences_within(one.page), one.topic
        fits = one.page.live and (audiences is None or topic.space.audience in audiences)
        keeper = _Keeper(None, VISITOR | {MEMBERS, topic.space.audience, office})
        if not fits and topic.state == State.VISIBLE:
            hide_topic(topic_id=topic.pk, reason=NARROWED if one.page.live else WITHDRAWN, by=keeper)
        elif fits and topic.state == State.HIDDEN and topic.hidden_reason in (NARROWED, WITHDRAWN):
            show_topic(topic_id=topic.pk, by=keeper)
