"""What happened to a convention, last first: facts, signatures, versions of the text, avenants."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from maillage.conventions.lifecycle.models import Event as EventRow
from maillage.conventions.lifecycle.recorded import RecordedKind
from maillage.conventions.signatures.models import Signature
from maillage.web.conventions.reading.known import Known
from maillage.web.presentation.components import Event, event
from maillage.web.presentation.dates import PARIS, short_date
from maillage.web.presentation.typography import typeset

_MOST = 200


def history(known: Known, signatures: Sequence[Signature], versions: Sequence[Any]) -> list[Event]:
    """Every recorded fact, in words; no name of a person stands here."""
    told = [_version(known, number, at.astimezone(PARIS).date()) for number, at in versions]
    told += [_signature(known, row) for row in signatures]
    told += [_fact(known, row) for row in known.convention.recorded]
    told += [
        (avenant.effect, event(avenant.effect, f"Avenant n° {avenant.number} : prise d’effet", on=known.on))
        for avenant in known.convention.avenants
    ]
    ordered = sorted(enumerate(told), key=lambda pair: (pair[1][0], pair[0]), reverse=True)
    return [shown for _, (_, shown) in ordered[:_MOST]]


def _fact(known: Known, row: EventRow) -> tuple[date, Event]:
    kind = RecordedKind(row.kind).label
    who = known.names.of(row.party_key) if row.party_key else ""
    told = [str(row.detail[name]) for name in ("note", "reference") if row.detail.get(name)]
    told += [
        f"Lettre à {known.names.of(one.addressee_key)} : envoyée le {short_date(one.sent_on)}"
        + (f", présentée le {short_date(one.presented_on)}" if one.presented_on else "")
        + (f", reçue le {short_date(one.received_on)}" if one.received_on else "")
        for one in row.deliveries.all()
    ]
    title = typeset(kind[:1].upper() + kind[1:])
    return row.day, event(row.day, title, on=known.on, who=who, detail=" · ".join(told))


def _signature(known: Known, row: Signature) -> tuple[date, Event]:
    what = "Signature d’un avenant" if row.amendment_id else "Signature"
    detail = row.function + (", par délégation" if row.by_delegation else "")
    if row.voided_at is not None:
        detail += f" ; annulée le {short_date(row.voided_at)} : le texte a changé"
    return row.signed_on, event(
        row.signed_on, what, on=known.on, who=known.names.of(row.party_key), detail=detail
    )


def _version(known: Known, number: int, day: date) -> tuple[date, Event]:
    title = "Première version du texte" if number == 1 else f"Version {number} du texte"
    return day, event(day, title, on=known.on)
