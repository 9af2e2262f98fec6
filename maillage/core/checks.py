"""What must hold before production serves anyone: one check each, all run at the start of the web server and the worker."""

import base64
import binascii
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Critical, Tags, register, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connections

from maillage.core.crypto import KEY_BYTES
from maillage.core.database import closing

SHORTEST_SECRET = 50
# The keys of the tests are in the repository: everybody has them.
PUBLIC_SECRETS = frozenset({"tests-only-tests-only-tests-only-tests-only-tests-only"})
PUBLIC_MASTER_KEYS = frozenset({"bWFpbGxhZ2UtdGVzdHMtbWFpbGxhZ2UtdGVzdHMtMDE="})
SHORTEST_JOURNAL = 180  # days; the same number is a constraint of the anchors (maillage/audit/rules.py)
SENDING_NOTHING = ("console", "filebased", "locmem", "dummy")
# What PostgreSQL's log may hold: nothing that somebody typed (docs/operations/postgresql.md).
SILENT_LOG = {
    "log_min_messages": {"log", "fatal", "panic"},
    "log_min_error_statement": {"panic", "fatal"},
    "log_error_verbosity": {"terse"},
    "log_parameter_max_length": {"0"},
    "log_parameter_max_length_on_error": {"0"},
    "log_statement": {"none", "ddl"},
    "log_min_duration_statement": {"-1"},
}


class UnsafeStart(ImproperlyConfigured):
    """Production may not start like this; the message lists every reason, in French."""


def refuse_unsafe_start() -> None:
    """Raise UnsafeStart when the settings ask for safety (`REFUSE_UNSAFE_START`, in production) and a check fails."""
    if not getattr(settings, "REFUSE_UNSAFE_START", False):
        return
    try:
        connections["default"].ensure_connection()
    except OperationalError as error:
        raise UnsafeStart(
            f"Maillage ne démarre pas : la base ne répond pas, ou n’admet pas ce rôle. {closing.HINT}"
        ) from error
    found = run_checks(tags=[Tags.security], include_deployment_checks=True)
    grave = [message for message in found if message.is_serious()]
    if grave:
        lines = "\n".join(
            f"- {message.msg} ({message.id}) {message.hint or ''}".rstrip() for message in grave
        )
        raise UnsafeStart(f"Maillage ne démarre pas en production :\n{lines}")


def _critical(number: int, message: str, hint: str) -> CheckMessage:
    return Critical(message, hint=hint, id=f"maillage.E{number:03}")


@register(Tags.security, deploy=True)
def debug_is_off(**_: Any) -> list[CheckMessage]:
    """DEBUG prints settings and values of variables on error pages."""
    if settings.DEBUG:
        return [_critical(1, "DEBUG est actif.", "Retirez MAILLAGE_DEBUG.")]
    return []


@register(Tags.security, deploy=True)
def secret_key_is_secret(**_: Any) -> list[CheckMessage]:
    """Whoever knows SECRET_KEY signs sessions and password links."""
    try:
        key = settings.SECRET_KEY
    except ImproperlyConfigured:  # Django's own refusal of an empty one, before we could say how to make it
        key = ""
    weak = len(key) < SHORTEST_SECRET or len(set(key)) < 5 or key.startswith("django-insecure-")
    if weak or key in PUBLIC_SECRETS or key == _kept_by_demonstration("secret_key"):
        hint = f"Donnez à MAILLAGE_SECRET_KEY {SHORTEST_SECRET} caractères aléatoires, propres à ce serveur."
        return [_critical(2, "La clé secrète manque, est trop courte ou est connue.", hint)]
    return []


@register(Tags.security, deploy=True)
def hosts_are_named(**_: Any) -> list[CheckMessage]:
    """With « * » a forged Host header gets into links that we send."""
    hosts = [host.strip() for host in settings.ALLOWED_HOSTS]
    if not any(hosts) or "*" in hosts:
        return [
            _critical(3, "Les noms d’hôte acceptés ne sont pas limités.", "Nommez-les dans MAILLAGE_HOSTS.")
        ]
    return []


