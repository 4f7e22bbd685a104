"""What is checked before a page leaves its author: each rule, its words, its place."""

import pytest
from wagtail.images.tests.utils import get_test_image_file

from changes import change
from cms.checks import check_page
from cms.checks.rules import TYPOGRAPHY, well_formed
from cms.models import ArticlePage, ClubImage, ExperienceSheet, HomePage
from cms.tree import plant_tree

pytestmark = pytest.mark.django_db


@pytest.fixture
def image(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    with change(by="test"):
        return ClubImage.objects.create(title="Une noue", file=get_test_image_file())


def said(*blocks, page=ArticlePage, **fields) -> list[str]:
    """The blocking findings of a page with this body, in words."""
    made = page(title="Des noues", **{"summary": "Ce qu’il faut retenir.", **fields})
    made.body = made.body.stream_block.to_python(
        [{"type": kind, "value": value, "id": f"id-{number}"} for number, (kind, value) in enumerate(blocks)]
    )
    return [str(finding) for finding in check_page(made) if finding.is_blocking]


def heading(text, level):
    return ("heading", {"text": text, "level": level})


def paragraph(html):
    return ("paragraph", html)


TABLE = {"data": [["Poste", "Coût"], ["Terre", "84"]], "first_row_is_table_header": True, "table_caption": "Coûts"}


def test_a_good_page_passes(image):
    figure = {"image": {"image": image.pk, "decorative": False, "alt_text": "Une noue plantée"}, "caption": ""}
    assert said(heading("Les choix", "h2"), paragraph("<p>Du texte.</p>"), ("image", figure), ("table", TABLE)) == []


def test_an_image_is_described_or_decorative(image):
    bare = {"image": {"image": image.pk, "decorative": False, "alt_text": " "}}
    decorative = {"image": {"image": image.pk, "decorative": True, "alt_text": ""}}
    (found,) = said(paragraph("<p>Un texte.</p>"), ("image", bare), ("image", decorative))
    assert found.startswith("Contenu, bloc 2 (Image) : dites ce que montre l’image")
    assert said(("gallery", {"images": [{"image": bare["image"]}, {"image": decorative["image"]}]})) != []


@pytest.mark.parametrize(
    ("levels", "good"),
    [(["h2", "h3", "h4"], True), (["h2", "h4"], False), (["h3"], False), (["h2", "h3", "h2", "h3"], True)],
)
def test_headings_follow_each_other(levels, good):
    assert (said(*(heading(f"Partie {level}", level) for level in levels)) == []) is good


def test_titles_of_panels_are_headings_too():
    panels = {"level": "h4", "panels": [{"title": "Qui ?", "text": "<p>Tous.</p>"}]}
    (found,) = said(heading("Une partie", "h2"), ("accordion", panels))
    assert "« Qui ? » saute un niveau" in found


@pytest.mark.parametrize(
    "words", ["cliquez ici", "Ici", "En savoir plus", "en savoir plus…", "https://ademe.example/x", "www.ademe.fr", ""]
)
def test_words_of_a_link_say_where_it_leads(words):
    assert len(said(paragraph(f'<p>Voir <a href="https://ademe.example/guide">{words}</a>.</p>'))) == 1


def test_a_link_with_its_words_passes():
    assert said(paragraph('<p><a href="https://ademe.example/guide">Le guide des noues de l’ADEME</a></p>')) == []


def test_links_inside_the_site_lead_somewhere():
    home = plant_tree()
    with change(by="test"):
        draft = home.add_child(instance=ArticlePage(title="Brouillon", slug="brouillon", live=False))
    with change(by="test"):
        home.save_revision().publish()

    def to(target: str) -> list[str]:
        return said(paragraph(f"<p><a {target}>Une page du club</a></p>"))

    assert to(f'linktype="page" id="{home.pk}"') == []
    assert to('href="/forum/"') == []
    assert to('href="/"') == []
    assert len(to(f'linktype="page" id="{draft.pk}"')) == 1
    assert len(to('linktype="page" id="999999"')) == 1
    assert len(to('href="/brouillon/"')) == 1
    assert len(to('href="/nulle-part/"')) == 1
    assert HomePage.objects.get().live


def test_a_text_has_words_where_it_must():
    empty = '<p data-block-key="5qtt8"></p>'
    (found,) = said(paragraph("<p>Du texte.</p>"), paragraph(empty))
    assert found.startswith("Contenu, bloc 2 (Texte) : ce texte est vide")
    assert len(said(("accordion", {"level": "h2", "panels": [{"title": "Qui ?", "text": empty}]}))) == 1
    assert said(("alert", {"kind": "info", "title": "Fermé", "level": "h2", "text": empty})) == [], "it may be empty"


def test_buttons_are_links_too():
    button = {"text": "Cliquez ici", "page": None, "url": "https://ademe.example/x"}
    assert len(said(("buttons", {"buttons": [button]}))) == 1


@pytest.mark.parametrize("address", ["https://", "http://localhos t", "javascript:alert(1)", "ademe.fr", "mailto:x"])
def test_addresses_elsewhere_are_read_and_never_asked(address):
    assert not well_formed(address)


def test_a_table_has_a_caption_and_headers():
    assert len(said(("table", {**TABLE, "table_caption": ""}))) == 1
    assert len(said(("table", {**TABLE, "first_row_is_table_header": False, "table_header_choice": "neither"}))) == 1


def test_a_summary_and_for_a_practice_an_engagement():
    assert any(found.startswith("Résumé : ") for found in said(summary=" "))
    assert any(found.startswith("Engagements") for found in said(page=ExperienceSheet))
    assert said(page=ArticlePage) == []


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("Pourquoi?", "Pourquoi ?"),
        ("Voici: deux", "Voici : deux"),
        ('Un "bon" sol', "Un « bon » sol"),
        ("deux  espaces", "une espace"),
        ("Et puis...", "Et puis…"),
        ("Oui , non", "Oui, non"),
        ("LA VILLE DES QUATRE SAISONS", "La Ville de l’ADEME et du CSTB"),
    ],
)
def test_french_typography_is_advised(wrong, right):
    def advised(text):
        page = ArticlePage(title="Des noues", summary=text)
        return [finding.message for finding in check_page(page) if finding.place.field == "summary"]

    assert len(advised(wrong)) == 1
    assert advised(right) == []


def test_addresses_and_times_are_no_mistakes():
    page = ArticlePage(title="Des noues", summary="À 12:30, voir https://a.example/?x=1 ou a.b@c.example ; 3,5 m. Fin.")
    assert [finding for finding in check_page(page) if finding.place.field == "summary"] == []
    assert TYPOGRAPHY
