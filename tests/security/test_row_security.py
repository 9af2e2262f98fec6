"""PostgreSQL refuses what the code forgets: raw statements as the web's role and the worker's, over every protected table."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg
import pytest
from psycopg import errors, sql
from psycopg.conninfo import conninfo_to_dict

from maillage.core.database.settings import DatabaseUrls
from maillage.core.database.testing import TestCluster
from maillage.core.row_security.synchronise import declarations
from tests.security.conftest import Spoiler
from tests.security.planting import Plant, Row
from tests.security.statements import CHANGES, READS, VERBS, Findings, Prober, always_refused, copies_of
from tests.tiers import spread

pytestmark = [pytest.mark.security, pytest.mark.django_db]
ROLES = ("app", "worker")
THIN = 6  # `make proof ONLY=S2` and ONLY=MUTANTS try each statement in all contexts


def one_a_table(plant: Plant, role: str) -> list[Row]:
    """One world's row of each table for the web's role, another's for the worker's; `make proof ONLY=S2` tries all."""
    rows = plant.rows if role == "app" else plant.rows[::-1]
    return list({row.table: row for row in reversed(rows)}.values())


def probe(
    addresses: DatabaseUrls, plant: Plant, role: str, tables: set[str] | None = None, *, thin: int = 1
) -> Findings:
    """All statements of one role over the rows of these tables, or over one row of each table, in one wrong context in `thin`."""
    rows = one_a_table(plant, role) if tables is None else [row for row in plant.rows if row.table in tables]
    with psycopg.connect(addresses.owner) as owner:
        copies = copies_of(owner, rows)
    with psycopg.connect(getattr(addresses, role)) as connection:
        return Prober(connection, plant, role, copies, thin=thin).run(rows)


# The first security test: the detector itself.
HOLES = {
    "DROP POLICY runtime_select ON conventions_convention": "conventions_convention",
    "DROP POLICY runtime_select ON cases_participation": "cases_case",
    "DROP POLICY runtime_insert ON referrals_draft": "referrals_draft",
    "ALTER TABLE referrals_referral DISABLE ROW LEVEL SECURITY": "referrals_referral",
    "CREATE POLICY more ON vault_privatekey FOR SELECT USING (true)": "vault_privatekey",
    "CREATE POLICY more ON conventions_referent FOR UPDATE USING (true)": "conventions_referent",
    "ALTER POLICY runtime_insert ON beneficiaries_blindindex WITH CHECK (true)": "beneficiaries_blindindex",
    "ALTER POLICY runtime_insert ON notifications_message WITH CHECK (true)": "notifications_message",
    "GRANT DELETE ON audit_entry TO PUBLIC; CREATE POLICY more ON audit_entry FOR DELETE USING (true)": "audit_entry",
    "ALTER TABLE audit_chain DISABLE ROW LEVEL SECURITY; GRANT SELECT ON audit_chain TO PUBLIC": "audit_chain",
}


@pytest.mark.parametrize("statement", spread(HOLES, 4))
def test_the_detector_turns_red_when_a_policy_goes_or_opens(
    spoiled: Spoiler, addresses: DatabaseUrls, plant_rows: Plant, statement: str
) -> None:
    table = HOLES[statement]
    assert probe(addresses, plant_rows, "app", {table}, thin=THIN).violations == []
    found = probe(spoiled(statement), plant_rows, "app", {table}, thin=THIN).violations
    assert found
    assert all(table in violation for violation in found)


@pytest.mark.parametrize("role", spread(ROLES, 2))
def test_no_statement_reaches_a_row_of_another_organisation(
    addresses: DatabaseUrls, plant_rows: Plant, role: str
) -> None:
    findings = probe(addresses, plant_rows, role, thin=THIN)
    assert findings.violations == [], "\n".join(findings.violations[:30])
    for table in plant_rows.tables:
        assert findings.tried["denied", table] > 50, table
        assert not VERBS[table] or findings.tried["allowed", table] > 0 or VERBS[table] == "R", table
    tried = Counter(rule for rule, *_ in findings.tuples)
    print(f"S2 {role}: {sum(findings.tried.values())} statements, {dict(tried)} distinct, 0 violations")  # noqa: T201 - the count is the result
    assert tried["denied"] > 4_000
    assert tried["allowed"] > 300


def test_every_protected_table_is_planted_and_has_its_expectation(plant_rows: Plant) -> None:
    protected = {model._meta.db_table for model, access in declarations() if access.protected}
    assert protected - set(plant_rows.tables) == set(), "Plant rows of these in tests/security/planting.py."
    assert protected - set(VERBS) == set(), "Say in tests/security/statements.py what may be done with these."
    assert len(READS) + sum(len(named) for named in CHANGES.values()) > 30


@pytest.mark.parametrize("role", [*ROLES, "statistics"])
def test_nothing_that_changes_the_rules_is_granted(
    addresses: DatabaseUrls, plant_rows: Plant, role: str
) -> None:
    tried = 0
    with psycopg.connect(getattr(addresses, role)) as connection:
        for table in plant_rows.tables:
            for name, refused in always_refused(connection, table):
                tried += 1
                assert refused, f"{role} may {name} {table}"
    assert tried > 200


def test_the_statistics_role_reads_no_table(addresses: DatabaseUrls, plant_rows: Plant) -> None:
    with psycopg.connect(addresses.statistics, autocommit=True) as connection:
        for table in plant_rows.tables:
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(sql.SQL("SELECT 1 FROM {}").format(sql.Identifier(table)))


@contextmanager
def acting_as(addresses: DatabaseUrls, role: str, organisation: object) -> Iterator[psycopg.Connection]:
    with psycopg.connect(getattr(addresses, role)) as connection:
        connection.execute("SELECT set_config('maillage.organisation', %s, true)", [str(organisation)])
        yield connection
        connection.rollback()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("target", ["maillage_owner", "postgres", "maillage_statistics", "pg_read_all_data"])
def test_no_runtime_role_becomes_another(addresses: DatabaseUrls, role: str, target: str) -> None:
    with psycopg.connect(getattr(addresses, role), autocommit=True) as connection:
        for statement in ("SET ROLE", "SET SESSION AUTHORIZATION"):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(f"{statement} {target}".encode())


def test_a_context_does_not_outlive_its_transaction(addresses: DatabaseUrls, plant_rows: Plant) -> None:
    row = next(row for row in plant_rows.rows if row.table == "conventions_convention")
    with psycopg.connect(addresses.app) as connection:
        connection.execute(
            "SELECT set_config('maillage.organisation', %s, true)", [str(next(iter(row.readers)))]
        )
        assert connection.execute("SELECT count(*) FROM conventions_convention").fetchone() == (1,)
        connection.commit()
        assert connection.execute("SELECT count(*) FROM conventions_convention").fetchone() == (0,)


def test_a_statement_prepared_in_one_context_obeys_the_next(
    addresses: DatabaseUrls, plant_rows: Plant
) -> None:
    holders = [world.holder for world in plant_rows.worlds]
    with psycopg.connect(addresses.app) as connection:
        connection.execute("PREPARE mine AS SELECT id FROM conventions_convention")
        seen = []
        for organisation in [*holders, *holders, plant_rows.outsider]:
            connection.execute("SELECT set_config('maillage.organisation', %s, true)", [str(organisation)])
            seen.append([row[0] for row in connection.execute("EXECUTE mine")])
    expected = [[world.ids["convention"]] for world in plant_rows.worlds]
    assert seen == [*expected, *expected, []]


@pytest.mark.parametrize("role", ROLES)
def test_the_planner_s_statistics_tell_no_value(
    cluster: TestCluster, addresses: DatabaseUrls, plant_rows: Plant, role: str
) -> None:
    with acting_as(addresses, role, plant_rows.outsider) as connection:
        rows = connection.execute(
            "SELECT tablename FROM pg_stats WHERE tablename = ANY(%s)", [plant_rows.tables]
        ).fetchall()
    assert rows == []
    with cluster.server.connect(database_name(addresses)) as superuser:
        known = superuser.execute(
            "SELECT count(*) FROM pg_stats WHERE tablename = ANY(%s)", [plant_rows.tables]
        )
        assert known.fetchone() != (0,)  # the control: there are some


def database_name(addresses: DatabaseUrls) -> str:
    return str(conninfo_to_dict(addresses.app)["dbname"])


def calls(plant: Plant, mine: int, theirs: int) -> dict[str, tuple[str, list[object]]]:
    """Definer functions called for an object of one world; they run with the owner's rights, so each must check."""
    world, other = plant.worlds[theirs], plant.worlds[mine]
    new = UUID(int=77)
    return {
        "convention_parties": ("SELECT * FROM convention_parties(%s)", [[world.ids["convention"]]]),
        "convention_signs_here": ("SELECT * FROM convention_signs_here(%s)", [world.ids["convention"]]),
        "convention_protects_here": (
            "SELECT * FROM convention_protects_here(%s)",
            [world.ids["convention"]],
        ),
        "convention_warnings": ("SELECT * FROM convention_warnings(%s)", [world.ids["convention"]]),
        "admit_party": (
            "SELECT admit_party(%s, %s, %s, 'third', 3::smallint)",
            [world.ids["convention"], new, plant.outsider],
        ),
        "conventions_remaining": ("SELECT * FROM conventions_remaining(%s)", [world.holder]),
        "discard_draft": ("SELECT discard_draft(%s)", [world.ids["convention"]]),
        "describe_body": (
            "SELECT describe_body(%s, %s, 'association', 'Association', 'Association', 'association', '', '')",
            [world.ids["convention"], new],
        ),
        "publish_authorisations": (
            "SELECT publish_authorisations(%s, '[]', 'empty')",
            [world.ids["convention"]],
        ),
        "inform_framework": ("SELECT inform_framework(%s)", [world.ids["convention"]]),
        "leave_framework": ("SELECT leave_framework(%s)", [world.ids["convention"]]),
        "keep_acknowledgement_delay": (
            "SELECT keep_acknowledgement_delay(%s, %s)",
            [
                world.ids["convention"],
                '{"months": 0, "days": 3, "working_days": 0, "days_off": [], "source": "text", "article": "4"}',
            ],
        ),
        "open_case": (
            "SELECT open_case(%s, %s, 'referral', false, %s, %s, %s, %s)",
            [new, world.ids["authorisation"], UUID(int=78), b"k" * 64, UUID(int=79), b"k" * 64],
        ),
        "forward_case": (
            "SELECT forward_case(%s, %s, %s, 'referral', false, %s, %s, %s, %s)",
            [
                world.ids["redirected"],
                new,
                world.ids["authorisation"],
                UUID(int=78),
                b"k" * 64,
                UUID(int=79),
                b"k" * 64,
            ],
        ),
        "open_from": (
            "SELECT open_from(%s, %s, %s, 'application', false, %s, %s, %s, %s)",
            [
                world.ids["case"],
                new,
                world.ids["rights_authorisation"],
                UUID(int=78),
                b"k" * 64,
                UUID(int=79),
                b"k" * 64,
            ],
        ),
        "secondment_presence": (
            "SELECT * FROM secondment_presence(%s, '2026-01-01', '2099-01-01')",
            [[world.ids["secondment"]]],
        ),
        "training_withdraw": (
            "SELECT 1 WHERE training_withdraw(%s, now())",
            [world.ids["registration"]],
        ),
        "training_counts": (
            "SELECT * FROM training_counts(%s, '2000-01-01', '2099-01-01')",
            [world.ids["convention"]],
        ),
        "withdraw_solicitation": (
            "SELECT 1 WHERE withdraw_solicitation(%s)",
            [world.ids["solicitation"]],
        ),
        "referrals_tell_desk": (
            "SELECT referrals_tell_desk(%s, %s, 'x', 'X-1', 'x', NULL)",
            [world.ids["case"], world.other],
        ),
        "case_last_read": ("SELECT 1 WHERE case_last_read(%s) IS NOT NULL", [world.ids["case"]]),
        "referral_as_sent": ("SELECT * FROM referral_as_sent(%s, false)", [world.ids["case"]]),
        "renunciations_as_sent": ("SELECT * FROM renunciations_as_sent(%s)", [world.ids["case"]]),
        "referral_outcomes": (
            "SELECT * FROM referral_outcomes(%s, 'sender') UNION ALL SELECT * FROM referral_outcomes(%s, 'recipient')",
            [world.ids["convention"]] * 2,
        ),
        "withdraw_withheld": (
            "SELECT 1 WHERE withdraw_withheld(%s, 'moved', now())",
            [world.ids["case"]],
        ),
        "rights_discard_piece": (
            "SELECT 1 WHERE rights_discard_piece(%s) IS NOT NULL",
            [world.ids["prepared_piece"]],
        ),
        "rights_discard": ("SELECT 1 WHERE rights_discard(%s) IS NOT NULL", [world.ids["preparation"]]),
        "rights_filed": ("SELECT 1 WHERE rights_filed(%s)", [world.ids["preparation"]]),
        "indicators_of": (
            "SELECT * FROM indicators_of(%s, '2000-01-01', '2099-01-01')",
            [world.ids["convention"]],
        ),
        "indicators_exact": ("SELECT 1 WHERE indicators_exact(%s)", [world.ids["convention"]]),
        "indicators_exact_for_all": (
            "SELECT 1 WHERE indicators_exact_for_all(%s)",
            [world.ids["convention"]],
        ),
        "indicators_delays": (
            "SELECT * FROM indicators_delays(%s, '2000-01-01', '2099-01-01')",
            [world.ids["convention"]],
        ),
        "steering_texts_above": ("SELECT * FROM steering_texts_above(%s)", [world.ids["convention"]]),
        "steering_proposed": ("SELECT * FROM steering_proposed(%s)", [world.ids["convention"]]),
        "protection_breach_parties": ("SELECT * FROM protection_breach_parties(%s)", [world.ids["breach"]]),
        "protection_part": (
            "SELECT protection_part(%s, %s, %s, true, true)",
            [world.ids["breach"], world.ids["convention"], world.other],
        ),
        "protection_tell": (
            "SELECT protection_tell(%s, %s, %s, %s, '6', '24h', 'suspicion', '', true, now(), now())",
            [new, world.ids["breach"], world.ids["convention"], world.other],
        ),
        "protection_join": ("SELECT protection_join(%s, %s)", [world.ids["breach"], other.ids["breach"]]),
        "protection_people": ("SELECT * FROM protection_people(%s)", [world.ids["convention"]]),
        "correct_identity": (
            "SELECT correct_identity(%s, %s, '{surname}', 'x', 'y', 'z', NULL, %s)",
            [new, world.ids["case"], new],
        ),
        "protection_rectify": (
            "SELECT * FROM protection_rectify(%s, %s, 'Une date.', gen_random_uuid(), 'restriction')",
            [world.ids["rights_request"], world.ids["case"]],
        ),
        "protection_check_made": ("SELECT * FROM protection_check_made(%s)", [world.ids["rights_request"]]),
        "protection_cases_going": (
            "SELECT * FROM protection_cases_going(%s, ARRAY['depot_dossiers'], ARRAY['referral'], ARRAY['2099-01-01'::date])",
            [[world.ids["convention"]]],
        ),
        "protection_file_asked": (
            "SELECT 1 WHERE protection_file_asked(%s, %s) IS NOT NULL",
            [world.ids["rights_request"], world.other],
        ),
        "protection_shared": ("SELECT * FROM protection_shared(%s)", [[world.ids["case"]]]),
        "protection_ask": (
            "SELECT protection_ask(%s, %s, %s, %s, %s, '6', NULL, '{}')",
            [new, new, world.ids["rights_request"], world.ids["convention"], world.other],
        ),
        "protection_contacts_needed": (
            "SELECT * FROM protection_contacts_needed(%s)",
            [[world.ids["referent"]]],
        ),
        "protection_erase_contacts": (
            "SELECT * FROM protection_erase_contacts(%s)",
            [world.ids["request_file"]],
        ),
        "protection_here": ("SELECT * FROM protection_here(%s)", [world.ids["convention"]]),
        "indicators_progress": ("SELECT * FROM indicators_progress(%s)", [world.ids["campaign"]]),
        "rights_draw": (
            "SELECT rights_draw(%s, %s, '2000-01-01', '2001-01-01', 2)",
            [new, world.ids["convention"]],
        ),
        "conventions_deployment": ("SELECT * FROM conventions_deployment(%s)", [[world.ids["convention"]]]),
        "conventions_deployment_texts": (
            "SELECT * FROM conventions_deployment_texts(%s)",
            [[world.ids["convention"]]],
        ),
        "rights_board_sent": (
            "SELECT * FROM rights_board_sent(%s, 'sender', '2000-01-01', '2099-01-01')",
            [world.ids["convention"]],
        ),
        "rights_board_decided": (
            "SELECT * FROM rights_board_decided(%s, 'sender', '2000-01-01', '2099-01-01')",
            [world.ids["convention"]],
        ),
        "rights_board_beside": (
            "SELECT * FROM rights_board_beside(%s, 'sender', '2000-01-01', '2099-01-01') WHERE files > 0",
            [world.ids["convention"]],
        ),
        "withdraw": ("SELECT 1 WHERE withdraw(%s)", [world.ids["case"]]),
        "set_due_on": ("SELECT 1 WHERE set_due_on(%s, '2026-05-01')", [world.ids["case"]]),
        "vault_key_known": (
            "SELECT vault_key_known(%s, %s)",
            [world.holder, world.ids["convention"]],
        ),
        "record_erasure": ("SELECT record_erasure('case', %s, 'test')", [world.ids["case"]]),
        "share_document": ("SELECT 1 WHERE share_document(%s, %s)", [world.ids["document"], [other.holder]]),
    }


