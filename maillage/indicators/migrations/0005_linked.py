"""The campaigns of one year that ask the same conventions, whose figures are equations of each other."""

from django.db import migrations, models

# Those that have published figures, and share with this one a convention that was asked by both.
LINKED = """
CREATE FUNCTION indicators_campaigns_linked(of_campaign uuid) RETURNS TABLE (year smallint, questions jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT other.year, other.questions
      FROM indicators_campaign c
      JOIN indicators_campaign other ON other.year = c.year AND other.id <> c.id AND other.state = 'released'
     WHERE c.id = of_campaign AND c.state = 'closed'
       AND EXISTS (SELECT 1 FROM indicators_releasedfigure f WHERE f.campaign_id = other.id)
       AND EXISTS (SELECT 1 FROM indicators_scope(c.id) mine JOIN indicators_scope(other.id) theirs USING (convention))
     ORDER BY other.released_at, other.id
$$;
REVOKE ALL ON FUNCTION indicators_campaigns_linked(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION indicators_campaigns_linked(uuid) TO maillage_statistics;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('indicators', '0004_templates'),
    ]

    operations = [
        migrations.AlterField(
            model_name='campaign',
            name='refused',
            field=models.CharField(blank=True, max_length=300, verbose_name='pourquoi rien, ou pas tout, n’est publié'),
        ),
        migrations.RunSQL(LINKED, "DROP FUNCTION indicators_campaigns_linked(uuid);"),
    ]
