"""What any club begins with: its sections, what it is, its help, its regions and partners, the texts to accept."""

# ruff: noqa: E501 - a text is read better on its one line
from __future__ import annotations

from datetime import date

from cms.accessibility import PLANS
from cms.models import HomePage, LegalPage, PartnerPage, RegionPage, SectionPage, StandardPage
from cms.planting import legal_texts
from cms.planting.partners import PARTNERS
from cms.planting.planter import Planter
from cms.planting.regions import REGIONS
from cms.planting.words import buttons, link, listed, listing, panels, steps, text, title
from members.models import Organisation
from territories.models import Region

Order = SectionPage.Order
SECTIONS = [
    (
        "le-club",
        "Le club",
        Order.TREE,
        "Qui nous sommes, ce que nous faisons ensemble et comment une collectivité nous rejoint.",
    ),
    (
        "bonnes-pratiques",
        "Bonnes pratiques",
        Order.RECENT,
        "Ce que des collectivités ont essayé, mesuré et accepté de raconter, réussites et déconvenues comprises.",
    ),
    (
        "actualites",
        "Actualités",
        Order.RECENT,
        "Les articles des partenaires, les restitutions des rencontres et les nouvelles du réseau.",
    ),
    (
        "regions",
        "Régions",
        Order.TITLE,
        "Le club se vit d’abord près de chez vous : choisissez votre région pour savoir qui l’anime.",
    ),
    (
        "partenaires",
        "Partenaires",
        Order.TITLE,
        "Les organismes liés au club par une convention, leurs publications et leurs compétences.",
    ),
    (
        "aide",
        "Aide",
        Order.TREE,
        "Lire, poser une question, publier : tout ce qu’il faut pour prendre part à la vie du site.",
    ),
]
PRACTICES_HEAD = [
    text(
        "Chaque fiche suit le même chemin : la difficulté de départ, les choix faits, les résultats avec leur source, puis ce qui serait à refaire ou à éviter. La collectivité concernée la relit avant publication, et de nouveau tous les deux ans."
    ),
    buttons(link("Chercher un projet", "/projets/"), link("Exposer une difficulté", "/forum/")),
]
ABOUT = [
    title("Une idée simple"),
    text(
        "Aménager un quartier sobre, mélangé et agréable à vivre soulève partout des obstacles semblables : un sol qui n’absorbe rien, un bailleur hésitant, des usages qui contredisent le plan. Le Club National EcoQuartier réunit les villes et les intercommunalités qui préfèrent en parler entre elles plutôt que de recommencer chacune de zéro."
    ),
    text(
        "Né en 2009 du premier appel à projets, régionalisé depuis 2012, il est animé par le bureau national du ministère, avec le Cerema, les services de l’État en région et des partenaires qui apportent leur métier."
    ),
    title("Ce qui s’y passe"),
    listed(
        "des discussions, où une question précise reçoit la réponse d’une commune passée par là ;",
        "des rencontres de terrain, avec visite, au moins une fois l’an dans chaque région ;",
        "des fiches relues, que l’on peut citer devant ses élus ;",
        "un colloque de restitution, nourri par les travaux des régions.",
    ),
    (
        "highlight",
        {
            "text": "<p>Personne n’y vend rien, personne n’y note personne : on y vient avec un problème, on repart avec des adresses.</p>"
        },
    ),
    listing("practices", "Dernières fiches publiées"),
]
JOIN = [
    text(
        "Le membre du club est la collectivité : commune, intercommunalité, département ou région. L’adhésion ne coûte rien et se fait en quatre temps."
    ),
    steps(
        (
            "Jour 1",
            "Vous nous écrivez",
            "Donnez le nom de la collectivité, votre fonction et le quartier auquel vous travaillez, même s’il n’est qu’une intention.",
        ),
        (
            "Sous une semaine",
            "Le correspondant vous appelle",
            "Il vérifie avec vous ce que le réseau peut apporter, et vous présente deux ou trois voisins utiles.",
        ),
        (
            "Ensuite",
            "Vous recevez une invitation",
            "Un lien personnel ouvre votre compte ; vous choisissez un mot de passe et acceptez la charte de modération.",
        ),
        (
            "Quand vous voulez",
            "Vos collègues suivent",
            "Le référent que vous désignez fait entrer élus, techniciens et chargés de concertation.",
        ),
        level="h2",
    ),
    buttons(link("Demander à rejoindre le club", "/contact/?sujet=rejoindre")),
]
TAKE_PART = [
    title("Lire"),
    text(
        "Tout visiteur consulte les projets, les fiches et les discussions publiques. Une fois connecté, vous voyez aussi les espaces des membres et celui de votre région."
    ),
    title("Exposer une difficulté"),
    text(
        "Un formulaire unique demande le contexte, l’étape du projet, les engagements concernés et ce que vous avez déjà tenté. Plus la description est concrète, plus la réponse arrive vite : joignez un plan, une coupe, un chiffre."
    ),
    buttons(link("Aller au forum", "/forum/")),
    title("Répondre, proposer une piste"),
    text(
        "Dites d’abord ce que vous avez vu de vos yeux, ensuite seulement ce que vous en pensez. Une piste décrit une manière de faire ; une autre collectivité pourra l’essayer, puis dire si elle a marché chez elle."
    ),
    title("Publier une bonne pratique"),
    text(
        "Après deux essais concluants dans des communes différentes, l’animateur vous propose d’en tirer une fiche. Vous la relisez ligne à ligne ; rien ne paraît sans votre accord."
    ),
    title("Questions fréquentes"),
    panels(
        (
            "Qui voit ce que j’écris ?",
            "Au-dessus de chaque formulaire, une phrase indique les lecteurs : tout le monde, les membres, ou une seule région.",
        ),
        (
            "Puis-je corriger un message envoyé ?",
            "Oui, pendant qu’il vous appartient encore : la version précédente reste visible des modérateurs, jamais des autres.",
        ),
        (
            "Comment ne plus recevoir de courriels ?",
            "Chaque courriel porte un lien de désabonnement ; votre compte permet aussi de régler, fil par fil, ce que vous suivez.",
        ),
        (
            "Un message me choque, que faire ?",
            "Le bouton « Signaler » prévient les modérateurs. Vous recevez leur décision et sa raison.",
        ),
    ),
]

