"""The operator's page on the worker names each job that runs by itself, at the hour at which it does, and no other."""

import re
from pathlib import Path
from typing import Final

import pytest
from procrastinate.contrib.django import app

PAGE: Final = Path(__file__).parents[2] / "docs" / "operations" / "worker.md"
LINES: Final = dict(
    re.findall(r"^\| `([a-z_.]+)` \| (.+?) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
)
OURS: Final = sorted(name for name in app.tasks if "procrastinate" not in name)


def test_the_page_names_every_job_and_no_other() -> None:
    assert sorted(LINES) == sorted({*OURS})


@pytest.mark.parametrize(
    ("job", "cron"),
    sorted((task.task.name, task.cron) for task in app.periodic_registry.periodic_tasks.values()),
)
def test_the_page_says_when(job: str, cron: str) -> None:
    said = LINES[job]
    minute, hour = cron.split()[:2]
    if hour.isdigit():
        assert f"{hour}:{minute:0>2}" in said or "at night" in said
    elif minute.isdigit():
        assert f"{minute} minutes past each hour" in said or "every hour" in said
    else:
        assert "every" in said or "past each hour" in said
