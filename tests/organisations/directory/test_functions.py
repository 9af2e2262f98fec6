"""What the database does for the directory: territories written by trigger, functions for who holds the role, closings."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillage.cases.models import Authorisation
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from maillage.organisations.directory.imports.matching import Known
from maillage.organisations.directory.rules import is_stale, served
from maillage.organisations.kinds import BodyKind
from maillage.organisations.models import Mailbox, Membership, Offer, Organisation, User
from maillage.vault.missing import make_missing_key_pairs
from maillage.vault.models import PrivateKey, PublicKey
from tests.days import today

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
MANAGER, ADMIN, WORKER = "annuaire@cnam.example.org", "admin@cpam.example.org", "social@ccas.example.org"


@contextmanager
def acting_for(address: str) -> Iterator[UUID]:
    """Someone of the demonstration, for the organisation that she works for."""
    user = User.objects.get(email=address)
    domain = {MANAGER: "Cnam", ADMIN: "CPAM 42", WORKER: "CCAS"}[address]
    organisation = Organisation.objects.get(short_name=domain).id
    with transaction.atomic(), acting(organisation=organisation, user=user.id):
        yield organisation


def call(function: str, *parameters: Any) -> object:
    marks = ", ".join(["%s"] * len(parameters))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}({marks})", list(parameters))
        return cursor.fetchone()[0]


def body(**changed: object) -> str:
    known = Known(
        uuid7(), "ccas", "CCAS d’Essai", "CCAS", "ccas d'essai", "", "", "", "", "42147", "42", (), "Europe/Paris", None, "", ""
    )  # fmt: skip
    return json.dumps([{**known.row(), **changed}])


def test_only_the_manager_opens_and_amends() -> None:
    ccas = str(Organisation.objects.get(short_name="CCAS").id)
    for address in (ADMIN, WORKER):
        with acting_for(address):
            for function in ("organisations_enter_bodies", "organisations_amend_bodies"):
                with pytest.raises(DatabaseError, match="not yours to keep"):
                    call(function, body(id=ccas) if "amend" in function else body())
    with acting_for(MANAGER):
        assert call("organisations_enter_bodies", body()) == 1
        assert call("organisations_amend_bodies", body(id=ccas, siret="26421029500020")) == 1
    assert Organisation.objects.get(id=ccas).name == "CCAS d’Essai"


def test_the_role_is_worth_nothing_outside_the_cnam() -> None:
    user, cpam = User.objects.get(email=ADMIN), Organisation.objects.get(short_name="CPAM 42")
    with pytest.raises(DatabaseError, match="kept at the Cnam"), transaction.atomic(using="owner"):
        Membership.objects.using("owner").create(
            user=user, organisation=cpam, role="directory_manager", since=date(2026, 1, 1)
        )


def test_an_administrator_does_not_change_who_her_organisation_is() -> None:
    with acting_for(ADMIN) as cpam:
        Organisation.objects.filter(id=cpam).update(phone="0400000000")
        for changed in (
            {"kind": "cnam"},
            {"siret": "1"},
            {"name": "Autre"},
            {"departement": "63"},
            {"closed_on": date(2026, 1, 1)},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                Organisation.objects.filter(id=cpam).update(**changed)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from([kind.value for kind in BodyKind]),
    territory=st.lists(st.sampled_from(["42", "42147", "R84", "FR", "974"]), unique=True, max_size=3),
    commune=st.sampled_from(["", "42147"]),
    departement=st.sampled_from(["", "42", "2A"]),
)
def test_the_database_and_the_rule_agree_on_whom_a_body_serves(
    kind: str, territory: list[str], commune: str, departement: str
) -> None:
    with transaction.atomic(using="owner"):
        row = Organisation.objects.using("owner").create(
            kind=kind, name="Essai", short_name="Essai", sort_name="essai", territory=territory, commune=commune,
            departement=departement,
        )  # fmt: skip
        row.refresh_from_db()
        assert tuple(row.covers) == served(
            kind=kind, territory=territory, commune=commune, departement=departement
        )
        transaction.set_rollback(True, using="owner")


def test_offers_and_mailboxes_follow_the_territory_of_their_organisation() -> None:
    with acting_for(ADMIN) as cpam:
        free = Offer.objects.filter(organisation=cpam)[0]
        bound = Mailbox.objects.get(address="prado-sud@cpam.example.org")
        assert free.covers == ["42"]
        Organisation.objects.filter(id=cpam).update(territory=["42", "43"])
        free.refresh_from_db()
        bound.refresh_from_db()
        assert free.covers == ["42", "43"]
        assert "42218" in bound.covers


@pytest.mark.parametrize(("days", "stale"), [(0, False), (365, False), (366, True)])
def test_a_sheet_is_stale_after_the_setting(days: int, stale: bool) -> None:
    on = date(2026, 3, 2)
    assert is_stale(on - timedelta(days=days), on, 365) is stale
    assert is_stale(None, on, 365)


# Closing.


def close(address: str, short_name: str, on: date, into: UUID | None = None) -> object:
    target = Organisation.objects.get(short_name=short_name).id
    with acting_for(address):
        return call("organisations_close", target, on, into)


def test_only_its_administrator_or_the_manager_closes_an_organisation() -> None:
    on = today()
    for address, target in ((WORKER, "CCAS"), (ADMIN, "CCAS")):
        with pytest.raises(DatabaseError, match="not yours to close"):
            close(address, target, on)
    assert close(ADMIN, "CPAM 42", on + timedelta(days=2)) is True
    assert close(MANAGER, "CPAM 42", on + timedelta(days=2)) is False  # closed already
    assert close(MANAGER, "CCAS", on - timedelta(days=2)) is False  # never in the past


def test_members_of_a_closed_organisation_act_no_more_and_nobody_enters_it() -> None:
    on = today()
    ccas = Organisation.objects.get(short_name="CCAS").id
    assert close(MANAGER, "CCAS", on + timedelta(days=1)) is True
    with transaction.atomic(), acting(organisation=ccas):
        assert {one.until for one in Membership.objects.filter(organisation=ccas)} == {on}
    administrator = User.objects.get(email="admin@ccas.example.org").id
    with (
        transaction.atomic(),
        acting(organisation=ccas, user=administrator),
        pytest.raises(IntegrityError, match="closed"),
    ):
        call("give_membership", uuid7(), User.objects.get(email=WORKER).id, "dpo", on, None)


def test_flows_to_a_closed_organisation_close_and_do_not_open_again() -> None:
    on = today()
    bodies = {one.short_name: one.id for one in Organisation.objects.all()}
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_authorisation (id, convention_id, flow_key, sender_id, recipient_id, service, article, open_during)"
            " VALUES (gen_random_uuid(), gen_random_uuid(), 'f', %s, %s, 'misas', '3', tstzrange('2024-01-01', NULL))",
            [bodies["CCAS"], bodies["CPAM 42"]],
        )
        cursor.execute("SELECT set_config('maillage.organisation', %s, false)", [str(bodies["CCAS"])])
        cursor.execute("SELECT organisations_close(%s, %s, NULL)", [bodies["CPAM 42"], on])
        cursor.execute("UPDATE cases_authorisation SET open_during = tstzrange('2024-01-01', NULL)")
        cursor.execute("SELECT open_during @> now(), upper_inf(open_during) FROM cases_authorisation")
        assert cursor.fetchall() == [(False, False)]
    assert Authorisation.objects.count() == 0  # nobody acts here: the control is the row above


def test_a_closed_organisation_is_nobody_s_successor() -> None:
    on = today()
    stranger = Organisation.objects.get(short_name="CCAS de Villexemple").id
    close(MANAGER, "CCAS de Villexemple", on)
    with pytest.raises(DatabaseError, match="successor"):
        close(MANAGER, "CCAS", on, stranger)


# Keys.


def test_each_new_organisation_gets_one_key_pair_and_no_other_is_touched() -> None:
    before = set(PublicKey.objects.using("owner").values_list("id", flat=True))
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT organisations_enter_bodies(%s)", [body()])
    assert make_missing_key_pairs(using="owner") == 1
    assert make_missing_key_pairs(using="owner") == 0
    new = PublicKey.objects.using("owner").exclude(id__in=before).get()
    assert new.organisation.name == "CCAS d’Essai"
    assert PrivateKey.objects.using("owner").filter(key=new, organisation=new.organisation).exists()
    with pytest.raises(DatabaseError, match="permission denied"):
        call("vault_admit_key_pairs", [], [], [], [])  # the web may not


CONSTRAINTS = {
    "organisation_finess_shape": ("organisations_organisation", "finess = '12'"),
    "organisation_assured_by_someone": (
        "organisations_organisation",
        "assured_on = '2026-01-01', assured_by_id = NULL",
    ),
    "organisation_successor_of_a_closed_one": (
        "organisations_organisation",
        "successor_id = (SELECT id FROM organisations_organisation WHERE kind = 'cnam') WHERE kind = 'ccas'",
    ),
    "organisation_successor_is_another": (
        "organisations_organisation",
        "closed_on = '2026-01-01', successor_id = id",
    ),
    "organisation_code_once": ("organisations_organisation", "kind = 'cpam', code = '1'"),
    "offer_reception_known": ("organisations_offer", "reception = 'x'"),
    "offer_dates_ordered": ("organisations_offer", "withdrawn_on = '2000-01-01'"),
    "offer_can_be_reached": ("organisations_offer", "address = '', phone = '', mailbox = ''"),
    "mailbox_use_known": ("organisations_mailbox", "use = 'x'"),
    "mailbox_level_known": ("organisations_mailbox", "level = 'x'"),
    "mailbox_dates_ordered": ("organisations_mailbox", "withdrawn_on = '2000-01-01'"),
    "mailbox_once": ("organisations_mailbox", "use = 'dpo', address = 'a@example.org'"),
    "import_state_known": ("organisations_directoryimport", "state = 'x'"),
    "import_confirmed_by_someone": ("organisations_directoryimport", "state = 'confirmed'"),
    "import_counts_positive": ("organisations_directoryimport", "done = -1"),
    "importpart_once": ("organisations_importpart", "stage, number, outcomes, of_id, organisation_id"),
    "importpart_stage_known": ("organisations_importpart", "stage = 'x'"),
}


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_the_database_keeps_each_promise(name: str) -> None:
    table, change = CONSTRAINTS[name]
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE organisations_directoryimport DISABLE TRIGGER state_jumps")
        cursor.execute(
            "INSERT INTO organisations_directoryimport (id, organisation_id, by_id, file_name, content, state, uploaded_at, done,"
            " total, rehearsal, application, fault) SELECT %s, m.organisation_id, m.user_id, 'x', '', 'uploaded', now(), 0, 0, '{}',"
            " '{}', '' FROM organisations_membership m LIMIT 1",
            [UUID(int=1)],
        )
        cursor.execute(
            "INSERT INTO organisations_importpart (id, organisation_id, of_id, stage, number, outcomes)"
            " SELECT %s, i.organisation_id, i.id, 'rehearsal', 1, '[]' FROM organisations_directoryimport i",
            [UUID(int=2)],
        )
        statement = f"UPDATE {table} SET {change}"  # noqa: S608
        if name == "importpart_once":
            statement = f"INSERT INTO {table} SELECT gen_random_uuid(), {change} FROM {table}"  # noqa: S608
        with pytest.raises(IntegrityError, match=name):
            cursor.execute(statement)
        transaction.set_rollback(True, using="owner")
