"""`make run-full` from nothing: what it serves, what it does when a part is away, and that it leaves nothing behind."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.full import Desk, Stack, full_stack, memory
from tools.services import MissingService, ServiceError, free_port
from tools.services.install import missing
from tools.services.postgres_wire import query
from tools.services.process import Process, tree, wait_gone

pytestmark = pytest.mark.services
ROOT = Path(__file__).parents[2]
NEEDED = ["postgresql", "redis", "elasticsearch", "nginx"]


@pytest.fixture(scope="module")
def held() -> Iterator[contextlib.ExitStack]:
    """What the module's stack is held by: the last test lets it go before the others' end."""
    with contextlib.ExitStack() as holding:
        yield holding


@pytest.fixture(scope="module")
def state() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="club-full-test-") as made:
        Path(made).chmod(0o711)  # the databases' own users pass through
        yield Path(made)


@pytest.fixture(scope="module")
def stack(state: Path, held: contextlib.ExitStack) -> Stack:
    """Started once, from nothing; services of the tests' own environment are not used."""
    patch = held.enter_context(pytest.MonkeyPatch.context())
    for name in ("DATABASE_URL", "TEST_DATABASE_URL", "REDIS_URL", "ELASTICSEARCH_URL"):
        patch.delenv(name, raising=False)
    if lacking := missing(NEEDED):
        if os.environ.get("CI"):
            raise MissingService("\n".join(lacking.values()))
        pytest.skip("\n".join(lacking.values()))
    return held.enter_context(full_stack(state, processes=2))


