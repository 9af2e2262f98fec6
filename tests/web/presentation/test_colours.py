"""Colours: those of the published tokens, and enough contrast (WCAG 2.2 AA) in both themes."""

import json
import re
from pathlib import Path

import pytest

from tests.web.presentation.style_page import TEMPLATES

STATIC = Path(TEMPLATES).parent / "static"
STYLE = (STATIC / "maillage" / "maillage.css").read_text()
TOKENS = json.loads((STATIC / "vendor" / "cnamts-design-tokens-2.12.0" / "tokens.json").read_text())["colors"]
LIGHT = STYLE[: STYLE.index("@media screen and (prefers-color-scheme: dark)")]
DARK = STYLE[STYLE.index("@media screen and (prefers-color-scheme: dark)") : STYLE.index("--bs-body-color")]

TEXTS = [
    *(
        (ink, ground)
        for ink in ("text", "soft", "accent", "accent-strong", "late")
        for ground in ("page", "surface")
    ),
    *((tone, f"{tone}-soft") for tone in ("neutral", "info", "good", "soon", "late")),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("page", "late-strong"),
    ("page", "late"),
    ("accent-strong", "accent-soft"),
]
SHAPES = [
    ("control", "page"),
    ("control", "surface"),
    ("accent", "page"),
    ("late-strong", "page"),
    ("soon", "soon-soft"),
]


def declared(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", block))


def colours(theme: str) -> dict[str, str]:
    known = declared(LIGHT) | (declared(DARK) if theme == "dark" else {})

    def resolved(value: str) -> str:
        inner = re.fullmatch(r"var\(--([\w-]+)\)", value)
        return resolved(known[inner.group(1)]) if inner else value

    return {
        name.removeprefix("m-"): resolved(value) for name, value in known.items() if name.startswith("m-")
    }


def luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_measured_as_the_standard_says() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#fff") == pytest.approx(4.54, abs=0.01)


def test_each_colour_is_a_published_token() -> None:
    used = {name: value for name, value in declared(LIGHT).items() if name.startswith("am-")}
    assert used
    for name, value in used.items():
        family, _, shade = name.rpartition("-")
        key = family if family in TOKENS else family.removeprefix("am-")
        assert TOKENS[key][shade] == value, f"--{name} is not the token of that name"


def test_no_other_colour_is_written_than_tokens_black_and_white() -> None:
    rest = STYLE[STYLE.index("/* 2. Text") :]
    assert set(re.findall(r"#[0-9a-f]{3,6}\b", rest)) <= {"#000"}
    assert "gradient(" not in STYLE


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXTS)
def test_every_text_is_readable(theme: str, ink: str, ground: str) -> None:
    known = colours(theme)
    assert contrast(known[ink], known[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_every_control_stands_out(theme: str, shape: str, ground: str) -> None:
    known = colours(theme)
    assert contrast(known[shape], known[ground]) >= 3


def test_each_custom_property_is_declared() -> None:
    asked = set(re.findall(r"var\(--((?:m|am)-[\w-]+)", STYLE))
    assert asked <= set(declared(STYLE))


def test_the_readme_of_vendored_files_tells_their_digests() -> None:
    import hashlib

    readme = (STATIC / "vendor" / "README.md").read_text()
    for path in (path for kind in ("css", "json", "svg") for path in STATIC.glob(f"vendor/*/*.{kind}")):
        assert hashlib.sha256(path.read_bytes()).hexdigest() in readme, (
            f"{path.name} is not the file of the README"
        )
        assert (path.parent / "LICENSE").exists()
