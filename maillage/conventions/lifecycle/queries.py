"""Reading conventions: what a member may see, her list, one convention with all that is known of it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import F, Prefetch, QuerySet, TextField
from django.db.models.functions import Cast

from maillage.conventions.lifecycle.events import Event, EventKind
from maillage.conventions.lifecycle.loaded import ConventionText, Filling, LoadedConvention, PartyRow
from maillage.conventions.lifecycle.models import Convention, Party, TermsVersion
from maillage.conventions.lifecycle.models import Event as EventRow
from maillage.conventions.lifecycle.recorded import RecordedKind
from maillage.conventions.terms import terms_from_json
from maillage.conventions.terms.consolidation import Avenant
from maillage.core.row_security.context import context_of
from maillage.core.text import sort_key
from maillage.organisations.member import Member

PAGE_SIZE: Final = 200
LAST_PAGE: Final = 10_000
EXPIRING: Final = "expiring"
DISPUTED: Final = "disputed"
EXPIRING_DAYS: Final = 120
LATE: Final = "late"
_ORDERS: Final[dict[str, tuple[Any, ...]]] = {
    "title": ("sort_title", "convention_id"),
    "-title": ("-sort_title", "-convention_id"),
    "due": ("next_due_on", "sort_title", "convention_id"),
    "-due": (F("next_due_on").desc(nulls_last=True), "sort_title", "convention_id"),
}

_FILLS: Final = (RecordedKind.BLANK_FILLED.value, RecordedKind.OPTION_CHOSEN.value)
_LETTERS: Final = {
    RecordedKind.DENUNCIATION: (
        EventKind.DENUNCIATION_SENT,
        EventKind.DENUNCIATION_PRESENTED,
        EventKind.DENUNCIATION_RECEIVED,
    ),
    RecordedKind.FORMAL_NOTICE: (
        EventKind.FORMAL_NOTICE_SENT,
        EventKind.FORMAL_NOTICE_PRESENTED,
        EventKind.FORMAL_NOTICE_RECEIVED,
    ),
}
# Every page of a convention asks for these, often twice: written here, they are not composed again each time.
_NEWEST: Final = (
    "SELECT id, convention_id, number, written_at, terms::text AS written FROM conventions_termsversion"
    " WHERE convention_id = %s ORDER BY number DESC LIMIT 1"
)
_RECORDED: Final = "SELECT * FROM conventions_event WHERE convention_id = %s ORDER BY day, recorded_at, id"
_HOLDING: Final = (
    "SELECT * FROM conventions_signature"
    " WHERE convention_id = %s AND amendment_id IS NULL AND voided_at IS NULL ORDER BY signed_on"
)
_SIGNED: Final = "SELECT * FROM conventions_amendment WHERE convention_id = %s AND state = 'signed' ORDER BY effect_on, number"
# What a sending needs of its convention; the rest of it is for the pages that show it.
_CONVENTION: Final = [field.attname for field in Convention._meta.concrete_fields]
_PART: Final = (
    "part.convention_id", "part.organisation_id", "body.name", "body.short_name", "body.kind", "body.departement",
    "body.time_zone", "part.key", "part.role", "part.position", "part.since",
)  # fmt: skip
_TEXT: Final = f"""
SELECT (SELECT terms::text FROM conventions_termsversion WHERE convention_id = known.id ORDER BY number DESC LIMIT 1),
       (SELECT coalesce(json_agg(json_build_object('number', number, 'effect', effect_on, 'changes', changes)
                                 ORDER BY effect_on, number), '[]')::text
          FROM conventions_amendment WHERE convention_id = known.id AND state = 'signed'),
       (SELECT coalesce(json_agg(json_build_object('day', day, 'kind', kind, 'detail', detail)
                                 ORDER BY day, recorded_at, id), '[]')::text
          FROM conventions_event WHERE convention_id = known.id AND kind IN ({", ".join(map(repr, _FILLS))})),
       {", ".join(_PART)}, {", ".join(f"known.{field.column}" for field in Convention._meta.concrete_fields)}, %(beside)s
  FROM conventions_convention known
  JOIN conventions_party part ON part.convention_id = known.id AND part.organisation_id = %%s
  JOIN organisations_organisation body ON body.id = part.organisation_id
 WHERE known.id = %%s ORDER BY part.position, part.key LIMIT 1
