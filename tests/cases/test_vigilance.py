"""Readings are counted from the journal, told once when they are many, and looked at by somebody else."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connections, transaction

from maillage.audit.actions import record
from maillage.audit.models import Entry
from maillage.cases.models import Alert, Threshold
from maillage.cases.vigilance import look_at, raise_alerts, set_threshold, threshold_of, to_look_at
from maillage.core.clock import now
from maillage.core.database.settings import DatabaseUrls
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.notifications.models import Message
from maillage.organisations.models import Organisation, User
from tests.days import today
from tests.referrals.world import ADVISER, OFFICER, member

pytestmark = pytest.mark.security
ADMINISTRATOR = "admin@cpam.example.org"


def read(cases: int, *, address: str = ADVISER, fields: tuple[str, ...] = ("identity",)) -> None:
    """Someone opens so many persons, half of them in a list, each twice."""
    refs = [str(uuid7()) for _ in range(cases)]
    half = cases // 2
    with member(address) as someone:
        for ref in [",".join(refs[:half]), *refs[half:], *refs[half:]]:
            record(
                verb="read", object_type="referral", object_ref=ref, by=someone.user, organisation=someone.organisation,
                fields=fields,
            )  # fmt: skip


def count() -> int:
    """What the worker's job does, under its own role."""
    kept = dict(connections["default"].settings_dict)
    connections["default"].close()
    connections["default"].settings_dict.update(connections["worker"].settings_dict)
    try:
        return raise_alerts(at=now(), back=timedelta(hours=1))
    finally:
        connections["default"].close()
        connections["default"].settings_dict.update(kept)


def test_many_readings_raise_one_alert_and_one_message(fresh_database: DatabaseUrls, settings: Any) -> None:
    settings.READINGS_A_DAY = 10
    read(10)
    assert count() == 0
    read(1)
    assert count() == 1
    assert count() == 0
    read(5)
    assert count() == 0
    alert = Alert.objects.using("owner").get()
    caisse = Organisation.objects.using("owner").get(short_name="CPAM 42")
    assert (alert.kind, alert.cases, alert.threshold, alert.organisation_id) == ("volume", 11, 10, caisse.id)
    assert alert.user_id == User.objects.using("owner").get(email=ADVISER).id
    (message,) = Message.objects.using("owner").filter(kind="journal_alert")
    assert (message.recipient_id, message.path) == (caisse.id, "/journal/signalements/")
    assert Entry.objects.using("owner").get(verb="alert").organisation_id == caisse.id


def test_lists_without_an_identity_count_for_nothing(fresh_database: DatabaseUrls, settings: Any) -> None:
    settings.READINGS_A_DAY = 10
    read(50, fields=())
    assert count() == 0


def test_an_organisation_has_its_own_threshold_and_its_own_day(
    fresh_database: DatabaseUrls, settings: Any
) -> None:
    settings.READINGS_A_DAY = 10
    with member(ADMINISTRATOR) as administrator:
        assert threshold_of(administrator) == 10
        set_threshold(cases=20, by=administrator, at=now())
        assert threshold_of(administrator) == 20
        assert Entry.objects.get(verb="threshold").reason == "de 10 à 20 dossiers par personne et par jour"
    read(15)
    assert count() == 0
    read(15, address="social@ccas.example.org")
    assert count() == 1
    assert Alert.objects.using("owner").get().threshold == 10


def test_readings_of_two_days_are_not_added(fresh_database: DatabaseUrls, settings: Any) -> None:
    settings.READINGS_A_DAY = 10
    read(8)
    with connections[
        "owner"
    ].cursor() as cursor:  # yesterday's, chained or not: only the counting is tried here
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_entry SET at = at - interval '1 day'")
        cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER")
    read(8)
    assert count() == 0
    read(8)
    assert count() == 1


@pytest.mark.parametrize("cases", [0, 4, 1001])
def test_a_threshold_out_of_bounds_is_refused_twice(db: None, cases: int) -> None:
    with member(ADMINISTRATOR) as administrator:
        with pytest.raises(Refused):
            set_threshold(cases=cases, by=administrator, at=now())
        with pytest.raises(IntegrityError, match="threshold_within_bounds"), transaction.atomic():
            Threshold.objects.create(
                organisation_id=administrator.organisation,
                cases_per_day=cases,
                set_at=now(),
                set_by=administrator.user,
            )


