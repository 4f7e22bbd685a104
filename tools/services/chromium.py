"""Chromium is a program, not a server: here is only where it is."""

import os
import shutil

from tools.services.server import MissingService

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find() -> str:
    """The browser the environment names, or the one on the path."""
    if given := os.environ.get("CHROMIUM"):
        if shutil.which(given) is None:
            raise MissingService(f"CHROMIUM={given} ne désigne pas un programme")
        return given
    for name in NAMES:
        if found := shutil.which(name):
            return found
    raise MissingService("Chromium n’est pas installé")


def environ() -> dict[str, str]:
    """`CHROMIUM`, and `CHROMEDRIVER` where there is one."""
    driver = os.environ.get("CHROMEDRIVER") or shutil.which("chromedriver")
    return {"CHROMIUM": find(), **({"CHROMEDRIVER": driver} if driver else {})}
