"""A person is found by her surname alone too: one more digest, for which every case waits to be indexed."""

from django.db import migrations, models

# The digests that are there stay: the job adds the one that is missing.
WAIT = """
INSERT INTO beneficiaries_waiting (id, organisation_id, case_id)
SELECT gen_random_uuid(), p.organisation_id, p.case_id FROM cases_participation p
  JOIN beneficiaries_beneficiary b ON b.case_id = p.case_id
ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):

    dependencies = [("beneficiaries", "0003_index")]

    operations = [
        migrations.RemoveConstraint("blindindex", "blindindex_kind_known"),
        migrations.AddConstraint(
            "blindindex",
            models.CheckConstraint(
                condition=models.Q(("kind__in", ["nir", "name_birth", "name"])), name="blindindex_kind_known"
            ),
        ),
        migrations.RunSQL(WAIT, migrations.RunSQL.noop),
    ]
