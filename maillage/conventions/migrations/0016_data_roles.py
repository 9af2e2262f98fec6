"""A flow of which nobody has said who answers for its data opens only once both its parties have accepted that in writing.

Conventions that are signed or in force that day keep their open flows for thirty days more, and say so: nobody who refers people
today is stopped without having been told (ADR 40).
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

_PARTIES = import_module("maillage.conventions.migrations.0002_parties").PARTIES
_GUARDS = import_module("maillage.conventions.migrations.0004_guards")
_RIGHTS = import_module("maillage.conventions.migrations.0011_rights")
_EVIDENCE = import_module("maillage.conventions.migrations.0012_commitment_evidence")


def _changed(former: str, *changes: tuple[str, str]) -> migrations.RunSQL:
    """The function with these words in place of others; undone, it is as it was."""
    text = former
    for before, after in changes:
        if text.count(before) != 1:
            raise ValueError(f"not the function that this migration knows: {before}")
        text = text.replace(before, after)
    return migrations.RunSQL(text, former)


SAID = """
-- Whether a flow, or a regime of protection that covers it, says who answers for its data: in the text, in a signed avenant, or in a
-- blank filled since. What no day has said yet may be said here before its day: the caller then says that it is not (`has_roles`).
CREATE FUNCTION conventions_roles_said(of_convention uuid, flow text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    WITH base AS (
        SELECT v.terms FROM conventions_termsversion v WHERE v.convention_id = of_convention ORDER BY v.number DESC LIMIT 1
    ), change AS (
        SELECT c ->> 'path' AS path, c -> 'value' AS value
          FROM conventions_amendment a CROSS JOIN LATERAL jsonb_array_elements(a.changes) c
         WHERE a.convention_id = of_convention AND a.state = 'signed'
        UNION ALL
        SELECT e.detail ->> 'path', e.detail -> 'value' FROM conventions_event e
         WHERE e.convention_id = of_convention AND e.kind = 'blank_filled'
    ), clause AS (
        SELECT list, e AS value FROM base CROSS JOIN (VALUES ('flows'), ('protection')) l (list)
          CROSS JOIN LATERAL jsonb_array_elements(base.terms -> list) e
        UNION ALL
        SELECT split_part(path, '[', 1), e FROM change
          CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(value) WHEN 'array' THEN value ELSE jsonb_build_array(value) END) e
         WHERE path ~ '^(flows|protection)(\\[[^]]+\\])?$' AND jsonb_typeof(e) = 'object'
    ), said AS (
        SELECT clause.list || '[' || (clause.value ->> 'key') || ']' AS place, clause.value -> 'roles' -> 'controllers' AS controllers FROM clause
        UNION ALL
        SELECT regexp_replace(path, '\\.roles$', ''), value -> 'controllers' FROM change WHERE path ~ '^(flows|protection)\\[[^]]+\\]\\.roles$'
    ), covers AS (
        SELECT 'protection[' || (clause.value ->> 'key') || ']' AS place, coalesce(clause.value -> 'flows', '[]') AS flows
          FROM clause WHERE clause.list = 'protection'
        UNION ALL
        SELECT regexp_replace(path, '\\.flows$', ''), value FROM change WHERE path ~ '^protection\\[[^]]+\\]\\.flows$'
    )
    SELECT EXISTS (
        SELECT 1 FROM said
         WHERE jsonb_typeof(said.controllers) = 'array' AND said.controllers <> '[]'
           AND (said.place = 'flows[' || flow || ']'
                OR EXISTS (SELECT 1 FROM covers WHERE covers.place = said.place AND (covers.flows ? flow OR covers.flows = '[]'))))
$$;

