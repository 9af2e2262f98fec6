"""A session's proof that was noted before proofs had a fact gets its own: its sheet signed again notes no second one."""

from django.db import migrations

# It began with the day, the hour and the title of its session, by which it was then looked for. One that was taken back too: it is not
# noted again. Unique from here on: `commitmentevidence_once_a_fact`.
KNOWN = """
UPDATE conventions_commitmentevidence proof SET source = 'session', fact = found.session::text
  FROM (SELECT DISTINCT ON (e.convention_id, e.commitment_key, s.id) e.id, s.id AS session
          FROM training_session s
          JOIN training_module m ON m.id = s.module_id
          JOIN conventions_commitmentevidence e
            ON e.recorded_for_id = s.organiser_id AND e.source = 'hand' AND e.cancels_id IS NULL
           AND starts_with(e.note, 'Séance du ' || to_char(s.starts_at AT TIME ZONE s.time_zone, 'DD/MM/YYYY "à" FMHH24 "h" MI')
                                   || ', « ' || m.title || ' » :')
         WHERE s.state = 'held' AND NOT EXISTS (
               SELECT 1 FROM conventions_commitmentevidence k
                WHERE k.convention_id = e.convention_id AND k.commitment_key = e.commitment_key AND k.recorded_for_id = e.recorded_for_id
                  AND k.source = 'session' AND k.fact = s.id::text)
         ORDER BY e.convention_id, e.commitment_key, s.id, e.recorded_at, e.id) found
 WHERE proof.id = found.id;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('conventions', '0015_evidence_known'),
        ('training', '0004_counted'),
    ]

    operations = [
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
    ]
