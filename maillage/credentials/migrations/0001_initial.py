"""Second factors, open sessions, identities at a provider; what is asked before anybody is known goes by two functions."""

import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

FUNCTIONS = """
-- Whose account a provider's identity opens: asked before anybody is known, answered for one exact identity.
CREATE FUNCTION credentials_identified(of_issuer text, of_subject text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT i.user_id FROM credentials_identity i WHERE i.issuer = of_issuer AND i.subject = of_subject
$$;

-- Sessions that have ended: who they were, from where and with what is forgotten. It takes no object: anybody may clean.
CREATE FUNCTION credentials_forget_sessions() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    gone bigint;
BEGIN
    DELETE FROM django_session WHERE expire_date <= now();
    DELETE FROM credentials_opensession o
     WHERE NOT EXISTS (SELECT 1 FROM django_session s WHERE s.session_key = o.key);
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;

REVOKE ALL ON FUNCTION credentials_identified(text, text), credentials_forget_sessions() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION credentials_identified(text, text) TO maillage_app;
GRANT EXECUTE ON FUNCTION credentials_forget_sessions() TO maillage_worker;
"""

UNDO = """
DROP FUNCTION credentials_forget_sessions();
DROP FUNCTION credentials_identified(text, text);
"""


class Migration(migrations.Migration):


    dependencies = [
        ("audit", "0002_chain"),
        ("organisations", "0002_attempts"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name='Factor',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('application', 'Application d’authentification'), ('key', 'Clé de sécurité'), ('recovery', 'Codes de secours')], max_length=20, verbose_name='nature')),
                ('name', models.CharField(blank=True, max_length=60, verbose_name='nom')),
                ('sealed', models.BinaryField(blank=True, default=b'', verbose_name='secret scellé')),
                ('credential', models.BinaryField(blank=True, default=b'', verbose_name='clé publique')),
                ('digests', models.JSONField(blank=True, default=list, verbose_name='empreintes')),
                ('counter', models.BigIntegerField(default=0, verbose_name='dernier compteur accepté')),
                ('created_at', models.DateTimeField(verbose_name='ajouté le')),
                ('used_at', models.DateTimeField(blank=True, null=True, verbose_name='dernier usage')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to="organisations.user")),
            ],
            options={
                'verbose_name': 'second facteur',
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind', 'key'), _negated=True), fields=('user', 'kind'), name='factor_one_of_a_kind', violation_error_message='Ce second facteur est déjà en place.'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['application', 'recovery']), models.Q(('sealed', b''), _negated=True)), models.Q(('kind', 'key'), models.Q(('credential', b''), _negated=True)), _connector='OR'), name='factor_holds_its_kind', violation_error_message='Ce second facteur ne contient pas ce que sa nature demande.'), models.CheckConstraint(condition=models.Q(('used_at__isnull', True), ('used_at__gte', models.F('created_at')), _connector='OR'), name='factor_dates_ordered', violation_error_message='Un second facteur ne sert pas avant d’exister.')],
            },
        ),
        migrations.CreateModel(
            name='Identity',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('issuer', models.CharField(max_length=255, verbose_name='fournisseur')),
                ('subject', models.CharField(max_length=255, verbose_name='identifiant chez le fournisseur')),
                ('linked_at', models.DateTimeField(verbose_name='reliée le')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to="organisations.user")),
            ],
            options={
                'verbose_name': 'identité chez un fournisseur',
                'constraints': [models.UniqueConstraint(fields=('issuer', 'subject'), name='identity_once', violation_error_message='Cette identité est déjà reliée à un compte.'), models.UniqueConstraint(fields=('user', 'issuer'), name='identity_one_per_provider', violation_error_message='Ce compte est déjà relié à une identité de ce fournisseur.'), models.CheckConstraint(condition=models.Q(models.Q(('issuer', ''), _negated=True), models.Q(('subject', ''), _negated=True)), name='identity_named', violation_error_message='Une identité nomme son fournisseur et son titulaire.')],
            },
        ),
        migrations.CreateModel(
            name='OpenSession',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=40, unique=True, verbose_name='empreinte')),
                ('address', models.GenericIPAddressField(blank=True, null=True, verbose_name='adresse réseau')),
                ('agent', models.CharField(blank=True, max_length=300, verbose_name='navigateur')),
                ('opened_at', models.DateTimeField(verbose_name='ouverte le')),
                ('seen_at', models.DateTimeField(verbose_name='dernière activité')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to="organisations.user")),
            ],
            options={
                'verbose_name': 'session ouverte',
                'indexes': [models.Index(fields=['user'], name='opensession_user')],
                'constraints': [models.CheckConstraint(condition=models.Q(('seen_at__gte', models.F('opened_at'))), name='opensession_dates_ordered', violation_error_message='Une session ne sert pas avant d’être ouverte.')],
            },
        ),
        ProtectTable("credentials_factor"),
        ProtectTable("credentials_opensession"),
        ProtectTable("credentials_identity"),
        JournalTable("credentials_factor"),
        JournalTable("credentials_identity"),
        migrations.RunSQL(FUNCTIONS, UNDO),
    ]