PLAN_OF_YEARS = [
    text(
        "La loi demande à chaque service public en ligne un schéma de trois ans au plus, et pour chacune de ces années un plan d’action. Ceux du club tiennent en une page chacun, pour être lus."
    ),
    title("Qui s’en occupe"),
    text(
        "Le bureau national répond de l’accessibilité du site. Il reçoit les signalements du formulaire de contact, y répond dans la semaine et tient à jour la déclaration."
    ),
    title("Ce que nous faisons à chaque version"),
    listed(
        "un contrôle automatique de chaque sorte de page, aux deux tailles d’écran, qui doit ne rien trouver ;",
        "le parcours des écrans principaux au clavier seul, sans script et en agrandissant le texte ;",
        "dans la rédaction, une vérification des textes de remplacement, des titres, des liens et des tableaux avant toute relecture.",
    ),
    title("Ce que nous ferons de 2026 à 2028"),
    listed(
        "2026 : un premier audit par une personne qualifiée, sur les 106 critères ;",
        "2027 : la correction de ce qu’il aura relevé, des essais avec des personnes handicapées membres du club ;",
        "2028 : un nouvel audit, et le schéma suivant.",
    ),
    buttons(link("Déclaration d’accessibilité", "/accessibilite/")),
]
PLAN_OF_THE_YEAR = [
    listed(
        "choisir qui audite le site, et l’échantillon des pages ;",
        "faire l’audit, en saisir les résultats critère par critère : la déclaration en calcule le taux ;",
        "former les auteurs des partenaires aux textes de remplacement et aux documents accessibles ;",
        "répondre à chaque signalement dans la semaine.",
    ),
    buttons(link("Schéma pluriannuel", "/aide/schema-pluriannuel-daccessibilite/")),
]