"""  # noqa: S608 - names of columns and kinds of events, no value
_PLAIN: Final = {kind.value for kind in EventKind} - {
    EventKind.PROPOSED.value,
    EventKind.TEXT_CHANGED.value,
    EventKind.SIGNED.value,
    EventKind.AMENDED.value,
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is limited to; an empty field limits nothing.

    `state` is a state, « expiring » (in force, term within 120 days) or « disputed » (in force under one reading of the text
    and not under another: « in_force » leaves it out); `due` is « late », or a number of days within
    which something is due; `text` is searched word by word in the title.
    """

    level: str = ""
    partner_kind: str = ""
    departement: str = ""
    state: str = ""
    due: str = ""
    text: str = ""
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list."""

    id: UUID
    title: str
    level: str
    partner_kind: str
    partners: str
    departement: str
    state: str
    end_kind: str
    is_disputed: bool
    starts_on: date | None
    ends_on: date | None
    next_due_on: date | None
    next_due_what: str
    my_key: str
    my_role: str


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of the list. Pages are not counted: the count would cost more than the page."""

    rows: tuple[Listed, ...]
    number: int
    has_next: bool


_COLUMNS: Final = (
    "convention_id", "convention__title", "convention__level", "convention__partner_kind", "convention__partners",
    "convention__departement", "convention__state", "convention__end_kind", "convention__is_disputed", "convention__starts_on",
    "convention__ends_on", "convention__next_due_on", "convention__next_due_what", "key", "role",
)  # fmt: skip


def visible_to(member: Member) -> QuerySet[Convention]:
    """The conventions that the member's organisation signed, drafted, or was informed of; row security says the same."""
    return Convention.objects.filter(parties__organisation=member.organisation)


def list_conventions(member: Member, filters: Filters, page: int, *, on: date) -> ListPage:
    """One page of 200, by title, or by date when something due is asked for. One query, from the organisation's parts."""
    number = min(max(page, 1), LAST_PAGE)
    rows = Party.objects.filter(organisation=member.organisation)
    if filters.state == EXPIRING:
        rows = rows.filter(
            state="in_force", convention__ends_on__range=(on, on + timedelta(days=EXPIRING_DAYS))
        )
    elif filters.state in {"in_force", DISPUTED}:
        rows = rows.filter(state="in_force", convention__is_disputed=filters.state == DISPUTED)
    elif filters.state:
        rows = rows.filter(state=filters.state)
    for name in ("level", "partner_kind", "departement"):
        if wanted := getattr(filters, name):
            rows = rows.filter(**{f"convention__{name}": wanted})
    for word in sort_key(filters.text).split()[:8]:
        rows = rows.filter(sort_title__contains=word)
    if filters.due == LATE:
        rows = rows.filter(next_due_on__lt=on)
    elif filters.due.isascii() and filters.due.isdigit():
        rows = rows.filter(next_due_on__range=(on, on + timedelta(days=min(int(filters.due[:6]), 3660))))
    order = _ORDERS.get(filters.sort, _ORDERS["due" if filters.due else "title"])
    first = (number - 1) * PAGE_SIZE
    found = list(rows.order_by(*order).values_list(*_COLUMNS)[first : first + PAGE_SIZE + 1])
    return ListPage(tuple(Listed(*row) for row in found[:PAGE_SIZE]), number, len(found) > PAGE_SIZE)


