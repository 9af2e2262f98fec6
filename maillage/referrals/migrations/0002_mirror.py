"""A referral's state, urgency and closing reach every participation of its case."""

from django.db import migrations

MIRROR = """
CREATE TRIGGER mirror_state AFTER INSERT OR UPDATE ON referrals_referral
    FOR EACH ROW EXECUTE FUNCTION cases_mirror_state();
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial"), ("cases", "0002_sharing")]

    operations = [migrations.RunSQL(MIRROR, "DROP TRIGGER mirror_state ON referrals_referral")]
