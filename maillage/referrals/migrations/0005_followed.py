"""Whoever sent a referral, or worked it, follows it: those of before too."""

from django.db import migrations

FOLLOWED = """
ALTER TABLE cases_following DISABLE TRIGGER journal; -- nobody did anything today: an entry for each would say so
INSERT INTO cases_following (id, organisation_id, case_id, user_id, reason, since)
SELECT gen_random_uuid(), c.sender_id, c.id, r.sent_by, 'sent', r.sent_at
  FROM referrals_referral r JOIN cases_case c ON c.id = r.case_id
UNION ALL
SELECT gen_random_uuid(), c.caisse_id, c.id, worked.person, 'worked', r.acknowledged_at
  FROM referrals_referral r JOIN cases_case c ON c.id = r.case_id
 CROSS JOIN LATERAL (SELECT DISTINCT person FROM (VALUES (r.acknowledged_by), (r.contacted_by), (r.closed_by)) acted (person)) worked
 WHERE worked.person IS NOT NULL
ON CONFLICT DO NOTHING;
ALTER TABLE cases_following ENABLE TRIGGER journal;
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0004_renewing"), ("cases", "0006_following")]

    operations = [migrations.RunSQL(FOLLOWED, migrations.RunSQL.noop)]