-- Whether both sides of a flow accept in writing that it starts without them.
CREATE FUNCTION conventions_flow_accepted(of_convention uuid, flow text, one uuid, other uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT count(DISTINCT a.organisation_id) = 2 FROM conventions_flowacceptance a
     WHERE a.convention_id = of_convention AND a.flow_key = flow AND a.organisation_id IN (one, other) AND a.withdrawn_at IS NULL
$$;

-- Whether somebody active of this body watches over its data, or is its data protection officer. For the functions below only.
CREATE FUNCTION organisation_protects_here(whom uuid, officer boolean) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM organisations_membership m
          JOIN organisations_user u ON u.id = m.user_id AND u.is_active
          JOIN organisations_organisation o ON o.id = m.organisation_id
         WHERE m.organisation_id = whom AND (m.role = 'dpo' OR (m.role = 'administrator' AND NOT officer))
           AND (statement_timestamp() AT TIME ZONE o.time_zone)::date BETWEEN m.since AND coalesce(m.until, 'infinity'))
$$;

-- Of each party of a convention, whether it has an officer here, or somebody who watches over its data: told to the parties alone.
CREATE FUNCTION convention_protects_here(of_convention uuid) RETURNS TABLE (party_key text, officer boolean, anybody boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT p.key::text, organisation_protects_here(p.organisation_id, true), organisation_protects_here(p.organisation_id, false)
      FROM conventions_party p
     WHERE p.convention_id = of_convention AND p.role <> 'informed'
       AND EXISTS (SELECT 1 FROM conventions_party mine WHERE mine.convention_id = of_convention AND mine.role <> 'informed'
                   AND mine.organisation_id = cases_caller())
     ORDER BY p.position, p.key
$$;

-- An acceptance is born in force, on a day that has come; another party gives it with the document only, for a body that has nobody
-- here to give it.
CREATE FUNCTION conventions_accepted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.given_on > (SELECT conventions_day(clock_timestamp(), c.time_zone) FROM conventions_convention c WHERE c.id = NEW.convention_id) THEN
        RAISE EXCEPTION 'accepted tomorrow' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.recorded_for_id <> NEW.organisation_id
       AND (NEW.document_id IS NULL OR organisation_protects_here(NEW.organisation_id, false)) THEN
        RAISE EXCEPTION 'this party accepts for itself' USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.withdrawn_on := NULL;
    NEW.withdrawn_why := '';
    NEW.withdrawn_at := NULL;
    NEW.withdrawn_by := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER accepted BEFORE INSERT ON conventions_flowacceptance FOR EACH ROW EXECUTE FUNCTION conventions_accepted();
CREATE TRIGGER recorded BEFORE INSERT ON conventions_flowacceptance FOR EACH ROW EXECUTE FUNCTION conventions_recorded();
CREATE TRIGGER own_party BEFORE INSERT ON conventions_flowacceptance
    FOR EACH ROW EXECUTE FUNCTION conventions_own_party('organisation_id');

-- What was accepted stays as it was written: it is withdrawn once, and when and by whom is not the writer's to say.
CREATE FUNCTION conventions_acceptance_stays() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    changing text[] := '{withdrawn_on,withdrawn_why,withdrawn_at,withdrawn_by}';
BEGIN
    IF to_jsonb(NEW) = to_jsonb(OLD) THEN
        RETURN NEW;
    END IF;
    IF OLD.withdrawn_at IS NOT NULL OR to_jsonb(NEW) - changing <> to_jsonb(OLD) - changing THEN
        RAISE EXCEPTION 'an acceptance stays as it was given' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.withdrawn_on > (SELECT conventions_day(clock_timestamp(), c.time_zone) FROM conventions_convention c WHERE c.id = NEW.convention_id) THEN
        RAISE EXCEPTION 'withdrawn tomorrow' USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.withdrawn_at := clock_timestamp();
    NEW.withdrawn_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.withdrawn_by);
    RETURN NEW;
END $$;
CREATE TRIGGER acceptance_stays BEFORE UPDATE ON conventions_flowacceptance
    FOR EACH ROW EXECUTE FUNCTION conventions_acceptance_stays();

-- Withdrawn, it closes the flow in the same statement, whoever forgets to publish after it.
CREATE FUNCTION conventions_withdrawn() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE cases_authorisation a SET open_during = 'empty'
     WHERE a.convention_id = NEW.convention_id AND a.flow_key = NEW.flow_key AND NOT isempty(a.open_during)
       AND NEW.organisation_id IN (a.sender_id, a.recipient_id) AND NOT conventions_roles_said(NEW.convention_id, NEW.flow_key);
    RETURN NULL;