def parties(conventions: Sequence[UUID]) -> dict[UUID, tuple[PartyRow, ...]]:
    """The parties of these conventions, and whom they informed; nothing for those that the acting body does not see."""
    found: dict[UUID, list[PartyRow]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM convention_parties(%s)", [list(conventions)])
        for row in cursor.fetchall():
            found.setdefault(row[0], []).append(PartyRow(*row))
    return {key: tuple(rows) for key, rows in found.items()}


def load(convention: Convention) -> LoadedConvention:
    """Everything of one convention, in six queries. `convention` comes from `visible_to`, or from an action's lock.

    Raises Convention.DoesNotExist when the acting organisation has no part in it.
    """
    rows = parties([convention.id]).get(convention.id, ())
    version = next(iter(convention.versions.raw(_NEWEST, [convention.id])), None)
    if version is None or not rows:
        raise Convention.DoesNotExist
    return _assembled(
        convention,
        rows,
        version,
        recorded=tuple(convention.events.raw(_RECORDED, [convention.id]).prefetch_related("deliveries")),
        signatures=tuple(convention.signatures.raw(_HOLDING, [convention.id])),
        amendments=tuple(convention.amendments.raw(_SIGNED, [convention.id])),
    )


def load_all(conventions: QuerySet[Convention]) -> list[LoadedConvention]:
    """The same for many, in seven queries in all. `conventions` comes from `visible_to`."""
    events = EventRow.objects.order_by("day", "recorded_at", "id").prefetch_related("deliveries")
    found = list(conventions.prefetch_related("amendments", "signatures", Prefetch("events", events)))
    ids = [convention.id for convention in found]
    newest = TermsVersion.objects.filter(convention__in=ids).order_by("convention_id", "-number")
    versions = {row.convention_id: row for row in _as_written(newest.distinct("convention_id"))}
    rows = parties(ids)
    return [
        _assembled(
            convention,
            rows[convention.id],
            versions[convention.id],
            recorded=tuple(convention.events.all()),
            signatures=sorted(
                (row for row in convention.signatures.all() if not row.amendment_id and not row.voided_at),
                key=lambda row: row.signed_on,
            ),
            amendments=sorted(
                (row for row in convention.amendments.all() if row.state == "signed"),
                key=lambda row: (row.effect_on, row.number),
            ),
        )
        for convention in found
        if convention.id in versions and convention.id in rows
    ]


def _as_written(versions: QuerySet[TermsVersion]) -> QuerySet[TermsVersion]:
    """The text as PostgreSQL writes it: one that is parsed already is not even decoded."""
    return versions.annotate(written=Cast("terms", TextField())).defer("terms")


def _assembled(
    convention: Convention,
    rows: tuple[PartyRow, ...],
    version: TermsVersion,
    *,
    recorded: tuple[EventRow, ...],
    signatures: Sequence[Any],
    amendments: Sequence[Any],
) -> LoadedConvention:
    acting = context_of().organisation
    return LoadedConvention(
        row=convention,
        mine=next((row for row in rows if row.organisation == acting), None),
        parties=rows,
        base=terms_from_json(version.written, str(convention.id)),  # type: ignore[attr-defined]  # annotated
        version=version.number,
        written_at=version.written_at,
        avenants=tuple(
            Avenant.model_validate({"number": row.number, "effect": row.effect_on, "changes": row.changes})
            for row in amendments
        ),
        fillings=tuple(_fillings(recorded)),
        events=tuple(_events(convention, recorded, signatures, amendments)),
        recorded=recorded,
    )


def text_of(convention: UUID, *, organisation: UUID, beside: str = "''") -> ConventionText:
    """The text of one convention and what changes it, with the organisation's own part, in one statement.

    `organisation` is the one that acts. `beside`: what a room above asks in the same statement, a text made from `part` and `known`.
    Raises Convention.DoesNotExist where it has no part.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TEXT % {"beside": beside}, [organisation, convention])
        row = cursor.fetchone()
    if row is None or row[0] is None:
        raise Convention.DoesNotExist
    written, signed, filled, *values, told = row
    part, columns = values[: len(_PART)], values[len(_PART) :]
    return ConventionText(
        row=Convention.from_db(connection.alias, _CONVENTION, columns),
        mine=PartyRow(*part),
        base=terms_from_json(written, str(convention)),
        avenants=tuple(
            Avenant.model_validate({**one, "effect": date.fromisoformat(one["effect"])})
            for one in json.loads(signed)
        ),
        fillings=tuple(
            _filling(date.fromisoformat(one["day"]), one["kind"], one["detail"]) for one in json.loads(filled)
        ),
        beside=told,
    )


def reload(convention: Convention) -> LoadedConvention:
    """As `load`, the convention's own row read again first."""
    return load(Convention.objects.get(pk=convention.pk))


def _fillings(recorded: Iterable[EventRow]) -> Iterable[Filling]:
    return (_filling(row.day, row.kind, row.detail) for row in recorded if row.kind in _FILLS)


def _filling(day: date, kind: str, detail: dict[str, Any]) -> Filling:
    return Filling(day, detail["path"], detail["value"], kind == RecordedKind.OPTION_CHOSEN)


def _events(
    convention: Convention,
    recorded: Sequence[EventRow],
    signatures: Iterable[Any],
    amendments: Iterable[Any],
) -> Iterable[Event]:
    """Only signatures that hold are told: a text that changed has voided the others, and their rows say so."""
    if convention.state != "draft":
        proposed = [row.day for row in recorded if row.kind == RecordedKind.PROPOSED]
        if proposed:
            yield Event(EventKind.PROPOSED, proposed[-1])
    for signature in signatures:
        yield Event(EventKind.SIGNED, signature.signed_on, party=signature.party_key)
    for row in recorded:
        if row.kind in _PLAIN:
            yield _plain(row)
        elif row.kind in _LETTERS:
            yield from _letters(row)
    for avenant in amendments:
        yield Event(EventKind.AMENDED, avenant.effect_on, detail=avenant.title)


def _plain(row: EventRow) -> Event:
    told: dict[str, Any] = row.detail
    return Event(
        EventKind(row.kind),
        row.day,
        party=row.party_key or None,
        addressee=told.get("addressee"),
        clause=told.get("clause"),
        reading=told.get("reading"),
        effect=_day(told.get("effect")),
        until=_day(told.get("until")),
        detail=str(told.get("note", "")),
    )


def _letters(row: EventRow) -> Iterable[Event]:
    """Each letter with its days; one that names no addressee went to all (`deliveries` empty)."""
    kinds = _LETTERS[RecordedKind(row.kind)]
    clause = row.detail.get("clause")
    for letter in row.deliveries.all():
        days = (letter.sent_on, letter.presented_on, letter.received_on)
        for kind, day in zip(kinds, days, strict=True):
            if day is not None:
                yield Event(
                    kind,
                    day,
                    party=row.party_key or None,
                    addressee=letter.addressee_key,
                    clause=clause,
                )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
