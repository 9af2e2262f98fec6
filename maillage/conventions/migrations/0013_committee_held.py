"""A committee that met is a fact of its convention."""

from django.db import migrations, models

_BEFORE = [
    'proposed', 'taken_back', 'text_changed', 'denunciation', 'formal_notice', 'complied', 'terminated', 'ended_by_agreement',
    'renewal_opposed', 'renewed', 'evaluation_shared', 'reading_retained', 'superseded', 'external_end', 'blank_filled', 'option_chosen',
    'predecessor_report', 'framework_informed', 'referent_changed',
]


class Migration(migrations.Migration):
    dependencies = [('conventions', '0012_commitment_evidence')]

    operations = [
        migrations.RemoveConstraint('event', 'event_kind_known'),
        migrations.AddConstraint(
            'event', models.CheckConstraint(condition=models.Q(('kind__in', [*_BEFORE, 'committee_held'])), name='event_kind_known')
        ),
    ]
