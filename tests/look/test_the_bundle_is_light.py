"""DSFR: only the components used, two fonts, every address it names exists, weights within the budget."""

import gzip
import re
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from django.contrib.staticfiles import finders

from look import bundle


def test_the_sheet_has_two_fonts_and_no_other_host():
    css = bundle.css()
    assert css.count("@font-face") == 2
    assert set(re.findall(r"fonts/([A-Za-z_-]+\.woff2?)", css)) == set(bundle.FONTS)
    hosts = set(re.findall(r"https?://([^/\"')\s]+)", css)) - {"www.w3.org", "github.com"}
    assert not hosts


def test_an_icon_stands_once_in_the_sheet_and_is_asked_of_nobody():
    css = bundle.css()
    defined = dict(re.findall(r"(--svg-[a-z0-9-]+):url\(\"data:image/svg\+xml,([^\"]+)\"\)", css))
    used = set(re.findall(r"var\((--svg-[a-z0-9-]+)\)", css))
    assert used == set(defined)
    for text in defined.values():
        assert ElementTree.fromstring(unquote(text)).tag == "{http://www.w3.org/2000/svg}svg"
    left = re.findall(r"url\(\.\./(dsfr/dist/icons/[^)]+)\)", css)
    assert all(Path(finders.find(name)).stat().st_size > bundle.INLINE_UP_TO for name in left)


@pytest.mark.parametrize("media", ["main", "print"])
def test_every_address_in_the_sheet_exists(media):
    for address in set(re.findall(r"url\(([^)]+)\)", bundle.css(media))):
        if address.startswith(("data:", '"data:', "'data:")):
            continue
        path = address.split("#")[0].split("?")[0].replace("../", "")
        assert finders.find(path), address


def test_the_bundle_keeps_to_its_budget():
    """First visit: 250 kB in all, two fonts of 42 kB; own script at most 40 kB (QUALITY, « light »)."""
    fonts = sum(Path(finders.find(f"dsfr/dist/fonts/{name}")).stat().st_size for name in bundle.FONTS)
    style, script = (len(gzip.compress(text.encode(), 6)) for text in (bundle.css(), bundle.javascript()))
    own = sum(Path(finders.find(name)).stat().st_size for name in ("look/club.js", "look/scheme.js", "look/club.css"))
    assert script <= 40_000
    assert own <= 15_000
    assert fonts + style + script + own <= 225_000


def test_the_bundle_is_made_once_and_whole(tmp_path):
    bundle.write(tmp_path)
    made = (tmp_path / "look/dsfr.css").stat().st_mtime_ns
    bundle.write(tmp_path)
    assert (tmp_path / "look/dsfr.css").stat().st_mtime_ns == made
    (tmp_path / "look/stamp").write_text("an older package")
    bundle.write(tmp_path)
    assert (tmp_path / "look/dsfr.css").stat().st_mtime_ns != made


def test_our_own_sheets_name_no_colour():
    for sheet in Path().glob("site/*/static/**/*.css"):
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?![^{]*{)|rgb\(|hsl\(", sheet.read_text()), sheet


@pytest.mark.slow
def test_static_files_get_a_hash_in_production(tmp_path, settings):
    from django.core.management import call_command

    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "look.static.HashedStaticStorage"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    names = [path.name for path in (tmp_path / "look").iterdir()]
    assert [name for name in names if re.fullmatch(r"dsfr\.[0-9a-f]{12}\.css", name)]
    assert [name for name in names if re.fullmatch(r"dsfr\.[0-9a-f]{12}\.css\.gz", name)]
