"""A caisse's worklist at the size of years: a few thousand referrals under way among those that ended, and each filter of its page.

Written by SQL as the owner with the triggers off. Two thousand of them are the same among ten thousand or a million, so that each
filter shows fifty lines in both: what is compared is the page, not what it holds.
"""

from typing import Final
from uuid import UUID

from benchmarks import seed

TABLES: Final = (
    "cases_case",
    "cases_participation",
    "cases_following",
    "cases_authorisation",
    "referrals_referral",
    "referrals_renunciation",
    "beneficiaries_beneficiary",
    "exchange_message",
    "organisations_user",
    "organisations_membership",
)
FIRST, SECOND = UUID(int=1), UUID(int=2)
COLLEAGUE: Final = UUID(int=77)
FILTERS: Final[dict[str, str]] = {
    "toutes": "?vue=all",
    "terminées": "?vue=closed",
    "en cours": "?vue=open",
    "un service": "?vue=open&service=ssam",
    "un service, toutes": "?vue=all&service=ssam",
    "un état": "?vue=open&etat=accepted",
    "un état, terminées": "?vue=closed&etat=refused",
    "urgentes": "?vue=open&urgentes=on",
    "urgentes, toutes": "?vue=all&urgentes=on",
    "en retard": "?vue=open&retard=on",
    "une personne qui suit": f"?vue=open&personne={COLLEAGUE}",
    "une convention": f"?vue=open&convention={FIRST}",
    "une convention, toutes": f"?vue=all&convention={FIRST}",
    "plus de 30 jours": "?vue=open&age=30",
    "quatre filtres": f"?vue=open&service=ssam&convention={FIRST}&retard=on&age=7",
}
"""The filters of the list by turns, alone and together: each shows fifty lines."""

# Of the first two thousand all are under way, received hour by hour; of the others one in twenty. Rare ones are rare in both sizes.
_FILL: Final = """
INSERT INTO cases_authorisation (id, convention_id, flow_key, sender_id, recipient_id, service, article, open_during)
SELECT id, id, 'orientation_misas', %(partner)s, %(caisse)s, 'misas', '3', tstzrange('2020-01-01', NULL)
  FROM unnest(ARRAY[%(first)s, %(second)s]::uuid[]) id;
INSERT INTO organisations_user (id, email, full_name, password, is_active, one_time_password)
VALUES (%(colleague)s, 'collegue@cpam.example.org', 'Camille Exemple', '!', true, false);
INSERT INTO organisations_membership (id, user_id, organisation_id, role, since)
VALUES (gen_random_uuid(), %(colleague)s, %(caisse)s, 'caisse_adviser', '2020-01-01');
CREATE TEMP TABLE made AS
SELECT gen_random_uuid() AS id, n, n <= 2000 OR n %% 20 = 0 AS is_open,
       CASE WHEN n %% 3 = 0 AND n <= 2000 THEN %(first)s ELSE %(second)s END::uuid AS convention,
       CASE WHEN n %% 2 = 0 AND n <= 2000 THEN 'ssam' ELSE 'misas' END AS service,
       n %% 10 = 0 AND n <= 2000 AS urgent,
       CASE WHEN n <= 2000 THEN now() - n * interval '1 hour' ELSE now() - interval '90 days' - n * interval '1 minute' END AS at,
       CASE WHEN n <= 2000 OR n %% 20 = 0 THEN (ARRAY['sent', 'acknowledged', 'accepted', 'paused'])[(n / 20 + n) %% 4 + 1]
            WHEN n <= 3000 THEN 'refused' ELSE 'closed' END AS state
  FROM generate_series(1, %(count)s) n;
INSERT INTO cases_case (id, authorisation_id, convention_id, kind, service, sender_id, caisse_id, opened_at)
SELECT id, convention, convention, 'referral', service, %(partner)s, %(caisse)s, at FROM made;
INSERT INTO referrals_referral (case_id, state, urgent, motives, sent_at, sent_by, acknowledged_at, acknowledged_by, accepted_at,
    accepted_by, closed_at, closed_by, end_reason, care_outcome, rights_outcome, redirected_to)
SELECT id, state, urgent, ARRAY['cost'], at, id, CASE WHEN state <> 'sent' THEN at END, CASE WHEN state <> 'sent' THEN id END,
       CASE WHEN state IN ('accepted', 'paused', 'closed') THEN at END, CASE WHEN state IN ('accepted', 'paused', 'closed') THEN id END,
       CASE WHEN NOT is_open THEN at + interval '20 days' END, CASE WHEN NOT is_open THEN id END,
       CASE state WHEN 'refused' THEN 'other_service' ELSE '' END, CASE state WHEN 'closed' THEN 'done' ELSE '' END,
       CASE state WHEN 'closed' THEN 'opened' ELSE '' END, ''
  FROM made;
INSERT INTO beneficiaries_beneficiary (case_id, identity) SELECT id, decode(repeat('00', 160), 'hex') FROM made;
INSERT INTO cases_participation (id, organisation_id, case_id, convention_id, role, since, state, closed_at, urgent, sealed_key, due_on,
    kind, service, reference, turn, late_on)
SELECT gen_random_uuid(), side.organisation, id, convention, side.role, at, state, CASE WHEN NOT is_open THEN at + interval '20 days' END,
       urgent, decode(repeat('00', 124), 'hex'), due_on, 'referral', service, reference,
       coalesce(due_on, at::date) - DATE '2000-01-01' + CASE WHEN urgent THEN 0 ELSE 1000000 END,
       CASE WHEN NOT is_open THEN NULL WHEN due_on IS NOT NULL THEN due_on + 1 WHEN state = 'sent' THEN at::date + 7 END
  FROM (SELECT *, cases_reference(id) AS reference, CASE WHEN state = 'paused' THEN at::date + n %% 60 + 5 END AS due_on FROM made) one
 CROSS JOIN LATERAL (VALUES (%(caisse)s::uuid, 'recipient'), (%(partner)s::uuid, 'sender')) side (organisation, role);
INSERT INTO referrals_renunciation (id, case_id, care, reason, found_by, outcome, why)
SELECT gen_random_uuid(), id, 'optics', 'cost', 'sender', '', '' FROM made WHERE n %% 2 = 0;
INSERT INTO exchange_message (id, case_id, organisation_id, author, at, sealed_text)
SELECT gen_random_uuid(), id, %(partner)s, id, at, decode(repeat('00', 60), 'hex') FROM made WHERE n %% 3 = 0;
INSERT INTO cases_following (id, organisation_id, case_id, user_id, reason, since)
SELECT gen_random_uuid(), %(caisse)s, id, %(colleague)s, 'taken', at FROM made WHERE n %% 8 = 0 AND n <= 2000 OR n %% 400 = 0;
"""


def fill(count: int) -> None:
    """So many referrals received by one caisse from one partner under two conventions, with keys that open nothing."""
    seed.texts(2)
    seed.quietly(_FILL, seed.between(count, first=FIRST, second=SECOND, colleague=COLLEAGUE), tables=TABLES)