def plant_structure(home: HomePage) -> int:
    """Plant the sections, help, regions, partners and texts to accept; returns how many pages were made. Repeatable."""
    planter = Planter(home)
    for slug, name, order, summary in SECTIONS:
        body = PRACTICES_HEAD if slug == "bonnes-pratiques" else []
        section = SectionPage(title=name, summary=summary, order=order, body=body, show_in_menus=slug != "aide")
        planter.page(slug, section)
    for key, name, summary, body in (
        (
            "le-club/qui-sommes-nous",
            "Qui sommes-nous ?",
            "Un réseau de collectivités qui s’entraident, animé par l’État et ouvert à ses partenaires.",
            ABOUT,
        ),
        ("le-club/rejoindre", "Rejoindre le club", "L’adhésion est gratuite : un message suffit pour commencer.", JOIN),
        (
            "aide/comment-participer",
            "Comment participer",
            "Les gestes utiles, du premier coup d’œil à la publication d’une fiche.",
            TAKE_PART,
        ),
        (
            f"aide/{PLANS[0]}",
            "Schéma pluriannuel d’accessibilité 2026-2028",
            "Ce que le club fait, et fera en trois ans, pour que chacun puisse se servir de ce site.",
            PLAN_OF_YEARS,
        ),
        (
            f"aide/{PLANS[1]}",
            "Plan d’action d’accessibilité 2026",
            "Ce qui est prévu cette année, dans le cadre du schéma pluriannuel.",
            PLAN_OF_THE_YEAR,
        ),
    ):
        planter.page(key, StandardPage(title=name, summary=summary, body=body), parent=key.partition("/")[0])
    _plant_legal(planter)
    _plant_regions(planter)
    _plant_partners(planter)
    return planter.made


def _plant_legal(planter: Planter) -> None:
    first = date(2026, 1, 1)
    for slug, kind, name, body in (
        ("cgu-1", LegalPage.Kind.TERMS, "Conditions générales d’utilisation", legal_texts.TERMS),
        ("charte-de-moderation-1", LegalPage.Kind.MODERATION, "Charte de modération", legal_texts.MODERATION),
    ):
        if not LegalPage.objects.filter(kind=kind, version=1).exists():
            page = LegalPage(title=name, kind=kind, version=1, in_force_on=first, body=body)
            planter.page(f"aide/{slug}", page, parent="aide")


def _plant_regions(planter: Planter) -> None:
    known = {page.region_id: page for page in RegionPage.objects.exclude(region=None)}
    rows = {region.code: region for region in Region.objects.filter(code__in=[code for code, *_ in REGIONS])}
    for code, slug, summary, body in REGIONS:
        planter.adopt(f"regions/{slug}", known.get(code))
        if code in rows:
            page = RegionPage(title=rows[code].name, region=rows[code], summary=summary, body=[text(body)])
            planter.page(f"regions/{slug}", page, parent="regions")


def _plant_partners(planter: Planter) -> None:
    names = [row["organisation"] for row in PARTNERS]
    rows = {row.name: row for row in Organisation.objects.filter(name__in=names)}
    known = {page.organisation_id: page for page in PartnerPage.objects.exclude(organisation=None)}
    for row in PARTNERS:
        organisation = rows.get(row["organisation"])
        key = f"partenaires/{row['slug']}"
        if organisation is None:
            continue
        planter.adopt(key, known.get(organisation.pk))
        page = PartnerPage(
            title=row["title"],
            organisation=organisation,
            summary=row["summary"],
            website=row["website"],
            body=[text(*row["body"])],
            agreement=f"<p>{row['agreement']}</p>",
        )
        planter.page(key, page, parent="partenaires")
