"""Files in a form without JavaScript: received, described, kept through corrections; and the upload before the form."""

import re

import html5lib
import pytest
from django.db import connection
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.datastructures import MultiValueDict

from files import actions
from files.models import Upload
from files.queries import attached_to
from files.templatetags.files import attached, weight
from members.viewer import VISITOR_VIEWER
from tests.files.notes import NAME, NoteForm

from .conftest import PDF, picture, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client, claire, settings) -> Client:
    settings.ROOT_URLCONF = "tests.files.notes"
    client.force_login(claire.person)
    return client


def fields(page: str) -> dict[str, str]:
    """What a browser would send of a page without anything typed."""
    tree = html5lib.parse(page, treebuilder="etree", namespaceHTMLElements=False)
    for template in list(tree.iter("template")):
        template.clear()
    found = {}
    for element in tree.iter("input"):
        kind = element.get("type", "text")
        if element.get("name") and kind != "file" and (kind != "checkbox" or element.get("checked") is not None):
            found.setdefault(element.get("name"), []).append(element.get("value", "on"))
    return found


def names(page: str) -> list[str]:
    return re.findall(r"<strong data-file-name>([^<]+)</strong>", page)


def test_the_form_carries_files_and_says_what_it_takes(signed_in):
    page = signed_in.get("/note/1/").content.decode()
    assert 'enctype="multipart/form-data"' in page
    assert page.index('name="text"') < page.index(f'name="{NAME}-file-0"'), "files come behind the text"
    assert "PDF ou image (JPEG, PNG, WebP, GIF)" in page
    assert page.count('type="file"') == 4
    assert "style=" not in page
    assert "onclick" not in page
    tree = html5lib.parse(page, treebuilder="etree", namespaceHTMLElements=False)
    shown = [e for e in tree.iter("input") if e.get("type") != "hidden" and "__id__" not in (e.get("id") or "")]
    labelled = {label.get("for") for label in tree.iter("label")}
    assert {element.get("id") for element in shown} <= labelled, "each has its name"
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_a_plan_and_a_photo_are_published_without_javascript(signed_in):
    answer = signed_in.post(
        "/note/1/",
        {"text": "Voici", f"{NAME}-file-0": sent(PDF, "Plan.pdf"), f"{NAME}-file-1": sent(picture(), "noue.jpg"),
         f"{NAME}-alt-1": "Une noue pleine"},
    )  # fmt: skip
    assert answer.status_code == 201, answer.content.decode()
    assert [(u.name, u.alt) for u in attached_to("note", [1])[1]] == [("Plan.pdf", ""), ("noue.jpg", "Une noue pleine")]
    assert names(answer.content.decode()) == ["Plan.pdf", "noue.jpg"], "the form that edits it shows them"


def test_what_was_received_stays_while_the_text_is_corrected(signed_in):
    first = signed_in.post(
        "/note/1/", {"text": "", f"{NAME}-file-0": sent(picture(), "noue.jpg"), f"{NAME}-alt-0": "Une noue « pleine »"}
    )
    page = first.content.decode()
    assert (first.status_code, names(page)) == (200, ["noue.jpg"])
    assert "1 champ à corriger" in page.replace("\xa0", " ")
    answer = signed_in.post("/note/1/", {**fields(page), "text": "Voici"})
    assert answer.status_code == 201
    assert [(u.name, u.alt) for u in attached_to("note", [1])[1]] == [("noue.jpg", "Une noue « pleine »")]
    assert Upload.objects.count() == 1


def test_a_picture_without_its_text_is_kept_and_the_error_stands_beside_it(signed_in):
    page = signed_in.post("/note/1/", {"text": "Voici", f"{NAME}-file-0": sent(picture(), "noue.jpg")}).content.decode()
    (upload,) = Upload.objects.all()
    assert "Décrivez cette image" in page
    tree = html5lib.parse(page, treebuilder="etree", namespaceHTMLElements=False)
    (field,) = [e for e in tree.iter("input") if e.get("name") == f"{NAME}-alt-{upload.pk}"]
    assert field.get("aria-invalid") == "true"
    (error,) = [e for e in tree.iter("div") if e.get("id") == field.get("aria-describedby")]
    assert "Décrivez cette image" in "".join(error.itertext())
    (summary,) = [e for e in tree.iter("div") if e.get("id") == "erreurs"]
    (link,) = summary.iter("a")
    assert link.get("href") == f"#id_{NAME}"
    assert [e for e in tree.iter("fieldset") if e.get("id") == f"id_{NAME}"], "and it leads somewhere"
    assert signed_in.post("/note/1/", {**fields(page), f"{NAME}-decorative-{upload.pk}": "1"}).status_code == 201
    assert attached_to("note", [1])[1][0].decorative


