"""`maillage route`: the routes that conventions open to a situation, and why the others are closed.

maillage route --convention FILE … [--on DATE] [--json] < situation.json

It only computes: no server, no database, and nothing of the situation is kept. Exit code 1 when a convention or the
situation is wrong, 2 when an argument cannot be read.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from maillage.cli.days import UsageError, day_of
from maillage.conventions.terms import Terms, TermsError, load_terms
from maillage.conventions.terms.base import article_named
from maillage.conventions.terms.errors import Problem
from maillage.core import clock
from maillage.core.holidays import zone_of
from maillage.referrals.routing.conditions import Verdict
from maillage.referrals.routing.router import Route, Routing, Way, routing_of
from maillage.referrals.routing.situation import MAX_BYTES, Situation, situation_from_json

BAD_INPUT: Final = 1
BAD_USAGE: Final = 2

_STATES: Final = {
    Verdict.MET: ("open", "ouverte"),
    Verdict.UNKNOWN: ("to_complete", "à compléter"),
    Verdict.NOT_MET: ("closed", "fermée"),
}
_WAYS: Final = {
    Way.PLATFORM: "par Maillage",
    Way.AGENT: "par un agent",
    Way.PHONE: "par téléphone",
    Way.PERSON: "la personne elle-même",
    Way.INFORMATION: "en l'informant",
    Way.OTHER: "par un autre canal",
    Way.UNKNOWN: "canal inconnu",
}
_MARKS: Final = {Verdict.MET: "remplie", Verdict.UNKNOWN: "inconnue", Verdict.NOT_MET: "non remplie"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `maillage route` on its parser."""
    parser.add_argument(
        "--convention",
        metavar="FICHIER",
        action="extend",
        nargs="+",
        required=True,
        help="une convention, en YAML",
    )
    parser.add_argument("--on", metavar="DATE", help="jour où se placer ; aujourd'hui par défaut")
    parser.add_argument("--json", action="store_true", help="écrire un objet JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the routes; the exit code is 0, 1 (bad input) or 2 (bad usage), the reason on standard error."""
    try:
        on = day_of(arguments.on, "--on") if arguments.on else clock.today(zone_of("75"))
        known = [load_terms(Path(name), name) for name in arguments.convention]
        situation = situation_from_json(sys.stdin.buffer.read(MAX_BYTES + 1), on=on)
        _known_sender(situation, known)
    except UsageError as error:
        print(error, file=sys.stderr)
        return BAD_USAGE
    except TermsError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    ready = [(terms, routing_of(terms)) for terms in known]
    if arguments.json:
        found = {
            "on": situation.on.isoformat(),
            "conventions": [_convention(terms, routing, situation) for terms, routing in ready],
        }
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        print("\n".join(line for terms, routing in ready for line in _lines(terms, routing, situation)))
    return 0


def _known_sender(situation: Situation, known: list[Terms]) -> None:
    """A sender that no convention names is a mistake, not an absence of routes."""
    names = {
        clause.key
        for terms in known
        for text in (terms, terms.local_template)
        if text is not None
        for clause in (*text.parties, *text.third_parties)
    }
    if situation.sender and situation.sender not in names:
        expected = f"une partie de ces conventions ou son service : {', '.join(sorted(names))}"
        raise TermsError([Problem("sender", expected, "situation")])


def _convention(terms: Terms, routing: Routing, situation: Situation) -> dict[str, Any]:
    return {
        "id": terms.id,
        "title": terms.title,
        "routes": [_route(route) for route in routing.routes(situation)],
        "questions": [
            {"id": question.id, "text": question.text, "fact": question.fact is not None}
            for question in routing.questions(situation)
        ],
    }


def _route(route: Route) -> dict[str, Any]:
    """One route as JSON; `open` tells whether it may be taken now, `would_open` what is missing otherwise."""
    flow = route.flow
    return {
        "route": route.key,
        "service": route.service.key,
        "label": route.label,
        "article": route.article,
        "from": flow.sender if flow else None,
        "to": flow.recipient if flow else None,
        "data": flow.data.value if flow else "none",
        "way": route.way.value,
        "channels": [channel.model_dump(mode="json", exclude_defaults=True) for channel in route.channels],
        "open": route.is_open,
        "state": _STATES[route.verdict][0],
        "obstacles": [obstacle.value for obstacle in route.obstacles],
        "requirements": [
            {
                "group": requirement.group.value,
                "article": requirement.article,
                "at_least": requirement.at_least,
                "state": requirement.verdict.value,
                "conditions": [
                    {
                        "id": condition.id,
                        "label": condition.label,
                        "article": condition.article,
                        "state": condition.verdict.value,
                        "facts": list(condition.facts),
                    }
                    for condition in requirement.conditions
                ],
            }
            for requirement in route.requirements
        ],
        "would_open": [
            {"text": opening.text, "article": opening.article, "by_answer": opening.answer}
            for opening in route.openings()
        ],
    }


def _lines(terms: Terms, routing: Routing, situation: Situation) -> Iterator[str]:
    """The same as French text."""
    yield f"{terms.id}, au {situation.on:%d/%m/%Y}"
    routes = routing.routes(situation)
    if not routes:
        yield "  Cette convention n'ouvre aucune voie pour une personne."
    for route in routes:
        yield f"  {route.label} ({article_named(route.article)}) : {_STATES[route.verdict][1]}, {_WAYS[route.way]}"
        for channel in route.channels:
            if channel.number:
                words = f", dire « {channel.words} »" if channel.words else ""
                yield f"    Appeler le {channel.number}{words}"
        for requirement in route.requirements:
            for condition in requirement.conditions:
                yield f"    - {condition.label} : {_MARKS[condition.verdict]} ({article_named(condition.article)})"
        for opening in route.openings():
            yield f"    Ce qui l'ouvrirait : {opening.text} ({article_named(opening.article)})"
    for question in routing.questions(situation):
        yield f"  À demander : {question.text}"
