"""The demo's meetings: invented, on real communes. People and programmes are made up."""

# ruff: noqa: E501 - a text is read better on its one line
from __future__ import annotations

from typing import NamedTuple


class Item(NamedTuple):
    """An item of an agenda: at which hour of which day (0: the first), how long, what, who of the speakers."""

    at: str
    minutes: int
    title: str
    speakers: tuple[int, ...] = ()
    day: int = 0


class DemoMeeting(NamedTuple):
    """A meeting of the demo, so many days from today."""

    kind: str
    state: str
    days: int
    hours: tuple[str, str]
    title: str
    summary: str
    region: str | None
    commune: tuple[str, str] | None  # département, name
    place: str = ""
    address: str = ""
    link: str = ""
    audience: str = "members"
    capacity: int | None = None
    seated: int = 0
    waiting: int = 0
    accounts: tuple[str, ...] = ()  # of those who come, these first
    organiser: str = "bureau@demo.example"
    reason: str = ""
    report: str = ""
    lasts: int = 1  # days
    closes: int | None = None  # days before
    description: str = ""
    speakers: tuple[tuple[str, str, str], ...] = ()
    items: tuple[Item, ...] = ()


BRITTANY, ALPS = "correspondante@demo.example", "animateur@demo.example"
MEETINGS = [
    DemoMeeting(
        "regional", "reported", -96, ("09:30", "16:00"), "Les eaux pluviales à ciel ouvert, trois ans après",
        "Trois quartiers bretons ouvrent leurs noues et leurs comptes : ce qui tient, ce qui se colmate, ce que coûte l’entretien.",
        "53", ("35", "Rennes"), "Maison de quartier de Villejean", "2 rue de Bourgogne", audience="public", capacity=45,
        seated=31, organiser=BRITTANY, report="/forum/",
        description="La matinée part des carnets d’entretien de trois communes. L’après-midi se passe dehors, bottes aux pieds.",
        speakers=(("Gwenaëlle Prigent", "responsable du cycle de l’eau", "Rennes Métropole"),
                  ("Yann Kervella", "paysagiste concepteur", "Atelier des Rives")),
        items=(Item("09:30", 30, "Accueil et tour de table"),
               Item("10:00", 75, "Trois carnets d’entretien comparés", (0,)),
               Item("11:15", 60, "Concevoir pour celui qui tondra", (1,)),
               Item("14:00", 120, "Visite : noues de Villejean et jardins de pluie")),
    ),
    DemoMeeting(
        "visit", "ended", -27, ("13:30", "17:30"), "Visite de la caserne de Bonne avec ses habitants",
        "Dix-huit ans de vie d’un quartier pionnier, racontés par ceux qui y vivent et ceux qui le gèrent.",
        "84", ("38", "Grenoble"), "Caserne de Bonne, cour centrale", "Rue Lazare-Carnot", capacity=25, seated=25,
        organiser=ALPS, accounts=("elu@demo.example",),
        speakers=(("Farida Ollivier", "présidente du conseil d’habitants", ""),
                  ("Thomas Reynaud", "chargé d’opérations", "Ville de Grenoble")),
        items=(Item("13:30", 30, "Rendez-vous sous la halle"), Item("14:00", 120, "Parcours commenté", (0, 1)),
               Item("16:00", 75, "Échange : ce que l’on referait, ce que l’on ne referait pas")),
    ),
    DemoMeeting(
        "regional", "archived", -410, ("10:00", "16:30"), "Réemployer les terres du chantier",
        "Du diagnostic des sols à la terre fertile reconstituée.",
        "52", ("44", "Nantes"), "Les Nefs", "Boulevard Léon-Bureau", audience="public", seated=38,
    ),
    DemoMeeting(
        "regional", "open", 16, ("09:30", "16:30"), "Désimperméabiliser cours et places : par où commencer ?",
        "Une journée pour les communes qui ont un sol à rouvrir : diagnostic, priorités, marchés, premières plantations.",
        "53", ("22", "Saint-Brieuc"), "Maison du Département", "9 place du Général-de-Gaulle", audience="public",
        capacity=40, seated=23, organiser=BRITTANY, accounts=("referent@demo.example",), closes=3,
        description="Venez avec un plan de votre cour ou de votre place : l’atelier de l’après-midi travaille sur vos cas.\n\n"
                    "Le repas est à la charge des participants. Une navette part de la gare à 9 h 10.",
        speakers=(("Solène Bihan", "cheffe de projet nature en ville", "Saint-Brieuc Armor Agglomération"),
                  ("Erwan Le Dantec", "ingénieur hydrologue", "Cerema, Nantes"),
                  ("Maëlle Le Goff", "correspondante ville durable", "DREAL Bretagne")),
        items=(Item("09:30", 20, "Ouverture", (2,)), Item("09:50", 70, "Lire un sol avant de l’ouvrir", (1,)),
               Item("11:15", 60, "Deux cours d’école, deux marchés", (0,)),
               Item("14:00", 90, "Atelier sur vos plans"), Item("15:45", 45, "Ce que chacun fait lundi")),
    ),
    DemoMeeting(
        "working_group", "open", 9, ("11:00", "12:30"), "Groupe « eau » : coefficients de pleine terre dans les PLU",
        "Trois rédactions comparées, une question : laquelle résiste à l’instruction des permis ?",
        None, None, link="https://visio.demo.example/groupe-eau", seated=17,
        accounts=("membre@demo.example", "referent@demo.example", "elu@demo.example"),
        items=(Item("11:00", 45, "Trois règlements à l’épreuve"), Item("11:45", 45, "Vers une rédaction commune")),
    ),
    DemoMeeting(
        "training", "open", 23, ("09:00", "17:00"), "Lire le bilan énergétique d’un quartier",
        "Une journée de pratique : de la facture au kilowattheure par mètre carré, sans se tromper de périmètre.",
        "84", ("69", "Bron"), "Cerema, salle Rhône", "25 avenue François-Mitterrand", capacity=8, seated=8,
        waiting=3, organiser=ALPS,
        speakers=(("Inès Caron", "énergéticienne", "Cerema, Lyon"),),
        items=(Item("09:00", 180, "Quatre bilans, quatre pièges", (0,)), Item("14:00", 180, "Travail sur vos données", (0,))),
    ),
    DemoMeeting(
        "visit", "cancelled", 12, ("14:00", "17:00"), "Visite du quartier Danube",
        "Un quartier sans voiture au pied des immeubles : la logistique du quotidien.",
        "44", ("67", "Strasbourg"), "Place de l’Europe", audience="public", capacity=30, seated=12,
        accounts=("membre@demo.example",),
        reason="La place est fermée pour travaux jusqu’au printemps. Une nouvelle date sera annoncée.",
    ),
    DemoMeeting(
        "regional", "draft", 72, ("10:00", "16:00"), "Habiter près des quais : bruit, vent, ombre",
        "Ébauche : programme à construire avec Lorient Agglomération.",
        "53", ("56", "Lorient"), "À préciser", organiser=BRITTANY, capacity=50,
    ),
    DemoMeeting(
        "working_group", "announced", 37, ("14:00", "16:30"), "Entre voisins : suivre l’eau potable d’un quartier",
        "Les communes de la région comparent leurs relevés, sans les publier.",
        "75", ("33", "Bordeaux"), "Cité municipale", "4 rue Claude-Bonnier", audience="region:75", capacity=20,
    ),
    DemoMeeting(
        "conference", "open", 118, ("09:30", "17:00"), "Colloque de restitution : dix ans de quartiers habités",
        "Deux jours pour rendre à tous ce que les régions ont appris : difficultés, pistes essayées, résultats mesurés.",
        None, ("75", "Paris"), "Grande Arche, auditorium", "Parvis de La Défense", audience="public", capacity=300,
        seated=64, accounts=("membre@demo.example",), lasts=2, closes=14,
        description="Chaque région apporte trois difficultés et ce qu’elle en a fait. Les échanges sont ouverts à tous ; "
                    "les ateliers du second jour s’appuient sur les discussions du forum.",
        speakers=(("Isabelle Fontaine", "animatrice nationale du club", "DGALN"),
                  ("Samir Belkacem", "animateur du club", "Cerema, Lyon"),
                  ("Judith Amsellem", "sociologue de l’habitat", "")),
        items=(Item("09:30", 30, "Ouverture", (0,)), Item("10:00", 90, "Ce que disent les habitants, dix ans après", (2,)),
               Item("14:00", 150, "Neuf régions, neuf difficultés"),
               Item("09:30", 150, "Ateliers : quatre pistes à l’épreuve", (1,), 1),
               Item("14:00", 120, "Décisions pour l’année qui vient", (0,), 1)),
    ),
]  # fmt: skip