@register(Tags.security, deploy=True)
def roles_obey_row_security(**_: Any) -> list[CheckMessage]:
    """Row security does not hold for a superuser, for BYPASSRLS, nor (without FORCE) for the owner of the tables."""
    found = []
    for alias in (name for name in _aliases() if name != "owner"):
        with connections[alias].cursor() as cursor:
            cursor.execute(_ROLE_FAULTS)
            faults = [name for name, holds in zip(_ROLE_WORDS, cursor.fetchone(), strict=True) if holds]
        if faults:
            message = f"Le rôle PostgreSQL de la connexion « {alias} » {', '.join(faults)}."
            found.append(
                _critical(4, message, "Préparez les rôles comme le dit docs/operations/postgresql.md.")
            )
    return found


_ROLE_WORDS = (
    "est superutilisateur",
    "échappe à la sécurité des lignes",
    "peut créer des rôles",
    "possède des tables",
    "est membre d’un autre rôle",
)
_ROLE_FAULTS = """
    SELECT r.rolsuper, r.rolbypassrls, r.rolcreaterole,
           EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE c.relowner = r.oid AND n.nspname = 'public')
           OR EXISTS (SELECT 1 FROM pg_database d WHERE d.datname = current_database() AND d.datdba = r.oid),
           EXISTS (SELECT 1 FROM pg_auth_members m WHERE m.member = r.oid)
      FROM pg_roles r WHERE r.rolname = session_user
"""


@register(Tags.security, deploy=True)
def commits_reach_the_disk(**_: Any) -> list[CheckMessage]:
    """Without fsync or synchronous_commit, what was acknowledged may be lost."""
    wrong = [name for name in ("fsync", "synchronous_commit") if _shown(name) == "off"]
    if wrong:
        return [
            _critical(5, f"PostgreSQL peut perdre ce qu’il a confirmé : {_off(wrong)}.", "Remettez « on ».")
        ]
    return []


@register(Tags.security, deploy=True)
def pages_are_whole(**_: Any) -> list[CheckMessage]:
    """Without full_page_writes, a power cut may leave half a page that nothing repairs."""
    if _shown("full_page_writes") == "off":
        return [
            _critical(
                6, f"PostgreSQL peut abîmer une page : {_off(['full_page_writes'])}.", "Remettez « on »."
            )
        ]
    return []


@register(Tags.security, deploy=True)
def master_key_is_usable(**_: Any) -> list[CheckMessage]:
    """Without it nothing is sealed and nothing opens."""
    try:
        usable = len(base64.b64decode(settings.MASTER_KEY, validate=True)) == KEY_BYTES
    except (binascii.Error, ValueError):
        usable = False
    if not usable:
        hint = (
            "Donnez à MAILLAGE_MASTER_KEY, ou dans le fichier de MAILLAGE_MASTER_KEY_FILE, 32 octets aléatoires en base64, et "
            "gardez-en une copie hors ligne."
        )
        return [_critical(7, "La clé maîtresse manque ou n’est pas valable.", hint)]
    return []


@register(Tags.security, deploy=True)
def master_key_is_not_the_demonstrations(**_: Any) -> list[CheckMessage]:
    """A key that lay beside a demonstration, or in the repository, has been seen."""
    known = settings.MASTER_KEY in PUBLIC_MASTER_KEYS
    if settings.MASTER_KEY and (known or _kept_by_demonstration("master_key") == settings.MASTER_KEY):
        return [
            _critical(8, "La clé maîtresse est celle d’une démonstration.", "Faites-en une pour ce serveur.")
        ]
    return []


@register(Tags.security, deploy=True)
def key_store_is_outside_the_database(**_: Any) -> list[CheckMessage]:
    """Keys that lie with the data are copied with them: destroying one would undo nothing in the copies."""
    store = Path(settings.KEY_STORE).resolve()
    if any((directory / "PG_VERSION").exists() for directory in (store, *store.parents)):
        return [
            _critical(9, "Les clés sont rangées dans le dossier de la base.", "Déplacez MAILLAGE_KEY_STORE.")
        ]
    return []


@register(Tags.security, deploy=True)
def key_store_is_closed(**_: Any) -> list[CheckMessage]:
    """The files are wrapped by the master key; their names are conventions and organisations all the same."""
    store = Path(settings.KEY_STORE)
    if not store.is_dir():
        return [
            _critical(10, "Le dossier des clés n’existe pas.", f"Créez {store}, fermé aux autres (0700).")
        ]
    if store.stat().st_mode & 0o077:
        return [_critical(10, "Le dossier des clés est ouvert à d’autres comptes.", f"chmod 700 {store}")]
    return []


