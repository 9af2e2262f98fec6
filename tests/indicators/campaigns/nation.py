"""A whole country that has answered a campaign: caisses, conventions of several networks, validated sheets. Written by SQL, nobody's."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from benchmarks.seed import quietly
from maillage.indicators.consolidated.series import ANSWERED, YES, SeriesKey
from maillage.organisations.territories import departements
from tests.conventions.people import SIGNED
from tests.indicators.campaigns.world import YEAR

CAISSES: Final = 101
CONVENTIONS: Final = 40
"""Under each caisse."""
_TABLES: Final = (
    "organisations_organisation",
    "conventions_convention",
    "conventions_relation",
    "indicators_yearsheet",
    "indicators_yearcounts",
    "indicators_yearanswer",
)
# Ids and figures are drawn from the number of each row: the same country each time. Many counts are small, as they are.
_FILL: Final = """
CREATE TEMP TABLE caisse ON COMMIT DROP AS
SELECT md5('caisse ' || place)::uuid AS id, place, departement
  FROM unnest(%(departements)s::text[]) WITH ORDINALITY one (departement, place);
INSERT INTO organisations_organisation (id, kind, name, short_name, sort_name, siret, address, departement, time_zone, mailbox, phone)
SELECT id, 'cpam', 'Caisse ' || departement, departement, 'caisse ' || departement, '', '', departement, 'Europe/Paris', '', '' FROM caisse;
CREATE TEMP TABLE made ON COMMIT DROP AS
SELECT md5('convention ' || n)::uuid AS id, md5('sheet ' || n)::uuid AS sheet, n, caisse.id AS caisse,
       ('x' || substr(md5(n::text), 1, 5))::bit(20)::int AS a, ('x' || substr(md5(n::text), 6, 5))::bit(20)::int AS b,
       ('x' || substr(md5(n::text), 11, 5))::bit(20)::int AS c, ('x' || substr(md5(n::text), 16, 5))::bit(20)::int AS d
  FROM generate_series(1, %(caisses)s * %(conventions)s) n JOIN caisse ON caisse.place = (n - 1) / %(conventions)s + 1;
INSERT INTO conventions_convention (id, title, sort_title, level, template, departement, partner_kind, partners, state, end_kind,
    content_hash, starts_on, in_force, drafted_by_id, chosen, time_zone, next_due_what)
SELECT id, 'Locale ' || n, 'locale ' || n, 'local', '', '',
       CASE WHEN a %% 10 < 4 THEN 'ccas' WHEN a %% 10 < 7 THEN 'association' WHEN a %% 10 < 9 THEN 'hospital' ELSE 'penitentiary' END, '',
       'in_force', '', repeat('0', 64), %(signed)s, tstzrange(%(signed)s, NULL), caisse, '{}', 'Europe/Paris', ''
  FROM made;
INSERT INTO conventions_relation (id, convention_id, kind, key, target_id, text)
SELECT gen_random_uuid(), id, 'implements', '', %(national)s, '' FROM made;
INSERT INTO indicators_yearsheet (id, convention_id, year, state, back_reason, begun_at, begun_by, validated_at, validated_by)
SELECT sheet, id, %(year)s, 'validated', '', %(signed)s, id, %(signed)s, id FROM made;
INSERT INTO indicators_yearcounts (sheet_id, convention_id, amounts)
SELECT sheet, id,
       jsonb_build_object('care_ended', done + other, 'care_done', done, 'care_not_done', other, 'referrals_care', a / 16 %% 40,
           'referrals_rights', a / 1024 %% 20, 'referrals_workshops', b %% 3, 'eps_done', b / 16 %% 5, 'puma_granted', b / 256 %% 9,
           'puma_refused', b / 4096 %% 3, 'c2s_granted', c / 512 %% 30, 'c2s_refused', c / 8192 %% 8, 'ame_granted', d %% 12,
           'ame_refused', d / 16 %% 2, 'c2s_participation_granted', d / 32 %% 7, 'c2s_participation_refused', d / 256 %% 2,
           'sessions_dedicated', d / 512 %% 2, 'persons_dedicated', d / 1024 %% 15, 'sessions_open', d / 16384 %% 2,
           'attendances_open', d / 32768 %% 20)
  FROM made CROSS JOIN LATERAL (SELECT b %% 11 * (b / 16 %% 6), c %% 7 * (c / 16 %% 4)) care (done, other);
