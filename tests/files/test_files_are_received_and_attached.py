"""Received by members only, within limits; attached once, to one thing, by whoever sent it; nothing is lost between."""

import threading
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction

from changes import change
from changes.models import JournalLine
from files import actions, store
from files.actions import Chosen, attach, detach, discard, settle
from files.models import Upload
from files.queries import attached_to, usable
from files.refusal import FileRefused
from members.viewer import VISITOR_VIEWER, Viewer

from .conftest import PDF, pdf, picture, sent

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


def held(to: object = "1") -> list[str]:
    return [upload.name for upload in attached_to("note", [to])[to]]


def put(*chosen: Chosen, to: object = "1", by: Viewer) -> None:
    attach(chosen, holder_kind="note", holder_id=to, by=by)


def why(function, *args, **kwargs) -> str:
    with pytest.raises(FileRefused) as refusal:
        function(*args, **kwargs)
    return refusal.value.why


def test_a_member_s_file_is_kept_as_what_it_is(claire, receive, left):
    upload = Upload.objects.get(pk=receive(picture(size=(900, 600)), "../IMG 1.JPEG", by=claire).pk)
    assert (upload.name, upload.kind, upload.extension, upload.width, upload.height) == (
        "IMG 1.jpg", "picture", "jpg", 900, 600,
    )  # fmt: skip
    assert upload.owner == claire.person
    assert upload.is_waiting
    assert left() == sorted(upload.stored_names)
    assert upload.size == len(store.read(upload.stored))
    assert upload.thumbnail_size == (480, 320)
    assert "IMG" not in upload.stored


def test_visitors_and_people_without_a_mandate_send_nothing(db, left):
    from members.models import Person

    with change(by="test"):
        nobody = Person.objects.create_user("ancien@collectivite.example")
    for viewer in (VISITOR_VIEWER, Viewer.of(nobody)):
        assert why(actions.receive, file=sent(PDF), by=viewer) == "not-a-member"
    assert left() == []


def test_what_is_refused_leaves_nothing_and_is_logged_without_names(claire, receive, left, caplog):
    for content in (b"", b"MZ", PDF[:50], pdf(b"/S /Launch"), picture()[:300], b"x" * 11_000_000):
        with pytest.raises(FileRefused):
            receive(content, "secret de claire.pdf", by=claire)
    assert left() == []
    assert Upload.objects.count() == 0
    logged = [record for record in caplog.records if "file refused" in str(record.msg)]
    assert len(logged) == 6
    assert "secret" not in " ".join(str(record.msg) for record in logged)


def test_eleven_megabytes_are_refused_before_they_are_read(claire, monkeypatch):
    file = sent(b"x")
    file.size = 11_000_000
    monkeypatch.setattr(file, "file", None)  # reading it would raise another error
    assert why(actions.receive, file=file, by=claire) == "size"


def test_a_file_that_says_less_than_it_weighs_is_refused_too(claire):
    file = sent(b"%PDF-" + b"x" * 11_000_000)
    file.size = 5
    assert why(actions.receive, file=file, by=claire) == "size"


def infected(data: bytes) -> str:
    return "Ce fichier porte un virus : supprimez-le." if b"EICAR" in data else ""


def failing(data: bytes) -> str:
    raise TimeoutError


def test_the_installation_s_scanner_is_asked_with_what_was_sent(claire, receive, settings, left):
    settings.CLUB_FILE_SCAN = f"{__name__}.infected"
    with pytest.raises(FileRefused, match="porte un virus"):
        receive(picture(comment=b"EICAR"), "noue.jpg", by=claire)
    assert left() == []
    assert receive(by=claire)


def test_where_the_scanner_fails_nothing_is_taken(claire, receive, settings, left):
    for name in (f"{__name__}.failing", "nowhere.at.all"):
        settings.CLUB_FILE_SCAN = name
        with pytest.raises(FileRefused, match="réessayez dans quelques minutes"):
            receive(by=claire)
    assert left() == []


def test_a_scanner_that_is_not_there_stops_the_start(settings):
    from files.scanning import scanner_is_there

    assert scanner_is_there(None) == []
    settings.CLUB_FILE_SCAN = "nowhere.at.all"
    assert [error.id for error in scanner_is_there(None)] == ["files.E001"]


