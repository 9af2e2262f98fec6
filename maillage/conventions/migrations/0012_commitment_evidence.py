"""What shows that a commitment is kept: noted by who owes it, taken back by who noted it, its documents those of the convention."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

_PARTIES = import_module("maillage.conventions.migrations.0002_parties").PARTIES
_OWNERS = import_module("maillage.conventions.migrations.0004_guards").OWNERS


def _function(source: str, name: str) -> str:
    head = f"CREATE FUNCTION {name}("
    text = (head + source.partition(head)[2]).partition("$$;\n")
    return (text[0] + text[1]).replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


def _with(source: str, name: str, before: str, after: str) -> migrations.RunSQL:
    former = _function(source, name)
    if former.count(before) != 1:
        raise ValueError(f"the function `{name}` is not the one that this migration knows")
    return migrations.RunSQL(former.replace(before, after), former)


# A proof is taken back by the organisation that noted it, for the same commitment of the same convention.
KEPT = """
ALTER TABLE conventions_commitmentevidence ADD CONSTRAINT commitmentevidence_whole UNIQUE (id, convention_id, commitment_key, recorded_for_id);
ALTER TABLE conventions_commitmentevidence ADD CONSTRAINT commitmentevidence_cancelled_by_its_own
    FOREIGN KEY (cancels_id, convention_id, commitment_key, recorded_for_id)
    REFERENCES conventions_commitmentevidence (id, convention_id, commitment_key, recorded_for_id);
CREATE TRIGGER recorded BEFORE INSERT ON conventions_commitmentevidence FOR EACH ROW EXECUTE FUNCTION conventions_recorded();
"""
UNDO = """
DROP TRIGGER recorded ON conventions_commitmentevidence;
ALTER TABLE conventions_commitmentevidence DROP CONSTRAINT commitmentevidence_cancelled_by_its_own;
ALTER TABLE conventions_commitmentevidence DROP CONSTRAINT commitmentevidence_whole;
"""
MARKED = "SELECT convention_id, document_id FROM conventions_obligationmark UNION ALL\n"
SHOWN = MARKED + "        SELECT convention_id, document_id FROM conventions_commitmentevidence UNION ALL\n"
NOT_MARKED = "AND NOT EXISTS (SELECT 1 FROM conventions_obligationmark m WHERE m.document_id = d.id)\n"
NOT_SHOWN = NOT_MARKED + "       AND NOT EXISTS (SELECT 1 FROM conventions_commitmentevidence m WHERE m.document_id = d.id)\n"


class Migration(migrations.Migration):
    dependencies = [
        ('conventions', '0011_rights'),
        ('documents', '0003_rewrapping'),
        ('organisations', '0009_directory'),
    ]

    operations = [
        migrations.CreateModel(
            name='CommitmentEvidence',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('commitment_key', models.CharField(max_length=80, verbose_name='engagement')),
                ('occurrence', models.DateField(blank=True, null=True, verbose_name='échéance')),
                ('day', models.DateField(verbose_name='jour')),
                ('note', models.CharField(blank=True, max_length=1000, verbose_name='précision')),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.UUIDField()),
                ('cancels', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.commitmentevidence')),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention')),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                ('recorded_for', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'preuve d’un engagement',
                'indexes': [models.Index(fields=['convention', 'commitment_key'], name='commitmentevidence_convention')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('note', ''), _negated=True), ('document__isnull', False), _connector='OR'), name='commitmentevidence_shows_something', violation_error_message='Une preuve est un mot ou un document.'), models.CheckConstraint(condition=models.Q(('cancels__isnull', True), models.Q(('document__isnull', True), ('occurrence__isnull', True), models.Q(('note', ''), _negated=True)), _connector='OR'), name='commitmentevidence_cancelled_for_a_reason', violation_error_message='Une preuve se retire avec sa raison.')],
            },
        ),
        ProtectTable("conventions_commitmentevidence"),
        JournalTable("conventions_commitmentevidence", "id"),
        migrations.RunSQL(KEPT, UNDO),
        _with(_OWNERS, "conventions_unread", MARKED, SHOWN),
        _with(_PARTIES, "discard_draft", NOT_MARKED, NOT_SHOWN),
    ]
