"""A real site for a real browser: `make run` in a state folder of its own, its demo content, Debian's Chromium."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from tools.services import free_port

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "un-quartier-pour-tous"
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync"]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


class Site:
    """The running site."""

    def __init__(self, url: str, log: Path, seconds: float, all_there: float, first_page: str) -> None:
        self.url, self.log, self.seconds, self.all_there, self.first_page = url, log, seconds, all_there, first_page


def answers(url: str) -> bool:
    try:
        return urllib.request.urlopen(url, timeout=2).status == 200
    except OSError:
        return False


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """`make run` from an empty state folder, until its content is all there; stopped as Ctrl-C does."""
    state, port = tmp_path_factory.mktemp("site"), free_port()
    url = f"http://127.0.0.1:{port}"
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environ = {**kept, "CLUB_STATE": str(state), "CLUB_PORT": str(port), "CLUB_ENV": "development"}
    log = state / "run.log"
    begun = time.monotonic()
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["make", "run", f"PYTHON={sys.executable}"],
            cwd=ROOT, env=environ, stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        while not answers(f"{url}/healthz"):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() - begun < 90, log.read_text()
            time.sleep(0.2)
        serving = time.monotonic() - begun
        first_page = urllib.request.urlopen(f"{url}/", timeout=10).read().decode()
        while "100 %" not in log.read_text():
            assert time.monotonic() - begun < 150, log.read_text()
            time.sleep(0.2)
        yield Site(url, log, serving, time.monotonic() - begun, first_page)
    finally:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    assert not re.findall(r"Traceback", log.read_text()), log.read_text()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=CHROMIUM
        )
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def signed_in() -> dict[str, list]:
    """The cookies of those who signed in before: the site lets thirty sign in a minute from one address."""
    return {}


def sign_in(page: Page, who: str, cookies: dict[str, list]) -> None:
    """Let a page be somebody's: with the session they have, or by the form where they have none or signed out."""
    if who in cookies:
        page.context.add_cookies(cookies[who])
        page.goto("/compte/")
        if "connexion" not in page.url:
            return
        page.context.clear_cookies()
    page.goto("/compte/connexion/")
    page.fill("#id_login", who)
    page.fill("#id_password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "connexion" not in url)
    cookies[who] = page.context.cookies()


def close(context: BrowserContext) -> None:
    """Close a context, ending first what navigation is under way: closing amid one now and then waits for ever."""
    for page in context.pages:
        with contextlib.suppress(Error):
            page.goto("about:blank")
    context.close()


@pytest.fixture
def open_page(browser: Browser, site: Site, signed_in: dict[str, list]) -> Iterator:
    """`open_page(width=320, scheme="dark", script=False, who="bureau@demo.example")`: a page; all are closed after."""
    contexts: list[BrowserContext] = []

    def make(width: int = 1280, scheme: str = "light", script: bool = True, who: str = "") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=script,
            base_url=site.url,
            locale="fr-FR",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.faults = []  # type: ignore[attr-defined]  # what the console complained of
        page.on("console", lambda m: page.faults.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        if who:
            sign_in(page, who, signed_in)
        return page

    yield make
    for context in contexts:
        close(context)
