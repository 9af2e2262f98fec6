"""The caisse's own file about a referral: opened, read with its page, and wrapped again when its key of the store is renewed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from maillage.cases.queries import visible_to
from maillage.core import crypto
from maillage.organisations.member import Member
from maillage.referrals.history import columns_of, noted_rows
from maillage.referrals.models import Assessment, CaseFile, PlannedAction, Referral
from maillage.referrals.own.rules import HEADINGS
from maillage.vault.actions import vault
from maillage.vault.own_keys import wrap_again
from maillage.vault.renewing import BATCH, Done, Tell
from maillage.vault.store import KeyDestroyed


@dataclass(frozen=True, slots=True)
class Planned:
    """An action of the plan, and what was said of it, in the clear."""

    row: PlannedAction
    words: str


@dataclass(frozen=True, slots=True)
class OwnFile:
    """What the reader's organisation wrote for itself: its last assessment, by heading, and its whole plan, the next first."""

    assessment: Assessment | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    plan: Sequence[Planned] = ()

    @property
    def open_actions(self) -> list[PlannedAction]:
        """The actions that are still planned."""
        return [planned.row for planned in self.plan if planned.row.state == "planned"]

    def people(self) -> set[UUID]:
        """Those who wrote in it."""
        acted = {planned.row.planned_by for planned in self.plan}
        acted |= {planned.row.ended_by for planned in self.plan if planned.row.ended_by}
        return acted | ({self.assessment.made_by} if self.assessment else set())


_OWN: dict[str, tuple[type[Model], tuple[str, ...], int | None]] = {
    "own_files": (CaseFile, ("id",), 1),
    "own_assessments": (Assessment, ("-number",), 1),
    "own_plan": (PlannedAction, ("due_on", "id"), None),
}


def with_own_file(rows: QuerySet[Referral], member: Member) -> QuerySet[Referral]:
    """The referrals with what the member's organisation wrote for itself about each, in the same query."""
    return rows.annotate(**{
        name: ArraySubquery(
            model._default_manager.filter(case_id=OuterRef("case_id"), organisation=member.organisation)
            .order_by(*order)
            .values(row=JSONObject(**{column: column for column in columns_of(model)}))[:most]
        )
        for name, (model, order, most) in _OWN.items()
    })  # fmt: skip


def own_file_of(referral: Referral) -> OwnFile:
    """What `with_own_file` read, opened; texts are empty where the key was destroyed. Raises DecryptionError if altered."""
    files = noted_rows(referral, "own_files", CaseFile)
    key = _opened(files[0]) if files else None
    made = noted_rows(referral, "own_assessments", Assessment)
    plan = tuple(
        Planned(row, _words(row.sealed_words, key, action_place(row.id)))
        for row in noted_rows(referral, "own_plan", PlannedAction)
    )
    if not made:
        return OwnFile(plan=plan)
    written = _words(made[0].sealed, key, assessment_place(made[0].id))
    texts: dict[str, str] = json.loads(written) if written else {}
    return OwnFile(made[0], {heading: texts.get(heading, "") for heading in HEADINGS}, plan)


def _words(sealed: Any, key: bytes | None, place: bytes) -> str:
    return crypto.decrypt(key, bytes(sealed), at=place).decode() if sealed and key else ""


def _opened(row: CaseFile) -> bytes | None:
    try:
        return vault().open_own_key(
            bytes(row.wrapped_key),
            organisation=row.organisation_id,
            convention=row.convention_id,
            at=file_place(row.organisation_id, row.case_id),
        )
    except KeyDestroyed:
        return None


def ensure_file_key(case: UUID, by: Member) -> bytes:
    """The key of the member's organisation's own file about a case, made first if there was none. The referral is locked.

    Raises KeyDestroyed where it was destroyed with the organisation's key for the convention.
    """
    row = CaseFile.objects.filter(case_id=case, organisation=by.organisation).first()
    if row is not None:
        key = _opened(row)
        if key is None:
            raise KeyDestroyed(str(case))
        return key
    convention = visible_to(by).values_list("convention_id", flat=True).get(case_id=case)
    made = crypto.new_key()
    wrapped = vault().wrap_own_key(
        made, organisation=by.organisation, convention=convention, at=file_place(by.organisation, case)
    )
    CaseFile.objects.create(
        organisation_id=by.organisation, case_id=case, convention_id=convention, wrapped_key=wrapped
    )
    return made


def wrap_files_again(
    organisation: UUID, convention: UUID, *, batch: int = BATCH, tell: Tell = lambda _: None
) -> Done:
    """Wrap the keys of an organisation's own files under its key of the store in use; for the worker's role or the owner's."""
    return wrap_again(
        CaseFile,
        lambda row: file_place(row.organisation_id, row.case_id),
        organisation=organisation,
        convention=convention,
        batch=batch,
        tell=tell,
    )


def file_place(organisation: UUID, case: UUID) -> bytes:
    """Where the wrapped key of an own file belongs."""
    return crypto.place("referrals_casefile", "wrapped_key", organisation, case)


def assessment_place(assessment: UUID) -> bytes:
    """Where a sealed assessment belongs."""
    return crypto.place("referrals_assessment", "sealed", assessment)


def action_place(action: UUID) -> bytes:
    """Where the sealed words of an action belong."""
    return crypto.place("referrals_plannedaction", "sealed_words", action)
