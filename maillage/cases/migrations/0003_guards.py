"""A participation has a state that somebody can read, and the convention of its case; so has a case that of its authorisation."""

from django.db import migrations

PARENTS = """
ALTER TABLE cases_authorisation ADD CONSTRAINT authorisation_in_its_convention UNIQUE (id, convention_id);
ALTER TABLE cases_case ADD CONSTRAINT case_in_its_convention UNIQUE (id, convention_id);
ALTER TABLE cases_case ADD CONSTRAINT case_authorisation_in_its_convention
    FOREIGN KEY (authorisation_id, convention_id) REFERENCES cases_authorisation (id, convention_id);
ALTER TABLE cases_participation ADD CONSTRAINT participation_case_in_its_convention
    FOREIGN KEY (case_id, convention_id) REFERENCES cases_case (id, convention_id);
"""
UNDO = """
ALTER TABLE cases_participation DROP CONSTRAINT participation_case_in_its_convention;
ALTER TABLE cases_case DROP CONSTRAINT case_authorisation_in_its_convention;
ALTER TABLE cases_case DROP CONSTRAINT case_in_its_convention;
ALTER TABLE cases_authorisation DROP CONSTRAINT authorisation_in_its_convention;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_sharing")]

    operations = [
        migrations.RunSQL(PARENTS, UNDO),
    ]
