"""Files in a message: shown under it, read by whoever reads it, kept through errors, gone with it."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from changes import change
from files.models import Upload
from forum import actions
from forum.consumers import erase_withdrawn
from forum.models import Post, Topic
from members.viewer import Viewer

pytestmark = [pytest.mark.django_db, pytest.mark.storage]
PDF = b"""%PDF-1.4
1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
2 0 obj << /Type /Pages /Kids [] /Count 0 >> endobj
xref
0 3
trailer << /Root 1 0 R /Size 3 >>
startxref
115
%%EOF
"""


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "files": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "f"}},
    }


@pytest.fixture
def signed_in(client, reader):
    client.force_login(reader.person)
    return client


def picture() -> SimpleUploadedFile:
    data = io.BytesIO()
    Image.new("RGB", (600, 400), "#3a7").save(data, "JPEG")
    return SimpleUploadedFile("noue.jpg", data.getvalue())


def plan() -> SimpleUploadedFile:
    return SimpleUploadedFile("Plan de gestion.pdf", PDF)


@pytest.fixture
def with_plan(signed_in, topic) -> Post:
    signed_in.post(topic.get_absolute_url(), {"source": "Voici le plan.", "attachments-file-0": plan()})
    return Post.objects.get(text="Voici le plan.")


def test_a_file_stands_under_its_message_and_is_read_by_whoever_reads_it(client, topic, with_plan):
    client.logout()
    page = client.get(topic.get_absolute_url()).content.decode()
    file = Upload.objects.get()
    assert "Plan de gestion.pdf" in page
    assert file.get_absolute_url() in page
    answer = client.get(file.get_absolute_url())
    assert (answer.status_code, b"".join(answer)) == (200, PDF)


@pytest.mark.parametrize("how", ["hidden", "topic hidden", "moved", "withdrawn", "space closed"])
def test_a_file_goes_with_the_right_to_read_its_message(
    client, with_plan, topic, reserved, space, reader, moderator, how
):
    client.logout()
    address = Upload.objects.get().get_absolute_url()
    tag = client.get(address)["ETag"]
    match how:
        case "hidden":
            actions.hide_post(post_id=with_plan.pk, reason="Hors sujet", by=moderator)
        case "topic hidden":
            actions.hide_topic(topic_id=topic.pk, reason="Hors sujet", by=moderator)
        case "moved":
            actions.move_topic(topic_id=topic.pk, target=reserved, by=moderator)
        case "withdrawn":
            actions.delete_post(post_id=with_plan.pk, by=reader)
        case "space closed":
            actions.keep_space(space=space, audience="members", by=moderator)
    answer = client.get(address, headers={"If-None-Match": tag})
    assert answer.status_code == 404
    assert "Plan de gestion" not in client.get(topic.get_absolute_url()).content.decode()
    client.force_login(moderator.person)
    assert client.get(address).status_code == (404 if how == "withdrawn" else 200)


def test_a_picture_needs_its_text_and_stays_chosen_until_it_has_it(signed_in, topic):
    form = {"source": "Voici la noue.", "attachments-file-0": picture()}
    page = signed_in.post(topic.get_absolute_url(), form).content.decode()
    assert "Voici la noue.</textarea>" in page
    waiting = Upload.objects.get()
    assert f'value="{waiting.pk}"' in page
    again = {
        "source": "Voici la noue.",
        "attachments-kept": str(waiting.pk),
        f"attachments-alt-{waiting.pk}": "La noue",
    }
    assert signed_in.post(topic.get_absolute_url(), again).status_code == 302
    page = signed_in.get(topic.get_absolute_url()).content.decode()
    assert 'alt="La noue"' in page
    assert Upload.objects.get().holder_id == str(Post.objects.get(text="Voici la noue.").pk)


def test_the_same_form_sent_twice_attaches_once(signed_in, topic):
    form = {"source": "Voici le plan.", "operation": "une-fois"}
    answers = [signed_in.post(topic.get_absolute_url(), {**form, "attachments-file-0": plan()}) for _ in range(2)]
    assert answers[0].url == answers[1].url
    assert Upload.objects.exclude(holder_id="").count() == 1


def test_a_file_of_somebody_else_is_refused(client, topic, author, reader):
    from files.actions import receive

    theirs = receive(file=plan(), by=author)
    client.force_login(reader.person)
    form = {"source": "Voici le plan.", "attachments-kept": str(theirs.pk)}
    assert client.post(topic.get_absolute_url(), form).status_code == 200
    assert topic.posts.count() == 1


def test_an_edit_keeps_adds_and_takes_away_files(signed_in, with_plan):
    file = Upload.objects.get()
    address = f"/forum/messages/{with_plan.pk}/modifier/"
    assert "Plan de gestion.pdf" in signed_in.get(address).content.decode()
    form = {"source": "Voici le plan, corrigé.", "revision": "1", "attachments-kept": str(file.pk)}
    signed_in.post(address, {**form, "attachments-file-0": plan()})
    assert Upload.objects.filter(holder_id=str(with_plan.pk)).count() == 2
    post = Post.objects.get(pk=with_plan.pk)
    signed_in.post(address, {"source": post.text, "revision": post.revision})
    assert not Upload.objects.exists()
    assert "Plan de gestion" not in signed_in.get(post.topic.get_absolute_url()).content.decode()


def test_a_difficulty_has_its_files_too(signed_in, space):
    form = {"title": "Nos noues se tassent", "source": "Sol argileux.", "attachments-file-0": plan()}
    signed_in.post(f"/forum/{space.slug}/nouvelle-discussion/difficulte/", form)
    topic = Topic.objects.get()
    assert "Plan de gestion.pdf" in signed_in.get(topic.get_absolute_url()).content.decode()


def test_files_of_a_withdrawn_message_go_with_its_text(with_plan, reader):
    actions.delete_post(post_id=with_plan.pk, by=Viewer.of(reader.person))
    with change(by="test"):
        Post.objects.filter(pk=with_plan.pk).update(deleted_at=timezone.now() - timedelta(days=2))
    erase_withdrawn()
    assert not Upload.objects.exists()
    assert Post.objects.get(pk=with_plan.pk).text == ""
