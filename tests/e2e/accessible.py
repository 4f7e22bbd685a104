"""What axe finds in a page, once nothing in it moves any more."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

STILL = "() => document.getAnimations().every((one) => one.playState !== 'running')"


def violations(page: Page, **options: Any) -> list[str]:
    """Rule and element of each violation, with the colours that were measured; `options` are axe's own.

    A part that still opens slides over its neighbours: what it covers for a moment would be measured on its colour.
    """
    page.wait_for_function(STILL)
    return [
        f"{rule['id']}: {node['html'][:200]} {[check.get('data') for check in node['any']]}"
        for rule in Axe().run(page, options=options or None).response["violations"]
        for node in rule["nodes"]
    ]