def get(
    stack: Stack, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[int, http.client.HTTPMessage, str]:
    """Status, headers and text of an answer through nginx."""
    connection = http.client.HTTPConnection("127.0.0.1", stack.front.port, timeout=20)
    try:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode(errors="replace")
    finally:
        connection.close()


def wait(stack: Stack, path: str, status: int, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while get(stack, path)[0] != status:
        assert time.monotonic() < end, f"{path} did not come to {status}"
        time.sleep(0.1)


def test_everything_runs_and_the_first_account_has_its_link(stack: Stack) -> None:
    parts = ["elasticsearch", "nginx", "postgresql", "redis", "smtp", "sockets-1", "web", "worker"]
    assert sorted(stack.servers) == parts
    assert all(server.running for server in stack.servers.values())
    rows = stack.report()
    assert {row.part for row in rows} == set(parts)
    assert all(0 < row.pss <= row.rss for row in rows)
    assert len([row for row in rows if row.part == "web"]) == 3, "a master and two processes"
    assert "web" in memory.table(rows)
    status, _, text = get(stack, stack.link.removeprefix(stack.url))
    assert status == 200
    assert "bureau@club.localhost" in text
    secrets = stack.state / "secrets.json"
    assert secrets.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("path", ["/", "/recherche/?q=ville", "/mentions-legales/", "/compte/connexion/", "/rien/"])
def test_pages_carry_the_headers_of_security(stack: Stack, path: str) -> None:
    status, headers, text = get(stack, path)
    assert status == (404 if path == "/rien/" else 200)
    assert '<html lang="fr"' in text
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers.get_all("X-Content-Type-Options") == ["nosniff"]
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers, "this one is on http"
    assert headers["Server"] == "nginx", "no version"


def test_static_files_are_kept_for_ever_under_the_hash_of_their_content(stack: Stack) -> None:
    _, _, text = get(stack, "/")
    names = re.findall(r'"(/static/look/[a-z.]+\.[0-9a-f]{12}\.css)"', text)
    assert names
    status, headers, _ = get(stack, names[0], Accept_Encoding="gzip")
    assert status == 200
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert headers["Content-Encoding"] == "gzip"
    assert headers["Content-Type"].startswith("text/css")
    status, headers, _ = get(stack, re.sub(r"\.[0-9a-f]{12}", "", names[0]))
    assert (status, headers["Cache-Control"]) == (200, "public, max-age=3600")
    assert get(stack, "/static/rien.css")[0] == 404
    assert get(stack, "/static/../secrets.json")[0] in (400, 404)


def test_stored_files_are_not_served_directly(stack: Stack) -> None:
    media = stack.state / "media"
    media.mkdir(exist_ok=True)
    (media / "secret.txt").write_text("un secret")
    for path in ("/media/secret.txt", "/media-non-servi/secret.txt", "/static/../media/secret.txt"):
        status, _, text = get(stack, path)
        assert status in (400, 404)
        assert "un secret" not in text


def test_health_and_figures(stack: Stack) -> None:
    assert get(stack, "/healthz")[0] == 200
    status, _, text = get(stack, "/readyz")
    assert status == 200
    assert set(json.loads(text)["parts"].values()) == {"ok"}
    assert get(stack, "/metrics")[0] == 404
    assert get(stack, "/metrics", Authorization="Bearer wrong")[0] == 404
    token = stack.environ["METRICS_TOKEN"]
    status, _, text = get(stack, "/metrics", Authorization=f"Bearer {token}")
    assert status == 200

    def asked() -> float:
        _, _, figures = get(stack, "/metrics", Authorization=f"Bearer {token}")
        lines = [line for line in figures.splitlines() if line.startswith("club_requests_total{") and "healthz" in line]
        return sum(float(line.rpartition(" ")[2]) for line in lines)

    before = asked()
    for _ in range(8):
        get(stack, "/healthz")
    assert asked() == before + 8, "figures of all processes together"


def test_what_is_too_big_is_refused_with_a_page(stack: Stack) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", stack.front.port, timeout=10)
    connection.putrequest("POST", "/recherche/")
    connection.putheader("Content-Length", str(21 * 2**20))
    connection.endheaders()
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    assert answer.status == 413
    assert "20&nbsp;Mo" in text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_sockets_go_to_daphne(stack: Stack) -> None:
    head = (
        "GET /ws/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        f"Origin: {stack.url}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", stack.front.port), timeout=10) as connection:
        connection.sendall(head.encode())
        line = connection.recv(100).split(b"\r\n")[0]
    assert line in (b"HTTP/1.1 101 Switching Protocols", b"HTTP/1.1 403 Access denied"), line
    stack.sockets[0].stop()
    try:
        status, _, text = get(stack, "/ws/")
        assert status == 503
        assert "momentanément indisponible" in text
        assert get(stack, "/")[0] == 200
    finally:
        stack.sockets[0].start()


def test_without_pages_nginx_says_so(stack: Stack) -> None:
    stack.web.stop()
    try:
        status, headers, text = get(stack, "/")
        assert status == 503
        assert "momentanément indisponible" in text
        assert headers["Retry-After"] == "30"
        assert get(stack, "/static/rien.css")[0] == 404, "static files need no page server"
    finally:
        stack.web.start()
    wait(stack, "/", 200)


PUBLISH = """
from cms.models import HomePage, StandardPage
home = HomePage.objects.get()
page = StandardPage(title=f"Essai de coupure {number}", slug=f"coupure-{number}", summary="Un essai.", body=[
    ("paragraph", f"<p>La noue {word} retient la pluie.</p>")])
home.add_child(instance=page)
page.save_revision().publish()
answer = page.pk
"""
UNPUBLISH = "from wagtail.models import Page\nPage.objects.get(pk=pk).specific.unpublish()"
INDEXED = """
from search.engines import choosing
from search.engines.base import EngineAway, Scope
from search.core.asking import Request, read
try:
    answer = [hit.title for hit in choosing.elastic().search(Request(read(word)), Scope(frozenset({"public"}))).hits]
except EngineAway:
    answer = None
"""


def test_a_worker_killed_between_publishing_and_indexing_leaves_nothing_wrong(stack: Stack) -> None:
    """`kill -9` of the worker at some moment after each publication; then it comes back, and so does what it owed."""
    words = {"zibeline": 0.0, "ornithorynque": 0.25, "clepsydre": 0.5, "jacquemart": 0.75}  # unlike each other
    with Desk(stack) as desk:

        def found(word: str) -> list[str] | None:
            return desk.do(INDEXED, word=word)

        def come_to(word: str, titles: list[str]) -> None:
            end = time.monotonic() + 150  # a lease, and some
            while found(word) != titles:
                assert time.monotonic() < end, (word, found(word))
                time.sleep(0.5)

        pages = {}
        for number, (word, moment) in enumerate(words.items()):
            pages[word] = desk.do(PUBLISH, number=number, word=word)
            time.sleep(moment)
            stack.worker.kill()
            assert get(stack, f"/coupure-{number}/")[0] == 200
            stack.worker.start()
        for number, word in enumerate(words):
            come_to(word, [f"Essai de coupure {number}"])
            assert f"Essai de coupure {number}" in get(stack, f"/recherche/?q={word}")[2]
        for number, (word, moment) in enumerate(words.items()):
            desk.do(UNPUBLISH, pk=pages[word])
            time.sleep(moment)
            stack.worker.kill()
            assert get(stack, f"/coupure-{number}/")[0] == 404
            assert f"Essai de coupure {number}" not in get(stack, f"/recherche/?q={word}")[2], "at once, index or not"
            stack.worker.start()
        for word in words:
            come_to(word, [])


def test_without_redis_pages_go_on(stack: Stack) -> None:
    redis = stack.servers["redis"]
    redis.kill()
    try:
        for path in ("/", "/compte/connexion/"):
            begun = time.monotonic()
            assert get(stack, path)[0] == 200
            assert time.monotonic() - begun < 2
        status, _, text = get(stack, "/readyz")
        assert status == 200
        assert json.loads(text)["parts"]["redis"] == "unavailable"
    finally:
        redis.start()


def test_without_its_database_the_site_says_so_and_comes_back(stack: Stack) -> None:
    database = stack.servers["postgresql"]
    get(stack, "/")
    database.kill()
    try:
        begun = time.monotonic()
        status, _, text = get(stack, "/")
        assert time.monotonic() - begun < 2
        assert status == 503
        assert "momentanément indisponible" in text
        assert get(stack, "/healthz")[0] == 200
        status, _, text = get(stack, "/readyz")
        assert status == 503
        assert json.loads(text)["parts"]["database"] == "unavailable"
        assert "club@" not in text
    finally:
        database.start()
    wait(stack, "/readyz", 200)
    assert get(stack, "/")[0] == 200
    assert stack.worker.running, "the worker waits for its database"


def test_a_request_in_hand_is_answered_while_pages_stop(stack: Stack) -> None:
    """Half a request is with gunicorn when it is told to stop: it still gets its answer."""
    with socket.create_connection(("127.0.0.1", stack.web.port), timeout=20) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        time.sleep(0.5)
        master = stack.web.pid
        os.kill(master, signal.SIGTERM)
        time.sleep(0.5)
        connection.sendall(b"Connection: close\r\n\r\n")
        answer = connection.recv(1000)
    assert answer.startswith(b"HTTP/1.1 200 OK")
    stack.web.stop()
    stack.web.start()


def test_a_taken_port_is_one_sentence(stack: Stack) -> None:
    with pytest.raises(ServiceError, match="déjà pris") as refusal, full_stack(port=stack.front.port):
        pass
    assert len(str(refusal.value).splitlines()) == 1


def test_stopping_leaves_no_process_and_a_second_start_keeps_the_data(
    stack: Stack, state: Path, held: contextlib.ExitStack, tmp_path: Path
) -> None:
    """The last test: it stops the others' stack, then starts its state again by the command."""
    mark = "from changes import SYSTEM, change\nwith change(by=SYSTEM) as c: c.log('keep', 'test', 7)"
    stack.manage("shell", "-v", "0", "-c", mark)
    first = [one for server in stack.servers.values() for one in tree(server.pid)]
    assert len(first) > 15
    held.close()
    assert wait_gone(first, 5) == []

    port, said = free_port(), tmp_path / "said"
    command = [sys.executable, "-m", "tools.run_full", "--state", str(state), "--port", str(port)]
    with said.open("wb") as out:
        run = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        family = come(run, said, f"Le site répond : http://127.0.0.1:{port}/")
        (database,) = [one for one in family if "/postgres -D" in command_of(one)]
        listening = re.search(r"port=(\d+)", command_of(database))
        assert listening
        assert query(
            int(listening[1]), "club", "club", "select object_id from changes_journalline where verb = 'keep'"
        ) == [["7"]]
        run.send_signal(signal.SIGTERM)  # while Elasticsearch is still starting, as a rule
        assert run.wait(30) == 0, said.read_text()
        assert said.read_text().endswith("Tout est arrêté.\n")
        assert wait_gone(family, 5) == []
    finally:
        run.kill()


def command_of(one: Process) -> str:
    return Path(f"/proc/{one.pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")


def come(run: "subprocess.Popen[bytes]", said: Path, sentence: str, seconds: float = 60) -> list[Process]:
    """Wait until the run says this; all its processes."""
    end = time.monotonic() + seconds
    while sentence not in said.read_text():
        assert run.poll() is None, said.read_text()
        assert time.monotonic() < end, said.read_text()
        time.sleep(0.1)
    return tree(run.pid)
