"""A request whose objection runs is kept, asking again tells of what was found since alone, and whether a case is shared is known."""

from importlib import import_module

from django.db import migrations

_REPLACE = ("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


def _function(module: str, source: str, name: str) -> str:
    """One function as a former migration wrote it, to be put back or changed."""
    text = getattr(import_module(f"maillage.protection.migrations.{module}"), source)
    head, end = f"CREATE FUNCTION {name}(", "END $$;\n"
    return (head + text.partition(head)[2].partition(end)[0] + end).replace(*_REPLACE)


def _changed(former: str, *changes: tuple[str, str]) -> str:
    for line, instead in changes:
        if former.count(line) != 1:
            raise ValueError(f"not the function that this migration knows: {line}")
        former = former.replace(line, instead)
    return former


FORGET_FORMER = _function("0008_retention", "ERASING", "protection_forget_requests")
FORGET = _changed(
    FORGET_FORMER,
    (
        "z.lifted_at IS NULL)  -- it is lifted from its request\n",
        "z.lifted_at IS NULL)  -- it is lifted from its request\n"
        "           AND NOT EXISTS (SELECT 1 FROM beneficiaries_objection o WHERE o.request_id = r.id AND o.lifted_at IS NULL)\n",
    ),
)

# What the other unticked in its own file stays unticked.
ASK_FORMER = _function("0003_requests", "DOORS", "protection_ask")
ASK = _changed(
    ASK_FORMER,
    ("    common uuid[];\n", "    common uuid[];\n    known_before uuid[];\n    since uuid[];\n"),
    (
        "    INSERT INTO protection_requestpart AS known\n",
        "    SELECT p.cases INTO known_before FROM protection_requestpart p WHERE p.request_id = of_request AND p.organisation_id = body;\n"
        "    since := ARRAY(SELECT one FROM unnest(common) one WHERE one <> ALL (coalesce(known_before, '{}')));\n"
        "    INSERT INTO protection_requestpart AS known\n",
    ),
    ("unnest(known.cases || excluded.cases) one", "unnest(known.cases || since) one"),
    ("NOT excluded.cases <@ known.cases", "NOT since <@ known.cases"),
)

# Nothing is granted as put right before whoever else received it is told.
SHARED = """
CREATE FUNCTION protection_shared(chosen uuid[]) RETURNS TABLE (of_case uuid) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT DISTINCT mine.case_id FROM cases_participation mine
      JOIN cases_participation theirs ON theirs.case_id = mine.case_id AND theirs.organisation_id <> mine.organisation_id
     WHERE mine.case_id = ANY (chosen) AND mine.organisation_id = cases_caller()
       AND (mine.until IS NULL OR mine.until > now()) AND (theirs.until IS NULL OR theirs.until > now())
$$;
REVOKE ALL ON FUNCTION protection_shared(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION protection_shared(uuid[]) TO maillage_app, maillage_worker;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('protection', '0024_absent_party'),
        ('beneficiaries', '0008_objection_sealed'),
    ]

    operations = [
        migrations.RunSQL(FORGET, FORGET_FORMER),
        migrations.RunSQL(ASK, ASK_FORMER),
        migrations.RunSQL(SHARED, "DROP FUNCTION protection_shared(uuid[]);"),
    ]
