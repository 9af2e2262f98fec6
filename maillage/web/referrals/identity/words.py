"""What was corrected of the identity of a case, in words, for both sides: on the page of the case, and what it was before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse

from maillage.beneficiaries.correcting import Former, Told, can_correct, told_in
from maillage.beneficiaries.rules import IDENTITY_FIELDS, Identity, fields_words
from maillage.cases.models import Participation
from maillage.organisations.member import Member
from maillage.web.presentation.components import Fact
from maillage.web.presentation.dates import long_date, long_instant
from maillage.web.presentation.numbers import phone
from maillage.web.presentation.typography import typeset
from maillage.web.referrals.words import spaced_nir

_PAGES: Final = {
    "referral": "referrals:case",
    "application": "rights:application",
    "appointment": "secondments:appointment",
}


def case_url(kind: str, case: UUID) -> str:
    """The page of a case of any kind."""
    return reverse(_PAGES[kind], args=[case])


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """One correction: what is said of it; where one's own organisation says that it took it up, while it has not."""

    said: Sequence[str]
    take_up_url: str


@dataclass(frozen=True, slots=True)
class IdentityBlock:
    """Under « La personne »: what was corrected, where it is corrected, where one reads what it was."""

    lines: Sequence[CorrectionLine]
    correct_url: str
    former_url: str


def identity_block(part: Participation, member: Member, *, known: bool) -> IdentityBlock:
    """For the page of a case whose identity is open; `known`: it was not destroyed. No query."""
    rows = told_in(part)
    acts = can_correct(part, member)
    return IdentityBlock(
        [line(one, member, acts=acts) for one in rows],
        reverse("identity:correct", args=[part.case_id])
        if acts and known and part.frozen_since is None
        else "",
        reverse("identity:former", args=[part.case_id]) if rows else "",
    )


def line(row: Told, member: Member, *, acts: bool) -> CorrectionLine:
    """When, by whom, which fields; whether the other side took it up; `acts`: whether this member may say so."""
    zone = ZoneInfo(member.time_zone)
    day = long_date(row.corrected_at.astimezone(zone).date())
    why = ", à la demande de la personne" if row.for_her else ""
    said = [f"Identité corrigée le {day} par {row.organisation}{why} ({fields_words(row.fields)})."]
    mine = row.addressee_id == member.organisation
    if row.acknowledged_at is not None:
        taken = long_instant(row.acknowledged_at, zone)
        said.append(f"Reprise par {row.addressee} le {taken}.")
    elif mine:
        said.append("Mettez à jour ce que votre organisme garde de son côté, puis dites-le ici.")
    elif row.addressee:
        said.append(f"Pas encore reprise par {row.addressee}.")
    waits = acts and mine and row.acknowledged_at is None
    return CorrectionLine(
        [typeset(one) for one in said], reverse("identity:take_up", args=[row.id]) if waits else ""
    )


def former_facts(one: Former) -> list[Fact]:
    """What the corrected fields said before; nothing where it was destroyed."""
    if one.identity is None:
        return []
    return [
        Fact(words[0].upper() + words[1:], _said(one.identity, name))
        for name, words in IDENTITY_FIELDS.items()
        if name in one.row.fields
    ]


def _said(identity: Identity, name: str) -> str:
    value = getattr(identity, name)
    if isinstance(value, date):
        return long_date(value)
    if isinstance(value, bool):
        return "oui" if value else "non"
    written = {"nir": spaced_nir, "phone": phone}.get(name, str)(value)
    return written or "rien n’était écrit"
