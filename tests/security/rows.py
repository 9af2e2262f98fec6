"""Whether a probe changed anything of the worlds: told by what the rows are before and after."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from maillage.core.row_security import acting
from tests.security.worlds import Persona, World, organisation

_TABLES = (
    "conventions_convention", "conventions_termsversion", "conventions_event", "conventions_signature", "conventions_amendment",
    "conventions_referent", "conventions_relation", "conventions_obligationmark", "conventions_commitmentevidence",
    "conventions_deploymentreason", "conventions_flowacceptance",
    "cases_case", "cases_participation",
    "referrals_referral", "referrals_draft", "beneficiaries_beneficiary", "beneficiaries_correction", "documents_document",
    "referrals_contactattempt", "referrals_pause", "referrals_casequestion",
    "referrals_renunciation", "referrals_rightfollowed", "referrals_assessment", "referrals_plannedaction",
    "referrals_enrolment", "referrals_paperform",
    "rights_preparation", "rights_preparedpiece", "rights_applicationimport", "rights_applicationimportpart",
    "organisations_directoryimport", "organisations_importpart",
    "indicators_yearsheet", "indicators_yearanswer",
    "steering_meeting", "steering_minutes", "steering_validation", "steering_decision", "steering_remark", "steering_pack",
    "steering_localaction",
    "steering_sheetentry", "steering_creditenvelope", "steering_creditfigure", "steering_regulationmeasure",
    "steering_provisiontriangle", "steering_provisionactual",
    "protection_breach", "protection_breachparty", "protection_breachnotice", "protection_breachdecision", "protection_breachentry",
    "protection_breachextent", "protection_breachreach", "protection_destruction", "protection_recordversion", "protection_caseduration",
    "cases_freeze", "protection_rightsrequest", "protection_requestpart", "protection_requestfile", "protection_rectification",
    "protection_rightoutcome", "beneficiaries_objection",
    "protection_transferrequest", "protection_transferanswer", "protection_transferwithdrawal",
    "protection_assessment", "protection_assessmentrisk", "protection_assessmentcontribution",
)  # fmt: skip


_WRITTEN = """
SELECT sum(pg_stat_get_xact_tuples_inserted(t) + pg_stat_get_xact_tuples_updated(t) + pg_stat_get_xact_tuples_deleted(t))
FROM (SELECT unnest(%s::text[])::regclass AS t) AS watched
"""


@dataclass(frozen=True)
class Before:
    """What was there before a knock: the rows of a person's strangers, and how many rows this transaction had written by then."""

    bodies: tuple[str, ...]
    rows: list[object]
    written: int


class Rows:
    """The rows of worlds, as their own organisations see them."""

    def __init__(self, worlds: dict[str, World]) -> None:
        self.worlds = worlds
        self._digests: dict[tuple[str, ...], list[object]] = {}
        self._places: dict[str, UUID] = {}
        self._planned: object = None  # the connection that knows the digest

    def before(self, persona: Persona, relation: str = "") -> Before:
        """Those of the strangers of a person before anything: every probe is rolled back.

        `relation`: the world in which she acts by right, whose own sender may see that; other worlds have other senders.
        """
        bodies = self._strangers(persona, relation)
        if bodies not in self._digests:
            self._digests[bodies] = self._seen_from(bodies)
        return Before(bodies, self._digests[bodies], _written())

    def changed(self, before: Before) -> bool:
        """Whether these rows are others since. PostgreSQL counts what a transaction writes, savepoints undone included: where it
        wrote nothing to these tables, they need not be read again.
        """
        return _written() != before.written and self._seen_from(before.bodies) != before.rows

    def _strangers(self, persona: Persona, relation: str) -> tuple[str, ...]:
        """The senders of the worlds to which she does not belong."""
        strangers = [
            w
            for w in self.worlds.values()
            if not persona.works_at or persona.works_at not in w.parties.values()
        ]
        own = self.worlds[relation].parties.values() if relation in self.worlds else ()
        return tuple(sorted({world.parties["ccas"] for world in strangers} - set(own)))

    def _seen_from(self, bodies: tuple[str, ...]) -> list[object]:
        """How many rows these see and which transaction wrote the last: any row added, changed or removed moves one of them."""
        found: list[object] = []
        for body in bodies:
            with acting(organisation=self.place(body)), connection.cursor() as cursor:
                cursor.execute(self._prepared())
                found += cursor.fetchall()
        return found

    def forget(self) -> None:
        """The rows are no longer what they were."""
        self._digests.clear()

    def place(self, name: str) -> UUID:
        """The id of an organisation of the worlds, asked once."""
        if name not in self._places:
            self._places[name] = organisation(name)
        return self._places[name]

    def _prepared(self) -> str:
        """The statement of the digest, planned once for a connection rather than twice for a knock."""
        if self._planned is not connection.connection:
            digest = "SELECT count(*), coalesce(max(xmin::text::bigint), 0) FROM {}"
            union = " UNION ALL ".join(digest.replace("{}", table) for table in _TABLES)
            with connection.cursor() as cursor:
                # psycopg forgets the plans that it keeps at each rollback, and ours with them: here it keeps none. It drops
                # those of before with their names only where it still watches for it: first this, then no plan any more.
                cursor.execute("DEALLOCATE ALL")
                connection.connection.prepare_threshold = None
                cursor.execute(f"PREPARE digest_{id(self)} AS {union}")
            self._planned = connection.connection
        return f"EXECUTE digest_{id(self)}"


def _written() -> int:
    """How many rows of the tables this transaction has written so far."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN, [list(_TABLES)])
        return int(cursor.fetchone()[0])
