"""Every block is shown as the conventions want it, and refuses what would not be read by all."""

import pytest
from django.core.exceptions import ValidationError

from cms.blocks import ATTACHED, BODY
from cms.blocks.base import LinkBlock
from cms.models import StandardPage
from tests.club.test_every_page_keeps_the_conventions import by_class, conventions, dom

pytestmark = [pytest.mark.django_db, pytest.mark.storage]
LINK = {"text": "Les projets", "page": None, "url": "/projets/"}


def one_of_each(image, document) -> list[tuple[str, object]]:
    """A value for each block, in an order in which headings skip no level."""
    image.contextual_alt_text, image.decorative = "Une noue entre des maisons", False
    blocks = dict(BODY)
    shown = {name: block.meta.preview_value for name, block in BODY if hasattr(block.meta, "preview_value")}
    shown |= {
        "image": {"image": image, "caption": "Une noue", "size": "small"},
        "image_text": {"image": image, "side": "right", "text": "<p>À côté.</p>"},
        "gallery": {"images": [{"image": image, "caption": "Une"}, {"image": image, "caption": ""}]},
        "download": {"document": document, "detail": "Pour les bureaux d’études"},
        "cards": {"level": "h3", "cards": [{"link": LINK, "text": "Soixante projets.", "image": image}]},
        "listing": {
            "kind": "projects",
            "title": "Projets",
            "level": "h2",
            "region": "",
            "commitment": None,
            "count": 3,
        },
        "separator": None,
    }
    assert set(shown) == set(blocks)
    return [("heading", shown.pop("heading")), *shown.items()]


def test_all_of_them_keep_the_conventions(client, make_page, image, document):
    page = make_page(StandardPage, title="Tous les blocs", body=one_of_each(image, document))
    tree, text = dom(client, page.url)
    conventions(tree, text)
    for name in ("fr-quote", "fr-highlight", "fr-callout", "fr-alert--warning", "fr-accordion", "fr-tabs", "cms-steps",
                 "fr-content-media", "cms-gallery", "cms-video", "fr-card--download", "cms-chart", "fr-tile", "fr-btn",
                 "cms-contact", "cms-listing", "cms-beside", "cms-separator"):  # fmt: skip
        assert by_class(tree, name), name
    for img in (element for element in tree.iter() if str(element.tag).endswith("}img")):
        assert img.get("alt") is not None
        assert img.get("width")
        assert img.get("height")
    assert "<iframe" not in text
    assert 'type="image/avif"' in text
    assert 'type="image/webp"' in text
    assert "CSV – 1\u00a0ko" in text
    assert "Crédit\u00a0: Ville de Vendenheim" in text


def test_two_of_the_same_have_other_ids(client, make_page, image, document):
    twice = one_of_each(image, document) * 2
    tree, text = dom(client, make_page(StandardPage, title="Deux fois", body=twice).url)
    conventions(tree, text)


def test_a_picture_is_light_and_waits(client, make_page, image):
    image.contextual_alt_text, image.decorative = "", True
    body = [("image", {"image": image, "caption": "", "size": "column"})]
    text = client.get(make_page(StandardPage, title="Une image", body=body).url).content.decode()
    assert 'loading="lazy"' in text
    for rendition in image.renditions.all():
        assert rendition.file.size <= 100_000
        assert len(client.get(rendition.url).content) == rendition.file.size


@pytest.mark.parametrize(
    ("value", "refused"),
    [
        ({"text": "Un lien", "page": None, "url": "/forum/"}, False),
        ({"text": "Un lien", "page": None, "url": "https://www.cerema.fr/"}, False),
        ({"text": "Un lien", "page": None, "url": ""}, True),
        ({"text": "Un lien", "page": None, "url": "javascript:alert(1)"}, True),
        ({"text": "Un lien", "page": None, "url": "//ailleurs.example/"}, True),
        ({"text": "Un lien", "page": None, "url": "data:text/html,x"}, True),
    ],
)
def test_a_link_leads_to_one_safe_place(value, refused):
    block = LinkBlock()
    if refused:
        with pytest.raises(ValidationError):
            block.clean(block.to_python(value))
    else:
        assert block.clean(block.to_python(value)).href == value["url"]


def test_a_link_to_a_page_that_is_not_published_leads_nowhere(make_page):
    page = make_page(StandardPage, title="Une page")
    value = LinkBlock().to_python({"text": "Un lien", "page": page.pk, "url": ""})
    assert value.href == page.url
    value["page"].live = False
    assert value.href == ""


def test_a_table_has_a_caption_and_headers():
    block = dict(BODY)["table"]
    good = {"data": [["a", "b"]], "table_caption": "Ce qu’il montre", "table_header_choice": "row"}
    assert block.clean(dict(good))["first_row_is_table_header"]
    for wrong in ({"table_caption": " "}, {"table_header_choice": "neither"}):
        with pytest.raises(ValidationError):
            block.clean({**good, **wrong})


def test_an_image_says_what_it_shows_or_that_it_is_decorative(image):
    block = dict(ATTACHED)["image"].child_blocks["image"]
    image.contextual_alt_text, image.decorative = "", False
    with pytest.raises(ValidationError):
        block.clean(image)
    image.decorative = True
    assert block.clean(image) == image


def test_a_body_with_blocks_unknown_to_us_is_still_read(make_page):
    page = make_page(StandardPage, title="Une page", body=[("paragraph", "<p>Ici.</p>")])
    raw = [*page.body.raw_data, {"type": "disparu", "value": "x", "id": "1"}]
    assert [child.block_type for child in page.body.stream_block.to_python(raw)] == ["paragraph"]
