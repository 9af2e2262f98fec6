"""The parties of a framework read where each caisse stands; a caisse reads itself alone, and says why it has no convention."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from maillage.conventions.deployment.models import DeploymentReason
from maillage.conventions.deployment.queries import deployment, own_deployments
from maillage.conventions.deployment.rules import Echelon, Line, Standing
from maillage.conventions.lifecycle.relations import unrelate
from maillage.conventions.models import Relation
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from tests.conventions.deployment.world import AT, applied, noted, opened_caisse, signed_framework
from tests.conventions.people import CARSAT, CCAS, CNAM, CPAM, CROIX_ROUGE, DPO, HOSPITAL, member, raw, seen
from tests.days import today

pytestmark = pytest.mark.django_db
PARTIES = (CNAM, CROIX_ROUGE)


@pytest.fixture(scope="module")
def framework(kept: object) -> UUID:
    return signed_framework()


def lines(framework: UUID, address: str) -> dict[str, Line]:
    with member(address, AT):
        found = deployment(framework, on=AT.date())
        return {one.name: one for one in found.lines} if found else {}


def test_each_party_reads_every_caisse_below_one_of_them_and_nobody_else_any(framework: UUID) -> None:
    opened_caisse("CPAM de l’Exemple", "38")
    opened_caisse("CGSS d’Exemple", "974", "cgss")
    opened_caisse("CARSAT d’Exemple", "38", "carsat")
    for address in PARTIES:
        found = lines(framework, address)
        assert {name: one.departement for name, one in found.items()} == {
            "CPAM de la Loire": "42",
            "CPAM de l’Exemple": "38",
            "CGSS d’Exemple": "974",
        }
        assert {one.standing for one in found.values()} == {Standing.SILENT}
    assert set(lines(framework, CPAM)) == {"CPAM de la Loire"}
    for address in (CARSAT, CCAS, HOSPITAL):
        assert lines(framework, address) == {}


def test_a_caisse_of_another_network_or_closed_is_not_among_them(framework: UUID) -> None:
    closed = opened_caisse("CPAM fermée", "38")
    assert "CPAM fermée" in lines(framework, CNAM)
    with member("annuaire@cnam.example.org", AT), connection.cursor() as cursor:
        cursor.execute("SELECT organisations_close(%s, %s, NULL)", [closed, today()])
    assert "CPAM fermée" not in lines(framework, CNAM)


def test_a_signed_convention_under_it_is_counted_with_its_level_and_its_day(framework: UUID) -> None:
    noted(framework, "demarches_en_cours")
    local = applied(framework)
    for address in (*PARTIES, CPAM):
        found = lines(framework, address)["CPAM de la Loire"]
        assert found.standing is Standing.SIGNED
        assert (found.count(Echelon.DEPARTEMENT), found.count(Echelon.REGION)) == (1, 0)
        assert found.since is not None
        assert found.since.isoformat() == "2024-11-14"
    with member(CPAM, AT) as caisse:
        tie = Relation.objects.get(convention=local, kind="implements")
        unrelate(convention=seen(caisse, local), relation=tie.pk, by=caisse)
    assert lines(framework, CNAM)["CPAM de la Loire"].standing is Standing.UNDER_WAY


def test_the_newest_reason_counts_and_the_former_ones_stay_readable(framework: UUID) -> None:
    noted(framework, "refus_crf", comment="Courrier du siège départemental")
    noted(framework, "demarches_en_cours", day=AT.date() - timedelta(days=3))
    for address in (*PARTIES, CPAM):
        found = lines(framework, address)["CPAM de la Loire"]
        assert found.standing is Standing.UNDER_WAY
        assert [one.label for one in found.noted] == ["Démarches en cours", "Refus de la Croix-Rouge"]
        assert found.noted[1].comment == "Courrier du siège départemental"


def test_a_form_sent_twice_notes_one_reason(framework: UUID) -> None:
    token = uuid7()
    first = noted(framework, "refus_cpam", reason_id=token)
    assert noted(framework, "aucune_demarche", reason_id=token).pk == first.pk
    assert len(lines(framework, CPAM)["CPAM de la Loire"].noted) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"key": "refus_partenaire"}, "key"),
        ({"key": ""}, "key"),
        ({"day": AT.date() + timedelta(days=1)}, "day"),
        ({"comment": "x" * 301}, "comment"),
        ({"comment": "Appelez le 06 12 34 56 78"}, "comment"),
        ({"comment": "Voir camille.exemple@example.org"}, "comment"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(framework: UUID, changes: dict[str, Any], field: str) -> None:
    said = {"key": "refus_cpam", **changes}
    with pytest.raises(Refused) as refused:
        noted(framework, **said)
    assert refused.value.field == field
    assert not DeploymentReason.objects.exists()


def test_only_a_referent_of_a_caisse_below_notes_and_only_while_it_has_none(framework: UUID) -> None:
    for address in (DPO, CARSAT, CNAM, CROIX_ROUGE, CCAS):
        with pytest.raises(PermissionDenied):
            noted(framework, "refus_cpam", address)
    with pytest.raises(Refused, match="pas un cadre"):
        noted(uuid7(), "refus_cpam")
    applied(framework)
    with pytest.raises(Refused, match="a une convention signée"):
        noted(framework, "refus_cpam")


def test_the_database_says_the_same_to_each_of_them(framework: UUID) -> None:
    row = noted(framework, "refus_cpam")
    insert = (
        "INSERT INTO conventions_deploymentreason"
        " (id, framework_id, organisation_id, reason, label, day, comment, recorded_at, recorded_by)"
        " SELECT gen_random_uuid(), %s, id, 'refus_cpam', 'Refus', '2025-01-01', '', now(), gen_random_uuid()"
        " FROM organisations_organisation WHERE short_name = %s"
    )
    assert raw("CPAM 42", insert, [framework, "CPAM 42"]) == 1
    for who, whose in (
        ("CPAM 42", "CARSAT RA"),
        ("CARSAT RA", "CARSAT RA"),
        ("Cnam", "CPAM 42"),
        ("CCAS", "CCAS"),
    ):
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            raw(who, insert, [framework, whose])
    read = "SELECT 1 FROM conventions_deploymentreason WHERE id = %s"
    counts = {
        who: raw(who, read, [row.pk]) for who in ("CPAM 42", "Cnam", "Croix-Rouge", "CARSAT RA", "CCAS")
    }
    assert counts == {"CPAM 42": 1, "Cnam": 1, "Croix-Rouge": 1, "CARSAT RA": 0, "CCAS": 0}
    for statement in (
        "UPDATE conventions_deploymentreason SET reason = 'x'",
        "DELETE FROM conventions_deploymentreason",
    ):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            raw("CPAM 42", statement)


def test_a_reason_without_words_is_refused_by_the_database(framework: UUID) -> None:
    with (
        member(CPAM, AT) as caisse,
        pytest.raises(DatabaseError, match="deploymentreason_says_why"),
        transaction.atomic(),
    ):
        DeploymentReason.objects.create(
            framework_id=framework, organisation_id=caisse.organisation, reason="", label="", day=AT.date(),
            recorded_at=AT, recorded_by=caisse.user,
        )  # fmt: skip


def test_a_caisse_reads_the_frameworks_above_it_in_four_queries(
    framework: UUID, django_assert_num_queries: Any
) -> None:
    noted(framework, "refus_cpam")
    with member(CPAM, AT) as caisse:
        with django_assert_num_queries(4):
            [one] = own_deployments(on=AT.date())
        assert one.framework == framework
        assert [line.organisation for line in one.lines] == [caisse.organisation]
        assert one.since is not None
        assert len(one.reasons) == 7
    with member(CCAS, AT):
        assert own_deployments(on=AT.date()) == []