def test_fifty_megabytes_wait_per_person_and_day(claire, marc, receive, attach):
    first = receive(by=claire)
    Upload.objects.update(size=actions.WAITING_BYTES - len(PDF) + 1)
    with pytest.raises(FileRefused, match="revenez demain"):
        receive(by=claire)
    Upload.objects.update(size=actions.WAITING_BYTES - len(PDF))
    receive(by=claire)
    Upload.objects.exclude(pk=first.pk).delete()
    assert receive(by=marc), "each their own"
    attach(first, by=claire)
    assert receive(by=claire), "what is published waits no longer"


def test_sixty_small_files_are_enough(claire, receive, monkeypatch):
    monkeypatch.setattr(actions, "WAITING_FILES", 2)
    for _ in range(2):
        receive(by=claire)
    assert why(actions.receive, file=sent(PDF), by=claire) == "quota"


def test_files_are_attached_in_their_order_with_their_texts(claire, receive):
    photo, plan, logo = (receive(picture(), "a.jpg", by=claire), receive(name="b.pdf", by=claire),
                         receive(picture("PNG"), "c.png", by=claire))  # fmt: skip
    put(
        Chosen(logo.pk, "ignoré", decorative=True),
        Chosen(plan.pk, "ignoré"),
        Chosen(photo.pk, " Une  noue\u202e "),
        by=claire,
    )
    found = attached_to("note", [1, 2])
    assert [(u.name, u.alt, u.decorative) for u in found[1]] == [
        ("c.png", "", True), ("b.pdf", "", False), ("a.jpg", "Une noue", False),
    ]  # fmt: skip
    assert found[2] == []


def test_attached_to_many_things_is_one_query(claire, receive, attach, django_assert_num_queries):
    for n in range(6):
        attach(receive(by=claire), to=str(n), by=claire)
    with django_assert_num_queries(1):
        found = attached_to("note", list(range(30)))
    assert [len(found[n]) for n in range(8)] == [1] * 6 + [0] * 2
    with django_assert_num_queries(0):
        assert attached_to("note", []) == {}


def test_twice_is_once(claire, receive, attach):
    upload = receive(by=claire)
    for _ in range(2):
        attach(upload, by=claire)
    assert held() == ["plan.pdf"]
    with pytest.raises(FileRefused):
        attach(upload, to="2", by=claire)
    assert held("2") == []


def test_somebody_else_s_file_is_as_good_as_none(claire, marc, receive):
    upload = receive(by=claire)
    from uuid import uuid4

    for key in (upload.pk, uuid4()):
        with pytest.raises(FileRefused, match="n’est plus disponible"):
            put(Chosen(key), by=marc)
    assert usable([str(upload.pk), "1", "", "x" * 500, "é"], person=marc.person) == {}
    assert usable([str(upload.pk)], person=None) == {}
    assert list(usable([str(upload.pk)], person=claire.person)) == [str(upload.pk)]


def test_a_file_of_another_note_is_not_moved_by_who_edits_this_one(claire, marc, receive, attach):
    upload = receive(by=claire)
    attach(upload, by=claire)
    assert usable([str(upload.pk)], person=marc.person) == {}
    assert usable([str(upload.pk)], person=marc.person, holder=("note", 2)) == {}
    assert len(usable([str(upload.pk)], person=marc.person, holder=("note", 1))) == 1
    for person in (claire, marc):
        assert why(put, Chosen(upload.pk), to="2", by=person) == "gone"
        assert why(settle, [Chosen(upload.pk)], holder_kind="note", holder_id="2", by=person) == "gone"
    assert (held("1"), held("2")) == (["plan.pdf"], [])


def test_a_form_sent_twice_comes_to_its_operation_with_the_same_file(claire, receive, attach):
    """The second one finds it attached: that is the operation's to say, not an error of the form."""
    upload = receive(by=claire)
    attach(upload, by=claire)
    assert list(usable([str(upload.pk)], person=claire.person)) == [str(upload.pk)]


def test_a_picture_is_described_or_decorative(claire, receive):
    upload = receive(picture(), by=claire)
    for text in ("", "  ", "\u200b\u202e"):
        assert why(put, Chosen(upload.pk, text), by=claire) == "no-alt"
    assert why(put, Chosen(upload.pk, "x" * 251), by=claire) == "alt-too-long"
    with pytest.raises(IntegrityError), transaction.atomic():
        Upload.objects.update(holder_kind="note", holder_id="1")
    assert held() == []


