"""A first demo of the forum: two spaces and a discussion between the demo's invented people. Repeatable."""

from __future__ import annotations

from changes import SYSTEM
from forum.actions import open_space, reply_to_topic, start_topic
from forum.models import MEMBERS, PUBLIC, Space
from members.models import Person
from members.viewer import Viewer

TITLE = "Qui entretient les noues une fois le quartier livré ?"
MATTER = (
    "Nos noues sont livrées depuis huit mois sur la première tranche. Le service des espaces verts les tond comme une "
    "pelouse, deux sont déjà tassées et l’eau stagne après chaque orage.\n\n"
    "La convention de gestion avec l’intercommunalité ne parle que des réseaux enterrés. Qui, chez vous, a signé quoi, "
    "et combien de passages par an avez-vous prévus ?"
)
REPLIES = [
    (
        "referent@demo.example",
        "Nous avons ajouté une annexe à la convention : l’EPCI garde l’hydraulique, la commune la végétation, "
        "**deux fauches par an**, la première après le 15 juillet. Le plus utile a été une demi-journée sur place avec "
        "les agents.",
    ),
    (
        "elu@demo.example",
        "Deux fauches, c’est peu si la noue longe une école : on nous a demandé quatre passages. Je doute qu’un seul "
        "chiffre convienne à toutes.",
    ),
    (
        "animateur@demo.example",
        "Distinguer trois profils aide :\n\n- noue de transit, une fauche ;\n- noue d’infiltration, deux fauches et un "
        "décompactage tous les cinq ans ;\n- noue d’agrément, à l’usage.",
    ),
]


def open_first_spaces() -> list[Space]:
    """The spaces that a club begins with; those that are there stay as they are."""
    return [
        open_space(
            slug="national",
            title="Espace national",
            description="Les difficultés et les pistes qui concernent toutes les régions.",
            audience=PUBLIC,
            by=SYSTEM,
        ),
        open_space(
            slug="entre-membres",
            title="Entre membres",
            description="Pour parler d’un projet en cours avant qu’il soit public.",
            audience=MEMBERS,
            by=SYSTEM,
        ),
    ]


def make_demo_topics() -> int:
    """The demo's discussion, where it is missing; returns how many were made. Needs the demo's people."""
    space = open_first_spaces()[0]
    people = {person.email: Viewer.of(person) for person in Person.objects.filter(email__endswith="@demo.example")}
    if space.topics.exists() or "membre@demo.example" not in people:
        return 0
    topic = start_topic(space=space, title=TITLE, source=MATTER, by=people["membre@demo.example"])
    for email, text in REPLIES:
        reply_to_topic(topic_id=topic.pk, source=text, by=people[email])
    return 1
