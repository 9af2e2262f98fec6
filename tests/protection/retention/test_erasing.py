"""What is kept no longer goes, and nothing else: each class from its own last fact; killed, it goes on; the journal still holds."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connections, transaction

from maillage.audit.actions import record
from maillage.audit.verification import verify
from maillage.conventions.referents.actions import end_tenure, name_referent
from maillage.conventions.referents.models import Referent
from maillage.core.calendar import DAY, Period
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from maillage.protection.requests.answering import answer
from maillage.protection.requests.deciding import decide
from maillage.protection.requests.objecting import lift
from maillage.protection.retention import erasing
from maillage.protection.retention.erasing import forget, forget_class, longest
from maillage.protection.retention.queries import going
from maillage.protection.retention.rules import DEFAULTS, DataClass, Rule, Source
from maillage.rights.preparing import within_reach
from tests.beneficiaries.jobs import index_as_worker
from tests.conventions.people import member as dated
from tests.conventions.people import seen, worker_process
from tests.conventions.referents.test_handover import tenure
from tests.days import today
from tests.protection.requests.files import CCAS_ADMIN, CPAM_DPO, attached, file_of, received
from tests.referrals.world import WORKER, Signed, member, send_referral, sign_convention, write_draft
from tests.rights import world as rights
from tests.tiers import spread
from tests.training.world import OFFICER, held, planned, register, teach

SHORT = Rule(Period(months=12), "le dernier contact", Source.TERMS, "12")
FIVE_YEARS = timedelta(days=5 * 366)
MONTHS = timedelta(days=190)


@pytest.fixture(autouse=True)
def committed(fresh_database: object) -> None:
    """What commits, in a database of the test's own."""


@pytest.fixture
def signed() -> Signed:
    return sign_convention()


def forgotten(after: timedelta = FIVE_YEARS) -> dict[DataClass, int]:
    """What the worker forgets that much later; what is none of it is left out."""
    with worker_process():
        return {data: gone for data, gone in forget(now() + after).items() if gone}


