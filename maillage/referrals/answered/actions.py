"""The daily round of what texts promise to answer within a delay: each quarter counted once, as evidence of who owes it (row A20)."""

import logging
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from maillage.conventions.commitments.models import CommitmentEvidence
from maillage.conventions.commitments.queries import commitments, running
from maillage.conventions.commitments.rules import Numbers, Source
from maillage.conventions.commitments.showing import KnownFact, note_known
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load
from maillage.conventions.lifecycle.recording import day_of
from maillage.conventions.terms.commitments import Commitment, CountedAnswer
from maillage.core.calendar import DAY, french
from maillage.core.row_security import acting
from maillage.referrals.answered.rules import (
    WORDS,
    Allowed,
    Quarter,
    Sent,
    allowed,
    numbers,
    settled_quarters,
)
from maillage.referrals.heeding.rules import Kind, threshold
from maillage.referrals.thresholds.queries import agreed_of

logger = logging.getLogger(__name__)


def note_answers(*, at: datetime) -> int:
    """Note the quarters that are settled, under the worker's role: how many; a second run, none.

    Each convention and party that receives its referrals in a transaction of its own: what fails is left for the next day, and logged.
    """
    noted = 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM referrals_to_count()")
        pairs: list[tuple[UUID, UUID]] = cursor.fetchall()
    for convention, caisse in pairs:
        try:
            with transaction.atomic(), acting(organisation=caisse):
                noted += _note(convention, at)
        except Exception as error:  # noqa: BLE001 - one convention must not keep the others from being counted
            logger.error("Answers of convention %s: %s", convention, type(error).__name__)  # noqa: TRY400 - a traceback may quote values
    return noted


def _note(convention: UUID, at: datetime) -> int:
    row = Convention.objects.filter(pk=convention).first()
    if row is None:
        return 0  # the party no longer reads it
    known, on = load(row), day_of(row, at)
    since = running(known, on)
    if known.mine is None or since is None:
        return 0
    late = threshold(Kind.LATE, known.readable(on), agreed_of(known.id, known.zone))
    noted = 0
    for clause in commitments(known, on):
        within = allowed(clause, late, known.departement) if clause.counted_answer else None
        if within is not None and known.mine.key in clause.debtors:
            noted += _note_clause(known, clause, list(settled_quarters(since, within, on)), within, at)
    return noted


def _note_clause(
    known: LoadedConvention, clause: Commitment, quarters: Sequence[Quarter], within: Allowed, at: datetime
) -> int:
    """One commitment of the acting organisation: its quarters that nothing shows yet."""
    mine = known.mine
    if mine is None or clause.counted_answer is None:
        return 0
    rows = CommitmentEvidence.objects.filter(
        convention=known.row,
        commitment_key=clause.key,
        source=Source.REFERRALS,
        recorded_for=mine.organisation,
    )
    shown = set(rows.values_list("fact", flat=True))
    left = [one for one in quarters if one.fact not in shown]
    if not left:
        return 0
    sent = _sent(known.id, min(one.first for one in left), max(one.last for one in left), clause.services)
    noted = 0
    for quarter in left:
        found = numbers(clause.counted_answer, sent, quarter, within)
        if found is not None:
            fact = KnownFact(
                Source.REFERRALS, quarter.fact, quarter.last, _said(clause.counted_answer, found), found
            )
            noted += note_known(
                known=known,
                commitment=clause.key,
                fact=fact,
                organisation=mine.organisation,
                by=None,
                at=at,
            )
    return noted


def _sent(convention: UUID, first: date, last: date, services: Sequence[str]) -> list[Sent]:
    """What the acting organisation received under a convention on these days, both included, by day of each step."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM referrals_answers(%s, %s, %s, %s)", [convention, first, last + DAY, list(services)]
        )
        return [Sent(*row) for row in cursor.fetchall()]


def _said(answer: CountedAnswer, found: Numbers) -> str:
    """What everybody of the convention reads; the numbers stand apart, for whoever may know them."""
    return f"{WORDS[answer]}, du {french(found.since)} au {french(found.until)}."
