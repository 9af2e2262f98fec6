"""What lists are searched and sorted by stands on each participation: its case's kind and service, its reference, its turn."""

from django.db import migrations, models
from django.db.models import Q

# `turn` sorts what is open: the urgent first, then by the day on which it is due (what has no due day is due since it came),
# in days since 2000; a million more for what is not urgent. `late_on` is the first day on which it is late: the day after its due
# day, or after a week without an acknowledgement. A reference is eight letters of 31: the remainders of the digest of the id.
# What was there is filled in without an entry of the journal a row: nobody acted, and nothing is said that was not known.
# Days are UTC's here: the pages compare them with the local day, an overseas caisse sees what is late some hours before or after.
LISTED = """
CREATE FUNCTION cases_reference(of_case uuid) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog AS $$
DECLARE
    alphabet CONSTANT text := '23456789ABCDEFGHJKMNPQRSTVWXYZ';
    digest bytea := sha256(uuid_send(of_case));
    rest bigint := 0;
    letters text := '';
BEGIN
    FOR position IN 0..31 LOOP
        rest := (rest * 256 + get_byte(digest, position)) % (length(alphabet)::bigint ^ 8)::bigint;
    END LOOP;
    FOR position IN 1..8 LOOP
        letters := letters || substr(alphabet, 1 + (rest % length(alphabet))::integer, 1);
        rest := rest / length(alphabet);
    END LOOP;
    RETURN letters;
END $$;

CREATE FUNCTION cases_listed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    came date := (NEW.since AT TIME ZONE 'UTC')::date;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT c.kind, c.service INTO STRICT NEW.kind, NEW.service FROM cases_case c WHERE c.id = NEW.case_id;
        NEW.reference := cases_reference(NEW.case_id);
    END IF;
    NEW.turn := coalesce(NEW.due_on, came) - DATE '2000-01-01' + CASE WHEN NEW.urgent THEN 0 ELSE 1000000 END;
    NEW.late_on := CASE WHEN NEW.closed_at IS NOT NULL THEN NULL
                        WHEN NEW.due_on IS NOT NULL THEN NEW.due_on + 1
                        WHEN NEW.state = 'sent' THEN came + 8 END;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION cases_reference(uuid), cases_listed() FROM PUBLIC;

ALTER TABLE cases_participation DISABLE TRIGGER journal;
UPDATE cases_participation p
   SET kind = c.kind, service = c.service, reference = cases_reference(c.id),
       turn = coalesce(p.due_on, (p.since AT TIME ZONE 'UTC')::date) - DATE '2000-01-01' + CASE WHEN p.urgent THEN 0 ELSE 1000000 END,
       late_on = CASE WHEN p.closed_at IS NOT NULL THEN NULL
                      WHEN p.due_on IS NOT NULL THEN p.due_on + 1
                      WHEN p.state = 'sent' THEN (p.since AT TIME ZONE 'UTC')::date + 8 END
  FROM cases_case c WHERE c.id = p.case_id;
ALTER TABLE cases_participation ENABLE TRIGGER journal;
CREATE TRIGGER listed BEFORE INSERT OR UPDATE OF state, urgent, closed_at, due_on ON cases_participation
    FOR EACH ROW EXECUTE FUNCTION cases_listed();
"""
UNDO = """
DROP TRIGGER listed ON cases_participation;
DROP FUNCTION cases_listed();
DROP FUNCTION cases_reference(uuid);
"""


_LISTED = ("organisation", "kind")
_OPEN = Q(closed_at__isnull=True)
_FILTERS: dict[str, list[str]] = {"list": [], "service": ["service"], "state": ["state"], "convention": ["convention_id"]}


def _index(*fields: str, name: str, condition: Q | None = None) -> migrations.AddIndex:
    return migrations.AddIndex("participation", models.Index(fields=[*_LISTED, *fields], name=name, condition=condition))


class Migration(migrations.Migration):

    dependencies = [
        ("cases", "0009_expired"),
        ("organisations", "0009_directory"),
    ]

    operations = [
        migrations.AddField("participation", "kind", models.CharField("nature", max_length=20, db_default="", editable=False)),
        migrations.AddField("participation", "service", models.CharField("service", max_length=40, db_default="", editable=False)),
        migrations.AddField("participation", "reference", models.CharField("référence", max_length=8, db_default="", editable=False)),
        migrations.AddField("participation", "turn", models.IntegerField("ordre de passage", db_default=0, editable=False)),
        migrations.AddField("participation", "late_on", models.DateField("en retard dès le", null=True, editable=False)),
        migrations.RunSQL(LISTED, UNDO),
        migrations.RemoveIndex("participation", "participation_worklist"),
        migrations.RemoveIndex("participation", "participation_all"),
        *(_index(*filtered, "turn", "id", name=f"part_open_{name}", condition=_OPEN) for name, filtered in _FILTERS.items()),
        *(_index(*filtered, "since", "id", name=f"part_all_{name}") for name, filtered in _FILTERS.items()),
        _index("since", "id", name="part_open_since", condition=_OPEN),
        _index("since", "id", name="part_all_urgent", condition=Q(urgent=True)),
        _index("turn", "id", name="part_late", condition=Q(late_on__isnull=False)),
        migrations.AddIndex("participation", models.Index(fields=["organisation", "reference"], name="part_reference")),
    ]
