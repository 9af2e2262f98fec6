"""What an assessment says of the platform is what `docs/security.md` promises."""

from pathlib import Path

import pytest

from maillage.privacy.measures import MEASURES

HELD = (Path(__file__).parents[3] / "docs/security.md").read_text().replace("'", "’")


@pytest.mark.parametrize("promise", [promise for measure in MEASURES for promise in measure.promises])
def test_each_measure_stands_on_a_line_of_what_holds_today(promise: str) -> None:
    assert f"| {promise}" in HELD