def test_five_files_and_no_sixth(claire, receive):
    five = [Chosen(receive(name=f"{n}.pdf", by=claire).pk) for n in range(5)]
    put(*five, by=claire)
    assert why(put, Chosen(receive(by=claire).pk), by=claire) == "too-many"
    put(*five, by=claire)
    assert held() == [f"{n}.pdf" for n in range(5)]


def test_editing_keeps_adds_orders_and_takes_away(claire, receive, left, django_capture_on_commit_callbacks):
    a, b, c = (receive(name=f"{name}.pdf", by=claire) for name in "abc")
    put(Chosen(a.pk), Chosen(b.pk), by=claire)
    with django_capture_on_commit_callbacks(execute=True):
        settle([Chosen(c.pk), Chosen(a.pk)], holder_kind="note", holder_id=1, by=claire)
    assert held() == ["c.pdf", "a.pdf"]
    assert left() == sorted([*a.stored_names, *c.stored_names])
    assert JournalLine.objects.filter(verb="detach", object_id=str(b.pk)).exists()


def test_another_description_for_a_picture_that_is_there(claire, marc, receive, attach):
    upload = receive(picture(), by=claire)
    attach(upload, by=claire)
    settle([Chosen(upload.pk, "Deux noues")], holder_kind="note", holder_id="1", by=marc)  # the app let Marc edit
    assert Upload.objects.get().alt == "Deux noues"


def test_taken_away_bytes_go_once_that_is_committed(claire, receive, attach, left, django_capture_on_commit_callbacks):
    upload = receive(picture(), by=claire)
    attach(upload, by=claire)
    with django_capture_on_commit_callbacks() as waiting:
        assert detach(holder_kind="note", holder_id="1", by="system") == 1
        assert detach(holder_kind="note", holder_id="1", by="system") == 0
    assert left() == sorted(upload.stored_names), "not before the commit"
    for done in waiting:
        done()
    assert left() == []


def test_one_discards_one_s_own_that_waits_only(
    claire, marc, receive, attach, left, django_capture_on_commit_callbacks
):
    mine, published = receive(by=claire), receive(by=claire)
    attach(published, by=claire)
    assert why(discard, mine.pk, by=marc) == "gone"
    assert why(discard, published.pk, by=claire) == "gone"
    with django_capture_on_commit_callbacks(execute=True):
        discard(mine.pk, by=claire)
        discard(mine.pk, by=claire)
    assert left() == published.stored_names


def test_a_row_is_never_without_its_file(claire, receive, monkeypatch, left):
    def broken(name: str, content: bytes) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(store, "write", broken)
    with pytest.raises(OSError, match="no space"):
        receive(by=claire)
    assert Upload.objects.count() == 0


def test_a_failure_behind_the_file_takes_it_back(claire, receive, monkeypatch, left):
    monkeypatch.setattr(Upload, "save", lambda self, **kwargs: (_ for _ in ()).throw(RuntimeError("killed")))
    with pytest.raises(RuntimeError):
        receive(picture(), by=claire)
    assert left() == []


def test_a_name_that_the_storage_has_is_not_written_over(stored, left):
    store.write("ab/abc.pdf", b"one")
    with pytest.raises(FileExistsError):
        store.write("ab/abc.pdf", b"two")
    assert left() == ["ab/abc.pdf"]
    assert store.read("ab/abc.pdf") == b"one"


def together(*functions) -> list[str]:
    """Run all at once, each in a thread with its connection; what each came to."""
    gate, results = threading.Barrier(len(functions)), [""] * len(functions)

    def run(n: int, function) -> None:
        gate.wait()
        try:
            function()
            results[n] = "done"
        except FileRefused as refusal:
            results[n] = refusal.why
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(functions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(results)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_attach_a_file_to_one_thing_only(claire, receive):
    for n in range(5):
        upload = receive(by=claire)
        results = together(*(partial(put, Chosen(upload.pk), to=f"{n}-{side}", by=claire) for side in "ab"))
        assert results == ["done", "gone"]
        same = receive(by=claire)
        assert together(*[partial(put, Chosen(same.pk), to="1", by=claire)] * 3) == ["done"] * 3
        detach(holder_kind="note", holder_id="1", by="test")


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_go_beyond_the_limit(claire, receive, monkeypatch):
    monkeypatch.setattr(actions, "WAITING_BYTES", len(PDF) * 2)
    results = together(*[lambda: receive(by=claire)] * 6)
    assert results == ["done"] * 2 + ["quota"] * 4
    assert Upload.objects.count() == 2
