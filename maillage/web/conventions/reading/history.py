"""What happened to a convention, last first: facts, signatures, versions of the text, avenants; when, and by which body."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from maillage.conventions.lifecycle.models import Event as EventRow
from maillage.conventions.lifecycle.recorded import RecordedKind
from maillage.conventions.signatures.models import Signature
from maillage.web.conventions.reading.known import Known
from maillage.web.presentation.components import Event, event
from maillage.web.presentation.dates import long_date, long_instant, short_date, short_instant
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.typography import typeset

_MOST = 200


@dataclass(frozen=True, slots=True)
class _Told:
    """One line: its day, the instant when it was recorded (none for what comes by itself), its words."""

    day: date
    at: datetime
    shown: Event
    version: int = 0


def history(
    known: Known, signatures: Sequence[Signature], versions: Sequence[tuple[int, datetime]]
) -> list[Event]:
    """Every recorded fact, in words, in the order of the instants; no name of a person stands here."""
    told = [_version(known, number, at) for number, at in versions]
    told += [_signature(known, row) for row in signatures]
    told += [_fact(known, row) for row in known.convention.recorded]
    told += [_avenant(known, one.effect, one.number) for one in known.convention.avenants]
    ordered = sorted(told, key=lambda one: (one.day, one.at), reverse=True)
    return list(_folded(known, ordered))[:_MOST]


def _folded(known: Known, lines: Sequence[_Told]) -> Iterator[Event]:
    """The lines, records of the draft that follow one another made one."""
    records: list[_Told] = []
    for line in lines:
        if line.version > 1:
            records.append(line)
            continue
        yield from _records(known, records)
        records = []
        yield line.shown
    yield from _records(known, records)


def _records(known: Known, lines: Sequence[_Told]) -> Iterator[Event]:
    if len(lines) < 2:
        yield from (line.shown for line in lines)
        return
    last, first = lines[0], lines[-1]
    yield Event(
        long_instant(last.at, known.convention.zone),
        f"{counted(len(lines), 'enregistrement')} du brouillon",
        _drafter(known),
        f"Versions {first.version} à {last.version} du texte, depuis le {short_instant(first.at, known.convention.zone)}.",
    )


def _fact(known: Known, row: EventRow) -> _Told:
    kind = RecordedKind(row.kind).label
    party = known.names.of(row.party_key) if row.party_key else ""
    body = _body(known, row.recorded_for_id)
    told = [str(row.detail[name]) for name in ("note", "reference") if row.detail.get(name)]
    told += [
        f"Lettre à {known.names.of(one.addressee_key)} : envoyée le {short_date(one.sent_on)}"
        + (f", présentée le {short_date(one.presented_on)}" if one.presented_on else "")
        + (f", reçue le {short_date(one.received_on)}" if one.received_on else "")
        for one in row.deliveries.all()
    ]
    if party and body and body != party:
        told.append(f"enregistré par {body}")
    if (
        row.kind == RecordedKind.REFERENT_CHANGED
        and "referent" in row.detail
        and not row.detail.get("former")
    ):
        kind = "référent nommé"
    if "planned_since" in row.detail:
        kind = "changement prévu d’un référent, revu"
    title = typeset(kind[:1].upper() + kind[1:])
    return _line(known, (row.day, row.recorded_at), title, party or body, told)


def _signature(known: Known, row: Signature) -> _Told:
    what = "Signature d’un avenant" if row.amendment_id else "Signature"
    told = [row.function + (", par délégation" if row.by_delegation else "")]
    if row.voided_at is not None:
        voided = short_instant(row.voided_at, known.convention.zone)
        told.append(f"annulée le {voided} : le texte a changé")
    if row.recorded_for_id != row.organisation_id:
        told.append(f"enregistrée par {_body(known, row.recorded_for_id) or 'une autre partie'}")
    return _line(known, (row.signed_on, row.recorded_at), what, known.names.of(row.party_key), told)


def _version(known: Known, number: int, at: datetime) -> _Told:
    title = "Première version du texte" if number == 1 else f"Version {number} du texte"
    day = at.astimezone(known.convention.zone).date()
    return _Told(day, at, _line(known, (day, at), title, _drafter(known), []).shown, number)


def _avenant(known: Known, effect: date, number: int) -> _Told:
    """It takes effect by itself, at the first instant of its day."""
    midnight = datetime.combine(effect, time(), known.convention.zone)
    return _Told(effect, midnight, event(effect, f"Avenant n° {number} : prise d’effet", on=known.on))


def _line(known: Known, when: tuple[date, datetime], title: str, who: str, told: list[str]) -> _Told:
    """What was recorded on its own day shows its hour; what was told later says when."""
    zone, (day, at) = known.convention.zone, when
    if at.astimezone(zone).date() == day:
        words = long_instant(at, zone)
    else:
        words = long_date(day)
        told = [*told, f"noté le {short_instant(at, zone)}"]
    return _Told(day, at, Event(words, title, who, " · ".join(told), is_future=day > known.on))


def _body(known: Known, organisation: UUID) -> str:
    """The short name of a body of the convention; none for what the calendar did by itself."""
    return next((one.short_name for one in known.convention.parties if one.organisation == organisation), "")


def _drafter(known: Known) -> str:
    return _body(known, known.convention.row.drafted_by_id)
