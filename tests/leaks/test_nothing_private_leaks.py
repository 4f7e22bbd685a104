"""The leak matrix: every route × role × state of what is private, with a marker planted in each; found nowhere else.

A route that is not listed here fails the first test: whoever adds one says which private things it could show.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from changes import change
from cms.models import ArticlePage, HomePage, SectionPage, StandardPage
from cms.tree import plant_tree
from files.actions import Chosen, attach, receive
from files.models import Upload
from forum import actions
from forum.models import Post, Space, Topic
from meetings import actions as meeting_actions
from meetings.models import AgendaItem, Meeting, Speaker
from members.actions import give_role
from members.models import Membership, Organisation, Person, Role, Scope
from members.projection import GROUPS
from members.viewer import Viewer
from notifications.unsubscribing import unsubscribe_link

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ROLES = ("visitor", "member", "elsewhere", "regional", "space-moderator", "office")
# Who may read which marker. Markers stand in titles, texts, reasons, names of spaces and of people.
READERS = {
    "REGION": {"regional", "office"},
    "MEMBERS": set(ROLES) - {"visitor"},
    "HIDDEN": {"space-moderator", "office"},
    "HIDDENTOPIC": {"space-moderator", "office"},
    "WITHDRAWN": set(),
    "EDITEDAWAY": set(),
    "MAILED": {"asker"},
    "OLDVERSION": set(ROLES) - {"visitor"},
    "HIDDENVERSION": {"space-moderator", "office"},
    "DRAFT": set(),
    "NOTE": {"space-moderator", "office"},
    "REPORTER": {"space-moderator", "office"},
    "WAITING": set(),
    "MEETING": set(ROLES) - {"visitor"},
    "REGIONMEETING": {"regional", "office"},
    "MEETINGDRAFT": {"office"},
    "COMER": {"office"},
    "ROOM": {"office"},
    "PAGE": {"office"},
}
MARK = re.compile(r"SECRET([A-Z]+)")


@dataclass
class World:
    """What is private, and who looks."""

    people: dict[str, Person]
    spaces: dict[str, Space]
    topics: dict[str, Topic]
    posts: dict[str, Post] = field(default_factory=dict)
    meetings: dict[str, Meeting] = field(default_factory=dict)


@pytest.fixture
def world(make_person, referential, work) -> World:
    plant_tree()  # the home page is there, with what it shows of the forum
    people = {name: make_person(f"{name}@club.example") for name in ("member", "elsewhere", "regional", "asker")}
    people["space-moderator"] = make_person("space-moderator@club.example")
    people["office"] = make_person("office@club.example", role=Role.NATIONAL_OFFICE)
    hidden_author = make_person("secret@club.example")
    reporter = make_person("signale@club.example")
    with change(by="test"):
        Person.objects.filter(pk=reporter.pk).update(family_name="SECRETREPORTER")
        Person.objects.filter(pk=hidden_author.pk).update(family_name="SECRETREGION")
        give_role(people["elsewhere"], Role.CORRESPONDENT, Scope.REGION, "84", by="test")
        give_role(people["regional"], Role.EXPERT, Scope.REGION, "53", by="test")
        give_role(hidden_author, Role.EXPERT, Scope.REGION, "53", by="test")
        Person.objects.update(joined_at=timezone.now() - timedelta(days=30))
    cache.clear()

    def viewer(person: Person) -> Viewer:
        return Viewer.of(Person.objects.get(pk=person.pk))

    office, asker = viewer(people["office"]), viewer(people["asker"])
    spaces = {
        "public": actions.open_space(slug="public", title="Public", audience="public", by="test"),
        "members": actions.open_space(
            slug="membres", title="SECRETMEMBERS", description="SECRETMEMBERS", audience="members", by="test"
        ),
        "region": actions.open_space(
            slug="region", title="SECRETREGION", audience="region:53", region_id="53", by="test"
        ),
    }
    give_role(people["space-moderator"], Role.MODERATOR, Scope.SPACE, str(spaces["public"].pk), by="test")

    def topic(space: str, mark: str, by: Viewer) -> Topic:
        # a difficulty without an answer, which homes and their lists show first
        fields = {"title": f"Titre {mark}", "source": f"Corps {mark}", "kind": "difficulty"}
        return actions.start_topic(space=spaces[space], by=by, **fields)

    topics = {
        "open": topic("public", "ouvert", asker),
        "members": topic("members", "SECRETMEMBERS", asker),
        "region": topic("region", "SECRETREGION", viewer(hidden_author)),
        "hidden": topic("public", "SECRETHIDDENTOPIC", asker),
    }
    made = World(people, spaces, topics)
    for state in ("HIDDEN", "WITHDRAWN", "EDITEDAWAY"):
        made.posts[state] = actions.reply_to_topic(
            topic_id=topics["open"].pk, source=f"Réponse SECRET{state}", by=asker
        )
    actions.hide_post(post_id=made.posts["HIDDEN"].pk, reason="Motif SECRETHIDDEN", by=office)
    actions.delete_post(post_id=made.posts["WITHDRAWN"].pk, by=asker)
    actions.edit_post(post_id=made.posts["EDITEDAWAY"].pk, revision=1, source="Corrigé", by=asker)
    actions.hide_topic(topic_id=topics["hidden"].pk, reason="Motif SECRETHIDDENTOPIC", by=office)
    moderator = viewer(people["space-moderator"])
    answered = actions.reply_to_topic(topic_id=topics["open"].pk, source="Réponse SECRETHIDDENVERSION", by=asker)
    actions.report_post(post_id=answered.pk, reason="other", note="Précision SECRETNOTE", by=viewer(reporter))
    for number, text in enumerate(("Réponse SECRETOLDVERSION", "Réponse corrigée"), start=1):
        actions.edit_post(post_id=answered.pk, revision=number, source=text, by=asker)
    actions.hide_version(post_id=answered.pk, revision=1, by=moderator)
    actions.save_draft(
        target=topics["members"].stream, sequence=1, content={"title": "SECRETDRAFT", "source": "SECRETDRAFT"}, by=asker
    )
    attach_files(made, asker)
    hold_meetings(made, office, make_person, viewer)
    with change(by="test"):
        # Members find members by name: whoever's name is a marker acts for nobody any more, what they did stays.
        Membership.objects.filter(person__family_name__startswith="SECRET").update(ends_at=timezone.now())
        Topic.objects.update(organisation=Organisation.objects.first())
    reserve_pages()
    work()
    cache.clear()
    return made


def attach_files(world: World, by: Viewer) -> None:
    """A PDF under the matter of each topic, whose name and content bear the topic's marker; one that waits."""
    for name, mark in {"open": "", "members": "MEMBERS", "region": "REGION", "hidden": "HIDDENTOPIC"}.items():
        upload = receive(file=pdf(f"SECRET{mark}" if mark else "ouvert"), by=by)
        post = world.topics[name].posts.get(number=1)
        attach([Chosen(upload.pk)], holder_kind="post", holder_id=post.pk, by=by)
    receive(file=pdf("SECRETWAITING"), by=by)