def rows(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connections["owner"].cursor() as owner:
        owner.execute(statement, parameters)
        return list(owner.fetchall()) if owner.description else []


def counted(table: str) -> int:
    return int(rows(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608 - a table's name


def entries() -> list[tuple[Any, ...]]:
    return rows(
        "SELECT object_ref, reason, organisation_id IS NULL FROM audit_entry WHERE verb = 'retention.erase' ORDER BY at, id"
    )


def answered(request: UUID) -> UUID:
    with member(CCAS_ADMIN) as by:
        answer(file=file_of(request, by), by=by, at=now())
    return request


def searched(request: UUID) -> UUID:
    return attached(request)


def test_a_request_goes_five_years_after_its_last_answer_with_its_files(signed: Signed) -> None:
    gone, waits = answered(searched(received())), received()
    assert forgotten(timedelta(days=5 * 365)).get(DataClass.REQUEST) is None
    assert forgotten()[DataClass.REQUEST] == 1
    assert rows("SELECT id FROM protection_rightsrequest") == [(waits,)]
    for table in ("protection_requestpart", "protection_requestfile"):
        assert rows(f"SELECT DISTINCT request_id FROM {table}") == [(waits,)]  # noqa: S608 - a table's name
    assert gone != waits
    assert (DataClass.REQUEST.value, "1", False) in entries()
    assert verify()[1] == []
    assert DataClass.REQUEST not in forgotten()


def test_a_request_stays_while_its_objection_runs(signed: Signed) -> None:
    """It is lifted from its page."""
    case = send_referral(signed)
    index_as_worker()
    request = attached(received(rights=("objection",)), case)
    with member(CCAS_ADMIN) as by:
        decide(file=file_of(request, by), right="objection", outcome="granted", by=by, at=now())
    answered(request)
    assert forgotten().get(DataClass.REQUEST) is None
    with member(CCAS_ADMIN) as by:
        lift(file=file_of(request, by), why="Elle l’a dit à l’accueil.", by=by, at=now())
    assert forgotten()[DataClass.REQUEST] == 1


def test_somebody_who_followed_sessions_stays_counted_and_is_nobody() -> None:
    taught = teach()
    people: dict[str, UUID] = {}
    held(taught, (("Ondine Modèle", True),), before=timedelta(days=400), known=people)
    later = planned(taught)
    register(later, "Aurore Exemple")
    with member(OFFICER) as officer:
        rows(
            "INSERT INTO training_attendee (id, organisation_id, name, sort_name, function, email, added_for_id, added_at, added_by)"
            " VALUES (%s, %s, 'Sans Séance', 'sans seance', 'Stagiaire', '', %s, now() - interval '400 days', %s)",
            uuid7(), officer.organisation, officer.organisation, officer.user,
        )  # fmt: skip
    before = counted("training_presence")
    assert forgotten(FIVE_YEARS - timedelta(days=380)) == {DataClass.ATTENDEE: 2}
    left = dict(rows("SELECT name, email || function FROM training_attendee"))
    assert set(left) == {"Personne effacée", "Aurore Exemple"}
    assert left["Personne effacée"] == "Contact effacé"
    assert counted("training_presence") == before
    assert rows("SELECT name FROM training_attendee WHERE id = %s", people["Ondine Modèle"]) == [
        ("Personne effacée",)
    ]
    assert (
        forgotten(FIVE_YEARS + timedelta(days=20))[DataClass.ATTENDEE] == 1
    )  # her own session is over by then
    assert verify()[1] == []


def test_somebody_of_a_training_is_kept_as_her_convention_says(monkeypatch: pytest.MonkeyPatch) -> None:
    taught = teach()
    held(taught, (("Ondine Modèle", True),), before=timedelta(days=100))
    assert DataClass.ATTENDEE not in forgotten(timedelta(days=300))
    monkeypatch.setattr(erasing, "contacts_rule", lambda *_: SHORT)
    assert DataClass.ATTENDEE not in forgotten(timedelta(days=260))
    assert forgotten(timedelta(days=300))[DataClass.ATTENDEE] == 1
    assert rows("SELECT name FROM training_attendee") == [("Personne effacée",)]
    assert verify()[1] == []


def test_of_several_conventions_the_one_that_keeps_longest_is_obeyed() -> None:
    usual, on = DEFAULTS[DataClass.ATTENDEE], date(2026, 3, 10)
    for known in ([(SHORT, "42"), (usual, "42")], [(usual, "42"), (SHORT, "42")], []):
        assert longest(known, on, DataClass.ATTENDEE) == (usual, date(2031, 3, 10))
    assert longest([(SHORT, "42")], on, DataClass.ATTENDEE) == (SHORT, date(2027, 3, 10))
    for_ever = Rule(None, "jusqu’à la fin", Source.TERMS, "12")
    assert longest([(usual, ""), (for_ever, "")], on, DataClass.ATTENDEE) == (for_ever, None)


def of_the_ccas(convention: UUID, until: date | None, mailbox: str) -> Referent:
    with dated(OFFICER, now()) as actor:
        row = name_referent(
            convention=seen(actor, convention),
            tenure=tenure(since=today() - 10 * DAY, mailbox=mailbox),
            by=actor,
            at=now(),
        )
        if until is not None:
            end_tenure(convention=seen(actor, convention), referent=row.pk, until=until, by=actor, at=now())
    return row


def named() -> list[str]:
    return [
        mailbox or function
        for mailbox, function in rows("SELECT mailbox, function FROM conventions_referent ORDER BY id")
    ]


def test_a_referent_goes_five_years_after_her_last_day(signed: Signed) -> None:
    of_the_ccas(signed.id, today() - DAY, "ancienne@cpam.example.org")
    assert DataClass.REFERENT not in forgotten(timedelta(days=5 * 365))
    assert forgotten() == {DataClass.REFERENT: 1}
    assert named() == ["Contact effacé"]
    assert rows("SELECT phone FROM conventions_referent") == [("—",)]
    assert forgotten() == {}
    assert verify()[1] == []


def test_a_box_that_still_serves_another_tenure_is_a_contact_that_goes_on(signed: Signed) -> None:
    other = sign_convention()
    of_the_ccas(signed.id, today() - DAY, "partenariats@cpam.example.org")
    of_the_ccas(other.id, None, "partenariats@cpam.example.org")
    assert DataClass.REFERENT not in forgotten(2 * FIVE_YEARS)
    assert named() == ["partenariats@cpam.example.org"] * 2


def test_a_convention_that_says_less_is_obeyed_and_its_neighbour_keeps_its_own(
    signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = sign_convention()
    of_the_ccas(signed.id, today() - DAY, "courte@cpam.example.org")
    of_the_ccas(other.id, today() - DAY, "longue@cpam.example.org")
    usual = erasing.contacts_rule

    def said(known: Any, on: date, data: DataClass) -> Rule:
        return SHORT if known.row.pk == signed.id else usual(known, on, data)

    monkeypatch.setattr(erasing, "contacts_rule", said)
    assert forgotten(timedelta(days=370)) == {DataClass.REFERENT: 1}
    assert named() == ["Contact effacé", "longue@cpam.example.org"]


def left_on(address: str, day: date) -> UUID:
    """Her roles ended that day, wherever she had some."""
    ((user,),) = rows("SELECT id FROM organisations_user WHERE email = %s", address)
    rows(
        "UPDATE organisations_membership SET since = least(since, %s), until = %s WHERE user_id = %s",
        day, day, user,
    )  # fmt: skip
    return UUID(str(user))


def test_an_account_loses_its_name_five_years_after_the_last_role_and_nobody_elses_does(
    signed: Signed,
) -> None:
    before = counted("organisations_user")
    gone = left_on(WORKER, today() - 40 * DAY)
    rows("UPDATE organisations_membership SET until = NULL WHERE user_id <> %s", gone)
    assert DataClass.ACCOUNT not in forgotten(timedelta(days=5 * 365 - 45))
    assert forgotten()[DataClass.ACCOUNT] == 1
    assert rows("SELECT full_name, email, is_active FROM organisations_user WHERE id = %s", gone) == [
        ("Compte effacé", f"{gone}@efface.invalid", False)
    ]
    assert counted("organisations_user") == before
    assert rows("SELECT count(*) FROM organisations_user WHERE full_name = 'Compte effacé'") == [(1,)]
    assert counted("organisations_undertaking") > 0
    assert (DataClass.ACCOUNT.value, "1", True) in entries()
    assert DataClass.ACCOUNT not in forgotten()
    assert verify()[1] == []


def test_an_account_that_never_had_a_role_goes_five_years_after_it_was_opened(signed: Signed) -> None:
    rows("UPDATE organisations_membership SET until = NULL")
    for number, days in ((1, 5 * 366 + 3), (2, 5 * 365 - 40)):
        opened = int((now() - timedelta(days=days)).timestamp() * 1000)
        rows(
            "INSERT INTO organisations_user (id, email, full_name, password, is_active) VALUES (%s, %s, 'Sans Rôle', '!', true)",
            UUID(int=opened << 80 | 0x7 << 76 | 0b10 << 62 | number), f"sans.role{number}@ccas.example.org",
        )  # fmt: skip
    assert forgotten(timedelta(0)) == {DataClass.ACCOUNT: 1}
    assert rows("SELECT email FROM organisations_user WHERE full_name = 'Sans Rôle'") == [
        ("sans.role2@ccas.example.org",)
    ]
    assert forgotten(timedelta(days=50))[DataClass.ACCOUNT] == 1
    assert verify()[1] == []


def test_an_account_without_a_role_that_acted_lately_is_kept(signed: Signed) -> None:
    rows("UPDATE organisations_membership SET until = NULL")
    opened = int((now() - timedelta(days=6 * 366)).timestamp() * 1000)
    user = UUID(int=opened << 80 | 0x7 << 76 | 0b10 << 62 | 1)
    rows(
        "INSERT INTO organisations_user (id, email, full_name, password, is_active) VALUES (%s, 'sans@ccas.example.org', 'X', '!', true)",
        user,
    )
    with transaction.atomic(), acting(organisation=None, user=user):
        record(verb="sign_in", object_type="user", object_ref=user, by=user, organisation=None)
    assert DataClass.ACCOUNT not in forgotten(timedelta(0))


def test_whoever_still_acts_or_has_another_role_keeps_her_account(signed: Signed) -> None:
    user = left_on(WORKER, today() - 40 * DAY)
    rows("UPDATE organisations_membership SET until = NULL WHERE user_id <> %s", user)
    rows(
        "INSERT INTO credentials_opensession (id, user_id, key, address, agent, opened_at, seen_at)"
        " SELECT gen_random_uuid(), %s, repeat('0', 40), '192.0.2.1', '', now(), now()",
        user,
    )
    assert DataClass.ACCOUNT not in forgotten()
    rows("DELETE FROM credentials_opensession")
    rows("UPDATE organisations_membership SET until = NULL WHERE user_id = %s", user)
    assert DataClass.ACCOUNT not in forgotten(2 * FIVE_YEARS)


def test_drafts_and_preparations_that_nobody_touches_go_after_six_months_with_their_papers() -> None:
    own = sign_convention()
    write_draft(own)
    file = rights.sign()
    rights.prepare(file)
    assert counted("rights_preparedpiece") > 0
    documents = counted("documents_document")
    assert forgotten(timedelta(days=170)) == {}
    assert forgotten(MONTHS) == {DataClass.DRAFT: 1, DataClass.PREPARATION: 1}
    assert counted("referrals_draft") == counted("rights_preparation") == counted("rights_preparedpiece") == 0
    assert counted("documents_document") < documents
    with member(rights.PASS) as worker:
        assert within_reach(worker).count() == 0
    assert verify()[1] == []


def test_a_file_of_the_directory_goes_thirty_days_after_its_end_its_report_stays(signed: Signed) -> None:
    with member(OFFICER) as officer:
        for state, days, ended in (
            ("applied", 40, 35),
            ("applied", 20, 10),
            ("rehearsed", 40, None),
            ("confirmed", 40, None),
        ):
            rows(
                "INSERT INTO organisations_directoryimport (id, organisation_id, by_id, file_name, content, state, uploaded_at,"
                " confirmed_at, ended_at, done, total, rehearsal, application, fault) VALUES (%s, %s, %s, 'essai.csv', 'abc', %s,"
                " now() - %s * interval '1 day', now(), now() - %s * interval '1 day', 0, 0, '{}', '{}', '')",
                uuid7(), officer.organisation, officer.user, state, days, ended,
            )  # fmt: skip
    assert forgotten(timedelta(0)) == {DataClass.DIRECTORY: 2}
    found = rows("SELECT state, octet_length(content) FROM organisations_directoryimport ORDER BY id")
    assert found == [("applied", 0), ("applied", 3), ("abandoned", 0), ("confirmed", 3)]


def test_an_invitation_goes_five_years_after_the_last_contact(signed: Signed) -> None:
    with member(CCAS_ADMIN) as admin:
        for name, months in (("ancienne", 61), ("recente", 59)):
            rows(
                "INSERT INTO organisations_invitation (id, organisation_id, email, full_name, roles, since, digest, sendings, made_by,"
                " made_at, sent_at, expires_at) VALUES (%s, %s, %s, 'Ondine Modèle', '{}', '2020-01-01', %s, 1, %s, now(),"
                " now() - %s * interval '1 month', now() - %s * interval '1 month' + interval '7 days')",
                uuid7(), admin.organisation, f"{name}@ccas.example.org", name.encode(), admin.user, months, months,
            )  # fmt: skip
    kept = counted("organisations_invitation")
    assert forgotten(timedelta(0)) == {DataClass.INVITATION: 1}
    assert counted("organisations_invitation") == kept - 1
    assert rows("SELECT 1 FROM organisations_invitation WHERE email LIKE 'recente%%'") == [(1,)]


def test_an_alert_goes_with_the_journal_that_raised_it(signed: Signed) -> None:
    with member(OFFICER) as officer:
        body, user = officer.organisation, officer.user
    for days in (400, 300):
        rows(
            "INSERT INTO cases_alert (id, organisation_id, kind, user_id, day, cases, threshold, raised_at, word) VALUES"
            " (%s, %s, 'volume', %s, CURRENT_DATE - %s, 61, 60, now() - %s * interval '1 day', '')",
            uuid7(), body, user, days, days,
        )  # fmt: skip
    assert forgotten(timedelta(0)) == {DataClass.ALERT: 1}
    assert rows("SELECT day FROM cases_alert") == [(today() - timedelta(days=300),)]


class Killed(BaseException):
    """The process dies."""


def dying(after: int) -> Iterator[None]:
    """As many transactions as said, then the end."""
    for _ in range(after):
        yield
    raise Killed


@pytest.mark.parametrize("after", spread([0, 1, 2], 3))
def test_killed_between_two_batches_it_goes_on_where_it_was(
    signed: Signed, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        answered(searched(received()))
    waits = received()
    monkeypatch.setattr(erasing, "BATCH", 1)
    usual, steps = erasing.note, dying(after)

    def dies(*told: Any) -> None:
        next(steps)
        usual(*told)

    on = (now() + FIVE_YEARS).date()
    with worker_process():
        with monkeypatch.context() as patch, suppress(Killed):
            patch.setattr(erasing, "note", dies)
            forget_class(DataClass.REQUEST, on)
        assert forget_class(DataClass.REQUEST, on) == 3 - after
    assert rows("SELECT id FROM protection_rightsrequest") == [(waits,)]
    assert len(entries()) == 3
    assert verify()[1] == []


def test_a_class_that_fails_is_logged_without_a_value_and_the_others_go_on(
    signed: Signed, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    write_draft(signed)

    def fails(on: date) -> int:
        raise ValueError("Ondine Quintessence")

    monkeypatch.setattr(erasing, "forget_referents", fails)
    assert forgotten(MONTHS) == {DataClass.DRAFT: 1}
    assert "Forgetting referent failed: ValueError" in caplog.text
    assert "Ondine" not in caplog.text


def test_the_reach_of_a_breach_goes_five_years_after_its_end_and_the_register_stays(signed: Signed) -> None:
    with member(OFFICER) as officer:
        body, user = officer.organisation, officer.user
    for state in ("closed", "suspected"):
        breach = uuid7()
        lessons, ended = ("Fermer à clé", now()) if state == "closed" else ("", None)
        rows(
            "INSERT INTO protection_breach (id, organisation_id, state, what, noticed_at, natures, data, goes_on, recorded_at, recorded_by,"
            " lessons, ended_at, ended_by) VALUES (%s, %s, %s, 'Essai', now(), '{confidentiality}', '{identity}', false, now(), %s,"
            " %s, %s, %s)",
            breach, body, state, user, lessons, ended, user if ended else None,
        )  # fmt: skip
        rows(
            "INSERT INTO protection_breachreach (id, organisation_id, breach_id, since, before, cases, readers, conventions, is_whole,"
            " readings, recorded_at, recorded_by) VALUES (%s, %s, %s, now() - interval '1 day', now(), ARRAY[gen_random_uuid()],"
            " ARRAY[gen_random_uuid()], '{}', true, '{\"a\": []}', now(), %s)",
            uuid7(), body, breach, user,
        )  # fmt: skip
    with member(CPAM_DPO) as dpo:
        announced = [
            one.many
            for one in going(dpo, today() + timedelta(days=4 * 366 + 100))
            if one.data is DataClass.REACH
        ]
        assert announced == [1]
        assert not [one for one in going(dpo, today()) if one.data is DataClass.REACH]
    assert DataClass.REACH not in forgotten(timedelta(days=5 * 365))
    assert forgotten()[DataClass.REACH] == 1
    found = rows(
        "SELECT b.state, cardinality(r.cases), cardinality(r.readers), r.readings <> '{}' FROM protection_breachreach r"
        " JOIN protection_breach b ON b.id = r.breach_id ORDER BY b.state"
    )
    assert found == [("closed", 0, 0, False), ("suspected", 1, 1, True)]
    assert verify()[1] == []


def test_what_no_rule_ends_is_forgotten_by_no_step() -> None:
    endless = {data for data, rule in DEFAULTS.items() if rule.duration is None}
    with worker_process():
        assert endless.isdisjoint(forget(now()))
    assert endless == {DataClass.CASE, DataClass.BREACH}