END $$;
CREATE TRIGGER withdrawn AFTER UPDATE ON conventions_flowacceptance
    FOR EACH ROW WHEN (NEW.withdrawn_at IS NOT NULL) EXECUTE FUNCTION conventions_withdrawn();

REVOKE ALL ON FUNCTION conventions_roles_said(uuid, text), conventions_flow_accepted(uuid, text, uuid, uuid),
    organisation_protects_here(uuid, boolean), convention_protects_here(uuid), conventions_accepted(), conventions_acceptance_stays(),
    conventions_withdrawn() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION convention_protects_here(uuid) TO maillage_app, maillage_worker;
"""
UNSAID = """
DROP TRIGGER withdrawn ON conventions_flowacceptance;
DROP TRIGGER acceptance_stays ON conventions_flowacceptance;
DROP TRIGGER own_party ON conventions_flowacceptance;
DROP TRIGGER recorded ON conventions_flowacceptance;
DROP TRIGGER accepted ON conventions_flowacceptance;
DROP FUNCTION conventions_withdrawn();
DROP FUNCTION conventions_acceptance_stays();
DROP FUNCTION conventions_accepted();
DROP FUNCTION convention_protects_here(uuid);
DROP FUNCTION organisation_protects_here(uuid, boolean);
DROP FUNCTION conventions_flow_accepted(uuid, text, uuid, uuid);
DROP FUNCTION conventions_roles_said(uuid, text);
"""

PUBLISH = _changed(
    _RIGHTS.PUBLISH,
    ("    still tstzrange;\n", "    still tstzrange;\n    unsaid tstzrange;\n"),
    (
        "ELSE tstzrange(NULL, NULL) END INTO still\n",
        "ELSE tstzrange(NULL, NULL) END,\n"
        "           CASE WHEN c.roles_due_on IS NULL THEN 'empty' ELSE tstzrange(NULL, c.roles_due_on::timestamp AT TIME ZONE c.time_zone) END\n"
        "      INTO still, unsaid\n",
    ),
    (
        "coalesce((f ->> 'during')::tstzrange, during) * still,",
        "coalesce((f ->> 'during')::tstzrange, during) * still * CASE\n"
        "               WHEN coalesce((f ->> 'has_roles')::boolean, true) AND conventions_roles_said(of_convention, f ->> 'key')\n"
        "                    OR conventions_flow_accepted(of_convention, f ->> 'key', s.organisation_id, r.organisation_id)\n"
        "               THEN tstzrange(NULL, NULL) ELSE unsaid END,",
    ),
)
DUE = _changed(
    _EVIDENCE._function(_GUARDS.CLOCKS, "conventions_own_days"),  # noqa: SLF001 - a landed migration, which reads another in the same way
    (
        "    IF NEW.swept_on IS DISTINCT FROM OLD.swept_on AND (",
        "    IF NEW.roles_due_on IS DISTINCT FROM OLD.roles_due_on THEN\n"
        "        RAISE EXCEPTION 'the day by which roles are said stays' USING ERRCODE = 'restrict_violation';\n"
        "    END IF;\n"
        "    IF NEW.swept_on IS DISTINCT FROM OLD.swept_on AND (",
    ),
)
UNREAD = _changed(
    _EVIDENCE._function(_GUARDS.OWNERS, "conventions_unread").replace(_EVIDENCE.MARKED, _EVIDENCE.SHOWN),  # noqa: SLF001 - the same
    (
        "SELECT convention_id, document_id FROM conventions_commitmentevidence UNION ALL\n",
        "SELECT convention_id, document_id FROM conventions_commitmentevidence UNION ALL\n"
        "        SELECT convention_id, document_id FROM conventions_flowacceptance UNION ALL\n",
    ),
)
_SHOWN = "AND NOT EXISTS (SELECT 1 FROM conventions_commitmentevidence m WHERE m.document_id = d.id)\n"
DISCARD = _changed(
    _EVIDENCE._function(_PARTIES, "discard_draft").replace(_EVIDENCE.NOT_MARKED, _EVIDENCE.NOT_SHOWN),  # noqa: SLF001 - the same
    (
        "    DELETE FROM conventions_referent WHERE convention_id = of_convention;\n",
        "    DELETE FROM conventions_referent WHERE convention_id = of_convention;\n"
        "    DELETE FROM conventions_flowacceptance WHERE convention_id = of_convention;\n",
    ),
    (_SHOWN, f"{_SHOWN}       AND NOT EXISTS (SELECT 1 FROM conventions_flowacceptance m WHERE m.document_id = d.id)\n"),
)

# What is open today without them stays so for thirty days; a convention where nothing is gets no day.
ALREADY_OPEN = """
UPDATE conventions_convention c SET roles_due_on = conventions_day(statement_timestamp(), c.time_zone) + 30
 WHERE c.state IN ('signed', 'in_force')
   AND EXISTS (SELECT 1 FROM cases_authorisation a
                WHERE a.convention_id = c.id AND NOT isempty(a.open_during) AND NOT conventions_roles_said(c.id, a.flow_key));