def test_a_refused_file_is_said_by_its_name_the_others_stay(signed_in):
    answer = signed_in.post(
        "/note/1/",
        {"text": "Voici", f"{NAME}-file-0": sent(b"<svg onload=alert(1)>", "<b>plan</b>.svg"),
         f"{NAME}-alt-0": "Le plan", f"{NAME}-file-1": sent(PDF, "ok.pdf"), f"{NAME}-file-2": sent(b"", "vide.pdf")},
    )  # fmt: skip
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Ce type de fichier n’est pas accepté. Joignez un PDF ou une image" in page
    assert "<b>plan" not in page
    assert "Ce fichier est vide." in page
    assert names(page) == ["ok.pdf"]
    assert 'value="Le plan"' in page, "what was typed beside it is kept"


def test_a_sixth_file_is_refused_and_five_stay(signed_in):
    data = {"text": "", **{f"{NAME}-file-{n}": sent(PDF, f"{n}.pdf") for n in range(3)}}
    page = signed_in.post("/note/1/", data).content.decode()
    page = signed_in.post(
        "/note/1/", {**fields(page), f"{NAME}-file-0": sent(PDF), f"{NAME}-file-1": sent(PDF)}
    ).content.decode()
    assert len(names(page)) == 5
    page = signed_in.post(
        "/note/1/", {**fields(page), "text": "a", f"{NAME}-file-0": sent(PDF, "6.pdf")}
    ).content.decode()
    assert "Joignez 5 fichiers au plus." in page
    assert len(names(page)) == 5
    assert Upload.objects.count() == 5


def test_ids_of_others_and_of_none_are_refused_alike(signed_in, marc, receive):
    theirs = receive(name="secret.pdf", by=marc)
    for sent_id in (str(theirs.pk), "00000000-0000-4000-8000-000000000000", "../../etc/passwd", "'; DROP TABLE", ""):
        answer = signed_in.post("/note/1/", {"text": "Voici", f"{NAME}-kept": sent_id, f"{NAME}-alt-{sent_id}": "x"})
        page = answer.content.decode()
        assert answer.status_code == 200, sent_id
        assert "Un fichier joint n’est plus disponible" in page
        assert "secret" not in page
    assert attached_to("note", [1])[1] == []


def test_thousands_of_ids_cost_what_one_does(signed_in):
    def cost(ids: list[str]) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert signed_in.post("/note/1/", {"text": "a", f"{NAME}-kept": ids}).status_code == 200
        return len(asked)

    many = [f"00000000-0000-4000-8000-{n:012}" for n in range(1500)]
    cost(many[:1])
    assert cost(many) == cost(many[:1])


def test_a_file_is_left_out_again(signed_in):
    page = signed_in.post(
        "/note/1/", {"text": "Voici", f"{NAME}-file-0": sent(PDF), f"{NAME}-file-1": sent(PDF, "b.pdf")}
    )
    again = fields(page.content.decode())
    again[f"{NAME}-drop"] = again[f"{NAME}-kept"][:1]
    assert signed_in.post("/note/1/", {**again, "text": "Voici"}).status_code == 201
    assert [u.name for u in attached_to("note", [1])[1]] == ["b.pdf"]


def test_the_same_file_sent_twice_makes_the_same_payload(claire):
    def bound() -> NoteForm:
        files = MultiValueDict({f"{NAME}-file-0": [sent(picture(), "noue.jpg")]})
        return NoteForm(QueryDict(f"text=a&{NAME}-alt-0=Noue"), files, viewer=claire)

    one, two = bound(), bound()
    assert one.is_valid()
    assert two.is_valid()
    (first,), (second,) = one.cleaned_data[NAME], two.cleaned_data[NAME]
    assert first.id != second.id
    assert (first.fingerprint, first.alt, first.decorative) == (second.fingerprint, second.alt, second.decorative)


def test_what_was_sent_can_be_bound_again_without_its_bytes(claire):
    files = MultiValueDict({f"{NAME}-file-2": [sent(picture(), "noue.jpg")]})
    form = NoteForm(QueryDict(f"text=a&{NAME}-alt-2=Noue"), files, viewer=claire)
    assert form.is_valid()
    fresh = NoteForm(form.again(), viewer=claire)
    assert fresh.is_valid()
    assert fresh.cleaned_data[NAME] == form.cleaned_data[NAME]
    assert Upload.objects.count() == 1


def test_a_form_of_a_visitor_takes_nothing(db):
    files = MultiValueDict({f"{NAME}-file-0": [sent(PDF)]})
    form = NoteForm(QueryDict("text=a"), files, viewer=VISITOR_VIEWER)
    assert not form.is_valid()
    assert Upload.objects.count() == 0


