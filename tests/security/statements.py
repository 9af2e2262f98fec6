"""Raw statements that try to reach one row, by the thousand: the same ones denied in a wrong context, allowed in the right one."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from uuid import UUID, uuid4

import psycopg
from psycopg import errors, sql

from tests.security.planting import EVERYBODY, Plant, Row

# What the web's role and the worker's may do with the rows of their own organisation: written by hand, on purpose, so
# that a change of a declaration is a decision taken twice. R read, I insert, U update, D delete.
VERBS: dict[str, str] = {
    "audit_anchor": "",
    "audit_chain": "",
    "audit_entry": "RI",
    "audit_link": "R",
    "audit_pruning": "",
    "audit_seal": "",
    "beneficiaries_beneficiary": "RI",
    "beneficiaries_blindindex": "RID",
    "beneficiaries_consent": "RIU",
    "beneficiaries_correction": "RU",
    "beneficiaries_information": "RI",
    "beneficiaries_objection": "RIU",
    "beneficiaries_progresschoice": "RI",
    "beneficiaries_waiting": "",
    "cases_acknowledgementdelay": "R",
    "cases_authorisation": "R",
    "cases_alert": "RIU",
    "cases_case": "R",
    "cases_following": "RIU",
    "cases_freeze": "RIU",
    "cases_lineage": "R",
    "cases_participation": "R",
    "cases_threshold": "RIU",
    "catalogue_stock": "RIU",
    "catalogue_stockmovement": "RI",
    "catalogue_support": "RIU",
    "catalogue_supportcount": "R",
    "catalogue_supportversion": "RIU",
    "conventions_amendment": "RIU",
    "conventions_calendarfeed": "RIU",
    "conventions_commitmentevidence": "RI",
    "conventions_convention": "RU",
    "conventions_delivery": "RIU",
    "conventions_deploymentreason": "RI",
    "conventions_event": "RI",
    "conventions_evidencecount": "RI",
    "conventions_flowacceptance": "RIU",
    "conventions_obligationmark": "RI",
    "conventions_party": "R",
    "conventions_referent": "RIU",
    "conventions_referenttraining": "RIU",
    "conventions_solicitation": "RIU",
    "conventions_relation": "RID",
    "conventions_signature": "RI",
    "conventions_termsversion": "RI",
    "credentials_factor": "RIUD",
    "credentials_identity": "RID",
    "credentials_opensession": "RIUD",
    "documents_document": "RI",
    "exchange_attachment": "RI",
    "exchange_message": "RI",
    "exchange_note": "RI",
    "exchange_seen": "RIU",
    "indicators_campaign": "RIU",
    "indicators_campaignreminder": "RI",
    "indicators_releasedfigure": "R",
    "indicators_yearanswer": "RI",
    "indicators_yearcounts": "R",
    "indicators_yearsheet": "RIU",
    "notifications_mailing": "RIU",
    "notifications_message": "RI",
    "notifications_said": "",
    "organisations_absence": "R",
    "organisations_attempt": "",
    "organisations_cdraccess": "RIU",
    "organisations_cdrconsultation": "RI",
    "organisations_invitation": "R",
    "organisations_membership": "R",
    "organisations_directoryimport": "RIU",
    "organisations_importpart": "RI",
    "organisations_mailbox": "RIU",
    "organisations_offer": "RIU",
    "organisations_organisation": "RU",
    "organisations_training": "R",
    "organisations_undertaking": "R",
    "organisations_user": "R",
    "referrals_adhesionrelease": "R",
    "referrals_advice": "RI",
    "referrals_alertdays": "RI",
    "referrals_crossing": "R",
    "referrals_assessment": "RI",
    "referrals_bulkhandover": "RIU",
    "referrals_casefile": "RIU",
    "referrals_enrolmentcorrection": "RI",
    "referrals_casequestion": "RIU",
    "referrals_contactattempt": "RIU",
    "referrals_draft": "RIUD",
    "referrals_enrolment": "RIU",
    "referrals_forwarding": "RI",
    "referrals_handedcase": "RI",
    "referrals_paperform": "RIU",
    "referrals_pause": "RIU",
    "referrals_plannedaction": "RIU",
    "referrals_referral": "RIU",
    "referrals_renunciation": "RIU",
    "referrals_rightfollowed": "RIU",
    "referrals_savedview": "RID",
    "rights_application": "RIU",
    "rights_applicationevent": "RI",
    "rights_applicationimport": "RIU",
    "rights_applicationimportpart": "RID",
    "rights_importedline": "RI",
    "rights_importmemory": "RIU",
    "rights_piece": "RI",
    "rights_piecerequest": "RIU",
    "rights_preparation": "RIU",
    "rights_preparedpiece": "RI",
    "rights_sample": "R",
    "secondments_appointment": "RIU",
    "secondments_permanence": "RIU",
    "secondments_secondment": "RIU",
    "protection_breach": "RIU",
    "protection_breachparty": "RU",
    "protection_breachnotice": "RU",
    "protection_breachdecision": "RI",
    "protection_breachentry": "RI",
    "protection_breachextent": "RI",
    "protection_breachreach": "RI",
    "protection_caseduration": "RI",
    "protection_destruction": "RU",
    "protection_recordversion": "RI",
    "protection_rightoutcome": "RI",
    "protection_rightsrequest": "RIU",
    "protection_requestpart": "R",
    "protection_requestfile": "RIU",
    "protection_rectification": "RU",
    "protection_transferrequest": "RI",
    "protection_transferanswer": "RI",
    "protection_transferwithdrawal": "RI",
    "protection_assessment": "RIU",
    "protection_assessmentrisk": "RIU",
    "protection_assessmentcontribution": "RIU",
    "steering_decision": "RIU",
    "steering_localaction": "RIU",
    "steering_meeting": "RIU",
    "steering_minutes": "RI",
    "steering_pack": "RI",
    "steering_remark": "RIU",
    "steering_validation": "RI",
    "steering_creditenvelope": "RI",
    "steering_creditfigure": "RI",
    "steering_proposal": "RIU",
    "steering_provisionactual": "RI",
    "steering_provisiontriangle": "RI",
    "steering_regulationmeasure": "RI",
    "steering_sheetentry": "RI",
    "training_attendee": "RIU",
    "training_module": "RIU",
    "training_presence": "RI",
    "training_registration": "RI",
    "training_session": "RIU",
    "training_signoff": "RI",
    "vault_acceptedloss": "R",
    "vault_erasure": "R",
    "vault_indexkey": "R",
    "vault_privatekey": "R",
    "vault_publickey": "R",
    "vault_usedstore": "R",
}
# A right to change one column only lets its holder lock the row, and nothing else of these (test_passwords.py tries the column).
BY_COLUMN = {("app", "organisations_user", "U lock")}
# Anybody who acts may write to anybody's box: a message holds a reference and a link. To a person, only herself.
INSERTED_BY_ALL = {"notifications_message"}

_COPY = "INSERT INTO {t} SELECT (jsonb_populate_record(NULL::{t}, %(new)s::jsonb)).*"
READS = {
    "key": "SELECT * FROM {t} WHERE {k} = %(id)s",
    "all": "SELECT * FROM (SELECT * FROM {t} OFFSET 0) s WHERE s.{k} = %(id)s",
    "count": "SELECT count(*) FROM {t} WHERE {k} = %(id)s HAVING count(*) > 0",
    "cte": "WITH c AS MATERIALIZED (SELECT * FROM {t}) SELECT * FROM c WHERE {k} = %(id)s",
    "in": "SELECT 1 WHERE %(id)s IN (SELECT {k} FROM {t})",
    "exists": "SELECT 1 WHERE EXISTS (SELECT 1 FROM {t} WHERE {k} = %(id)s)",
    "lateral": "SELECT s.* FROM (VALUES (%(id)s)) v(x) JOIN LATERAL (SELECT * FROM {t} WHERE {k} = v.x) s ON true",
    "text": "SELECT string_agg(t::text, ',') FROM {t} t HAVING string_agg(t::text, ',') LIKE '%%' || %(id)s::text || '%%'",
    "json": "SELECT to_jsonb(t) FROM {t} t WHERE {k}::text = %(id)s::text",
    "window": "SELECT * FROM (SELECT {k} AS x, count(*) OVER () FROM {t}) s WHERE x = %(id)s",
    "union": "SELECT {k} FROM {t} WHERE {k} = %(id)s UNION ALL SELECT {k} FROM {t} WHERE {k} = %(id)s",
    "join": "SELECT s.* FROM organisations_organisation o JOIN {t} s ON s.{k} = %(id)s LIMIT 1",
    "array": "SELECT 1 WHERE cardinality(ARRAY(SELECT t FROM {t} t WHERE {k} = %(id)s)) > 0",
    "division": "SELECT 1 FROM {t} WHERE {k} = %(id)s AND 1 / (CASE WHEN {k}::text <> '' THEN 0 ELSE 1 END) = 1",
    "cast": "SELECT 1 FROM {t} t WHERE {k} = %(id)s AND (t::text)::integer = 1",
    "fetch": "DECLARE c CURSOR FOR SELECT * FROM {t} WHERE {k} = %(id)s",
    "copy": "COPY (SELECT * FROM {t} WHERE {k} = %(id)s) TO STDOUT",
    "copy_table": "COPY {t} TO STDOUT",
}
CHANGES = {
    "U": {
        "update": "UPDATE {t} SET {k} = {k} WHERE {k} = %(id)s",
        "update_returning": "UPDATE {t} SET {k} = {k} WHERE {k} = %(id)s RETURNING *",
        "update_from": "UPDATE {t} SET {k} = {t}.{k} FROM (VALUES (%(id)s)) v(x) WHERE {t}.{k} = v.x",
        "update_cte": "WITH u AS (UPDATE {t} SET {k} = {k} WHERE {k} = %(id)s RETURNING {k}) SELECT * FROM u",
        "merge_update": "MERGE INTO {t} USING (VALUES (%(id)s)) v(x) ON {t}.{k} = v.x WHEN MATCHED THEN UPDATE SET {k} = {t}.{k}",
        "update_blind": "UPDATE {t} SET {k} = NULL",
        "lock": "SELECT * FROM {t} WHERE {k} = %(id)s FOR UPDATE",
    },
    "D": {
        "delete": "DELETE FROM {t} WHERE {k} = %(id)s",
        "delete_returning": "DELETE FROM {t} WHERE {k} = %(id)s RETURNING *",
        "delete_using": "DELETE FROM {t} USING (VALUES (%(id)s)) v(x) WHERE {t}.{k} = v.x",
        "delete_blind": "DELETE FROM {t}",
        "delete_cte": "WITH d AS (DELETE FROM {t} WHERE {k} = %(id)s RETURNING {k}) SELECT * FROM d",
        "merge_delete": "MERGE INTO {t} USING (VALUES (%(id)s)) v(x) ON {t}.{k} = v.x WHEN MATCHED THEN DELETE",
    },
    "I": {
        "insert": _COPY,
        "insert_returning": _COPY + " RETURNING {k}",
        "insert_or_nothing": _COPY + " ON CONFLICT DO NOTHING",
        "insert_cte": "WITH i AS (%s RETURNING {k}) SELECT * FROM i".replace("%s", _COPY),
        "upsert": _COPY.replace("%(new)s", "%(same)s")
        + " ON CONFLICT ({k}) DO UPDATE SET {k} = excluded.{k}",
    },
}
# Reads that went through: nothing is changed, locked or open after them.
_LEAVE_NOTHING = {text for name, text in READS.items() if name != "fetch"}
# Refused whatever the context: no runtime role has these at all.
NEVER = {
    "truncate": "TRUNCATE {t} CASCADE",
    "disable": "ALTER TABLE {t} DISABLE ROW LEVEL SECURITY",
    "no_force": "ALTER TABLE {t} NO FORCE ROW LEVEL SECURITY",
    "drop_policy": "DROP POLICY owner_all ON {t}",
    "policy": "CREATE POLICY mine ON {t} USING (true)",
    "trigger": "ALTER TABLE {t} DISABLE TRIGGER ALL",
    "drop": "DROP TABLE {t}",
    "unprotected": "SET LOCAL row_security = off; SELECT * FROM {t}",
    "copy_from": "COPY {t} FROM STDIN",
}
# Errors that prove that a statement got past row security: the row was seen, or would have been written.
_PAST = (errors.IntegrityError, errors.DivisionByZero)


# The row is already there; an upsert needs the right to update as well, and a blind update leaves one's own rows.
_MAY_DO_NOTHING = {"I insert_or_nothing"}
_NEEDS_MORE = {"I upsert", "U update_blind"}
# Without a WHERE they reach every row of one's own: tried where there is none. They need no right to read, so that a
# policy that opens changes alone is seen by them only.
_BLIND = {"update_blind", "delete_blind"}
_NOBODY = {"none", "empty", "unknown"}


@dataclass(frozen=True)
class Context:
    """Settings of one transaction, as a program might leave them."""

    name: str
    statements: tuple[str, ...]


def _set(organisation: object, user: object = "") -> str:
    return f"SELECT set_config('maillage.organisation', '{organisation}', true), set_config('maillage.user', '{user}', true)"


def right_context(reader: UUID, row: Row) -> Context:
    """The context in which the row may be read."""
    return Context("right", (_set(reader, row.person or ""),))


def wrong_contexts(row: Row, plant: Plant) -> Iterator[Context]:
    """Every way of not being a reader of this row."""
    reader = next(iter(row.writers or row.readers), plant.worlds[0].holder)
    yield Context("none", ())
    yield Context("empty", (_set(""),))
    yield Context("blank", (_set("  "),))
    yield Context("garbage", (_set("not-a-uuid"),))
    yield Context("unknown", (_set(uuid4()),))
    yield Context("user_only", (_set("", uuid4()),))
    yield Context("reset", (_set(reader), "RESET maillage.organisation", 'RESET maillage."user"'))
    yield Context("undone", ("SAVEPOINT before", _set(reader), "ROLLBACK TO before"))
    if row.private:
        yield Context("colleague", (_set(reader, uuid4()),))
    yield Context("outsider", (_set(plant.outsider),))
    for world in plant.worlds:
        for organisation in (world.holder, world.other):
            if organisation not in row.readers | row.writers:
                yield Context(f"of_{world.name}", (_set(organisation),))


@dataclass
class Findings:
    """What a run tried and what it found wrong."""

    tried: Counter[tuple[str, str]] = field(default_factory=Counter)
    tuples: set[tuple[str, str, str, str]] = field(default_factory=set)
    violations: list[str] = field(default_factory=list)


class Prober:
    """Tries statements on one connection; each in its own savepoint, everything rolled back.

    `thin`: each statement in one in so many of the wrong contexts of a row, in others for the next statement and the next row, so
    that every row meets every statement and every context, and every context every statement. With 1, in all of them.
    """

    def __init__(
        self,
        connection: psycopg.Connection,
        plant: Plant,
        role: str,
        copies: dict[tuple[str, UUID], str],
        *,
        thin: int = 1,
    ) -> None:
        self.connection, self.plant, self.role, self.copies = connection, plant, role, copies
        self.thin, self.turn = thin, 0
        self.findings = Findings()
        self.reader: UUID | None = None  # who acts in the probe, where she is known

    def run(self, rows: Iterable[Row]) -> Findings:
        """Every denied probe of these rows, and its allowed twin."""
        for row in rows:
            self.reader, self.turn = None, self.turn + 1
            for context in wrong_contexts(row, self.plant):
                self._probe(row, context, allowed=False)
            for reader in (
                sorted(row.writers or row.readers) if row.readers != EVERYBODY or row.writers else []
            ):
                self.reader = reader
                self._probe(row, right_context(reader, row), allowed=True)
        return self.findings

    def _probe(self, row: Row, context: Context, *, allowed: bool) -> None:
        self.turn += 1
        # What everybody reads meets half of the statements: each in twice as many contexts.
        thin = self.thin if row.readers != EVERYBODY else max(1, self.thin // 2)
        with self.connection.transaction(force_rollback=True):
            for statement in context.statements:
                self.connection.execute(statement.encode())
            self.connection.execute("SAVEPOINT attempt")
            for number, (verb, name, text) in enumerate(_statements()):
                if verb == "R" and row.readers == EVERYBODY:
                    continue
                if verb == "I" and row.table in INSERTED_BY_ALL and not row.private:
                    continue
                if name in _BLIND and not allowed and context.name not in _NOBODY:
                    continue
                if not allowed and name not in _BLIND and (self.turn + number) % thin:
                    continue
                outcome, words = self.attempt(text, row)
                self._judge(row, context, f"{verb} {name}", outcome, words, allowed=allowed)

    def _judge(
        self, row: Row, context: Context, statement: str, outcome: str, words: str, *, allowed: bool
    ) -> None:
        verb = statement[0]
        # Reading someone's own row through a change needs both; whoever is only a reader changes nothing.
        held = verb in VERBS[row.table] or (self.role, row.table, statement) in BY_COLUMN
        expected = allowed and held and not self._only_reads(row, verb)
        rule = "allowed" if expected else "denied"
        self.findings.tried[rule, row.table] += 1
        self.findings.tuples.add((rule, f"{row.table} {context.name}", statement, self.role))
        where = f"{self.role} {row.table} {statement} in context {context.name}"
        done = outcome == "done" or (outcome == "nothing" and statement in _MAY_DO_NOTHING)
        if expected and not done and statement not in _NEEDS_MORE:
            self.findings.violations.append(f"{where}: wrongly {outcome} {words}")
        if not expected and outcome == "done":
            self.findings.violations.append(f"{where}: reached a row that is not its own")
        if not allowed and any(world.canary in words for world in self.plant.worlds):
            self.findings.violations.append(f"{where}: the error tells what is in the row")

    def _only_reads(self, row: Row, verb: str) -> bool:
        few = {"U": row.changers, "I": row.adders}.get(verb)
        return few is not None and self.reader not in few

    def attempt(self, text: str, row: Row) -> tuple[str, str]:
        """« done » when the row was seen or changed, « nothing », « refused » or another error; and the error's words."""
        query = _composed(text, row.table, row.key)
        parameters = {
            "id": row.value,
            "new": self._copy(row, fresh=True),
            "same": self._copy(row, fresh=False),
        }
        try:
            with self._undone(leaves=text not in _LEAVE_NOTHING), self.connection.cursor() as cursor:
                if text.startswith("COPY"):
                    return ("done" if self._copied(cursor, query, row) else "nothing"), ""
                cursor.execute(query, parameters)
                if text.startswith("DECLARE"):
                    cursor.execute("FETCH ALL FROM c")
                return ("done" if cursor.rowcount > 0 else "nothing"), ""
        except errors.InsufficientPrivilege as error:
            return "refused", _words(error)
        except _PAST as error:
            return "done", _words(error)
        except psycopg.Error as error:
            seen = text == READS["cast"] and str(row.value) in _words(error)
            return ("done" if seen else type(error).__name__), _words(error)

    @contextmanager
    def _undone(self, *, leaves: bool) -> Iterator[None]:
        """Back to the savepoint of the probe, which stays, after an error and after what may have left something."""
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK TO attempt")
            raise
        if leaves:
            self.connection.execute("ROLLBACK TO attempt")

    def _copied(self, cursor: psycopg.Cursor, query: sql.Composed, row: Row) -> bool:
        text = query.as_string(self.connection).replace("%(id)s", f"'{row.value}'")
        with cursor.copy(text.encode()) as rows:
            return str(row.value).encode() in b"".join(bytes(data) for data in rows)

    def _copy(self, row: Row, *, fresh: bool) -> str:
        text = self.copies[row.table, row.value]
        return (
            text.replace(f'"{row.key}": "{row.value}"', f'"{row.key}": "{uuid4()}"')
            if fresh and row.key == "id"
            else text
        )


