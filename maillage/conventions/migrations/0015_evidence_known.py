"""What shows that a commitment is kept and that Maillage knows by itself: from which fact, once; counts for those who may read them."""

import django.db.models.deletion
from django.db import migrations, models

from maillage.core.row_security import ProtectTable

# The count is that of a proof of its own convention, which counts referrals.
COUNTS = """
ALTER TABLE conventions_commitmentevidence ADD CONSTRAINT commitmentevidence_in_its_convention UNIQUE (id, convention_id);
ALTER TABLE conventions_evidencecount ADD CONSTRAINT evidencecount_in_its_convention
    FOREIGN KEY (evidence_id, convention_id) REFERENCES conventions_commitmentevidence (id, convention_id);
"""
NO_COUNTS = """
ALTER TABLE conventions_evidencecount DROP CONSTRAINT evidencecount_in_its_convention;
ALTER TABLE conventions_commitmentevidence DROP CONSTRAINT commitmentevidence_in_its_convention;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('conventions', '0014_deployment'),
    ]

    operations = [
        migrations.AddField(
            model_name='commitmentevidence',
            name='source',
            field=models.CharField(db_default='hand', default='hand', max_length=10, verbose_name='d’où elle vient'),
        ),
        migrations.AddField(
            model_name='commitmentevidence',
            name='fact',
            field=models.CharField(blank=True, db_default='', default='', max_length=80, verbose_name='fait connu de Maillage'),
        ),
        migrations.AddConstraint(
            model_name='commitmentevidence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('fact', ''), ('source', 'hand')), models.Q(('cancels__isnull', True), ('source__in', ['session', 'support', 'referrals']), models.Q(('fact', ''), _negated=True)), _connector='OR'), name='commitmentevidence_known_by_a_fact', violation_error_message='Une preuve que Maillage connaît vient d’un fait.'),
        ),
        migrations.AddConstraint(
            model_name='commitmentevidence',
            constraint=models.UniqueConstraint(condition=models.Q(('source', 'hand'), _negated=True), fields=('convention', 'commitment_key', 'recorded_for', 'source', 'fact'), name='commitmentevidence_once_a_fact', violation_error_message='Ce fait est déjà noté pour cet engagement.'),
        ),
        migrations.CreateModel(
            name='EvidenceCount',
            fields=[
                ('evidence', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='numbers', serialize=False, to='conventions.commitmentevidence')),
                ('convention_id', models.UUIDField(verbose_name='convention')),
                ('since', models.DateField(verbose_name='du')),
                ('until', models.DateField(help_text='Dernier jour compté.', verbose_name='au')),
                ('counted', models.PositiveIntegerField(verbose_name='à temps')),
                ('over', models.PositiveIntegerField(verbose_name='en tout')),
            ],
            options={
                'verbose_name': 'compte qui montre un engagement',
                'constraints': [models.CheckConstraint(condition=models.Q(('until__gte', models.F('since'))), name='evidencecount_days_ordered', violation_error_message='La fin d’une période ne précède pas son début.'), models.CheckConstraint(condition=models.Q(('counted__lte', models.F('over')), ('over__gte', 1)), name='evidencecount_part_of_a_whole', violation_error_message='Un numérateur ne dépasse pas son dénominateur, qui n’est pas zéro.')],
            },
        ),
        ProtectTable('conventions_evidencecount'),
        migrations.RunSQL(COUNTS, NO_COUNTS),
    ]