# Called in the right context these still answer an error: the planted convention is proposed, neither signed nor a draft; the
# planted file is not sent (tests/rights/test_filing.py sends some), the one that is sent is not decided (tests/rights/board
# draws some that are), no planted case is closed (tests/protection/retention has some); and nothing is withheld from the sender of
# the planted case (tests/referrals/test_withheld.py has one from whom much is). Two breaches of one world are joined in
# tests/protection, and a contact who asks for it is erased there. Nor is it a national text: tests/conventions/deployment has
# one, its parties and the caisses below.
NEED_ANOTHER_STATE = {
    "correct_identity",  # the web's alone: tests/beneficiaries/test_correcting.py calls it for one's own
    "protection_join",
    "protection_cases_going",
    "protection_check_made",
    "protection_file_asked",
    "protection_erase_contacts",
    "conventions_deployment",
    "conventions_deployment_texts",
    "publish_authorisations",
    "inform_framework",
    "discard_draft",
    "referral_as_sent",
    "renunciations_as_sent",
    "withdraw_withheld",
    "rights_filed",
    "indicators_progress",
    "indicators_delays",
    "steering_texts_above",
    "steering_proposed",
    "rights_draw",
    "rights_board_decided",
}
# Not called for an object: they make a new one for the caller, or name nobody else's.
# The address of a calendar is its own key: whoever holds the id, which the application signs, reads as its member.
# Tries of a password are counted before anybody is known, under a key that the application makes of its secret.
# Opening, amending and closing organisations ask for a person with a role: tests/organisations/directory/test_functions.py.
# The national texts above the caller's own body: what they are called, which its local conventions may apply.
# An identity at a provider names its account before anybody is known; ended sessions are cleaned by whoever comes.
# Whose sessions are open to the caller: those that share its conventions (tests/training/test_registering.py).
# A database remembers the first key store that it is used with, and no call changes it: tests/vault/test_belonging.py.
# The code of a support is printed for everybody: it answers what is published, and nothing else: tests/catalogue/test_counting.py.
# Where the caller's own chain of the journal ends, and which anchors sealed it: tests/protection/records/test_journal_state.py.
# From when the caller's own chain may be pruned, a date: tests/audit/test_overdue.py.
# How much of the caller's own data is about to go, what it closed: counts, for nobody but the caller (tests/protection/retention).
# The templates of which the caller's own network holds conventions: tests/indicators/campaigns/test_templates.py.
# The first key of the caller's own index; one that stands is never replaced: tests/protection/requests/test_objecting_without_case.py.
# What is written about people asks who acts, not only for whom: tests/security/test_people_functions.py.
WITHOUT_AN_OBJECT = {
    "audit_prunable_from",
    "begin_index_key",
    "protection_journal_lanes",
    "protection_journal_seals",
    "protection_watched_here",  # of any organisation, as pages say « n’a personne »
    "accept_invitation",
    "accept_invitation_as_newcomer",
    "cancel_absence",
    "end_membership",
    "give_membership",
    "invitation_of",
    "invite",
    "invite_again",
    "may_record_own_training",
    "record_absence",
    "record_training",
    "revoke_invitation",
    "sign_undertaking",
    "credentials_identified",
    "credentials_forget_sessions",
    "conventions_above",
    "protection_network",
    "protection_network_once",
    "indicators_templates",
    "open_convention",
    "organisations_enter",
    "calendar_feed_owner",
    "organisations_try",
    "organisations_forgive",
    "organisations_enter_bodies",
    "organisations_amend_bodies",
    "organisations_close",
    "organisations_reopen",
    "organisations_imports_waiting",
    "rights_imports_waiting",
    "rights_imports_kept",
    "rights_forget_lines",
    "protection_calendar",
    "protection_closed_cases",
    "training_organisers",
    "vault_admit_key_pairs",
    "support_served",
    "support_instead",
    "count_support",
    "vault_remember_store",
}


