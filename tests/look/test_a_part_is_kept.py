"""`{% kept %}`: rendered once for what it names, again where that differs, lazy values asked for what they are."""

from django.template import Context, Template
from django.utils.functional import SimpleLazyObject

PART = Template(
    '{% load kept %}{% kept "essai" word %}{{ word }}{% for one in asked %}{{ one }}{% endfor %}{% endkept %}'
)


def render(word, asked=()):
    return PART.render(Context({"word": word, "asked": asked}))


def test_once_for_what_it_names():
    assert render("noue", ["a"]) == "nouea"
    assert render("noue", ["b"]) == "nouea", "kept: its content was not asked again"
    assert render("platane", ["b"]) == "plataneb"


def test_lazy_values_are_asked():
    words = iter(["noue", "platane"])
    assert render(SimpleLazyObject(lambda: next(words))) == "noue"
    assert render(SimpleLazyObject(lambda: next(words))) == "platane"


def test_in_debug_nothing_is_kept(settings):
    settings.DEBUG = True
    assert render("saule", ["a"]) == "saulea"
    assert render("saule", ["b"]) == "sauleb"
