"""The parts of a digest are inlined: `convert_to` is stable, and PostgreSQL inlines nothing that claims to be steadier than its body."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_anchors")]

    operations = [
        migrations.RunSQL(
            "ALTER FUNCTION audit_part(text) STABLE",
            "ALTER FUNCTION audit_part(text) IMMUTABLE",
        )
    ]