@register(Tags.security, deploy=True)
def cookies_are_closed(**_: Any) -> list[CheckMessage]:
    """Sessions travel over HTTPS only, and no script reads them."""
    wanted = (
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SESSION_COOKIE_HTTPONLY",
        "CSRF_COOKIE_HTTPONLY",
    )
    wrong = [name for name in wanted if not getattr(settings, name)]
    sites = ("SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_SAMESITE")
    wrong += [name for name in sites if getattr(settings, name) not in ("Lax", "Strict")]
    if wrong:
        return [
            _critical(
                11, f"Les cookies sont mal protégés : {', '.join(wrong)}.", "Reprenez config.settings.prod."
            )
        ]
    return []


@register(Tags.security, deploy=True)
def https_is_required(**_: Any) -> list[CheckMessage]:
    """One page over HTTP gives the session away."""
    wrong = [name for name in ("SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS") if not getattr(settings, name)]
    if not settings.SITE_URL.startswith("https://"):
        wrong.append("MAILLAGE_URL")
    if wrong:
        hint = "Les adresses commencent par https:// ; voyez aussi MAILLAGE_TRUST_PROXY."
        return [_critical(12, f"HTTPS n’est pas exigé : {', '.join(wrong)}.", hint)]
    return []


@register(Tags.security, deploy=True)
def emails_leave(**_: Any) -> list[CheckMessage]:
    """A warning printed on a console warns nobody."""
    if any(f".{kind}." in settings.EMAIL_BACKEND for kind in SENDING_NOTHING):
        return [_critical(13, "Les courriels ne partent pas.", "Retirez MAILLAGE_EMAIL_BACKEND.")]
    return []


@register(Tags.security, deploy=True)
def owner_stays_away(**_: Any) -> list[CheckMessage]:
    """The owner changes policies: what keeps running must not be able to."""
    if "owner" in _aliases():
        hint = "Retirez DATABASE_OWNER_URL de cet environnement, et nommez DATABASE_URL."
        return [_critical(14, "Ce processus connaît l’adresse du propriétaire de la base.", hint)]
    return []


@register(Tags.security, deploy=True)
def server_log_is_silent(**_: Any) -> list[CheckMessage]:
    """PostgreSQL's log would print the literals of failing statements: a NIR, a name."""
    wrong = [name for name, wanted in SILENT_LOG.items() if _shown(name) not in wanted]
    if wrong:
        hint = "Réglez-les comme le dit docs/operations/postgresql.md."
        return [
            _critical(
                15, f"Le journal de PostgreSQL peut répéter ce qui est saisi : {', '.join(wrong)}.", hint
            )
        ]
    return []


@register(Tags.security, deploy=True)
def documents_have_their_place(**_: Any) -> list[CheckMessage]:
    """Files are encrypted; how many there are, how large and since when is nobody else's business. Theirs is a saved place."""
    store = Path(settings.DOCUMENT_STORE)
    if not store.is_absolute() or not store.is_dir():
        hint = "Créez un dossier fermé aux autres (0700), et nommez-le dans MAILLAGE_DOCUMENT_STORE."
        return [_critical(16, "Le dossier des documents n’est pas nommé, ou n’existe pas.", hint)]
    if store.stat().st_mode & 0o077:
        return [
            _critical(16, "Le dossier des documents est ouvert à d’autres comptes.", f"chmod 700 {store}")
        ]
    return []


@register(Tags.security, deploy=True)
def reminders_have_a_sender(**_: Any) -> list[CheckMessage]:
    """An invented address is refused by relays, or answers to somebody else."""
    name, _at, domain = settings.DEFAULT_FROM_EMAIL.partition("@")
    if not name or not domain:
        hint = "Donnez dans MAILLAGE_FROM une adresse de votre domaine."
        return [_critical(17, "L’adresse d’envoi des rappels n’est pas donnée.", hint)]
    return []


@register(Tags.security, deploy=True)
def second_factor_is_required(**_: Any) -> list[CheckMessage]:
    """A stolen password alone would open people's files."""
    if not settings.SECOND_FACTOR_REQUIRED:
        return [_critical(18, "Le second facteur n’est pas exigé.", "Retirez MAILLAGE_SECOND_FACTOR.")]
    return []


LONGEST_IDLE, LONGEST_SESSION, LONGEST_PROOF = 2 * 3600, 12 * 3600, 15 * 60


