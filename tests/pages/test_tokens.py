"""Every pair of ink and ground that a component uses reads well in both schemes (WCAG 2.2 AA)."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "governance" / "web" / "static" / "web" / "css"
PAIR = re.compile(r"--([\w-]+): light-dark\(#([0-9a-f]{6}), #([0-9a-f]{6})\)")
COLOURS = {name: (light, dark) for name, light, dark in PAIR.findall((CSS / "tokens.css").read_text())}

TEXT = [
    (ink, ground)
    for ink in ("ink", "quiet", "accent", "accent-strong", "good", "wait", "bad", "bad-strong")
    for ground in ("paper", "surface", "sunken")
]
TEXT += [(tone, f"{tone}-wash") for tone in ("accent", "good", "wait", "bad")]
TEXT += [("ink", f"{tone}-wash") for tone in ("accent", "good", "wait", "bad")]
TEXT += [("quiet", f"{tone}-wash") for tone in ("accent", "good")]
TEXT += [("ink", "mark"), ("on-accent", "accent"), ("on-accent", "accent-strong"), ("surface", "bad")]
SHAPES = [("edge", ground) for ground in ("paper", "surface", "sunken")]
SHAPES += [("accent", ground) for ground in ("paper", "surface", "sunken", "accent-wash")]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_reads_on_its_ground(ink, ground, scheme):
    assert contrast(COLOURS[ink][scheme], COLOURS[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), SHAPES)
def test_edges_of_controls_can_be_seen(edge, ground, scheme):
    assert contrast(COLOURS[edge][scheme], COLOURS[ground][scheme]) >= 3


def test_colours_stand_in_the_tokens_only():
    colour = re.compile(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(|\boklch\(")
    elsewhere = [
        f"{p.name}: {hit}"
        for p in CSS.rglob("*.css")
        if p.name != "tokens.css"
        for hit in colour.findall(p.read_text())
    ]
    assert not elsewhere, elsewhere


def test_every_component_is_imported_and_named_after_its_file():
    imported = set(re.findall(r'"components/([\w-]+)\.css"', (CSS / "app.css").read_text()))
    files = {p.stem for p in (CSS / "components").glob("*.css")}
    assert imported == files
    unnamed = [
        name
        for name in files
        if not re.search(rf"^(\.{name}\b|{name}\b)", (CSS / "components" / f"{name}.css").read_text(), re.MULTILINE)
    ]
    assert not unnamed, unnamed
