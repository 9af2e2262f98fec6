"""`maillage clock RIGHT`: the two clocks of an application, and why each date is what it is.

maillage clock RIGHT [--convention FILE] --received DATE [--complete DATE] [--asked DATE [--granted DAYS] [--answered DATE] …]
    [--decided DATE] [--on DATE] [--urgent] [--departement CODE] [--json]

It only computes: no server, no database. Without `--convention` the model of the PASS (S2) promises. Exit code 1 when the
convention or the facts are wrong, 2 when an argument cannot be read.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from maillage.cli.days import UsageError, day_of
from maillage.conventions import library
from maillage.conventions.terms.errors import TermsError
from maillage.conventions.terms.loading import load_terms
from maillage.conventions.terms.terms import Terms
from maillage.core import clock
from maillage.core.calendar import french
from maillage.core.holidays import zone_of
from maillage.rights.clocks.course import Course, Request, WrongCourse, course
from maillage.rights.clocks.explaining import Step, steps
from maillage.rights.clocks.law import Legal, Silence, legal, rule_for
from maillage.rights.clocks.promise import Promise, Promised, State, promise_of, promised

BAD_INPUT: Final = 1
BAD_USAGE: Final = 2
RIGHTS: Final = ("c2s", "ame", "puma", "carte_vitale")
DEFAULT: Final = "hopital_pass_modele"
_STATES: Final = {
    State.NONE: "aucun engagement",
    State.INFORMATIVE: "pour information",
    State.RUNNING: "en cours",
    State.LATE: "en retard",
    State.KEPT: "tenu",
    State.MISSED: "manqué",
}
_SILENCES: Final = {Silence.ACCEPTANCE: "accord", Silence.REJECTION: "refus"}


class _Round(argparse.Action):
    """`--asked` opens a request for pieces; `--granted` and `--answered` belong to the last one."""

    def __call__(
        self,
        _parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        namespace.rounds = [*(namespace.rounds or []), (str(option_string), str(values))]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `maillage clock` on its parser."""
    parser.set_defaults(rounds=[])
    parser.add_argument("right", metavar="DROIT", choices=RIGHTS, help=f"l'un de : {', '.join(RIGHTS)}")
    parser.add_argument(
        "--convention", metavar="FICHIER", help="la convention, en YAML ; le modèle de la PASS par défaut"
    )
    parser.add_argument(
        "--received", metavar="DATE", required=True, help="réception par la caisse (AAAA-MM-JJ)"
    )
    parser.add_argument(
        "--complete", metavar="DATE", help="jour où le dossier est complet ; sa réception par défaut"
    )
    for name, metavar, text in (
        ("--asked", "DATE", "pièces demandées ; peut être répété"),
        ("--granted", "JOURS", "délai accordé pour les dernières pièces demandées"),
        ("--answered", "DATE", "réception des dernières pièces demandées"),
    ):
        parser.add_argument(name, metavar=metavar, action=_Round, help=text)
    parser.add_argument("--decided", metavar="DATE", help="décision de la caisse")
    parser.add_argument("--on", metavar="DATE", help="jour où se placer ; aujourd'hui par défaut")
    parser.add_argument("--urgent", action="store_true", help="demande urgente (AME)")
    parser.add_argument(
        "--departement", metavar="CODE", default="75", help="celui de la caisse : ses jours fériés, son heure"
    )
    parser.add_argument("--json", action="store_true", help="écrire un objet JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the clocks; the exit code is 0, 1 (bad input) or 2 (bad usage), the reason on standard error."""
    try:
        zone = _zone(arguments.departement)
        on = day_of(arguments.on, "--on") if arguments.on else clock.today(zone)
        found = _course(arguments)
        terms = load_terms(Path(arguments.convention)) if arguments.convention else library.load(DEFAULT)
        promise = _promise(terms, arguments)
    except UsageError as error:
        print(error, file=sys.stderr)
        return BAD_USAGE
    except WrongCourse as error:
        print(f"--{error.field} : {error}.", file=sys.stderr)
        return BAD_INPUT
    except TermsError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    owed = promised(promise, found, on=on, departement=arguments.departement)
    rule = rule_for(arguments.right, found.received)
    law = legal(rule, found, departement=arguments.departement)
    why = steps(found, promise, owed, rule, law)
    if arguments.json:
        print(json.dumps(_as_json(owed, law, why), ensure_ascii=False, indent=1))
    else:
        print("\n".join(_lines(owed, law, why)))
    return 0


def _zone(departement: str) -> ZoneInfo:
    try:
        return zone_of(departement)
    except ValueError as error:
        raise UsageError(f"--departement : {error}.") from error


def _promise(terms: Terms, arguments: argparse.Namespace) -> Promise:
    if not arguments.urgent:
        return promise_of(terms, arguments.right)
    found = promise_of(terms, arguments.right, urgent=True)
    if not found.article:
        raise UsageError(f"--urgent : cette convention ne dit rien de l'urgence pour « {arguments.right} ».")
    return found


def _course(arguments: argparse.Namespace) -> Course:
    requests: list[Request] = []
    for option, value in arguments.rounds:
        if option == "--asked":
            requests.append(Request(day_of(value, option)))
        elif not requests:
            raise UsageError(f"{option} : vient après un --asked.")
        elif option == "--granted":
            requests[-1] = replace(requests[-1], granted=_days(value))
        else:
            requests[-1] = replace(requests[-1], answered=day_of(value, option))
    return course(
        received=day_of(arguments.received, "--received"),
        complete=_day(arguments.complete, "--complete"),
        requests=tuple(requests),
        decided=_day(arguments.decided, "--decided"),
    )


def _day(text: str | None, argument: str) -> date | None:
    return day_of(text, argument) if text else None


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 4):
        raise UsageError(f"--granted : « {text} » n'est pas un nombre de jours.")
    return int(text)


def _as_json(owed: Promised, law: Legal, why: list[Step]) -> dict[str, Any]:
    """`readings` are the ways to count where there are several; those that do not bind are shown beside."""
    return {
        "commitment": {
            "due": _iso(owed.due),
            "article": owed.article,
            "state": owed.state.value,
            "readings": [
                {
                    "name": one.reading.name,
                    "text": one.reading.text,
                    "due": _iso(one.due),
                    "binds": one.reading.binds,
                }
                for one in owed.readings
            ],
        },
        "legal": {"due": _iso(law.due), "silence": law.silence, "source": law.source},
        "steps": [
            {"on": step.on.isoformat(), "what": step.what, "why": step.why, "source": step.source}
            for step in why
        ],
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _lines(owed: Promised, law: Legal, why: list[Step]) -> Iterator[str]:
    """The same as French text."""
    promised = f"{french(owed.due)} ({_STATES[owed.state]})" if owed.due else _STATES[owed.state]
    yield f"Engagement de la convention : {promised}"
    for one in owed.readings:
        yield f"  {one.reading.text} : {french(one.due) if one.due else 'pas encore connu'}"
    silence = f", silence valant {_SILENCES[law.silence]}" if law.silence else ""
    yield f"Délai de la loi : {french(law.due) if law.due else 'aucune date'}{silence} ({law.source})"
    for step in why:
        source = f" ({step.source})" if step.source else ""
        yield f"  {french(step.on)} : {step.what}{f' — {step.why}' if step.why else ''}{source}"
