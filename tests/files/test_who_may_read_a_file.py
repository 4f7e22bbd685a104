"""The right is asked at each download, before anything is told; a file's address shows nothing of the storage."""

import re
import warnings
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient
from django.urls import reverse

from files import registry
from files.models import Upload

from .conftest import PDF, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(receive, attach, claire, readers) -> Upload:
    """A PDF under note 1, which Claire reads."""
    upload = receive(name="Plan d’été.pdf", by=claire)
    attach(upload, by=claire)
    readers["1"] = {claire.person.pk}
    return Upload.objects.get(pk=upload.pk)


@pytest.fixture
def photo(receive, attach, claire, readers) -> Upload:
    upload = receive(picture(size=(900, 600)), "noue.jpg", by=claire)
    attach(upload, by=claire)
    readers["1"] = {claire.person.pk}
    return Upload.objects.get(pk=upload.pk)


def addresses(upload: Upload) -> list[str]:
    return [reverse("files:file", args=[upload.pk]), reverse("files:thumbnail", args=[upload.pk])]


def test_a_pdf_is_downloaded_and_never_shown_in_the_site(client, claire, plan):
    client.force_login(claire.person)
    answer = client.get(plan.get_absolute_url())
    assert answer.status_code == 200
    assert answer.content == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith(
        "attachment; filename=\"Plan d'ete.pdf\"; filename*=UTF-8''"
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Content-Length"] == str(len(PDF))


def test_a_picture_and_its_thumbnail_are_shown(client, claire, photo, stored):
    client.force_login(claire.person)
    whole, small = (client.get(address) for address in addresses(photo))
    assert (whole.headers["Content-Type"], small.headers["Content-Type"]) == ("image/jpeg", "image/webp")
    assert whole.content == (stored / photo.stored).read_bytes()
    assert small.content == (stored / photo.stored_thumbnail).read_bytes()
    assert whole.headers["Content-Disposition"].startswith('inline; filename="noue.jpg"')
    for answer in (whole, small):
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_pdf_has_no_thumbnail(client, claire, plan):
    client.force_login(claire.person)
    assert client.get(addresses(plan)[1]).status_code == 404


@pytest.mark.parametrize("who", ["visitor", "another member"])
def test_whoever_may_not_read_the_holder_meets_the_same_404_as_for_no_file(client, marc, photo, who):
    if who != "visitor":
        client.force_login(marc.person)
    none = client.get(f"/fichiers/{'0' * 8}-0000-4000-8000-{'0' * 12}/")
    for address in addresses(photo):
        for method in (client.get, client.head):
            answer = method(address)
            assert answer.status_code == none.status_code == 404
            assert "noue" not in answer.content.decode() + str(answer.headers)
            assert "ETag" not in answer.headers


def test_a_right_that_ended_between_two_downloads_is_gone_although_the_browser_kept_the_file(
    client, claire, photo, readers
):
    client.force_login(claire.person)
    for address in addresses(photo):
        readers["1"] = {claire.person.pk}
        first = client.get(address)
        kept = {"If-None-Match": first.headers["ETag"]}
        again = client.get(address, headers=kept)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert again.headers["Cache-Control"] == "private, no-cache"
        readers["1"] = set()
        for headers in (kept, {"If-None-Match": "*"}, {"If-None-Match": f'"{photo.sha256}"'}, {}):
            answer = client.get(address, headers=headers)
            assert answer.status_code == 404
            assert answer.content[:4] != first.content[:4]


def test_a_file_that_waits_is_its_owner_s_alone(client, claire, marc, office, receive):
    upload = receive(picture(), "noue.jpg", by=claire)
    for person, status in ((claire.person, 200), (marc.person, 404), (office, 404)):
        client.force_login(person)
        assert [client.get(address).status_code for address in addresses(upload)] == [status, status]
    client.logout()
    assert client.get(upload.get_absolute_url()).status_code == 404


def test_a_file_whose_owner_is_gone_is_not_every_visitor_s(client, claire, receive):
    upload = receive(by=claire)
    Upload.objects.update(owner=None)
    assert client.get(upload.get_absolute_url()).status_code == 404


def test_a_kind_that_no_app_answers_for_is_read_by_nobody(client, claire, plan):
    client.force_login(claire.person)
    Upload.objects.update(holder_kind="parcel")
    assert client.get(plan.get_absolute_url()).status_code == 404


def test_an_answer_that_is_not_plainly_yes_is_no(client, claire, plan, monkeypatch):
    client.force_login(claire.person)
    for answer in (None, "", 0, "yes", claire):
        monkeypatch.setitem(registry._readers, "note", lambda viewer, holder_id, answer=answer: answer)
        assert client.get(plan.get_absolute_url()).status_code == 404


def test_the_right_of_one_note_opens_no_other(client, claire, plan, readers):
    readers["1"], readers["2"], readers["11"] = set(), {claire.person.pk}, {claire.person.pk}
    client.force_login(claire.person)
    assert client.get(plan.get_absolute_url()).status_code == 404


def test_head_tells_what_get_would(client, claire, photo):
    client.force_login(claire.person)
    for address in addresses(photo):
        got, head = client.get(address), client.head(address)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["Content-Length"] == got.headers["Content-Length"] == str(len(got.content))
        assert {n: v for n, v in head.headers.items() if n != "Vary"} == {
            n: v for n, v in got.headers.items() if n != "Vary"
        }


def test_a_picture_is_not_compressed_a_second_time(client, claire, photo):
    client.force_login(claire.person)
    answer = client.get(photo.get_absolute_url(), headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["ETag"] == f'"{photo.sha256}"'


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_addresses_of_files_are_only_read(client, claire, photo, method):
    client.force_login(claire.person)
    for address in addresses(photo):
        assert getattr(client, method)(address).status_code == 405


def test_tricks_with_the_address_lead_nowhere(client, claire, photo, stored):
    client.force_login(claire.person)
    key = str(photo.pk)
    tricks = [
        f"/fichiers/{key}/../{key}/",
        f"/fichiers/%2e%2e/{key}/",
        f"/fichiers/{key}%2f..%2fapercu/",
        f"/fichiers/{key}%00/",
        f"/fichiers/{key}/apercu/../",
        f"/fichiers/{key}/APERCU/",
        f"/fichiers//{key}/",
        f"/fichiers/./{key}/",
        f"/fichiers/{key};x/",
        f"/fichiers/{key}.jpg/",
        f"/fichiers/{key}%0d%0aSet-Cookie:%20a=b/",
        f"/fichiers/{photo.key}/",
        f"/fichiers/{photo.stored}",
        f"/fichiers/{{{key}}}/",
        f"/fichiers/urn:uuid:{key}/",
        f"/media-non-servi/fichiers/{photo.stored}",
        f"/media/{photo.stored}",
        f"/static/../fichiers/{photo.stored}",
        "/fichiers/",
        "/fichiers/../../etc/passwd",
        "/fichiers/..%2f..%2fetc%2fpasswd/",
        f"/fichiers{stored}/{photo.stored}",
        f"/documents/{photo.stored}",
        f"/fichiers/%c0%ae%c0%ae/{key}/",
    ]
    for trick in tricks:
        answer = client.get(trick)
        assert answer.status_code in (404, 400), trick
        assert not answer.content.startswith(b"\xff\xd8"), trick
    upper = client.get(f"/fichiers/{key.upper()}/")
    assert upper.status_code == 404 or key == key.upper()
    assert client.get(f"/fichiers/{key}/?name=../../x&name[]=1").status_code == 200, "a query changes nothing"


def test_no_address_and_no_header_names_the_storage(client, claire, photo, stored):
    client.force_login(claire.person)
    for address in addresses(photo):
        told = address + str(client.get(address).headers)
        assert photo.key not in told
        assert str(stored) not in told
    assert photo.pk.hex != photo.key


def test_the_storage_is_in_the_backup_and_behind_no_server(settings):
    from django.core.files.storage import storages

    from club.settings import STORAGES

    location = Path(STORAGES["files"]["OPTIONS"]["location"])
    assert location.is_relative_to(settings.MEDIA_ROOT), "deploy/backup packs MEDIA_ROOT"
    nginx = (settings.BASE_DIR / "deploy" / "nginx.conf").read_text()
    assert set(re.findall(r"alias (\S+);", nginx)) == {"${CLUB_STATIC}/", "${CLUB_ERRORS}/"}
    assert not settings.MEDIA_URL.startswith(settings.STATIC_URL)
    assert storages["files"].exists("") in (True, False)


def test_bytes_that_are_gone_are_a_404_and_a_line_in_the_log(client, claire, photo, stored, caplog):
    (stored / photo.stored).unlink()
    client.force_login(claire.person)
    assert client.get(photo.get_absolute_url()).status_code == 404
    assert any("stored file is gone" in str(record.msg) for record in caplog.records)


@pytest.mark.django_db(transaction=True)
def test_the_asynchronous_server_sends_files_without_a_warning(claire, photo, stored):
    async_client = AsyncClient()

    async def fetch():
        await async_client.aforce_login(claire.person)
        return await async_client.get(photo.get_absolute_url())

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        answer = async_to_sync(fetch)()
    assert answer.status_code == 200
    assert answer.content == (stored / photo.stored).read_bytes()


def test_a_download_is_one_query_besides_who_asks(client, claire, photo, django_assert_num_queries):
    client.force_login(claire.person)
    client.get(photo.get_absolute_url())
    with django_assert_num_queries(3):  # the session, the person, the file
        client.get(photo.get_absolute_url())