@pytest.mark.parametrize("role", spread(ROLES, 2))
def test_functions_of_the_owner_check_their_caller(
    addresses: DatabaseUrls, plant_rows: Plant, role: str
) -> None:
    for name in calls(plant_rows, 0, 1):
        statement, parameters = calls(plant_rows, 0, 1)[name]
        assert not answers(addresses, role, plant_rows.worlds[0].holder, statement, parameters), name
        assert not answers(addresses, role, plant_rows.outsider, statement, parameters), name
        assert not answers(addresses, role, "", statement, parameters), name
        if name not in NEED_ANOTHER_STATE:
            assert answers(addresses, role, plant_rows.worlds[1].holder, statement, parameters), name


def answers(
    addresses: DatabaseUrls, role: str, organisation: object, statement: str, parameters: list[object]
) -> bool:
    """Whether a call does or tells something."""
    with acting_as(addresses, role, organisation) as connection:
        try:
            return bool(connection.execute(statement.encode(), parameters).fetchall())
        except (errors.InsufficientPrivilege, errors.InvalidAuthorizationSpecification):
            return False


def test_every_function_of_the_owner_that_the_web_may_run_is_called_here(
    addresses: DatabaseUrls, plant_rows: Plant
) -> None:
    with psycopg.connect(addresses.app) as connection:
        found = connection.execute(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef"
            " AND has_function_privilege(oid, 'EXECUTE') AND prorettype <> 'trigger'::regtype"
        ).fetchall()
    unknown = {row[0] for row in found} - set(calls(plant_rows, 0, 1)) - WITHOUT_AN_OBJECT
    assert not unknown, f"Call {sorted(unknown)} for another organisation's object in `calls`."
