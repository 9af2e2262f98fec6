"""How a refusal is contested: before whom, within how long, and then; dated data with their source."""

from functools import cache
from importlib import resources
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict

from maillage.conventions.terms.duration import PeriodField

FILE: Final = "appeals.yaml"


class Appeal(BaseModel):
    """Before whom a refusal of these rights is contested first, within how long of its notification, and before whom next."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rights: tuple[str, ...]
    first: str
    within: PeriodField
    then: str
    source: str
    unverified: str = ""


@cache
def appeals() -> tuple[Appeal, ...]:
    """Every way of the file."""
    text = resources.files(__package__).joinpath(FILE).read_text(encoding="utf-8")
    return tuple(Appeal.model_validate(one) for one in yaml.load(text, Loader=yaml.CSafeLoader)["appeals"])


def appeal_for(right: str) -> Appeal:
    """The way for a right. Raises KeyError for one of which the file says nothing."""
    for one in appeals():
        if right in one.rights:
            return one
    raise KeyError(right)
