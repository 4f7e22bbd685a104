"""DSFR, the components used and nothing else: one sheet and one module made from django-dsfr's files.

Whole, DSFR weighs 161 kB of style and script and 42 kB a font; these components a third of it. The files are made at
the first start and at `collectstatic`, in the state folder; they are not committed: their source is the pinned package.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

STYLE_NAMES = """
    accordion alert badge breadcrumb button callout card checkbox content footer form header highlight input link logo
    modal navigation notice pagination password quote radio search select sidemenu skiplink stepper summary tab table
    tag tile toggle upload
"""
STYLES = ["core/core", "scheme/scheme", *(f"component/{name}/{name}" for name in STYLE_NAMES.split())]
# In this order: each registers itself with the core that stands before it.
SCRIPTS = ["core/core", "scheme/scheme"] + [
    f"component/{name}/{name}"
    for name in ["accordion", "breadcrumb", "modal", "navigation", "header", "display", "password", "table", "tab"]
]
PRINT = ["core/core", *(f"component/{name}/{name}" for name in ["header", "footer", "table"])]
# DSFR's general icons that our templates name, by their folder; each component brings its own.
ICONS = {
    "user": ["account-circle-line"],
    "design": ["contrast-line"],
    "arrows": ["arrow-right-line"],
    "system": ["download-line"],
    "media": ["notification-3-line"],
}
FONTS = ("Marianne-Regular.woff2", "Marianne-Bold.woff2")
SVG_SAFE = " ='/:,;"
DIST = "dsfr/dist"
BUNDLE = "look/dsfr"

INLINE_UP_TO = 600
"""Bytes. An icon that is not bigger stands in the sheet, once: the frame of a page alone asks for eight."""

_url = re.compile(r"url\(([\"']?)(?!data:|#)([^)\"']+)\1\)")
_icon_url = re.compile(r"url\(\.\./(dsfr/dist/icons/[^)]+\.svg)\)")
_face = re.compile(r"@font-face\{[^}]*\}")
_comment = re.compile(r"/\*!.*?\*/", re.DOTALL)
_source_map = re.compile(r"(//|/\*)# sourceMappingURL=.*")
NOTE = "/*! DSFR, conditions d’utilisation : https://github.com/GouvernementFR/dsfr | MIT */\n"


def _dist() -> Path:
    return Path(str(resources.files("dsfr") / "static" / DIST))


def _style(part: str, media: str) -> str:
    """One component's sheet, its relative addresses rewritten for the bundle's place."""
    for suffix in (f".{media}.min.css", ".min.css") if media == "main" else (f".{media}.min.css",):
        file = _dist() / f"{part}{suffix}"
        if file.exists():
            break
    else:
        return ""
    folder = posixpath.dirname(f"{DIST}/{part}")

    def moved(match: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(folder, match[2]))
        return f"url({posixpath.relpath(target, posixpath.dirname(BUNDLE))})"

    return _comment.sub("", _url.sub(moved, file.read_text()))


def _icon(folder: str, name: str) -> str:
    address = posixpath.relpath(f"{DIST}/icons/{folder}/{name}.svg", posixpath.dirname(BUNDLE))
    mask = f"-webkit-mask-image:url({address});mask-image:url({address})"
    return f".fr-icon-{name}:before,.fr-icon-{name}:after{{{mask}}}"


def _face_kept(match: re.Match[str]) -> str:
    """Two fonts, woff2 only: regular and bold. A weight between falls on the nearest of them."""
    names = [name for name in FONTS if name in match[0]]
    if not names or "italic" in match[0].split("src:")[0]:
        return ""
    return re.sub(r",url\([^)]*\.woff\) format\(\"woff\"\)", "", match[0])


def _inlined(sheet: str) -> str:
    """The sheet with its small icons in custom properties of the root, each once, however many rules name it."""
    icons: dict[str, str] = {}

    def named(match: re.Match[str]) -> str:
        file = _dist().parents[1] / match[1]
        if file.stat().st_size > INLINE_UP_TO:
            return match[0]
        name = f"--svg-{file.parent.name}-{file.stem}"
        icons[name] = f'url("data:image/svg+xml,{quote(file.read_text().replace(chr(34), chr(39)), SVG_SAFE)}")'
        return f"var({name})"

    rules = _icon_url.sub(named, sheet)
    return f":root{{{';'.join(f'{name}:{address}' for name, address in sorted(icons.items()))}}}{rules}"


def css(media: str = "main") -> str:
    """The sheet of all components used (`main`), or its print part."""
    text = "".join(_style(part, media) for part in (STYLES if media == "main" else PRINT))
    if media == "main":
        text += "".join(_icon(folder, name) for folder, names in ICONS.items() for name in names)
        text = _inlined(text)
    return NOTE + _face.sub(_face_kept, text)


def javascript() -> str:
    """The module of all behaviours used; each stands in a block of its own, so that short names do not meet."""
    blocks = []
    for part in SCRIPTS:
        source = _source_map.sub("", _comment.sub("", (_dist() / f"{part}.module.min.js").read_text()))
        blocks.append("{" + source.strip() + "}")
    return NOTE + "\n".join(blocks) + "\n"


def write(folder: Path) -> None:
    """Make the bundle's files in a folder, unless they are already those of this package."""
    stamp = folder / "look" / "stamp"
    wanted = hashlib.sha256((_dist().parent / "dsfr_version").read_bytes() + Path(__file__).read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    stamp.parent.mkdir(parents=True, exist_ok=True)
    for name, text in (("dsfr.css", css()), ("dsfr.print.css", css("print")), ("dsfr.js", javascript())):
        file = stamp.parent / name
        beside = file.with_suffix(file.suffix + ".new")
        beside.write_text(text)
        beside.replace(file)
    stamp.write_text(wanted)


class BundleFinder(BaseFinder):
    """Lets staticfiles (and whitenoise) find the bundle as if it were an app's own files."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.folder = Path(settings.STATE) / "bundle"
        self.storage = FileSystemStorage(location=self.folder)

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def _paths(self) -> Iterator[str]:
        write(self.folder)
        yield from ("look/dsfr.css", "look/dsfr.print.css", "look/dsfr.js")

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The file of a bundle's path, or nothing."""
        hits = [str(self.folder / path)] if path in set(self._paths()) else []
        return hits if find_all else (hits[0] if hits else [])

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        """All the bundle's files with their storage."""
        for path in self._paths():
            yield path, self.storage
