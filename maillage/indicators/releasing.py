"""The figures of a closed campaign, put together and protected by the role that reads no row: what it is given are counts.

`maillage_statistics` may call a few functions: the campaigns that wait, what the validated sheets of one of them say, what others have
published of the same conventions, and the one that writes what is published. It sees no case, no person, no text; whoever works here
reads what comes out, and nothing else.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.db import connections, transaction

from maillage.catalogue.measures import TOLD_BY_MONTH
from maillage.conventions.terms.steering import AnswerKind, Indicator
from maillage.core.database.settings import STATISTICS_ALIAS
from maillage.indicators.consolidated.protecting import Cell, released
from maillage.indicators.consolidated.series import Contribution, families_of
from maillage.indicators.disclosure.sensitive import Policy
from maillage.indicators.disclosure.suppression import CannotProtect
from maillage.indicators.figures import Answer, Place, Questionnaire, Year
from maillage.indicators.sheets.rules import Said, value_of
from maillage.organisations.territories import departements

ELSEWHERE: Final = "hors-region"
"""The region of a caisse whose département is none of the list."""
_REFUSED: Final = (
    "Ces chiffres ne peuvent pas être publiés sans que l’un d’eux en dise trop sur quelques personnes."
)
_ELSEWHERE: Final = (
    "Une autre campagne de la même année a publié des chiffres de certaines de ces conventions : les mêmes ne sont pas publiés ici, "
    "car la différence des deux en dirait trop sur quelques personnes."
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A closed campaign whose figures are not published yet."""

    campaign: UUID
    year: Year
    questions: tuple[Indicator, ...]


def consolidate(policy: Policy | None = None) -> int:
    """Release the figures of every closed campaign that waits, each once, under a policy, else the one in force; how many there were.

    None where the role of statistics is not configured: no campaign closes there (`campaigns.actions.close_campaign`).
    """
    if STATISTICS_ALIAS not in connections:
        return 0
    done = 0
    for one in waiting():
        with transaction.atomic(using=STATISTICS_ALIAS):
            _release(one, policy or Policy())
        done += 1
    return done


def waiting() -> list[Waiting]:
    """The closed campaigns whose figures are not published yet, the first closed first."""
    with connections[STATISTICS_ALIAS].cursor() as cursor:
        cursor.execute("SELECT campaign, year, questions FROM indicators_campaigns_waiting()")
        return [
            Waiting(campaign, Year(year), tuple(Indicator.model_validate(one) for one in _data(questions)))
            for campaign, year, questions in cursor.fetchall()
        ]


def _release(one: Waiting, policy: Policy) -> None:
    brought = list(contributions(one))
    elsewhere = _told_elsewhere(one)
    try:
        cells, refused = released(brought, policy, elsewhere), _ELSEWHERE if elsewhere else ""
    except CannotProtect:
        cells, refused = [], _REFUSED
    with connections[STATISTICS_ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT indicators_publish(%s, %s::smallint, %s, %s, %s)",
            [one.campaign, policy.version, len(brought), refused, _written(cells)],
        )


def _told_elsewhere(one: Waiting) -> frozenset[str]:
    """The families of its figures that another campaign has published of some of its conventions."""
    with connections[STATISTICS_ALIAS].cursor() as cursor:
        cursor.execute("SELECT year, questions FROM indicators_campaigns_linked(%s)", [one.campaign])
        told = [
            families_of((Indicator.model_validate(question) for question in _data(questions)), year)
            for year, questions in cursor.fetchall()
        ]
    return families_of(one.questions, one.year.number) & frozenset().union(*told)


def _written(cells: list[Cell]) -> str:
    return json.dumps(
        [
            [
                cell.key.question,
                cell.key.part,
                cell.key.term,
                cell.territory,
                cell.network,
                cell.amount,
            ]
            for cell in cells
        ]
    )


def contributions(one: Waiting) -> Iterator[Contribution]:
    """The validated sheets of a campaign, each with the figures that its own parties read."""
    said, asked = _said(one), Questionnaire(one.questions, one.year)
    regions = {code: found.region for code, found in departements().items()}
    with connections[STATISTICS_ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT convention, caisse, departement, network, amounts FROM indicators_campaign_sheets(%s)",
            [one.campaign],
        )
        for convention, caisse, departement, network, amounts in cursor.fetchall():
            yield Contribution(
                str(convention),
                str(caisse),
                regions.get(departement, ELSEWHERE),
                network,
                asked.figures(_data(amounts), said.get(convention)),
            )


def _said(one: Waiting) -> dict[UUID, dict[Place, Answer]]:
    """What referents answered. Where months were told one by one, these alone add up: a year would give away the others."""
    kinds = {
        question.key: question.answer
        for question in one.questions
        if TOLD_BY_MONTH.isdisjoint(question.measures)
    }
    found: dict[UUID, dict[Place, Answer]] = {}
    with connections[STATISTICS_ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT convention, question, part, number, words, count, over"
            " FROM indicators_campaign_answers(%s)",
            [one.campaign],
        )
        for convention, question, part, number, words, count, over in cursor.fetchall():
            if question in kinds:
                found.setdefault(convention, {})[question, part] = _answer(
                    kinds[question], number, words, count, over
                )
    return found


@lru_cache(maxsize=4096)
def _answer(
    kind: AnswerKind, number: Decimal | None, words: str, count: int | None, over: int | None
) -> Answer:
    """Many conventions answer the same."""
    said = Said(None if number is None else Decimal(number), words, count, over)
    return Answer(value_of(kind, said), "", count, over)


def _data(value: Any) -> Any:
    """What PostgreSQL keeps as JSON: read by the driver, or text yet."""
    return json.loads(value) if isinstance(value, str) else value
