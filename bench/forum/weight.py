"""What pages of the forum weigh: bytes plain and as gzip through nginx; bytes and requests of a visit in Chromium.

    python -m bench.forum.weight [--members 700] [--topics 2000] [--posts 40000] [--long 5000]

`cold` is a first visit (nothing kept), `next` the same page again in that browser. The baseline of the same run is the
sign-in page.
"""

from __future__ import annotations

import asyncio
import gzip
import os
from urllib.parse import urljoin

from playwright.sync_api import Browser, sync_playwright

from bench.forum._site import addresses, options, sessions, volume
from bench.pages import ARGUMENTS
from bench.realtime._site import host
from tools.full import Desk, Stack, full_stack
from tools.wire import ask


async def sizes(stack: Stack, path: str, cookies: str) -> tuple[int, int]:
    """Bytes of a page as it is and as it travels."""
    sent = {"Cookie": cookies} if cookies else {}
    plain = await ask(stack.front.port, path, host=host(stack), headers=sent)
    packed = await ask(stack.front.port, path, host=host(stack), headers={**sent, "Accept-Encoding": "gzip"})
    if plain.status != 200:
        raise SystemExit(f"{path}: {plain.status}")
    travels = len(packed.body)
    if packed.headers.get("content-encoding") != "gzip":  # the answer to HTTP/1.0 may not be packed: say what would be
        travels = len(gzip.compress(packed.body, 6))
    return len(plain.body), travels


def visit(browser: Browser, url: str, cookies: str) -> tuple[int, int, int]:
    """Bytes and requests of a first visit, bytes of the next."""
    context = browser.new_context()
    for one in filter(None, cookies.split("; ")):
        name, _, value = one.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": urljoin(url, "/")}])  # else for this page alone
    page = context.new_page()
    received: list[float] = []
    requests: list[str] = []
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(url, wait_until="load")
    page.wait_for_timeout(500)
    first, count = sum(received), len([one for one in requests if not one.startswith("data:")])
    received.clear()
    page.goto(url, wait_until="load")
    page.wait_for_timeout(500)
    context.close()
    return int(first), count, int(sum(received))


def main() -> None:
    given = options(__doc__)
    with full_stack(search=False) as stack, Desk(stack) as desk:
        volume(stack, given)
        (member,), found = sessions(desk, 1), addresses(desk)
        asked = desk.do("from forum.models import Topic\nanswer = [Topic.objects.get(pk=a).get_absolute_url(), "
                        "Topic.objects.get(pk=b).get_absolute_url()]", a=found["short"], b=found["long"])  # fmt: skip
        few, many = found["numbers"]
        pages = [
            ("sign-in page (baseline)", "/compte/connexion/", ""),
            ("spaces, visitor", "/forum/", ""),
            ("list of a space, visitor", f"/forum/{found['space']}/", ""),
            ("list of a space, signed in", f"/forum/{found['space']}/", member),
            (f"topic of {few} posts, visitor", asked[0], ""),
            (f"topic of {few} posts, signed in", asked[0], member),
            (f"topic of {many} posts, last page, signed in", f"{asked[1]}?page={found['pages']}", member),
        ]
        print(f"\n{'':46} {'page':>8} {'gzip':>7} {'cold':>8} {'requests':>9} {'next':>8}")
        travels = [asyncio.run(sizes(stack, path, cookies)) for _, path, cookies in pages]
        with sync_playwright() as playwright:
            binary = os.environ.get("CHROMIUM", "/usr/bin/chromium")
            browser = playwright.chromium.launch(executable_path=binary, args=ARGUMENTS)
            for (title, path, cookies), (plain, packed) in zip(pages, travels, strict=True):
                cold, requests, following = visit(browser, stack.url + path, cookies)
                print(f"{title:46} {plain:8} {packed:7} {cold:8} {requests:9} {following:8}", flush=True)
            browser.close()


if __name__ == "__main__":
    main()
