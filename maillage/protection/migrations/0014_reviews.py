"""Assessments that are soon to be reviewed, for the daily round. Depends on 0010: nothing of 0011 and 0012 is needed."""

from django.db import migrations, models

DOOR = """
-- Validated versions whose review comes by this day and whose next version nobody has opened; each with whoever leads it.
CREATE FUNCTION protection_reviews_coming(last_day date) RETURNS TABLE (assessment uuid, organisation uuid, review_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT a.id, a.organisation_id, a.review_on FROM protection_assessment a
     WHERE a.state = 'validated' AND a.review_on <= last_day
       AND NOT EXISTS (SELECT 1 FROM protection_assessment next
                        WHERE next.organisation_id = a.organisation_id AND next.convention_id = a.convention_id
                          AND next.regime = a.regime AND next.state = 'draft')
     ORDER BY a.review_on, a.id
$$;
REVOKE ALL ON FUNCTION protection_reviews_coming(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION protection_reviews_coming(date) TO maillage_worker;
"""
UNDO = "DROP FUNCTION protection_reviews_coming(date);"


class Migration(migrations.Migration):

    dependencies = [
        ('protection', '0013_contacts_of_trainings'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='assessment',
            index=models.Index(condition=models.Q(('state', 'validated')), fields=['review_on'], name='assessment_to_review'),
        ),
        migrations.RunSQL(DOOR, UNDO),
    ]
