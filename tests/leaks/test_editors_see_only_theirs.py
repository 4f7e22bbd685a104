"""The administration, route by route: what a partner prepares is seen by nobody of another partner or région.

Markers stand in the title, body, tags and comments of a draft, in the names of an image and of a document. Every route
of the administration is asked, with the numbers of these things at each place where it takes a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, product

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import URLResolver, get_resolver
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, Comment, CommentReply

from changes import change
from cms.models import ArticlePage, ClubDocument, ClubImage

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MARK = re.compile(r"SECRET[A-Z]*", re.IGNORECASE)
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>|\(\?P<(\w+)>[^()]*(?:\([^()]*\)[^()]*)*\)")
QUERIES = ("", "?q=SECRET", "?term=SEC&q=Titre")


@pytest.fixture
def secret(house, settings, tmp_path):
    """A draft of ADEME in review, with all that hangs on it."""
    settings.MEDIA_ROOT = str(tmp_path)
    page = house.article(
        "SECRETTITLE", summary="SECRETSUMMARY", body=[("paragraph", "<p>SECRETBODY</p>")], slug="secretslug"
    )
    with change(by="test"):
        collection = Collection.objects.get(name="ADEME")
        image = ClubImage.objects.create(
            title="SECRETIMAGE",
            description="SECRETALT",
            file=get_test_image_file("SECRETFILE.png"),
            collection=collection,
        )
        document = ClubDocument(
            title="SECRETDOCUMENT", file=ContentFile(b"SECRETBYTES", "SECRETFILE.txt"), collection=collection
        )
        document._set_document_file_metadata()  # as an upload does; else Wagtail writes it when it is first shown
        document.save()
        for one in (image, document):
            one.tags.add("SECRETTAG")
        comment = Comment.objects.create(page=page, user=house.author, text="SECRETCOMMENT", contentpath="title")
        CommentReply.objects.create(comment=comment, user=house.office, text="SECRETREPLY")
        page.save_revision(user=house.author)
        page.get_workflow().start(page, house.author)
    page = ArticlePage.objects.get(pk=page.pk)
    return {
        "page": page.pk,
        "image": image.pk,
        "document": document.pk,
        "collection": collection.pk,
        "comment": comment.pk,
        "revision": page.latest_revision_id,
        "first": page.revisions.order_by("pk").first().pk,
        "parent": page.get_parent().pk,
        "state": page.current_workflow_task_state.pk,
        "task": page.current_workflow_task.pk,
        "workflow": page.get_workflow().pk,
    }


def routes() -> list[str]:
    def walk(patterns, prefix=""):
        for one in patterns:
            here = prefix + str(one.pattern).lstrip("^").rstrip("$")
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, here)
            else:
                yield here

    found = {route for route in walk(get_resolver().url_patterns) if route.startswith("redaction/")}
    return sorted(found - {"redaction/logout/"})  # whoever goes there sees nothing afterwards, nor would this test


WORDS = {
    "action_name": ["approve"],
    "action": ["publish", "delete", "add_tags"],
    "app_label": ["wagtailcore", "cms"],
    "app_name": ["cms"],
    "content_type_app_name": ["cms"],
    "content_type_model_name": ["articlepage"],
    "model_name": ["page", "clubimage", "clubdocument"],
    "viewname": ["x"],
    "filename": ["x.png"],
    "signature": ["x"],
    "filter_spec": ["original"],
    "token": ["x"],
    "uidb64": ["x"],
    "locale_code": ["fr"],
}
OF_NAME = {
    "page_id": ["page", "parent"],
    "parent_page_id": ["parent", "page"],
    "image_id": ["image"],
    "document_id": ["document"],
    "doc_id": ["document"],
    "revision_id": ["revision"],
    "revision_id_a": ["first"],
    "revision_id_b": ["revision"],
    "task_state_id": ["state"],
    "task_id": ["task"],
    "workflow_id": ["workflow"],
}

ANY = ["page", "image", "document", "collection"]


def addresses(route: str, secret: dict[str, int]) -> Iterator[str]:
    """The route with each of the numbers that its parameters could mean; three questions each."""
    names = [found[1] or found[2] for found in ((m[1], m[2], m[3]) for m in PARAMETER.finditer(route))]
    choices = [
        WORDS.get(name)
        or [str(secret[kind]) for kind in OF_NAME.get(name, ["page", "image", "document", "collection"])]
        for name in names
    ]
    for values in islice(product(*choices), 40):
        left = iter(values)
        path = "/" + PARAMETER.sub(lambda _, left=left: next(left), route)
        for query in QUERIES if not names else ("",):
            yield path + query
        if "/bulk/" in path or "chosen-multiple" in path or "chosen_multiple" in path:
            for kind in ("page", "image", "document"):
                yield f"{path}?id={secret[kind]}&next=/redaction/"


def seen_by(client, person, secret) -> dict[str, set[str]]:
    """Markers by the address that shows them."""
    client.force_login(person)
    client.raise_request_exception = False  # some of Wagtail's routes end in an error at a number that is no such thing
    found = {}
    for route in routes():
        for address in addresses(route, secret):
            answer = client.get(address)
            if (
                answer.status_code == 500
            ):  # a route of Wagtail’s that the guard of our tables, or nothing there, stopped
                transaction.set_rollback(False)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            text = body.decode(errors="replace").replace("q=SECRET", "").replace('value="SECRET"', "")
            text += " ".join(f"{name}: {value}" for name, value in answer.items())
            marks = {mark.upper() for mark in MARK.findall(text)} - {"SECRET"}
            if marks:
                found[address] = marks
    assert client.get("/redaction/").status_code in (200, 403), "the rest was asked of a site that had failed"
    return found


@pytest.mark.parametrize("who", ["other", "correspondent", "facilitator", "member"])
def test_nobody_else_sees_it(client, house, secret, member, who):
    seen = seen_by(client, member if who == "member" else getattr(house, who), secret)
    assert seen == {}


def test_its_author_and_the_bureau_see_it(client, house, secret):
    """Else the test above looks in the wrong places."""
    for person in (house.author, house.office):
        marks = set().union(*seen_by(client, person, secret).values())
        assert {"SECRETTITLE", "SECRETBODY", "SECRETIMAGE", "SECRETDOCUMENT", "SECRETTAG", "SECRETCOMMENT"} <= marks


def test_every_route_has_its_parameters():
    """A route whose parameters this test cannot fill would be asked at an address that means nothing."""
    left = [route for route in routes() if "<" in PARAMETER.sub("1", route) or "(" in PARAMETER.sub("1", route)]
    assert left == []
