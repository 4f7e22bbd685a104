"""Drawings of the starter tree: plain shapes in the club's colours, so that no picture of others is needed."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1200, 750
SKY, GROUND, DARK, LEAF, WATER, WALL, ROOF, SUN, WHITE = (
    "#e8edff", "#c9dfb8", "#3a3a5c", "#5a9a63", "#7fb2d9", "#f4e3d2", "#c46b4e", "#f2c14e", "#ffffff",
)  # fmt: skip
Pen = ImageDraw.ImageDraw


def drawn(name: str) -> bytes:
    """The PNG of a drawing (a key of `DRAWINGS`); 60 kB at most."""
    image = Image.new("RGB", (WIDTH, HEIGHT), SKY)
    pen = ImageDraw.Draw(image)
    DRAWINGS[name](pen)
    file = io.BytesIO()
    image.quantize(32).save(file, "PNG", optimize=True)
    return file.getvalue()


def _tree(pen: Pen, x: int, y: int, size: int = 60) -> None:
    pen.rectangle((x - size // 10, y - size, x + size // 10, y), fill=DARK)
    pen.ellipse((x - size // 2, y - size * 2, x + size // 2, y - size * 3 // 4), fill=LEAF)


def _house(pen: Pen, x: int, y: int, width: int = 150, floors: int = 2, roof: str = ROOF) -> None:
    height = 70 * floors
    pen.rectangle((x, y - height, x + width, y), fill=WALL)
    pen.polygon([(x - 12, y - height), (x + width + 12, y - height), (x + width // 2, y - height - 70)], fill=roof)
    for floor in range(floors):
        for column in range(1, width // 50):
            left, top = x + column * 50 - 12, y - 60 - floor * 70
            pen.rectangle((left, top, left + 24, top + 34), fill=DARK)


def _ground(pen: Pen, y: int = 560) -> None:
    pen.rectangle((0, y, WIDTH, HEIGHT), fill=GROUND)


def swale(pen: Pen) -> None:
    """A planted hollow between houses that takes the rain."""
    _ground(pen)
    for x, floors in ((80, 2), (270, 3), (820, 2), (1000, 3)):
        _house(pen, x, 560, 140, floors)
    pen.polygon([(440, 560), (520, 690), (700, 690), (790, 560)], fill="#a9cc95")
    pen.chord((505, 620, 715, 735), 0, 180, fill=WATER)
    for x in (470, 540, 680, 760):
        _tree(pen, x, 600, 44)


def roofs(pen: Pen) -> None:
    """Roofs with panels, under the sun."""
    pen.ellipse((930, 70, 1070, 210), fill=SUN)
    _ground(pen, 610)
    for x, floors in ((100, 3), (420, 4), (760, 3)):
        _house(pen, x, 610, 240, floors, DARK)
        top = 610 - 70 * floors
        for column in range(3):
            left = x + 40 + column * 58
            pen.polygon(
                [(left, top - 8), (left + 44, top - 8), (left + 54, top - 34), (left + 10, top - 34)], fill=WATER
            )


def street(pen: Pen) -> None:
    """A street for walking and cycling."""
    _ground(pen, 520)
    for x, floors in ((30, 4), (200, 3), (850, 3), (1020, 4)):
        _house(pen, x, 520, 150, floors)
    pen.polygon([(420, 520), (780, 520), (980, 750), (220, 750)], fill="#d9d6e8")
    pen.polygon([(596, 520), (604, 520), (640, 750), (560, 750)], fill=WHITE)
    for x in (390, 812):
        _tree(pen, x, 545, 70)
    for x in (460, 540):
        pen.ellipse((x - 34, 630, x + 34, 698), outline=DARK, width=7)
    pen.line([(460, 664), (500, 610), (540, 664), (486, 640)], fill=DARK, width=7)


def heat(pen: Pen) -> None:
    """A boiler house, its pipes, and the houses that they warm."""
    _ground(pen, 540)
    pen.rectangle((90, 360, 330, 540), fill=DARK)
    pen.rectangle((250, 220, 290, 360), fill=DARK)
    pen.ellipse((240, 130, 330, 210), fill=WHITE)
    for x in (520, 740, 960):
        _house(pen, x, 540, 150, 2)
        pen.line([(x + 75, 540), (x + 75, 640)], fill=ROOF, width=14)
    pen.line([(210, 540), (210, 640), (1035, 640)], fill=ROOF, width=14)


def garden(pen: Pen) -> None:
    """Shared gardens at the foot of the houses."""
    _ground(pen, 420)
    for x in (60, 300, 760, 980):
        _house(pen, x, 420, 160, 2)
    for row in range(3):
        for column in range(5):
            left, top = 90 + column * 215, 460 + row * 92
            pen.rectangle((left, top, left + 170, top + 62), fill="#a87b5a")
            for plant in range(4):
                pen.ellipse((left + 14 + plant * 38, top + 14, left + 42 + plant * 38, top + 44), fill=LEAF)
    _tree(pen, 570, 430, 90)


def river(pen: Pen) -> None:
    """A bank that lets the flood in, and houses above it."""
    _ground(pen, 470)
    for x, floors in ((90, 3), (300, 2), (520, 3)):
        pen.rectangle((x + 10, 430, x + 30, 500), fill=DARK)
        pen.rectangle((x + 120, 430, x + 140, 500), fill=DARK)
        _house(pen, x, 440, 150, floors)
    pen.polygon([(0, 620), (500, 590), (800, 540), (1200, 520), (1200, 750), (0, 750)], fill=WATER)
    for x in (760, 860, 960, 1080):
        _tree(pen, x, 535, 56)


def square(pen: Pen) -> None:
    """A square where people meet."""
    _ground(pen, 500)
    for x, floors in ((40, 3), (220, 4), (810, 4), (990, 3)):
        _house(pen, x, 500, 170, floors)
    pen.ellipse((330, 540, 870, 710), fill="#e9e2d0")
    for x in (420, 520, 620, 720):
        pen.rectangle((x, 600, x + 60, 616), fill=DARK)
        pen.rectangle((x + 24, 616, x + 36, 650), fill=DARK)
    for x in (360, 600, 850):
        _tree(pen, x, 560, 66)


def plan(pen: Pen) -> None:
    """A plan: plots, paths and trees from above."""
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill="#f6f4ec")
    pen.line([(0, 380), (1200, 330)], fill="#d9d6e8", width=60)
    pen.line([(610, 0), (560, 750)], fill="#d9d6e8", width=46)
    pen.line([(0, 520), (520, 640), (1200, 560)], fill=WATER, width=26)
    for left, top in (
        (70, 70),
        (250, 70),
        (70, 210),
        (250, 210),
        (700, 60),
        (900, 60),
        (700, 190),
        (900, 190),
        (720, 420),
        (930, 400),
    ):
        pen.rectangle((left, top, left + 130, top + 90), fill=ROOF)
    for x, y in ((110, 460), (250, 480), (430, 480), (660, 470), (1100, 120), (1100, 260), (470, 110), (470, 230)):
        pen.ellipse((x - 32, y - 32, x + 32, y + 32), fill=LEAF)


DRAWINGS: dict[str, Callable[[Pen], None]] = {
    "noue": swale,
    "toits": roofs,
    "rue": street,
    "chaleur": heat,
    "jardin": garden,
    "rive": river,
    "place": square,
    "plan": plan,
}
