"""Where frameworks are applied: for their parties every caisse below them, for a caisse itself alone. Counts and reasons, nobody's name."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from maillage.conventions.deployment.models import DeploymentReason
from maillage.conventions.deployment.rules import Concluded, Line, Noted, reasons_asked
from maillage.conventions.lifecycle.relations import texts_above
from maillage.conventions.terms.services import Item


@dataclass(frozen=True, slots=True)
class Deployment:
    """A framework, since when it takes effect, the reasons that its text proposes, and where each caisse stands."""

    framework: UUID
    title: str
    since: date | None
    reasons: tuple[Item, ...]
    lines: tuple[Line, ...]


def deployment(framework: UUID, *, on: date) -> Deployment | None:
    """Where this framework is applied, as the acting organisation may know it; None for what is no framework of its own."""
    return next(iter(_deployments([framework], on)), None)


def own_deployments(*, on: date) -> list[Deployment]:
    """The frameworks above the acting caisse, each with its own line alone. Four queries, however many."""
    return [one for one in _deployments([framework for framework, _ in texts_above()], on) if one.lines]


def _deployments(frameworks: Sequence[UUID], on: date) -> list[Deployment]:
    if not frameworks:
        return []
    lines = _lines(frameworks)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM conventions_deployment_texts(%s)", [list(frameworks)])
        found = cursor.fetchall()
    return [
        Deployment(
            key,
            title,
            since,
            reasons_asked(json.loads(indicators), _changes(changes), on),
            tuple(lines.get(key, ())),
        )
        for key, title, since, indicators, changes in found
    ]


def _changes(changes: str) -> list[tuple[date, Mapping[str, Any]]]:
    return [(date.fromisoformat(one["effect"]), one["change"]) for one in json.loads(changes)]


def _lines(frameworks: Sequence[UUID]) -> dict[UUID, list[Line]]:
    """The caisses of each framework, by département then name, with their conventions and what they noted."""
    noted: dict[tuple[UUID, UUID], list[Noted]] = {}
    for row in DeploymentReason.objects.filter(framework__in=frameworks).order_by("-recorded_at", "-id"):
        said = Noted(row.reason, row.label, row.day, row.comment, row.recorded_at)
        noted.setdefault((row.framework_id, row.organisation_id), []).append(said)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM conventions_deployment(%s)", [list(frameworks)])
        rows = cursor.fetchall()
    bodies: dict[tuple[UUID, UUID], tuple[str, str]] = {}
    concluded: dict[tuple[UUID, UUID], list[Concluded]] = {}
    for framework, organisation, name, departement, convention, signed_on, departements in rows:
        bodies[framework, organisation] = (name, departement)
        if convention is not None:
            concluded.setdefault((framework, organisation), []).append(Concluded(signed_on, departements))
    found: dict[UUID, list[Line]] = {}
    for (framework, organisation), (name, departement) in bodies.items():
        key = (framework, organisation)
        line = Line(organisation, name, departement, tuple(concluded.get(key, ())), tuple(noted.get(key, ())))
        found.setdefault(framework, []).append(line)
    return found
