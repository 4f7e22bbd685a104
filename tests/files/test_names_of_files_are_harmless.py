"""A name is for people: no folder, no hidden sign, no header of its own; its extension is the content's."""

import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from files.names import LONGEST, clean_line, clean_name, disposition


@pytest.mark.parametrize(
    ("given_name", "wanted"),
    [
        ("Plan de gestion.pdf", "Plan de gestion.pdf"),
        ("Plan de gestion.PDF", "Plan de gestion.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\windows\\system.ini", "system.pdf"),
        ("/var/www/../plan.pdf", "plan.pdf"),
        ("..", "fichier.pdf"),
        ("", "fichier.pdf"),
        (".htaccess", "htaccess.pdf"),
        (".pdf", "fichier.pdf"),
        ("plan.pdf.exe", "plan.pdf"),
        ("plan.html", "plan.pdf"),
        ("plan.v2.1 final.pdf", "plan.v2.1 final.pdf"),
        ("plan\0.pdf", "plan.pdf"),
        ("plan\r\nSet-Cookie: a=b.pdf", "planSet-Cookie- a=b.pdf"),
        ("facture\u202efdp.exe", "facturefdp.pdf"),
        ("a\u200bb\u2066c\ufeff.pdf", "abc.pdf"),
        ("a\u00a0\u2028 b.pdf", "a b.pdf"),
        ('"><img src=x>.pdf', "---img src=x-.pdf"),
        ("noue-e\u0301te\u0301.pdf", "noue-\u00e9t\u00e9.pdf"),
        ("\ud800.pdf", "fichier.pdf"),
    ],
)
def test_what_becomes_of_a_name(given_name, wanted):
    assert clean_name(given_name, "pdf") == wanted


def test_a_name_of_three_hundred_letters_keeps_its_extension():
    name = clean_name("é" * 300 + ".jpeg", "jpg")
    assert len(name) == LONGEST
    assert name.endswith("é.jpg")


@given(st.text(max_size=200), st.sampled_from(["pdf", "jpg", "png", "webp"]))
def test_whatever_the_name_it_can_be_shown_and_sent(text, extension):
    name = clean_name(text, extension)
    assert name.endswith(f".{extension}")
    assert 5 <= len(name) <= LONGEST
    assert not set(name) & set('/\\<>:"|?*\r\n\0')
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for c in name)
    header = disposition(name, inline=False)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    assert unquote(header.partition("UTF-8''")[2]) == name
    assert clean_name(name, extension) == name, "clean is clean"


def test_a_header_has_the_name_for_old_programs_and_for_all():
    assert disposition("Été à l’œuvre 50 %.pdf", inline=False) == (
        'attachment; filename="Ete a l\'oeuvre 50 .pdf"; '
        "filename*=UTF-8''%C3%89t%C3%A9%20%C3%A0%20l%E2%80%99%C5%93uvre%2050%20%25.pdf"
    )
    assert disposition("計画.png", inline=True).startswith('inline; filename="fichier.png";')


def test_a_description_is_one_line():
    assert clean_line(" Une\u202e noue\n\tpleine\0 ") == "Une noue pleine"
