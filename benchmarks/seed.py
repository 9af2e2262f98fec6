"""Large synthetic data, written by SQL as the owner with the triggers off: the shape of production, nobody's identity."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from maillage.conventions import library
from maillage.conventions.terms import content_hash, terms_data
from maillage.demo.directory import load_directory

_TABLES = (
    "cases_case",
    "cases_participation",
    "referrals_referral",
    "beneficiaries_beneficiary",
    "cases_authorisation",
    "conventions_convention",
    "conventions_party",
    "conventions_termsversion",
    "conventions_signature",
)

_CONVENTIONS = """
    INSERT INTO conventions_convention (id, title, sort_title, level, template, departement, partner_kind, partners, state,
        end_kind, content_hash, starts_on, ends_on, in_force, next_due_on, next_due_what, drafted_by_id, chosen, time_zone)
    SELECT gen_random_uuid(), 'Convention n° ' || n, 'convention n° ' || lpad(n::text, 7, '0'), 'local',
        'hopital_pass_modele', '42',
        (ARRAY['ccas', 'hospital', 'association'])[n %% 3 + 1], 'Partenaire ' || n, 'in_force', '', repeat('0', 64),
        date '2024-01-01' + n %% 300, date '2026-12-31' + n %% 300, tstzrange('2024-01-01', NULL), date '2026-09-01' + n %% 300,
        'Dernier jour utile pour dénoncer', %(caisse)s, '{}', 'Europe/Paris'
      FROM generate_series(1, %(count)s) n;
    INSERT INTO conventions_party (id, convention_id, organisation_id, key, role, position, state, next_due_on, sort_title)
    SELECT gen_random_uuid(), id, %(caisse)s, 'cpam', 'drafter', 0, state, next_due_on, sort_title FROM conventions_convention;
    INSERT INTO conventions_party (id, convention_id, organisation_id, key, role, position, state, next_due_on, sort_title)
    SELECT gen_random_uuid(), id, %(partner)s, 'partner', 'signatory', 1, state, next_due_on, sort_title FROM conventions_convention;
"""

_TEXT = """
    INSERT INTO conventions_convention (id, title, sort_title, level, template, departement, partner_kind, partners, state,
        end_kind, content_hash, starts_on, ends_on, in_force, next_due_what, drafted_by_id, chosen, time_zone)
    VALUES (%(id)s, %(title)s, %(title)s, 'local', '', '42', 'ccas', '', 'in_force', '', %(hash)s, '2024-11-14', '2027-11-13',
        tstzrange('2024-11-14', NULL), '', %(cpam)s, '{}', 'Europe/Paris');
    INSERT INTO conventions_termsversion (id, convention_id, number, terms, content_hash, written_at, written_by)
    VALUES (gen_random_uuid(), %(id)s, 1, %(terms)s, %(hash)s, '2024-11-01', %(id)s);
    INSERT INTO conventions_party (id, convention_id, organisation_id, key, role, position, state, sort_title)
    SELECT gen_random_uuid(), %(id)s, body, key, CASE key WHEN 'cpam' THEN 'drafter' ELSE 'signatory' END, 0, 'in_force', %(title)s
      FROM (VALUES (%(cpam)s::uuid, 'cpam'), (%(carsat)s, 'carsat'), (%(ccas)s, 'ccas')) side (body, key);
    INSERT INTO conventions_signature (id, convention_id, organisation_id, party_key, content_hash, signed_on, function,
        by_delegation, recorded_at, recorded_by, recorded_for_id)
    SELECT gen_random_uuid(), %(id)s, organisation_id, key, %(hash)s, '2024-11-14', 'Direction', false, '2024-11-14', %(id)s,
        organisation_id
      FROM conventions_party WHERE convention_id = %(id)s;