def test_a_file_is_sent_before_its_form(signed_in, left):
    answer = signed_in.post("/fichiers/envoyer/", {"file": sent(picture(size=(900, 600)), "noue.JPG")})
    assert answer.status_code == 201
    told = answer.json()
    upload = Upload.objects.get(pk=told["id"])
    assert told == {
        "id": str(upload.pk), "name": "noue.jpg", "kind": "picture", "label": "JPEG", "size": upload.size,
        "weight": weight(upload.size), "width": 900, "height": 600,
        "thumbnail": f"/fichiers/{upload.pk}/apercu/", "remove": f"/fichiers/{upload.pk}/retirer/",
    }  # fmt: skip
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert (
        signed_in.post(
            "/note/1/", {"text": "a", f"{NAME}-kept": told["id"], f"{NAME}-alt-{told['id']}": "Noue"}
        ).status_code
        == 201
    )
    assert signed_in.post(told["remove"]).status_code == 404, "attached: no longer in the form's hands"


def test_refusals_before_the_form_are_sentences(signed_in, client):
    for content, words in ((b"MZ", "Joignez un PDF ou une image"), (b"", "vide")):
        answer = signed_in.post("/fichiers/envoyer/", {"file": sent(content)})
        assert answer.status_code == 400
        assert words in answer.json()["error"]
    assert signed_in.post("/fichiers/envoyer/").json() == {"error": "Choisissez un fichier."}
    assert signed_in.post("/fichiers/envoyer/", {"file": "texte"}).status_code == 400
    assert signed_in.get("/fichiers/envoyer/").status_code == 405


def test_visitors_and_foreign_pages_send_and_take_away_nothing(client, claire, marc, receive):
    upload = receive(by=claire)
    assert client.post("/fichiers/envoyer/", {"file": sent(PDF)}).status_code == 403
    assert client.post(f"/fichiers/{upload.pk}/retirer/").status_code == 404
    client.force_login(marc.person)
    assert client.post(f"/fichiers/{upload.pk}/retirer/").status_code == 404
    foreign = Client(enforce_csrf_checks=True)
    foreign.force_login(claire.person)
    assert foreign.post("/fichiers/envoyer/", {"file": sent(PDF)}).status_code == 403
    assert foreign.post(f"/fichiers/{upload.pk}/retirer/").status_code == 403
    assert Upload.objects.count() == 1


def test_one_takes_one_s_own_file_away(client, claire, receive):
    upload = receive(by=claire)
    client.force_login(claire.person)
    for _ in range(2):
        assert client.post(f"/fichiers/{upload.pk}/retirer/").status_code == 204
    assert Upload.objects.count() == 0


def test_files_under_a_thing_are_the_same_for_everybody(claire, receive):
    photo = receive(picture(size=(900, 600)), "noue.jpg", by=claire)
    logo = receive(picture("PNG"), "logo.png", by=claire)
    plan = receive(name="Plan <b>.pdf", by=claire)
    chosen = [
        actions.Chosen(photo.pk, 'Une "noue" <pleine>'),
        actions.Chosen(logo.pk, "", True),
        actions.Chosen(plan.pk),
    ]
    actions.attach(chosen, holder_kind="note", holder_id=1, by=claire)
    html = render_to_string("files/attached.html", attached(attached_to("note", [1])[1]))
    assert 'width="480" height="320" alt="Une &quot;noue&quot; &lt;pleine&gt;" loading="lazy"' in html
    assert 'alt="" loading="lazy"' in html
    assert 'aria-label="Ouvrir l’image logo.png"' in html, "a link has a name"
    assert "Plan -b-.pdf" in html
    assert "(PDF, 1\xa0ko)" in html
    for private in (photo.key, "claire", str(claire.person.pk) + '"'):
        assert private not in html.replace(str(photo.pk), "").replace(str(logo.pk), "").replace(str(plan.pk), "")
    assert not render_to_string("files/attached.html", attached([])).strip()


@pytest.mark.parametrize(
    ("size", "words"),
    [(1, "1\xa0ko"), (5_300, "5\xa0ko"), (999_000, "999\xa0ko"), (1_234_567, "1,2\xa0Mo"), (10_000_000, "10,0\xa0Mo")],
)
def test_weights_are_read_in_french(size, words):
    assert weight(size) == words


def test_the_script_is_small_and_asks_for_no_other_host(settings):
    script = (settings.BASE_DIR / "site/files/static/files/files.js").read_bytes()
    assert len(script) <= 4000
    assert b"http" not in script.replace(b"XMLHttpRequest", b"")
