"""Words are found however they are inflected, accented, elided; codes and phrases as they stand."""

import pytest

from tests.engines.making import found, keys, matter

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("energie", "Les énergies du quartier"),
        ("énergie", "Economies d’energie"),
        ("ecoles", "L’école est rénovée"),
        ("hopital", "Près de l’hôpital"),
        ("hôpitaux", "Près de l’hopital"),
        ("oeuvre", "La maîtrise d’œuvre"),
        ("œuvres", "La maitrise d'oeuvre"),
        ("eau", "Gestion de l’eau"),
        ("l'eau", "Une eau rare"),
        ("renover", "Des logements rénovés"),
        ("rénovées", "Une place renovee"),
        ("permeabilite", "Des sols perméables"),
        ("premiere", "Le premier lot"),
        ("TRAVAUX", "Un travail commun"),
        ("ecoquartier", "Les éco-quartiers"),
        ("éco-quartier", "Un ÉcoQuartier"),
        ("éco quartier", "Un EcoQuartier labellisé"),
        ("RE2020", "La RE2020 s’applique"),
        ("re 2020", "La RE2020 s’applique"),
        ("RE2020", "La RE 2020 s’applique"),
        ("12/2024", "Arrêté 12/2024"),
        ("59350", "Code Insee 59350"),
        ("art. 12", "L’art. 12 du règlement"),
        ("habitants", "Pour les habitant·e·s"),
        ("ZAC", "Une zone d’aménagement concerté"),
        ("zone d'aménagement concerté", "Une ZAC en projet"),
        ("gaz à effet de serre", "Bilan des GES"),
        ('"maîtrise d\'ouvrage"', "La maîtrise d’ouvrage"),
        ('"de la gare"', "Le quartier de la gare"),
        ("le la", "le ou la"),
        ("comme notre école", "L’école est rénovée"),
        ("quelles sont vos écoles", "L’école est rénovée"),
        ("vélos", "Un vélo en libre service"),
        ("élu", "Les élus décident"),
        ("lieux", "Un lieu de vie"),
        ("matériau", "Des matériaux de réemploi"),
        ("tissus", "Le tissu urbain"),
        ("enjeu", "Les enjeux du site"),
        ("P.L.U.", "Le PLU est révisé"),
        ("PLU", "Le P.L.U. est révisé"),
        ("art. L. 151-23", "L’article L. 151-23 du code"),
        ("dés-imperméabilisation", "La désimperméabilisation des cours"),
    ],
)
def test_it_is_found(holding, typed, text):
    engine = holding(matter("topic:1", "Bonjour", text), matter("topic:2", "Sujet autre", "Rien de commun ici"))
    assert keys(engine, typed) == ["topic:1"]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("12/2024", "Le 12 de 2024 fois"),
        ('"de la gare"', "La gare de quartier"),
        ('"quartier vert"', "Vert, le quartier"),
        ("2020", "La RE2020 s’applique"),
        ("5935", "Code Insee 59350"),
        ('"école primaire"', "Écoles maternelles et primaires"),
        ("marais", "Marie Aubin"),
        ("Marie", "Un marais"),
        ("loi", "Le loyer"),
        ("mois", "Dites-moi tout"),
        ("noue", "Nous y allons"),
    ],
)
def test_it_is_not_found(holding, typed, text):
    assert keys(holding(matter("topic:1", "Bonjour", text)), typed) == []


def test_words_that_follow_each_other_in_two_fields_are_no_phrase(holding):
    engine = holding(matter("topic:1", "Un quartier", "vert et calme"))
    assert keys(engine, '"quartier vert"') == []
    assert keys(engine, "quartier vert") == ["topic:1"]


def test_a_word_of_the_thesaurus_typed_wrong_is_put_right_though_no_document_holds_it(holding):
    engine = holding(matter("topic:1", "Des panneaux solaires sur l’école"), matter("topic:2", "Un parking"))
    answer = found(engine, "photovoltaïnue")
    assert [hit.key for hit in answer.hits] == ["topic:1"]
    assert answer.spelling == "photovoltaïque"


@pytest.mark.parametrize("typed", ["sauvages", "haies"])
def test_a_word_that_is_spelled_right_is_not_corrected_though_nothing_holds_it(holding, typed):
    """« sauvés » has two letters less; a « haie » is in the thesaurus, however near « baies »."""
    engine = holding(
        matter("topic:1", "Des baies et meubles sauvés des dépôts"), matter("topic:2", "Nos dépôts d’éloignement")
    )
    answer = found(engine, f"dépôts {typed}")
    assert answer.spelling == ""
    assert {hit.key for hit in answer.hits} == {"topic:1", "topic:2"}


@pytest.mark.parametrize("order", ["relevance", "date"])
def test_a_misspelt_word_beside_a_right_one_is_put_right_on_every_page(holding, order):
    one = [matter(f"topic:{n}", "Une chaufferie", "en ville") for n in range(1, 26)]
    other = [matter(f"topic:{n}", "Un bois", "en ville") for n in range(30, 60)]
    engine = holding(*one, *other, matter("topic:60", "La chaufferie bois", "neuve"))
    first, second = (found(engine, "chaufverie bois", order=order, page=page) for page in (1, 2))
    assert first.spelling == second.spelling == "chaufferie bois"
    assert first.total == second.total
    assert order == "date" or first.hits[0].key == "topic:60"


def test_a_slip_that_shares_a_stem_by_chance_is_put_right_by_the_thesaurus(holding):
    engine = holding(matter("topic:1", "Une ressourcerie"), matter("topic:2", "Nos ressources", "Des ressources rares"))
    answer = found(engine, "ressourcrie")
    assert (answer.spelling, answer.hits[0].key) == ("ressourcerie", "topic:1")
    assert found(engine, "ressources").spelling == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("quartiers de Saint-Briuc", "quartiers de Saint-Brieuc"),
        ("pied d'immeble", "pied d'immeuble"),
        ("materiaux biolourcés", "materiaux biosourcés"),
    ],
)
def test_the_part_of_a_compound_or_behind_an_article_that_is_misspelt_is_put_right(holding, typed, meant):
    engine = holding(
        matter("topic:1", "Nos quartiers", "Un pied d’immeuble vide", place="Saint-Brieuc"),
        matter("topic:2", "Des matériaux", "Du chanvre, de la paille"),
    )
    answer = found(engine, typed)
    assert answer.spelling == meant
    assert answer.hits


@pytest.mark.parametrize(
    "typed",
    [
        "-chaufverie bois",
        '"chaufverie" bois',
        '"chaufverie ancienne" bois',
        "CHAUFVERIE-12/2024",
        "jean.chaufverie@bois.fr",
        "OPAX bois",
        "tour bois",
    ],
)
def test_what_is_no_plain_word_is_left_as_it_is_typed(holding, typed):
    """Excluded, in quotes, a code, an address, initials; and no word becomes one that says nothing (« pour »)."""
    engine = holding(matter("topic:1", "Une chaufferie bois", "Un plafond opak pour la ville"))
    assert found(engine, typed).spelling == ""


def test_only_the_plain_words_are_put_right_each_time_they_stand(holding):
    engine = holding(matter("topic:1", "Une chaufferie bois"))
    assert found(engine, "chaufverie bois chaufverie").spelling == "chaufferie bois chaufferie"
    assert found(engine, "Chaufverie -chaufverie").spelling == "Chaufferie -chaufverie"