INSERT INTO indicators_yearanswer (id, sheet_id, convention_id, question, part, revision, number, words, comment, why,
    said_at, said_by, said_for_id, is_few)
SELECT gen_random_uuid(), sheet, id, said.question, '', said.revision, said.number, said.words, '', '', %(signed)s, id, caisse, true
  FROM made CROSS JOIN LATERAL (VALUES
       ('inclusion_initiatives', 1, (a %% 3 = 0)::int, '', true),
       ('inclusion_initiatives_usagers', 1, a / 64 %% 25, '', a %% 3 = 0),
       ('accompagnements_soins', 1, 900, '', n %% 20 = 0),
       ('accompagnements_soins', 2, 30 + a %% 5, '', n %% 20 = 0),
       ('prevention_actions', 1, 1, '', n %% 10 = 0),
       ('prevention_themes', 1, NULL, 'Vaccination, dans la rue', n %% 10 = 0)) said (question, revision, number, words, is_said)
 WHERE said.is_said;
"""


def regions() -> dict[str, str]:
    """The départements that have a caisse, each with its region; overseas collectivities have none."""
    return {code: one.region for code, one in departements().items() if len(one.region) == 2}


def fill(national: UUID, caisses: int = CAISSES, conventions: int = CONVENTIONS) -> int:
    """So many conventions under each of so many caisses, that implement the national text; how many there are."""
    quietly(
        _FILL,
        {
            "national": national,
            "departements": list(regions())[:caisses],
            "caisses": caisses,
            "conventions": conventions,
            "year": YEAR.number,
            "signed": SIGNED,
        },
        tables=_TABLES,
    )
    return caisses * conventions


def counted(code: str) -> str:
    """What had been counted when the sheet was validated."""
    return f"(k.amounts ->> '{code}')::bigint"


def where(code: str, value: str) -> str:
    """Asked only where something was counted."""
    return f"CASE WHEN {counted(code)} > 0 THEN {value} END"


VALUES: Final[Mapping[SeriesKey, str]] = {
    SeriesKey("accompagnements_soins"): f"coalesce(said.accompagnements_soins, {counted('care_ended')})",
    SeriesKey("seances_dediees_personnes"): where("sessions_dedicated", counted("persons_dedicated")),
    SeriesKey("programme_participations"): where("sessions_open", counted("attendances_open")),
    SeriesKey("inclusion_ateliers_usagers"): counted("referrals_workshops"),
    SeriesKey("examens_prevention_nombre"): counted("eps_done"),
    SeriesKey("inclusion_initiatives_usagers"): "said.inclusion_initiatives_usagers",
    **{
        SeriesKey("issues_soins", part, term): counted(code)
        for part, code in (("succes", "care_done"), ("echec", "care_not_done"))
        for term, code in (("count", code), ("over", "care_ended"))
    },
    **{
        SeriesKey(question, part): counted(f"{right}_{what}")
        for question, right, parts in (
            ("droits_puma", "puma", ("ouverts", "refus")),
            ("accompagnements_c2s", "c2s", ("accord", "refus")),
            ("accompagnements_c2sp", "c2s_participation", ("accord", "refus")),
            ("droits_ame", "ame", ("ouverts", "refus")),
        )
        for part, what in zip(parts, ("granted", "refused"), strict=True)
    },
    **{
        SeriesKey(question, "", term): value
        for question, code in (
            ("seances_dediees", "sessions_dedicated"),
            ("programme_tous_partenaires", "sessions_open"),
            ("detections_soins", "referrals_care"),
            ("detections_droits", "referrals_rights"),
            ("inclusion_ateliers", "referrals_workshops"),
            ("examens_prevention", "eps_done"),
        )
        for term, value in ((ANSWERED, "1"), (YES, f"({counted(code)} > 0)::int"))
    },
    **{
        SeriesKey(question, "", term): value
        for question in ("inclusion_initiatives", "prevention_actions")
        for term, value in (
            (ANSWERED, f"(said.{question} IS NOT NULL)::int"),
            (YES, f"(said.{question} = 1)::int"),
        )
    },
    SeriesKey("convention_signee", "", ANSWERED): "1",
    SeriesKey("convention_signee", "", YES): "0",
}
"""Each number of the release, by the value of one sheet: written apart from what makes it."""
_SUMS: Final = """
WITH newest AS (
    SELECT DISTINCT ON (sheet_id, question) sheet_id, question, number
      FROM indicators_yearanswer ORDER BY sheet_id, question, revision DESC
), said AS (
    SELECT sheet_id, {said} FROM newest GROUP BY sheet_id
), one AS (
    SELECT o.id AS caisse, r.region, v.partner_kind AS network, {values}
      FROM indicators_yearsheet s
      JOIN indicators_yearcounts k ON k.sheet_id = s.id
      JOIN conventions_convention v ON v.id = s.convention_id
      JOIN organisations_organisation o ON o.id = v.drafted_by_id
      JOIN unnest(%(departements)s::text[], %(regions)s::text[]) r (departement, region) ON r.departement = o.departement
      LEFT JOIN said ON said.sheet_id = s.id
     WHERE s.state = 'validated' AND s.year = %(year)s
)
SELECT CASE WHEN grouping(caisse) = 0 THEN caisse::text WHEN grouping(region) = 0 THEN region ELSE 'total' END AS territory,
       CASE WHEN grouping(network) = 0 THEN network ELSE 'total' END AS network, {sums}
  FROM one
 GROUP BY GROUPING SETS ((caisse, network), (caisse), (region, network), (region), (network), ())
