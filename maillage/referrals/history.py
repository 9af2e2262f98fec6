"""What happened to a referral besides its states: attempts to reach the person, pauses, questions and answers, opened; what
came of each care and of each right."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BinaryField, Field, Model, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from maillage.beneficiaries.models import ProgressChoice
from maillage.referrals.forwarded.models import Forwarding
from maillage.referrals.models import (
    CaseQuestion,
    ContactAttempt,
    Pause,
    Referral,
    Renunciation,
    RightFollowed,
)
from maillage.referrals.sealed_words import ANSWER, QUESTION, REFUSAL, open_words

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the caisse's and its answer, in the clear; empty where the key was destroyed."""

    row: CaseQuestion
    question: str
    answer: str

    @property
    def is_open(self) -> bool:
        """Whether an answer is awaited."""
        return self.row.answered_at is None and self.row.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class Forwarded:
    """That the caisse forwarded the case: to which service of whom, by which article. The new case is not named."""

    service: str
    recipient: str
    article: str
    at: datetime
    by: UUID


@dataclass(frozen=True, slots=True)
class History:
    """Everything, the oldest first."""

    attempts: Sequence[ContactAttempt] = ()
    pauses: Sequence[Pause] = ()
    questions: Sequence[Asked] = ()
    refusal_words: str = ""
    forwarded: Sequence[Forwarded] = ()
    renunciations: Sequence[Renunciation] = ()
    rights: Sequence[RightFollowed] = ()
    choices: Sequence[ProgressChoice] = ()
    unanswered: Sequence[Asked] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "unanswered", [asked for asked in self.questions if asked.is_open])

    def people(self) -> set[UUID]:
        """Those who did these things."""
        acted = [attempt.noted_by for attempt in self.attempts]
        acted += [attempt.struck_by for attempt in self.attempts if attempt.struck_by]
        acted += [asked.row.withdrawn_by for asked in self.questions if asked.row.withdrawn_by]
        acted += [who for pause in self.pauses for who in (pause.began_by, pause.resumed_by) if who]
        acted += [
            who for asked in self.questions for who in (asked.row.asked_by, asked.row.answered_by) if who
        ]
        acted += [one.by for one in self.forwarded]
        acted += [choice.noted_by for choice in self.choices]
        return set(acted)


_NOTED: dict[str, tuple[type[Model], tuple[str, ...]]] = {
    "noted_attempts": (ContactAttempt, ("day", "noted_at", "id")),
    "noted_pauses": (Pause, ("began_at", "id")),
    "noted_questions": (CaseQuestion, ("asked_at", "id")),
    "noted_renunciations": (Renunciation, ("care", "reason")),
    "noted_rights": (RightFollowed, ("noted_at", "id")),
    "noted_choices": (ProgressChoice, ("noted_at", "id")),
}


def with_history(rows: QuerySet[Referral]) -> QuerySet[Referral]:
    """The referrals with all that is noted of each: the page of a case asks once for it and for its referral."""
    return rows.annotate(**{
        name: ArraySubquery(
            model._default_manager.filter(case_id=OuterRef("case_id"))
            .order_by(*order)
            .values(row=JSONObject(**{column: column for column in columns_of(model)}))
        )
        for name, (model, order) in _NOTED.items()
    }, noted_forwardings=_FORWARDED)  # fmt: skip


_FORWARDED = ArraySubquery(
    Forwarding.objects.filter(case_id=OuterRef("case_id"))
    .order_by("forwarded_at", "id")
    .values(
        row=JSONObject(
            service="service",
            recipient="recipient__name",
            article="article",
            at="forwarded_at",
            by="forwarded_by",
        )
    )
)


def history_of(referral: Referral, key: bytes | None) -> History:
    """What is noted of a referral that `with_history` read, opened with its case's key."""
    return History(
        attempts=noted_rows(referral, "noted_attempts", ContactAttempt),
        pauses=noted_rows(referral, "noted_pauses", Pause),
        questions=[
            Asked(
                row,
                open_words(row.sealed_question, QUESTION, row.id, key=key),
                open_words(row.sealed_answer, ANSWER, row.id, key=key),
            )
            for row in noted_rows(referral, "noted_questions", CaseQuestion)
        ],
        forwarded=[_forwarded(row) for row in vars(referral)["noted_forwardings"]],
        renunciations=noted_rows(referral, "noted_renunciations", Renunciation),
        rights=noted_rows(referral, "noted_rights", RightFollowed),
        choices=noted_rows(referral, "noted_choices", ProgressChoice),
        refusal_words=open_words(referral.refusal_words, REFUSAL, referral.case_id, key=key),
    )


def _forwarded(row: dict[str, str]) -> Forwarded:
    return Forwarded(
        row["service"],
        row["recipient"],
        row["article"],
        datetime.fromisoformat(row["at"]),
        UUID(row["by"]),
    )


def columns_of(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def noted_rows(referral: Referral, name: str, model: type[M]) -> list[M]:
    """Rows of a table as JSON gave them, each value in its own type again."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return [
        model(**{column: _read(fields[column], value) for column, value in row.items()})
        for row in getattr(referral, name)
    ]


def _read(field: "Field[Any, Any]", value: Any) -> Any:
    if isinstance(field, BinaryField) and value is not None:
        return bytes.fromhex(value.removeprefix("\\x"))  # as PostgreSQL writes bytes
    return field.to_python(value)
