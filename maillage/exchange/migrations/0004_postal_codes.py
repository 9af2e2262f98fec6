"""Groups of five digits apart from each other may be postal codes: the database refuses them no more than the detector does."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0003_attachments'),
        ('organisations', '0009_directory'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='note',
            name='note_holds_no_long_number',
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(('text__regex', '(?<![0-9][ \\t\\n.\\u00a0\\u202f-]?)(?!0[ \\t\\n.\\u00a0\\u202f-]?8([ \\t\\n.\\u00a0\\u202f-]?[0-9]){8}(?![ \\t\\n.\\u00a0\\u202f-]?[0-9]))(?![0-9]{5}([ \\t\\n.\\u00a0\\u202f-][0-9]{5})+(?![ \\t\\n.\\u00a0\\u202f-]?[0-9]))([0-9][ \\t\\n.\\u00a0\\u202f-]?){9,}'), _negated=True), name='note_holds_no_long_number', violation_error_message='Ici, on ne parle d’aucune personne : retirez ce numéro.'),
        ),
    ]