"""
_WRITTEN: Final = f"""
INSERT INTO indicators_releasedfigure (id, campaign_id, question, part, term, territory, network, amount)
SELECT gen_random_uuid(), (SELECT id FROM indicators_campaign), question, part, term, territory, network, amount
  FROM ({_SUMS}) sums CROSS JOIN LATERAL (VALUES {{rows}}) told (question, part, term, amount)
"""
AGAIN: Final = """
DELETE FROM indicators_releasedfigure;
UPDATE indicators_campaign SET state = 'closed', released_at = NULL, policy = NULL, answered = NULL, refused = '';
"""
"""Put every campaign back before it was released; `RELEASED` are the tables that it writes."""
RELEASED: Final = ("indicators_campaign", "indicators_releasedfigure")


def summed(cursor: CursorWrapper) -> dict[tuple[SeriesKey, str, str], int]:
    """What the sheets add up to, everywhere and with each network, in one question asked by the owner."""
    _ask(cursor, _SUMS)
    return {
        (key, territory, network): int(total or 0)
        for territory, network, *totals in cursor.fetchall()
        for key, total in zip(VALUES, totals, strict=True)
    }


def written(cursor: CursorWrapper) -> int:
    """The same, written one number a row where what is released is; how many. Nothing may have been released yet."""
    _ask(cursor, _WRITTEN)
    return int(cursor.rowcount)


def _ask(cursor: CursorWrapper, statement: str) -> None:
    questions = (
        "accompagnements_soins",
        "inclusion_initiatives",
        "inclusion_initiatives_usagers",
        "prevention_actions",
    )
    named = [(f"n{place}", value) for place, value in enumerate(VALUES.values())]
    asked = statement.format(
        said=", ".join(f"max(number) FILTER (WHERE question = '{one}') AS {one}" for one in questions),
        values=", ".join(f"{value} AS {name}" for name, value in named),
        sums=", ".join(f"sum({name}) AS {name}" for name, _ in named),
        rows=", ".join(
            f"('{key.question}', '{key.part}', '{key.term}', n{place})" for place, key in enumerate(VALUES)
        ),
    )
    held = regions()
    cursor.execute(asked, {"departements": list(held), "regions": list(held.values()), "year": YEAR.number})
