"""A place in a lower app's page: empty until somebody fills it, in order, and never the page's ruin."""

import pytest
from django.template import Context, Template

from slots import fills, registry


@pytest.fixture(autouse=True)
def _no_providers(monkeypatch):
    monkeypatch.setattr(registry, "_providers", {})


def page(viewer="quelqu’un") -> str:
    return Template('{% load slots %}avant {% slot "topic.after" topic %} après').render(
        Context({"topic": "une discussion", "viewer": viewer})
    )


def test_a_place_that_nobody_fills_is_empty():
    assert page() == "avant  après"


def test_providers_get_the_thing_and_the_viewer_and_come_in_their_order():
    @fills("topic.after", order=2)
    def second(topic, *, viewer):
        return f"<b>{topic}</b>"

    @fills("topic.after", order=1)
    def first(topic, *, viewer):
        return f"<i>{viewer}</i>"

    assert page() == "avant <i>quelqu’un</i><b>une discussion</b> après"


def test_a_provider_that_fails_leaves_its_place_empty_and_the_page_stands():
    @fills("topic.after")
    def broken(topic, *, viewer):
        raise RuntimeError

    @fills("topic.after", order=200)
    def other(topic, *, viewer):
        return "la suite"

    assert page() == "avant la suite après"


def test_registering_again_replaces():
    def provider(topic, *, viewer):
        return "une fois"

    fills("topic.after")(provider)
    fills("topic.after")(provider)
    assert page() == "avant une fois après"