@register(Tags.security, deploy=True)
def sessions_end(**_: Any) -> list[CheckMessage]:
    """A session that outlives its owner's day serves whoever comes by."""
    bounds = {
        "MAILLAGE_SESSION_IDLE": (settings.SESSION_IDLE_SECONDS, LONGEST_IDLE),
        "MAILLAGE_SESSION_ABSOLUTE": (settings.SESSION_ABSOLUTE_SECONDS, LONGEST_SESSION),
        "MAILLAGE_FRESH": (settings.FRESH_SECONDS, LONGEST_PROOF),
    }
    wrong = [f"{name} (de 1 à {most} s)" for name, (given, most) in bounds.items() if given > most]
    if wrong:
        return [_critical(19, f"Les sessions durent trop : {', '.join(wrong)}.", "Corrigez-les.")]
    return []


LONGEST_TRAINING = 120  # months


@register(Tags.security)  # in a demonstration too: with nonsense nobody would be let in, or everybody
def trainings_last_some_months(**_: Any) -> list[CheckMessage]:
    """A length that nobody meant lets nobody act any more, or lets people act on a training of long ago."""
    months = settings.TRAINING_VALID_MONTHS
    if months is not None and not 0 < months <= LONGEST_TRAINING:
        hint = (
            f"Donnez à MAILLAGE_TRAINING_VALID_MONTHS un nombre entier de mois, de 1 à {LONGEST_TRAINING}, ou retirez-la si "
            "les formations ne se périment pas."
        )
        return [
            _critical(
                21, "La durée de validité des formations RGPD n’est pas un nombre de mois possible.", hint
            )
        ]
    return []


@register(Tags.security, deploy=True)
def provider_is_whole(**_: Any) -> list[CheckMessage]:
    """Half a description would leave the button out without a word; over HTTP anybody could answer for the provider."""
    given = [settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET]
    if any(given) and not (all(given) and settings.OIDC_ISSUER.startswith("https://")):
        hint = "Donnez MAILLAGE_OIDC_ISSUER (https://), MAILLAGE_OIDC_CLIENT_ID et MAILLAGE_OIDC_CLIENT_SECRET, ou aucun."
        return [_critical(20, "Le fournisseur d’identité est mal décrit.", hint)]
    return []


@register(Tags.security, deploy=True)
def anchors_are_kept_apart(**_: Any) -> list[CheckMessage]:
    """Anchors that lie with the data are rewritten with them; and a segment is kept six months at least (CNIL)."""
    directory, key = Path(settings.ANCHORS), Path(settings.ANCHOR_KEY)
    if not directory.is_absolute() or not directory.is_dir() or not os.access(directory, os.W_OK):
        hint = "Créez un dossier où ce compte écrit, et nommez-le dans MAILLAGE_ANCHORS."
        return [_critical(40, "Le dossier des ancres du journal n’est pas nommé, ou ne s’écrit pas.", hint)]
    if any((place / "PG_VERSION").exists() for place in (directory, *directory.resolve().parents)):
        return [
            _critical(40, "Les ancres sont rangées dans le dossier de la base.", "Déplacez MAILLAGE_ANCHORS.")
        ]
    if not key.is_absolute() or directory in key.parents or (key.exists() and key.stat().st_mode & 0o077):
        hint = (
            "Nommez dans MAILLAGE_ANCHOR_KEY un fichier fermé aux autres (0600), hors du dossier des ancres."
        )
        return [_critical(41, "La clé qui signe les ancres n’est pas à sa place.", hint)]
    seal = Path(settings.SEAL)
    if not seal.is_absolute() or not seal.parent.is_dir() or (seal.exists() and seal.stat().st_mode & 0o077):
        hint = "Nommez dans MAILLAGE_SEAL un fichier fermé aux autres (0600), dans un dossier qui existe."
        return [_critical(43, "Le sceau des certificats n’est pas à sa place.", hint)]
    if 0 < settings.JOURNAL_RETENTION_DAYS < SHORTEST_JOURNAL:
        hint = f"Donnez à MAILLAGE_JOURNAL_DAYS {SHORTEST_JOURNAL} jours au moins."
        return [_critical(42, "Le journal serait gardé moins de six mois.", hint)]
    return []


def _aliases() -> tuple[str, ...]:
    return tuple(connections)


def _shown(name: str) -> str:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        return str(cursor.fetchone()[0])


def _off(names: list[str]) -> str:
    return ", ".join(f"{name} = off" for name in names)


def _kept_by_demonstration(name: str) -> str | None:
    try:
        return (Path(settings.VAR) / "secrets" / name).read_text()
    except OSError:
        return None
