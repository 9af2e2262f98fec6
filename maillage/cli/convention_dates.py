"""`maillage convention dates FILE`: the dates of a convention, from its text and what happened to it.

maillage convention dates FILE [--signed DATE …] [--on DATE] [--event KIND=DATE …] [--json]

It only computes: no server, no database. Exit code 1 when the file or the number of signatures is wrong,
2 when a date or an event cannot be read.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from maillage.cli.days import UsageError, day_of
from maillage.conventions.lifecycle.events import Event, EventKind
from maillage.conventions.lifecycle.facts import Facts
from maillage.conventions.lifecycle.rules import facts
from maillage.conventions.lifecycle.states import State
from maillage.conventions.terms.duration import Form
from maillage.conventions.terms.errors import TermsError
from maillage.conventions.terms.loading import load_terms
from maillage.conventions.terms.terms import Terms
from maillage.core import clock
from maillage.core.calendar import french
from maillage.core.holidays import zone_of

BAD_INPUT: Final = 1
BAD_USAGE: Final = 2
EVENT_KINDS: Final = (
    EventKind.DENUNCIATION_SENT,
    EventKind.DENUNCIATION_RECEIVED,
    EventKind.FORMAL_NOTICE_SENT,
    EventKind.COMPLIED,
    EventKind.TERMINATED,
    EventKind.RENEWAL_OPPOSED,
)
_UNKNOWN = "inconnu"
_UNKNOWN_FEMININE = "inconnue"


class SignatureError(ValueError):
    """More signatures than parties; `args[0]` says it in French."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `maillage convention dates` on its parser."""
    kinds = ", ".join(EVENT_KINDS)
    parser.add_argument("file", metavar="FICHIER", help="la convention, en YAML")
    parser.add_argument(
        "--signed",
        metavar="DATE",
        action="extend",
        nargs="+",
        default=[],
        help="date de signature (AAAA-MM-JJ) : une pour toutes les parties, ou une par partie dans l'ordre",
    )
    parser.add_argument("--on", metavar="DATE", help="jour où se placer ; aujourd'hui par défaut")
    parser.add_argument(
        "--event",
        metavar="FAIT=DATE",
        action="extend",
        nargs="+",
        default=[],
        help=f"fait enregistré, parmi : {kinds}",
    )
    parser.add_argument("--json", action="store_true", help="écrire un objet JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the dates; the exit code is 0, 1 (bad input) or 2 (bad usage), the reason on standard error."""
    try:
        on = day_of(arguments.on, "--on") if arguments.on else clock.today(zone_of("75"))
        signed = [day_of(text, "--signed") for text in arguments.signed]
        recorded = [_event(text) for text in arguments.event]
        terms = load_terms(Path(arguments.file))
        signatures = _signatures(signed, [party.key for party in terms.parties])
    except UsageError as error:
        print(error, file=sys.stderr)
        return BAD_USAGE
    except (TermsError, SignatureError) as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    found = facts(terms, [*signatures, *recorded], on)
    if arguments.json:
        print(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
    else:
        print("\n".join(_lines(found, _texts(terms))))
    return 0


def _event(text: str) -> Event:
    kind, separator, day = text.partition("=")
    if not separator or kind not in EVENT_KINDS:
        kinds = ", ".join(EVENT_KINDS)
        raise UsageError(f"--event : « {text} » n'est pas FAIT=DATE ; faits attendus : {kinds}.")
    return Event(EventKind(kind), day_of(day, f"--event {kind}"))


def _signatures(days: Sequence[date], keys: Sequence[str]) -> list[Event]:
    """One date is that of all parties; several are one per party, in the order of the file."""
    if len(days) > len(keys):
        raise SignatureError(f"--signed : {len(days)} dates pour {len(keys)} parties ({', '.join(keys)}).")
    if len(days) == 1:
        return [Event(EventKind.SIGNED, days[0])]
    return [Event(EventKind.SIGNED, day, party=key) for key, day in zip(keys, days, strict=False)]


def _texts(terms: Terms) -> dict[tuple[str, str], str]:
    """What each reading of a way out means, by the names of both."""
    exits = terms.exits if isinstance(terms.exits, tuple) else ()
    return {(clause.name, one.name): one.text for clause in exits for one in clause.variants}


def _lines(found: Facts, texts: Mapping[tuple[str, str], str]) -> Iterator[str]:
    """The same facts as French text."""
    yield f"{found.id}, au {french(found.on)}"
    for each in found.each():
        if each.reading:
            yield f"\nSelon la lecture « {each.reading_text} » (article {each.article}) :"
        ended = f", {each.end_kind.label}" if each.end_kind else ""
        yield f"  État : {each.state.label if each.state else _UNKNOWN}{ended}"
        over = each.state is State.ENDED
        yield f"  Prise d'effet : {_shown(each.starts, _UNKNOWN_FEMININE)}"
        if over:
            yield f"  Dernier jour en vigueur : {_shown(each.ends)}"
        else:
            yield f"  Fin du terme en cours : {_shown(each.ends, _UNKNOWN_FEMININE)}"
            yield f"  Prochain anniversaire : {_shown(each.anniversary)}"
        for renewal in each.renewals:
            yield (
                f"  Renouvellement ({renewal.label}) : à partir du {french(renewal.since)}, "
                f"{f'jusqu’au {french(renewal.until)}' if renewal.until else 'sans fin connue'}"
                f" (article {renewal.article})"
            )
        for row in each.exits:
            reading = texts.get((row.name, row.reading), row.reading)
            parts = [
                row.label,
                reading and f"si on lit « {reading} »",
                Form(row.form).label if row.form else "",
            ]
            parts += [(row.first_day and f"à partir du {french(row.first_day)}") or ""]
            parts += [(row.last_day and f"au plus tard le {french(row.last_day)}") or ""]
            parts += [(row.effect and f"effet au {french(row.effect)}") or ""]
            yield f"  Sortie : {', '.join(filter(None, parts))} (article {row.article})"
    if found.warnings:
        yield "\nÀ savoir :"
    for remark in found.warnings:
        yield f"  - {remark.text}" + (f" (article {remark.article})" if remark.article else "")


def _shown(day: date | None, unknown: str = _UNKNOWN) -> str:
    return french(day) if day else unknown