UPDATE cases_authorisation a SET open_during = a.open_during * tstzrange(NULL, c.roles_due_on::timestamp AT TIME ZONE c.time_zone)
  FROM conventions_convention c
 WHERE c.id = a.convention_id AND c.roles_due_on IS NOT NULL AND NOT isempty(a.open_during) AND NOT conventions_roles_said(c.id, a.flow_key);
"""


class Migration(migrations.Migration):
    dependencies = [
        ('cases', '0016_withheld_found'),
        ('conventions', '0015_evidence_known'),
        ('documents', '0004_workbooks'),
        ('organisations', '0009_directory'),
    ]

    operations = [
        migrations.AddField(
            model_name='convention',
            name='roles_due_on',
            field=models.DateField(blank=True, help_text='Convention déjà en vigueur quand ces rôles ont été exigés : ses flux sans rôles se ferment ce jour-là.', null=True, verbose_name='rôles RGPD attendus pour le'),
        ),
        migrations.CreateModel(
            name='FlowAcceptance',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('flow_key', models.CharField(max_length=80, verbose_name='clé du flux')),
                ('party_key', models.CharField(max_length=80, verbose_name='partie')),
                ('given_on', models.DateField(verbose_name='donné le')),
                ('reason', models.CharField(blank=True, max_length=1000, verbose_name='pourquoi')),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.UUIDField()),
                ('withdrawn_on', models.DateField(blank=True, null=True, verbose_name='retiré le')),
                ('withdrawn_why', models.CharField(blank=True, max_length=1000, verbose_name='pourquoi retiré')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_by', models.UUIDField(blank=True, null=True)),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention')),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('recorded_for', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'accord pour commencer sans les rôles',
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('convention', 'flow_key', 'organisation'), name='flowacceptance_once', violation_error_message='Cette partie a déjà donné son accord pour ce flux.'), models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), _negated=True), ('document__isnull', False), _connector='OR'), name='flowacceptance_in_writing', violation_error_message='Un accord se donne par écrit : un texte ou un document.'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True), ('withdrawn_on__isnull', True), ('withdrawn_why', '')), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), ('withdrawn_on__isnull', False), models.Q(('withdrawn_why', ''), _negated=True)), _connector='OR'), name='flowacceptance_withdrawn_for_a_reason', violation_error_message='Un accord se retire un jour dit, avec sa raison.'), models.CheckConstraint(condition=models.Q(('withdrawn_on__isnull', True), ('withdrawn_on__gte', models.F('given_on')), _connector='OR'), name='flowacceptance_days_ordered', violation_error_message='Un accord ne se retire pas avant d’avoir été donné.')],
            },
        ),
        ProtectTable("conventions_flowacceptance"),
        JournalTable("conventions_flowacceptance", "id"),
        migrations.RunSQL(SAID, UNSAID),
        PUBLISH,
        DUE,
        UNREAD,
        DISCARD,
        migrations.RunSQL(ALREADY_OPEN, migrations.RunSQL.noop),
    ]