def test_only_an_administrator_changes_the_threshold(db: None) -> None:
    for address in (OFFICER, ADVISER):
        with member(address) as someone, pytest.raises(PermissionDenied):
            set_threshold(cases=20, by=someone, at=now())


def alert_about(address: str) -> Alert:
    about = User.objects.get(email=address).id
    with member(ADMINISTRATOR) as administrator:
        return Alert.objects.create(
            organisation_id=administrator.organisation, kind="volume", user_id=about, day=today(), cases=70, threshold=60,
            raised_at=now(),
        )  # fmt: skip


def test_an_alert_is_looked_at_once_with_a_word(db: None) -> None:
    alert = alert_about(ADVISER)
    with member(OFFICER) as officer:
        assert to_look_at(officer, limit=5) == [alert]
        with pytest.raises(Refused):
            look_at(alert=alert, word=" ", by=officer, at=now())
        assert look_at(alert=alert, word="Vu avec elle : journée de permanence.", by=officer, at=now())
        assert to_look_at(officer, limit=5) == []
        assert Entry.objects.get(verb="look_at").reason.startswith("Vu avec elle")
    with member(ADMINISTRATOR) as administrator:
        assert not look_at(alert=alert, word="Une seconde fois", by=administrator, at=now())


def test_nobody_looks_at_an_alert_about_herself(db: None) -> None:
    alert = alert_about(ADMINISTRATOR)
    with member(ADMINISTRATOR) as administrator:
        assert to_look_at(administrator, limit=5) == []
        with pytest.raises(PermissionDenied):
            look_at(alert=alert, word="Rien à signaler", by=administrator, at=now())
        with pytest.raises(IntegrityError, match="alert_seen_by_another"), transaction.atomic():
            Alert.objects.filter(id=alert.id).update(seen_at=now(), seen_by=administrator.user, word="Rien")
    with member(ADVISER) as adviser, pytest.raises(PermissionDenied):
        look_at(alert=alert, word="Rien à signaler", by=adviser, at=now())


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("alert_says_what", {"kind": "rumour"}),
        ("alert_says_what", {"cases": None}),
        ("alert_volume_once", {}),
    ],
)
def test_an_alert_says_what_it_is_about(db: None, constraint: str, values: dict[str, Any]) -> None:
    first = alert_about(ADVISER)
    known = {
        "organisation_id": first.organisation_id, "kind": "volume", "user_id": first.user_id, "day": first.day, "cases": 3,
        "threshold": 2, "raised_at": now(),
    }  # fmt: skip
    with member(ADMINISTRATOR), pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Alert.objects.create(**{**known, **values})


@pytest.mark.parametrize(
    "change", [{"user_id": uuid7()}, {"cases": 1}, {"seen_at": None, "seen_by": None, "word": ""}]
)
def test_what_was_told_stays(db: None, change: dict[str, Any]) -> None:
    alert = alert_about(ADVISER)
    with member(OFFICER) as officer:
        look_at(alert=alert, word="Vu avec elle", by=officer, at=now())
        with pytest.raises(IntegrityError, match="stays"), transaction.atomic():
            Alert.objects.filter(id=alert.id).update(**change)


def test_an_alert_is_born_unseen(db: None) -> None:
    with (
        member(ADMINISTRATOR) as administrator,
        pytest.raises(IntegrityError, match="raised before"),
        transaction.atomic(),
    ):
        Alert.objects.create(
            organisation_id=administrator.organisation, kind="volume", user_id=uuid7(), day=today(), cases=70, threshold=60,
            raised_at=now(), seen_at=now(), seen_by=administrator.user, word="Vu",
        )  # fmt: skip


def test_an_alert_without_a_word_is_not_looked_at(db: None) -> None:
    alert = alert_about(ADVISER)
    with (
        member(OFFICER) as officer,
        pytest.raises(IntegrityError, match="alert_seen_with_a_word"),
        transaction.atomic(),
    ):
        Alert.objects.filter(id=alert.id).update(seen_at=now(), seen_by=officer.user)
