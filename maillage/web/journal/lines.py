"""Entries as lines of a table, the same for the page and for its exports."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.text import capfirst

from maillage.audit.models import Entry
from maillage.conventions.lifecycle.queries import visible_to as conventions_visible_to
from maillage.organisations.member import Member
from maillage.organisations.models import User
from maillage.organisations.roles import Permission
from maillage.protection.retention.rules import DataClass
from maillage.referrals.queries import visible_to as referrals_visible_to
from maillage.referrals.references import reference
from maillage.rights.queries import visible_to as applications_visible_to
from maillage.web.journal.words import field_words, object_words, reason_words, verb_words
from maillage.web.presentation.dates import short_instant
from maillage.web.presentation.tables import Column

COLUMNS: Sequence[Column] = (
    Column("Quand"),
    Column("Qui"),
    Column("Action"),
    Column("Sur quoi"),
    Column("Champs"),
    Column("Motif"),
)
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CLASSES = {one.value: one.label[:1].lower() + one.label[1:] for one in DataClass}
_CASES = {"application", "referral", "referrals_referral", "cases_case", "beneficiaries_beneficiary"}
_MOST_REFERENCES = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One entry: its cells in the order of the columns, and where its object is read, if the reader may."""

    cells: tuple[str, ...]
    url: str = ""


def lines(entries: Sequence[Entry], member: Member, *, linked: bool) -> list[Line]:
    """The lines of these entries, by four queries at most; `linked` looks for the objects that the reader may open."""
    names, zone = _names(entries), ZoneInfo(member.time_zone)
    addresses = _addresses(entries, member) if linked else {}
    return [_line(entry, names, zone, addresses) for entry in entries]


def _line(
    entry: Entry, names: Mapping[str, str], zone: ZoneInfo, addresses: Mapping[tuple[str, str], str]
) -> Line:
    who = names.get(entry.user_id, entry.user_id) or "Maillage"
    cells = (
        short_instant(entry.at, zone),
        who,
        verb_words(entry.verb, entry.object_type),
        capfirst(" ".join(part for part in (object_words(entry.object_type), _named(entry)) if part)),
        field_words(entry.object_type, entry.fields),
        _ID.sub(lambda found: names.get(found.group(), found.group()), _why(entry)),
    )
    return Line(cells, addresses.get((entry.object_type, entry.object_ref), ""))


def _why(entry: Entry) -> str:
    """The reason; of what was erased at the end of its days, it is the number, said with the class."""
    return "" if entry.object_type == "retention" else reason_words(entry.reason)


def _named(entry: Entry) -> str:
    """Which one: the reference that people say for a case, how many of which class were erased, the last letters of an id for the rest."""
    if entry.object_type == "retention":
        return f"({entry.reason}) : {_CLASSES.get(entry.object_ref, entry.object_ref)}"
    refs = [ref for ref in entry.object_ref.split(",") if ref]
    if entry.object_type in _CASES or entry.object_type.startswith(("referrals:", "rights:")):
        refs = [reference(UUID(ref)) if _ID.fullmatch(ref) else ref for ref in refs]
    else:
        refs = [ref[-8:].upper() if _ID.fullmatch(ref) else ref for ref in refs]
    shown = ", ".join(refs[:_MOST_REFERENCES])
    return shown if len(refs) < 2 else f"({len(refs)}) {shown}"


def _names(entries: Iterable[Entry]) -> dict[str, str]:
    ids = {entry.user_id for entry in entries if _ID.fullmatch(entry.user_id)}
    ids |= {found for entry in entries for found in _ID.findall(entry.reason)}
    return {str(user): name for user, name in User.objects.filter(id__in=ids).values_list("id", "full_name")}


def _addresses(entries: Iterable[Entry], member: Member) -> dict[tuple[str, str], str]:
    """Where the objects of these entries are read, for those that the reader may open."""
    found: dict[tuple[str, str], str] = {}
    asked: dict[str, set[str]] = {"convention": set(), "referral": set(), "application": set()}
    for entry in entries:
        if entry.object_type in asked and _ID.fullmatch(entry.object_ref):
            asked[entry.object_type].add(entry.object_ref)
    if asked["convention"] and member.may(Permission.READ_CONVENTIONS):
        rows = conventions_visible_to(member).filter(id__in=asked["convention"]).values_list("id", flat=True)
        found |= {("convention", str(key)): reverse("conventions:convention", args=[key]) for key in rows}
    if asked["referral"] and member.may(Permission.READ_REFERRALS):
        cases = referrals_visible_to(member).filter(case_id__in=asked["referral"])
        keys = cases.values_list("case_id", flat=True)
        found |= {("referral", str(key)): reverse("referrals:case", args=[key]) for key in keys}
    if asked["application"] and member.may(Permission.READ_REFERRALS):
        files = applications_visible_to(member).filter(case_id__in=asked["application"])
        keys = files.values_list("case_id", flat=True)
        found |= {("application", str(key)): reverse("rights:application", args=[key]) for key in keys}
    return found
