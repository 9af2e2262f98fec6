"""The day of an instant is that of a place: cut off in UTC, it is yesterday's until one or two in the morning in Paris."""

import re

from tests.conftest import PROJECT

IN_UTC = re.compile(r"\b(?:now\(\)|instant)\.date\(\)")


def cut_in_utc(text: str) -> list[str]:
    return IN_UTC.findall(text)


def test_no_day_is_cut_off_in_utc() -> None:
    found = [
        f"{path.relative_to(PROJECT)}: {cut}"
        for folder in ("maillage", "tests", "benchmarks")
        for path in (PROJECT / folder).rglob("*.py")
        if path.name != "test_days.py"
        for cut in cut_in_utc(path.read_text(encoding="utf-8"))
    ]
    assert not found, "Say where: maillage.core.clock.today(zone), tests.days.today()\n" + "\n".join(found)


def test_a_day_cut_off_in_utc_is_seen() -> None:
    assert cut_in_utc("on = request.instant.date(); until = now().date()") == [
        "instant.date()",
        "now().date()",
    ]
    assert cut_in_utc("on = request.instant.astimezone(PARIS).date()") == []