"""

_REFERRALS = """
    INSERT INTO cases_authorisation (id, convention_id, flow_key, sender_id, recipient_id, service, article, open_during)
    VALUES (%(authorisation)s, %(convention)s, 'orientation_misas', %(partner)s, %(caisse)s, 'misas', '3', tstzrange('2020-01-01', NULL));
    INSERT INTO cases_case (id, authorisation_id, convention_id, kind, service, sender_id, caisse_id, opened_at)
    SELECT gen_random_uuid(), %(authorisation)s, %(convention)s, 'referral', 'misas', %(partner)s, %(caisse)s,
        timestamptz '2021-01-01' + n * interval '1 minute'
      FROM generate_series(1, %(count)s) n;
    INSERT INTO referrals_referral (case_id, state, urgent, motives, sent_at, sent_by, acknowledged_at, acknowledged_by,
        accepted_at, accepted_by, contacted_on, contacted_by, closed_at, closed_by, end_reason, care_outcome, rights_outcome, redirected_to)
    SELECT id, 'closed', false, ARRAY['cost'], opened_at, id, opened_at, id, opened_at, id, opened_at::date, id,
        opened_at + interval '20 days', id, '', 'done', 'opened', '' FROM cases_case;
    INSERT INTO beneficiaries_beneficiary (case_id, identity) SELECT id, decode(repeat('00', 160), 'hex') FROM cases_case;
    INSERT INTO cases_participation (id, organisation_id, case_id, convention_id, role, since, state, closed_at, urgent, sealed_key,
        kind, service, reference, turn)
    SELECT gen_random_uuid(), side.organisation, c.id, c.convention_id, side.role, c.opened_at, 'closed',
        c.opened_at + interval '20 days', false, decode(repeat('00', 124), 'hex'),
        c.kind, c.service, cases_reference(c.id), c.opened_at::date - DATE '2000-01-01' + 1000000
      FROM cases_case c
     CROSS JOIN LATERAL (VALUES (%(caisse)s::uuid, 'recipient'), (%(partner)s::uuid, 'sender')) side (organisation, role);
"""


def quietly(sql: str, *rows: Mapping[str, Any], tables: tuple[str, ...] = _TABLES) -> None:
    """Write rows as the owner, the triggers of these tables off meanwhile; what PostgreSQL knows of them is then renewed."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for values in rows:
            cursor.execute(sql, values)
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE"
        )  # foreign keys are checked at commit otherwise, too late for ALTER
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    with connections["owner"].cursor() as cursor:
        for table in tables:
            cursor.execute(f"VACUUM ANALYZE {table}")


def between(count: int, **named: UUID | str) -> dict[str, UUID | int | str]:
    """What a statement of so many rows is given: the caisse and its partner, besides what is named."""
    bodies = load_directory()
    return {"count": count, "caisse": bodies["cpam"].id, "partner": bodies["ccas"].id, **named}


def conventions(count: int) -> None:
    """So many conventions of one caisse, all in force."""
    bodies = load_directory()
    quietly(_CONVENTIONS, {"count": count, "caisse": bodies["cpam"].id, "partner": bodies["hospital"].id})


def texts(count: int) -> None:
    """So many conventions in force with their whole text, each its own."""
    bodies = load_directory()
    parties: dict[str, UUID | int | str] = {key: bodies[key].id for key in ("cpam", "carsat", "ccas")}
    rows = []
    for number in range(count):
        title = f"Convention {number:04d}"
        terms = library.load("ccas_montbrison_2024").model_copy(update={"title": title})
        written = {"title": title, "terms": json.dumps(terms_data(terms)), "hash": content_hash(terms)}
        rows.append({**parties, **written, "id": UUID(int=number + 1)})
    quietly(_TEXT, *rows)


def referrals(count: int) -> None:
    """So many closed referrals received by one caisse from one partner, with keys that open nothing, under a text in force."""
    texts(2)  # the second one's is the convention below: a sending reads its conditions
    bodies = load_directory()
    identifiers: dict[str, UUID | int | str] = {"authorisation": UUID(int=1), "convention": UUID(int=2)}
    quietly(
        _REFERRALS, {**identifiers, "count": count, "caisse": bodies["cpam"].id, "partner": bodies["ccas"].id}
    )