def hold_meetings(world: World, office: Viewer, make_person: Callable, viewer: Callable[[Person], Viewer]) -> None:
    """A public meeting, one for members, one of a région, a draft, a past one: each with item, speaker and document."""
    comer = make_person("vient@club.example")
    with change(by="test"):
        Person.objects.filter(pk=comer.pk).update(family_name="SECRETCOMER")
    comer_viewer = viewer(comer)
    readers = {
        "open": ("public", "ouvert"),
        "members": ("members", "SECRETMEETING"),
        "region": ("region:53", "SECRETREGIONMEETING"),
        "draft": ("public", "SECRETMEETINGDRAFT"),
        "past": ("members", "SECRETMEETING"),
    }
    begins = timezone.now() + timedelta(days=9)
    for name, (audience, mark) in readers.items():
        made = meeting_actions.create_meeting(
            title=f"Rencontre {mark}", summary=mark, description=mark, audience=audience, region_id="53",
            kind="regional", begins_at=begins, ends_at=begins + timedelta(hours=3), place=mark, address=mark,
            link="https://visio.example/SECRETROOM", capacity=1, by=office,
        )  # fmt: skip
        fields = {"meeting_id": made.pk, "by": office}
        speaker = meeting_actions.keep_speaker(name=f"Oratrice {mark}", **fields)
        meeting_actions.keep_item(title=f"Point {mark}", speakers=[speaker.pk], **fields)
        document = receive(
            file=pdf(f"SECRET{mark}".replace("SECRETSECRET", "SECRET")) if mark != "ouvert" else pdf("ouvert"),
            by=office,
        )
        meeting_actions.keep_documents(files=[Chosen(document.pk)], seen=[], **fields)
        if name != "draft":
            meeting_actions.announce_meeting(**fields)
        if name in ("open", "members"):
            meeting_actions.register(meeting_id=made.pk, by=comer_viewer)
        world.meetings[name] = made
    with change(by="test"):
        past = begins - timedelta(days=30)
        Meeting.objects.filter(pk=world.meetings["past"].pk).update(
            state="ended", begins_at=past, ends_at=past + timedelta(hours=3)
        )


