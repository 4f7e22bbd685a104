"""End to end: a partner writes, a check stops them, the bureau asks for a change, publishes; a visitor reads at once."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

PARTNER, OFFICE = "partenaire@demo.example", "bureau@demo.example"
PICTURE = Path(__file__).resolve().parents[2] / "docs" / "images" / "accueil.png"
