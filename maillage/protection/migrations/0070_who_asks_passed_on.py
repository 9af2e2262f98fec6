"""A request that is passed on says who asks, sealed for whoever is asked, and the day on which the person was recognised."""

from importlib import import_module

import django.contrib.postgres.fields
from django.db import migrations, models

_KEPT = import_module("maillage.protection.migrations.0030_requests_kept")
FILE_FORMER = import_module("maillage.protection.migrations.0012_contacts").FILE
CHECKED_FORMER = import_module("maillage.protection.migrations.0050_check_passed_on").CHECKED

# The day of the check stays with it; whoever relies on the check of another was told of one.
FILE = _KEPT._changed(
    FILE_FORMER,
    ("sealed,check_made,cases", "sealed,check_made,checked_at,cases"),
    (
        "    IF NOT EXISTS (SELECT 1 FROM protection_requestpart p\n",
        """    IF NEW.check_made = 'relayed' AND (TG_OP = 'INSERT' OR OLD.check_made <> 'relayed') AND NOT EXISTS (
        SELECT 1 FROM protection_requestpart p
          JOIN protection_requestfile f ON f.request_id = p.request_id AND f.organisation_id = p.receiver_id
         WHERE p.request_id = NEW.request_id AND p.organisation_id = NEW.organisation_id AND p.receiver_id <> p.organisation_id
           AND (cardinality(p.cases) > 0 OR cardinality(p.along) > 0) AND f.check_made NOT IN ('pending', 'relayed')) THEN
        RAISE EXCEPTION 'no check was passed on' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM protection_requestpart p
""",
    ),
)

CHECKED = """
DROP FUNCTION protection_check_made(uuid);
-- How whoever received a request recognised the person, and when: for an organisation that was asked and shares one of her cases, or was
-- told who asks; nobody else.
CREATE FUNCTION protection_check_made(of_request uuid) RETURNS TABLE (check_made varchar, checked_at timestamptz) LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT f.check_made, f.checked_at FROM protection_requestpart p
      JOIN protection_requestfile f ON f.request_id = p.request_id AND f.organisation_id = p.receiver_id
     WHERE p.request_id = of_request AND p.organisation_id = cases_caller() AND p.receiver_id <> cases_caller()
       AND (cardinality(p.cases) > 0 OR cardinality(p.along) > 0)
$$;
REVOKE ALL ON FUNCTION protection_check_made(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION protection_check_made(uuid) TO maillage_app;

-- The file of an organisation that one's own asked: what is sealed for it is tied to that file.
CREATE FUNCTION protection_file_asked(of_request uuid, body uuid) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT f.id FROM protection_requestpart p
      JOIN protection_requestfile f ON f.request_id = p.request_id AND f.organisation_id = p.organisation_id
     WHERE p.request_id = of_request AND p.organisation_id = body AND p.receiver_id = cases_caller()
$$;
REVOKE ALL ON FUNCTION protection_file_asked(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION protection_file_asked(uuid, uuid) TO maillage_app;
"""

# Who asks goes along sealed to a key in use of whoever is asked, where somebody there reads it; what it wrote down itself stays.
_ASK = _KEPT._changed(
    _KEPT.ASK.replace("CREATE OR REPLACE FUNCTION", "CREATE FUNCTION"),
    ("by_article varchar) RETURNS boolean", "by_article varchar, told bytea, with_it varchar[]) RETURNS boolean"),
    (
        "    SELECT p.cases INTO known_before",
        """    IF (told IS NULL) <> (cardinality(with_it) = 0) OR octet_length(told) > 8192 OR told IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM vault_publickey k WHERE k.organisation_id = body AND uuid_send(k.id) = substring(told FROM 1 FOR 16)) THEN
        RAISE EXCEPTION 'not sealed for whoever is asked' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT p.cases INTO known_before""",
    ),
    (
        "    RETURN here;\n",
        """    IF here AND told IS NOT NULL THEN
        UPDATE protection_requestfile f SET sealed = told
         WHERE f.id = file AND f.request_id = of_request AND f.organisation_id = body AND f.state = 'asked' AND f.sealed IS NULL;
        IF FOUND THEN
            UPDATE protection_requestpart p SET along = with_it WHERE p.request_id = of_request AND p.organisation_id = body;
        END IF;
    END IF;
    RETURN here;
""",
    ),
)
_RIGHTS = """
REVOKE ALL ON FUNCTION protection_ask({0}) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION protection_ask({0}) TO maillage_app, maillage_worker;
"""
_BEFORE, _AFTER = "uuid, uuid, uuid, uuid, uuid, varchar", "uuid, uuid, uuid, uuid, uuid, varchar, bytea, varchar[]"
ASK = f"DROP FUNCTION protection_ask({_BEFORE});\n{_ASK}{_RIGHTS.format(_AFTER)}"
ASK_FORMER = (
    f"DROP FUNCTION protection_ask({_AFTER});\n"
    + _KEPT.ASK.replace("CREATE OR REPLACE FUNCTION", "CREATE FUNCTION")
    + _RIGHTS.format(_BEFORE)
)


class Migration(migrations.Migration):

    dependencies = [
        ('protection', '0060_corrections'),
    ]

    operations = [
        migrations.AddField(
            model_name='requestfile',
            name='checked_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='vérifiée le'),
        ),
        migrations.AddField(
            model_name='requestpart',
            name='along',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), db_default=[], default=list, size=None, verbose_name='transmis avec la demande'),
        ),
        migrations.AddConstraint(
            model_name='requestpart',
            constraint=models.CheckConstraint(condition=models.Q(('along__contained_by', ['name', 'birth_date', 'address', 'asker'])), name='requestpart_along_known'),
        ),
        migrations.RemoveConstraint(
            model_name='requestfile',
            name='requestfile_kinds_known',
        ),
        migrations.AddConstraint(
            model_name='requestfile',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'answered', 'nothing', 'refused']), ('check_made__in', ['known', 'seen', 'details', 'relayed', 'pending']), ('ground__in', ['', 'identity', 'excessive', 'others', 'legal', 'public_task', 'compelling', 'not_held', 'basis'])), name='requestfile_kinds_known', violation_error_message='Choisissez dans la liste.'),
        ),
        migrations.AddConstraint(
            model_name='requestfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('check_made', 'pending'), _negated=True), ('checked_at__isnull', True), _connector='OR'), name='requestfile_checked_once_made'),
        ),
        migrations.RunSQL(FILE, FILE_FORMER),
        migrations.RunSQL(CHECKED, "DROP FUNCTION protection_file_asked(uuid, uuid);\nDROP FUNCTION protection_check_made(uuid);" + CHECKED_FORMER),
        migrations.RunSQL(ASK, ASK_FORMER),
    ]