def reserve_pages() -> None:
    """Pages for the bureau's group: a section with what is below it, and one page of a section that everybody reads."""
    home = HomePage.objects.get()
    words = {"summary": "Résumé SECRETPAGE", "body": [("paragraph", "<p>Corps SECRETPAGE</p>")]}
    with change(by="test"):
        group = Group.objects.get(name=GROUPS[Role.NATIONAL_OFFICE])
        closed = home.add_child(
            instance=SectionPage(title="SECRETPAGE", slug="reservee", show_in_menus=True, summary="SECRETPAGE")
        )
        closed.add_child(instance=StandardPage(title="SECRETPAGE", slug="dessous", **words))
        opened = home.add_child(instance=SectionPage(title="Ouverte", slug="ouverte", show_in_menus=True))
        organisation = Organisation.objects.first()
        one = opened.add_child(
            instance=ArticlePage(title="SECRETPAGE", slug="une", organisation=organisation, region_id="53", **words)
        )
        for page in (closed, one):
            PageViewRestriction.objects.create(page=page, restriction_type="groups").groups.add(group)


def pdf(word: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{word}.pdf", f"%PDF-1.4\n% {word}\nstartxref\n0\n%%EOF\n".encode())


Addresses = Callable[[World], list[str]]


def of_topics(end: str = "") -> Addresses:
    return lambda world: [f"/forum/discussions/{topic.pk}/{end}" for topic in world.topics.values()]


def of_meetings(end: str = "/") -> Addresses:
    return lambda world: [f"/agenda/{meeting.pk}{end}" for meeting in world.meetings.values()]


def of_parts(model: type[AgendaItem] | type[Speaker], place: str, end: str = "") -> Addresses:
    return lambda world: [f"/agenda/{one.meeting_id}/{place}/{one.pk}/{end}" for one in model.objects.all()]


def of_files(end: str = "") -> Addresses:
    return lambda world: [f"/fichiers/{pk}/{end}" for pk in Upload.objects.values_list("pk", flat=True)]


def of_posts(end: str = "") -> Addresses:
    return lambda world: [f"/forum/messages/{pk}/{end}" for pk in Post.objects.values_list("pk", flat=True)]


def of_spaces(end: str = "") -> Addresses:
    return lambda world: [f"/forum/{space.slug}/{end}" for space in world.spaces.values()]


def streams(world: World) -> list[str]:
    names = [t.stream for t in world.topics.values()] + [s.stream for s in world.spaces.values()]
    names += [f"person:{person.pk}" for person in world.people.values()]
    return ["/flux/?" + "&".join(f"s={name}" for name in names)] + [f"/flux/?s={name}@0" for name in names]


def objects(world: World) -> list[str]:
    ids = "&".join(f"id=post-{pk}" for pk in Post.objects.values_list("pk", flat=True))
    ids += "".join(f"&id=topic-{topic.pk}" for topic in world.topics.values())
    named = [t.stream for t in world.topics.values()] + [s.stream for s in world.spaces.values()]
    return [f"/flux/objets/?s={name}&{ids}" for name in named]


def strips(world: World) -> list[str]:
    ids = "&".join(f"id=post-{pk}" for pk in Post.objects.values_list("pk", flat=True))
    return [f"/me/?{ids}&id=bell-0&id=home-0" + "".join(f"&id=topic-{topic.pk}" for topic in world.topics.values())]


def searches(world: World) -> list[str]:
    """Words of titles, of texts, of names; filters alone, which list all that there is; each space by its number."""
    words = ("SECRET", "Titre", "Corps", "Réponse", "Rencontre", "Résumé", "ouvert", "Anne", "titer", "auteur:Anne")
    kinds = ("topic", "page", "article", "event", "organisation", "person")
    asked = [f"q={one}" for one in words] + [f"nature={one}" for one in kinds] + ["q=Titre&tri=date", "region=53"]
    asked += [f"q=Titre&espace={space.pk}" for space in world.spaces.values()]
    return [f"/recherche/?{one}" for one in asked]


def fixed(*addresses: str) -> Addresses:
    return lambda world: list(addresses)


# Every route of the site but the administration's: the addresses at which it could show something private.
ROUTES: dict[str, Addresses] = {
    "forum/": fixed("/forum/", "/forum/?page=2"),
    "forum/discussions/<int:pk>/": of_topics(),
    "forum/discussions/<int:pk>-<slug:slug>/": lambda world: [
        address
        for topic in world.topics.values()
        for address in (f"/forum/discussions/{topic.pk}-un-ancien-titre/", f"/forum/discussions/{topic.pk}-x/?page=2")
    ],
    "forum/discussions/<int:pk>/deplacer/": of_topics("deplacer/"),
    "forum/discussions/<int:pk>/non-lu/": of_topics("non-lu/"),
    "forum/discussions/<int:pk>/lu/": of_topics("lu/"),
    "forum/discussions/<int:pk>/suivre/": of_topics("suivre/"),
    "forum/discussions/<int:pk>/aller/": lambda world: [
        address
        for topic in world.topics.values()
        for address in (
            f"/forum/discussions/{topic.pk}/aller/?numero=1",
            f"/forum/discussions/{topic.pk}/aller/?jour=x",
        )
    ],
    "forum/discussions/<int:pk>/ecarter/": of_topics("ecarter/"),
    "forum/discussions/<int:pk>/collectivites/": of_topics("collectivites/"),
    "forum/discussions/<int:pk>/nous-aussi/": of_topics("nous-aussi/"),
    "forum/discussions/<int:pk>/ne-plus-retenir/": of_topics("ne-plus-retenir/"),
    "forum/discussions/<int:pk>/clore/": of_topics("clore/"),
    "forum/discussions/<int:pk>/rouvrir/": of_topics("rouvrir/"),
    "forum/discussions/<int:pk>/masquer/": of_topics("masquer/"),
    "forum/discussions/<int:pk>/en-tete/": of_topics("en-tete/"),
    "forum/brouillons/": fixed("/forum/brouillons/"),
    "forum/brouillons/enregistrer/": fixed("/forum/brouillons/enregistrer/"),
    "forum/brouillons/supprimer/": fixed("/forum/brouillons/supprimer/"),
    "forum/apercu/": fixed("/forum/apercu/"),
    "forum/moderation/": fixed("/forum/moderation/"),
    "forum/moderation/journal/": fixed("/forum/moderation/journal/", "/forum/moderation/journal/?page=2"),
    "forum/moderation/<int:pk>/": lambda world: [
        f"/forum/moderation/{pk}/" for pk in Post.objects.values_list("pk", flat=True)
    ],
    "forum/espaces/": fixed("/forum/espaces/", "/forum/espaces/?personne=secret@club.example"),
    "forum/espaces/ouvrir/": fixed("/forum/espaces/ouvrir/"),
    "forum/espaces/<int:pk>/": lambda world: [f"/forum/espaces/{space.pk}/" for space in world.spaces.values()],
    "forum/messages/<int:pk>/": of_posts(),
    "forum/messages/<int:pk>/versions/": of_posts("versions/"),
    "forum/messages/<int:pk>/versions/masquer/": of_posts("versions/masquer/"),
    "forum/messages/<int:pk>/retenir/": of_posts("retenir/"),
    "forum/messages/<int:pk>/signaler/": of_posts("signaler/"),
    "forum/messages/<int:pk>/modifier/": of_posts("modifier/"),
    "forum/messages/<int:pk>/retirer/": of_posts("retirer/"),
    "forum/messages/<int:pk>/retablir/": of_posts("retablir/"),
    "forum/messages/<int:pk>/masquer/": of_posts("masquer/"),
    "forum/messages/<int:pk>/reafficher/": of_posts("reafficher/"),
    "forum/<slug:slug>/": of_spaces(),
    "forum/<slug:slug>/suivre/": of_spaces("suivre/"),
    "forum/<slug:slug>/nouvelle-discussion/": of_spaces("nouvelle-discussion/"),
    "forum/<slug:slug>/nouvelle-discussion/<slug:nature>/": of_spaces("nouvelle-discussion/difficulte/"),
    "agenda/": fixed(
        "/agenda/", "/agenda/?region=53", f"/agenda/?annee={timezone.now().year}", "/agenda/?nature=regional"
    ),
    "agenda/mois/": fixed("/agenda/mois/"),
    "agenda/mois/<str:month>/": lambda world: [
        f"/agenda/mois/{meeting.begins_at:%Y-%m}/" for meeting in world.meetings.values()
    ],
    "agenda/calendrier.ics": fixed("/agenda/calendrier.ics"),
    "agenda/region/<slug:code>/calendrier.ics": fixed("/agenda/region/53/calendrier.ics"),
    "agenda/etre-prevenu/": fixed("/agenda/etre-prevenu/"),
    "agenda/organiser/": fixed("/agenda/organiser/"),
    "agenda/organiser/nouvelle/": fixed("/agenda/organiser/nouvelle/"),
    "agenda/<int:pk>.ics": of_meetings(".ics"),
    "agenda/<int:pk>/": of_meetings(),
    "agenda/<int:pk>-<slug:slug>/": of_meetings("-un-ancien-titre/"),
    "agenda/<int:pk>/inscription/": of_meetings("/inscription/"),
    "agenda/<int:pk>/desinscription/": of_meetings("/desinscription/"),
    "agenda/<int:pk>/modifier/": of_meetings("/modifier/"),
    "agenda/<int:pk>/annoncer/": of_meetings("/annoncer/"),
    "agenda/<int:pk>/ouvrir/": of_meetings("/ouvrir/"),
    "agenda/<int:pk>/annuler/": of_meetings("/annuler/"),
    "agenda/<int:pk>/supprimer/": of_meetings("/supprimer/"),
    "agenda/<int:pk>/compte-rendu/": of_meetings("/compte-rendu/"),
    "agenda/<int:pk>/inscriptions/": of_meetings("/inscriptions/"),
    "agenda/<int:pk>/inscriptions.csv": of_meetings("/inscriptions.csv"),
    "agenda/<int:pk>/documents/": of_meetings("/documents/"),
    "agenda/<int:pk>/programme/": of_meetings("/programme/"),
    "agenda/<int:pk>/programme/ajouter/": of_meetings("/programme/ajouter/"),
    "agenda/<int:pk>/programme/<int:item_id>/": of_parts(AgendaItem, "programme"),
    "agenda/<int:pk>/programme/<int:item_id>/deplacer/": of_parts(AgendaItem, "programme", "deplacer/"),
    "agenda/<int:pk>/programme/<int:item_id>/retirer/": of_parts(AgendaItem, "programme", "retirer/"),
    "agenda/<int:pk>/intervenants/ajouter/": of_meetings("/intervenants/ajouter/"),
    "agenda/<int:pk>/intervenants/<int:speaker_id>/": of_parts(Speaker, "intervenants"),
    "agenda/<int:pk>/intervenants/<int:speaker_id>/retirer/": of_parts(Speaker, "intervenants", "retirer/"),
    "difficultes-sans-reponse/": fixed(
        "/difficultes-sans-reponse/", "/difficultes-sans-reponse/?region=53", "/difficultes-sans-reponse/?jours=0"
    ),
    "problemes-d-acces/": fixed("/problemes-d-acces/"),
    "flux/": streams,
    "flux/objets/": objects,
    "me/": strips,
    "notifications/": fixed("/notifications/"),
    "notifications/ne-plus-suivre/<str:token>/": lambda world: [
        urlsplit(unsubscribe_link(world.people["asker"], kind, one.pk)).path
        for kind, rows in (("topic", world.topics), ("agenda", world.meetings))
        for one in rows.values()
    ],
    "recherche/": searches,
    "recherche/suggestions/": fixed(
        *(f"/recherche/suggestions/?q={words}" for words in ("Tit", "Titre", "SECRET", "An"))
    ),
    "recherche/proches/": fixed(
        "/recherche/proches/?titre=Titre+Corps+ouvert", "/recherche/proches/?titre=Rencontre+une"
    ),
    "recherche/proches/<int:pk>/": lambda world: [
        f"/recherche/proches/{topic.pk}/{end}" for topic in world.topics.values() for end in ("", "?bloc")
    ],
    "recherche/flux/": fixed(
        *(f"/recherche/flux/?{asked}" for asked in ("q=Titre", "q=Corps", "nature=topic", "q=SECRET"))
    ),
    "recherche/opensearch.xml": fixed("/recherche/opensearch.xml"),
    "organisations/<int:pk>/": lambda world: [f"/organisations/{one.pk}/" for one in Organisation.objects.all()],
    "personnes/<int:pk>/": lambda world: [f"/personnes/{pk}/" for pk in Person.objects.values_list("pk", flat=True)],
    "membres/": fixed("/membres/", "/membres/?q=SECRET"),
    "membres/organisations/": fixed("/membres/organisations/?q=SECRET"),
    "membres/<int:pk>/": lambda world: [f"/membres/{person.pk}/" for person in world.people.values()],
    "fichiers/<uuid:pk>/": of_files(),
    "fichiers/<uuid:pk>/apercu/": of_files("apercu/"),
    "fichiers/<uuid:pk>/retirer/": of_files("retirer/"),
    "fichiers/envoyer/": fixed("/fichiers/envoyer/"),
    "compte/": fixed("/compte/"),
    "exploitation/": fixed("/exploitation/"),
    "projets/": fixed("/projets/?q=SECRET"),
    "plan-du-site/": fixed("/plan-du-site/"),
    "^((?:[\\w\\-]+/)*)$": fixed(
        "/", "/reservee/", "/reservee/dessous/", "/ouverte/", "/ouverte/?page=2", "/ouverte/une/"
    ),
    "reagir/<int:page_id>/": lambda world: [f"/reagir/{pk}/" for pk in Page.objects.values_list("pk", flat=True)],
    "regles-du-club/": fixed("/regles-du-club/", "/regles-du-club/?next=/reservee/"),
    "actualites.rss": fixed("/actualites.rss"),
    "bonnes-pratiques.rss": fixed("/bonnes-pratiques.rss"),
    "engagements/<int:commitment>/actualites.rss": fixed("/engagements/1/actualites.rss"),
    "engagements/<int:commitment>/bonnes-pratiques.rss": fixed("/engagements/1/bonnes-pratiques.rss"),
    "regions/<str:region>/actualites.rss": fixed("/regions/53/actualites.rss"),
    "regions/<str:region>/bonnes-pratiques.rss": fixed("/regions/53/bonnes-pratiques.rss"),
    "sitemap.xml": fixed("/sitemap.xml"),
    "sitemap-<section>.xml": fixed(
        *(f"/sitemap-{part}.xml" for part in ("pages", "discussions", "projets", "rencontres"))
    ),
    "courriels/": fixed(),  # the development's box of every mail: not there in production
}
# Routes that know nothing of the forum, of people's mails or of anything that one may read and another not.
PLAIN = re.compile(
    r"healthz|readyz|metrics|\.well-known/|robots\.txt|compte/(?:connexion|deconnexion|mot-de-passe|inactif|inscription|\^)"
    r"|membres/(?:inviter|invitation|mandats|roles)|territoires/|projets/(?:donnees|imports|<)|documents/|\^redaction"
    r"|images/|accessibilite|mentions-legales|donnees-personnelles|cookies|contact|style|_util/"
)


def routes() -> list[str]:
    def walk(patterns, prefix=""):
        for one in patterns:
            if hasattr(one, "url_patterns"):
                yield from walk(one.url_patterns, prefix + str(one.pattern))
            else:
                yield prefix + str(one.pattern)

    return [route for route in walk(get_resolver().url_patterns) if not route.startswith("redaction/")]


def test_every_route_is_listed():
    unlisted = [route for route in routes() if route not in ROUTES and not PLAIN.match(route)]
    assert unlisted == []
    assert set(ROUTES) <= set(routes()), "a listed route is gone"


def told(response) -> str:
    text = response.content.decode(errors="replace") if not response.streaming else ""
    return text + " ".join(f"{name}: {value}" for name, value in response.items())


@pytest.mark.parametrize("role", ROLES)
def test_no_marker_is_where_it_should_not_be(client, world, role):
    allowed = {mark for mark, readers in READERS.items() if role in readers}
    if role != "visitor":
        client.force_login(world.people[role])
    seen: set[str] = set()
    for route, addresses in ROUTES.items():
        for address in addresses(world):
            response = client.get(address, follow=True)
            text = " ".join([told(response), *(url for url, _ in response.redirect_chain)])
            asked = set(MARK.findall(address))
            # what was typed into a search box is shown back
            found = set(MARK.findall(text.replace("SECRET&", ""))) - asked
            assert found <= allowed, f"{route} shows {found - allowed} to {role} at {address}"
            seen |= found
    assert seen == allowed - {"MAILED"}, (
        f"{role} should have met what they may read: this test looks in the wrong place"
    )


@pytest.mark.parametrize(
    ("address", "role", "marks"),
    [
        ("/", "visitor", set()),
        *(
            (address, role, marks)
            for address in ("/", "/difficultes-sans-reponse/")
            for role, marks in (
                ("member", {"MEMBERS"}),
                ("regional", {"MEMBERS", "REGION"} | ({"MEETING"} if address == "/" else set())),
                ("office", {"MEMBERS", "REGION"}),
            )
        ),
    ],
)
def test_a_home_shows_what_its_person_reads_and_no_more(client, world, address, role, marks):
    """The crawl above meets the homes as they are: full of what each may read."""
    if role != "visitor":
        client.force_login(world.people[role])
    text = told(client.get(address))
    assert ("Titre ouvert" in text) is (address == "/"), "the open one has its answers: it waits for none"
    assert set(MARK.findall(text)) == marks


@pytest.mark.parametrize(
    ("role", "marks"),
    [
        ("visitor", set()),
        ("member", {"MEMBERS"}),
        ("regional", {"MEMBERS", "REGION"}),
        ("office", {"MEMBERS", "REGION"}),
    ],
)
def test_a_search_finds_what_its_person_reads_and_no_more(client, world, role, marks):
    """The crawl above meets a search that finds: titles, texts, spaces among the filters, proposals."""
    if role != "visitor":
        client.force_login(world.people[role])
    for address in ("/recherche/?q=Titre", "/recherche/?q=Corps&nature=topic", "/recherche/suggestions/?q=Titr"):
        text = told(client.get(address))
        assert "Titre" in text, address
        assert set(MARK.findall(text)) == marks, address
    assert MARK.findall(told(client.get("/recherche/flux/?q=Titre"))) == []


@pytest.mark.parametrize("role", ROLES)
def test_nothing_private_answers_a_post_or_is_changed_by_it(client, world, role):
    """Every act on what the role may not see answers 404 or 403, says nothing of it and changes nothing."""
    if role != "visitor":
        client.force_login(world.people[role])
    private = (("members", "MEMBERS"), ("region", "REGION"), ("hidden", "HIDDENTOPIC"))
    unseen = [world.topics[name] for name, mark in private if role not in READERS[mark]]
    for topic in unseen:
        topic.refresh_from_db()
        matter = topic.posts.get()
        before = (topic.revision, topic.state, topic.space_id, topic.last_number, matter.revision)
        forms = {
            topic.get_absolute_url(): {"source": "Une réponse", "operation": "x"},
            f"/forum/discussions/{topic.pk}/deplacer/": {"target": world.spaces["public"].pk},
            f"/forum/discussions/{topic.pk}/lu/": {"number": "1"},
            f"/forum/discussions/{topic.pk}/suivre/": {},
            f"/forum/messages/{matter.pk}/modifier/": {"source": "Autre", "revision": "1"},
            f"/forum/messages/{matter.pk}/retirer/": {},
            f"/forum/messages/{matter.pk}/retablir/": {},
            f"/forum/messages/{matter.pk}/masquer/": {"reason": "Hors sujet"},
            f"/forum/messages/{matter.pk}/reafficher/": {},
            f"/forum/messages/{matter.pk}/retenir/": {},
            f"/forum/messages/{matter.pk}/signaler/": {"reason": "other"},
            f"/forum/messages/{matter.pk}/versions/masquer/": {"revision": "1"},
            f"/forum/moderation/{matter.pk}/": {"answer": "Hors sujet", "outcome": "hide"},
            f"/forum/discussions/{topic.pk}/ecarter/": {},
            f"/forum/discussions/{topic.pk}/nous-aussi/": {"organisation": "1"},
            f"/forum/discussions/{topic.pk}/ne-plus-retenir/": {},
            f"/forum/discussions/{topic.pk}/clore/": {"reason": "Hors sujet"},
            f"/forum/discussions/{topic.pk}/rouvrir/": {},
            f"/forum/discussions/{topic.pk}/masquer/": {"reason": "Hors sujet"},
            f"/forum/discussions/{topic.pk}/en-tete/": {"until": "2027-01-01"},
            "/forum/brouillons/enregistrer/": {"target": topic.stream, "sequence": "0", "source": "a"},
            **{f"/fichiers/{upload.pk}/retirer/": {} for upload in Upload.objects.all()},
        }
        files = Upload.objects.count()
        for address, form in forms.items():
            response = client.post(address, form)
            assert response.status_code in (403, 404), f"{address} answered {response.status_code} to {role}"
            assert not MARK.findall(told(response)), f"{address} told {role}"
        topic.refresh_from_db()
        matter.refresh_from_db()
        assert (topic.revision, topic.state, topic.space_id, topic.last_number, matter.revision) == before
        assert Upload.objects.count() == files


@pytest.mark.parametrize("role", ROLES)
def test_no_meeting_is_changed_or_told_of_by_whoever_does_not_organise_it(client, world, role):
    """A correspondent of another région is nobody here; what one may not read answers 404, the rest 404 or 403."""
    if role == "office":
        assert client.get("/agenda/organiser/").status_code == 404
        return
    if role != "visitor":
        client.force_login(world.people[role])
    day = (timezone.now() + timedelta(days=20)).strftime("%Y-%m-%d")
    kept = {
        "title": "Un autre titre", "kind": "visit", "region": "84", "readers": "public", "day": day, "begins": "09:00",
        "ends": "10:00", "place": "Ailleurs", "revision": "1",
    }  # fmt: skip
    for name, meeting in world.meetings.items():
        item, speaker = meeting.agenda_items.get(), meeting.speakers.get()
        meeting.refresh_from_db()
        before = (meeting.title, meeting.state, meeting.revision, meeting.changed_at)
        forms = {
            "modifier/": kept,
            "annoncer/": {"opening": "1"},
            "ouvrir/": {},
            "annuler/": {"reason": "Intempéries"},
            "supprimer/": {},
            "compte-rendu/": {"address": "https://a.example"},
            "documents/": {},
            "programme/ajouter/": {"title": "Un point"},
            f"programme/{item.pk}/": {"title": "Un point"},
            f"programme/{item.pk}/deplacer/": {"up": "1"},
            f"programme/{item.pk}/retirer/": {},
            "intervenants/ajouter/": {"name": "Quelqu’un"},
            f"intervenants/{speaker.pk}/": {"name": "Quelqu’un"},
            f"intervenants/{speaker.pk}/retirer/": {},
        }
        mark = {"members": "MEETING", "past": "MEETING", "region": "REGIONMEETING", "draft": "MEETINGDRAFT"}.get(name)
        if mark and role not in READERS[mark]:
            forms |= {"inscription/": {}, "desinscription/": {}}
        for address, form in forms.items():
            response = client.post(f"/agenda/{meeting.pk}/{address}", form)
            assert response.status_code in (403, 404), f"{address} answered {response.status_code} to {role}"
            assert not MARK.findall(told(response)), f"{address} told {role}"
        meeting.refresh_from_db()
        assert (meeting.title, meeting.state, meeting.revision, meeting.changed_at) == before


def test_the_administration_is_closed_to_all_but_editors(client, world):
    for role in ("visitor", "member", "regional", "space-moderator"):  # elsewhere is a correspondent, an editor
        client.logout()
        if role != "visitor":
            client.force_login(world.people[role])
        response = client.get("/redaction/", follow=True)
        assert response.status_code in (200, 403)
        assert "/redaction/" not in response.request["PATH_INFO"] or response.status_code == 403
    assert Organisation.objects.exists()
