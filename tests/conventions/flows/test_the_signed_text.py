"""A party that publishes by raw SQL opens nothing that the signed texts do not hold, in the database itself."""

import json
from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, transaction

from maillage.conventions.flows.rules import authorised
from maillage.conventions.lifecycle.queries import load
from maillage.core.row_security import acting
from tests.conventions.amendments.test_amendments import AT, EFFECT, drafted, proposed_amendment, sign
from tests.conventions.people import CARSAT, CCAS, CPAM, body, member, seen

pytestmark = [pytest.mark.django_db, pytest.mark.security]
HELD = {"key": "orientation_misas", "sender": "ccas", "recipient": "cpam", "service": "misas", "article": "3"}
NEW = {
    "key": "orientation_ssam",
    "label": "Orienter vers le service social",
    "article": "3",
    "sender": "ccas",
    "recipient": "ssam",
    "service": "ssam",
    "data": "nominative",
    "channels": [{"kind": "platform"}],
}
ADDED = {"operation": "add", "path": "flows", "value": NEW}
PUBLISHED = {
    "key": "orientation_ssam",
    "sender": "ccas",
    "recipient": "carsat",
    "service": "ssam",
    "article": "3",
}


def publish(convention: UUID, *flows: dict[str, Any]) -> None:
    with transaction.atomic(), acting(organisation=body("ccas").id), connection.cursor() as cursor:
        cursor.execute(
            "SELECT publish_authorisations(%s, %s, '[2020-01-01,)'::tstzrange)",
            [convention, json.dumps(flows)],
        )


def refused(convention: UUID, flow: dict[str, Any]) -> bool:
    try:
        publish(convention, HELD, flow)
    except ProgrammingError as error:
        return "does not hold" in str(error)
    return False


OTHERS: dict[str, dict[str, Any]] = {
    "a flow of its own making": HELD | {"key": "tout"},
    "the other way": HELD | {"sender": "cpam", "recipient": "ccas"},
    "to another signatory": HELD | {"recipient": "carsat"},
    "from another signatory": HELD | {"sender": "carsat"},
    "another service": HELD | {"service": "eps"},
    "another article": HELD | {"article": "4"},
    "rights that it does not carry": HELD | {"rights": ["ame"]},
    "another name of its service": HELD | {"label": "Tout ce que l’on veut"},
    "a call by the person": {
        "key": "appel_ssam",
        "sender": "person",
        "recipient": "carsat",
        "service": "ssam",
        "article": "3",
    },
    "a flow without a service": {
        "key": "avancement_demarches",
        "sender": "cpam",
        "recipient": "ccas",
        "service": "",
        "article": "4",
    },
    "no key": {name: value for name, value in HELD.items() if name != "key"},
    "no article": {name: value for name, value in HELD.items() if name != "article"},
    "a key that ends a place early": HELD | {"key": "orientation_misas].x[orientation_misas"},
}


@pytest.mark.parametrize("case", OTHERS)
def test_a_flow_that_the_signed_text_does_not_hold_is_refused(case: str, signed_s3: UUID) -> None:
    assert refused(signed_s3, OTHERS[case])


def test_the_flows_of_the_signed_text_are_published(signed_s3: UUID) -> None:
    with member(CCAS) as partner:
        flows = [
            {name: getattr(flow, name) for name in (*HELD, "rights", "label")}
            for flow in authorised(load(seen(partner, signed_s3)).terms(EFFECT))
        ]
    assert flows == [
        HELD | {"rights": (), "label": "Dispositifs d'accès aux soins, Mission accompagnement santé"}
    ]
    publish(signed_s3, *flows)


def test_a_flow_that_an_avenant_adds_is_held_once_all_have_signed_it(signed_s3: UUID) -> None:
    assert refused(signed_s3, PUBLISHED)
    drafted(signed_s3, ADDED)
    assert refused(signed_s3, PUBLISHED)
    avenant = proposed_amendment(signed_s3, ADDED)
    sign(avenant, CPAM)
    sign(avenant, CARSAT)
    assert refused(signed_s3, PUBLISHED)
    assert sign(avenant, CCAS).complete
    assert not refused(signed_s3, PUBLISHED)
    assert refused(signed_s3, PUBLISHED | {"recipient": "cpam"})
    with member(CCAS, AT) as partner:
        keys = [flow.key for flow in authorised(load(seen(partner, signed_s3)).terms(EFFECT))]
    assert keys == ["orientation_misas", "orientation_ssam"]


def test_a_side_that_an_avenant_replaces_is_held_with_it(signed_s3: UUID) -> None:
    changed = HELD | {"recipient": "carsat"}
    assert refused(signed_s3, changed)
    avenant = proposed_amendment(
        signed_s3, {"operation": "replace", "path": "flows[orientation_misas].recipient", "value": "carsat"}
    )
    for who in (CPAM, CARSAT, CCAS):
        sign(avenant, who)
    assert not refused(signed_s3, changed)


def test_rights_that_an_avenant_gives_or_takes_are_held_once_all_have_signed_it(signed_s3: UUID) -> None:
    carrying = HELD | {"rights": ["puma", "c2s"]}
    avenant = proposed_amendment(
        signed_s3,
        {"operation": "replace", "path": "flows[orientation_misas].rights", "value": ["puma", "c2s"]},
    )
    assert refused(signed_s3, carrying)
    for who in (CPAM, CARSAT, CCAS):
        sign(avenant, who)
    assert not refused(signed_s3, carrying)
    assert not refused(signed_s3, HELD)  # until the day of its effect
    assert refused(signed_s3, HELD | {"rights": ["puma"]})