@cache
def _composed(text: str, table: str, key: str) -> sql.Composed:
    return sql.SQL(text).format(t=sql.Identifier(table), k=sql.Identifier(key))


def _statements() -> Iterator[tuple[str, str, str]]:
    yield from (("R", name, text) for name, text in READS.items())
    for verb, named in CHANGES.items():
        yield from ((verb, name, text) for name, text in named.items())


def _words(error: psycopg.Error) -> str:
    diagnosis = error.diag
    return " ".join(
        part or ""
        for part in (str(error), diagnosis.message_detail, diagnosis.message_hint, diagnosis.context)
    )


def copies_of(owner: psycopg.Connection, rows: Iterable[Row]) -> dict[tuple[str, UUID], str]:
    """Each planted row as JSON, read by the owner: what a forger would insert again."""
    found = {}
    for row in rows:
        query = sql.SQL("SELECT to_jsonb(t)::text FROM {t} t WHERE {k} = %s").format(
            t=sql.Identifier(row.table), k=sql.Identifier(row.key)
        )
        answer = owner.execute(query, [row.value]).fetchone()
        assert answer is not None
        found[row.table, row.value] = answer[0]
    return found


def always_refused(connection: psycopg.Connection, table: str) -> Iterator[tuple[str, bool]]:
    """Statements that no runtime role may run; True where it was refused."""
    for name, text in NEVER.items():
        query = text.replace("{t}", table)
        refused = False
        with suppress(psycopg.errors.FeatureNotSupported), connection.transaction(force_rollback=True):
            try:
                with connection.cursor() as cursor:
                    if name == "copy_from":
                        with cursor.copy(query.encode()) as into:
                            into.write(b"")
                    else:
                        cursor.execute(query.encode())
            except (errors.InsufficientPrivilege, errors.FeatureNotSupported):
                refused = True
                raise psycopg.Rollback from None
        yield name, refused
