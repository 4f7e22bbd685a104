"""What the first pages weigh and how long they take: bytes, requests, nodes in Chromium; milliseconds by HTTP.

The site is `make run` (SQLite, one process) in a temporary folder with its demo content; the baseline of the same run
is `/healthz`, which does nothing.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tools.services import free_port

ROOT = Path(__file__).resolve().parent.parent
PATHS = ["/", "/projets/", "/recherche/?q=quartier", "/contact/", "/accessibilite/", "/donnees-personnelles/",
         "/compte/connexion/", "/plan-du-site/"]  # fmt: skip
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip
TIMES = 60


def start(state: str, port: int) -> subprocess.Popen[bytes]:
    environ = {**os.environ, "CLUB_STATE": state, "CLUB_PORT": str(port), "CLUB_ENV": "development"}
    command = [sys.executable, "manage.py", "serve"]
    with Path(state, "run.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log)
    while "100 %" not in Path(state, "run.log").read_text():
        if process.poll() is not None:
            raise SystemExit(Path(state, "run.log").read_text())
        time.sleep(0.3)
    return process


def weigh(browser: Browser, url: str) -> tuple[int, int, int, int]:
    """Bytes and requests of a first visit, bytes of the next, nodes."""
    page = browser.new_context().new_page()
    sizes: list[float] = []
    requests: list[str] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(url, wait_until="networkidle")
    first, count = sum(sizes), len([r for r in requests if not r.startswith("data:")])
    nodes = page.evaluate("document.querySelectorAll('*').length")
    sizes.clear()
    page.goto(url, wait_until="networkidle")
    page.context.close()
    return int(first), count, int(sum(sizes)), int(nodes)


def timed(url: str) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds, one request after the other."""
    taken = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        urllib.request.urlopen(url, timeout=10).read()
        taken.append((time.perf_counter() - begun) * 1e3)
    taken.sort()
    return statistics.median(taken), taken[int(TIMES * 0.95)]


def main() -> None:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as state:
        process = start(state, port)
        try:
            p50, p95 = timed(f"{base}/healthz")
            print(f"baseline /healthz: p50 {p50:.1f} ms, p95 {p95:.1f} ms\n")
            print(f"{'page':32} {'first':>8} {'req.':>5} {'next':>7} {'nodes':>6} {'p50 ms':>7} {'p95 ms':>7}")
            with sync_playwright() as playwright:
                binary = os.environ.get("CHROMIUM", "/usr/bin/chromium")
                browser = playwright.chromium.launch(executable_path=binary, args=ARGUMENTS)
                for path in PATHS:
                    first, count, following, nodes = weigh(browser, base + path)
                    p50, p95 = timed(base + path)
                    print(f"{path:32} {first:8} {count:5} {following:7} {nodes:6} {p50:7.1f} {p95:7.1f}", flush=True)
                browser.close()
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)


if __name__ == "__main__":
    main()
