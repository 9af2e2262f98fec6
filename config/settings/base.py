"""Settings shared by every environment; what is unsafe by default is decided in prod.py."""

import os
from pathlib import Path

from config.settings.given import given_count, given_number, given_secret
from maillage.core.database.settings import django_databases, urls

PROJECT = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("MAILLAGE_VAR", PROJECT / "var"))

SECRET_KEY = os.environ.get("MAILLAGE_SECRET_KEY", "")
DEBUG = False
ALLOWED_HOSTS = os.environ.get("MAILLAGE_HOSTS", "127.0.0.1,localhost").split(",")
SITE_URL = os.environ.get("MAILLAGE_URL", "http://127.0.0.1:8000")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",  # allauth's templates need it
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "procrastinate.contrib.django",
    "maillage.core",
    "maillage.audit",
    "maillage.notifications",
    "maillage.organisations",
    "maillage.vault",
    "maillage.credentials",
    "maillage.cases",
    "maillage.documents",
    "maillage.exchange",
    "maillage.beneficiaries",
    "maillage.catalogue",
    "maillage.conventions",
    "maillage.referrals",
    "maillage.rights",
    "maillage.secondments",
    "maillage.training",
    "maillage.indicators",
    "maillage.steering",
    "maillage.protection",
    "maillage.web",
    "maillage.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",  # before whatever may answer by itself
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "maillage.web.accounts.slowdown.SignInSlowdown",
    "maillage.web.middleware.RequestTransaction",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "maillage.web.accounts.lifetime.SessionLifetime",
    "maillage.web.middleware.CurrentMember",
    "maillage.web.accounts.gate.Gate",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PROJECT / "maillage" / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "maillage.web.context.shell",
            ],
        },
    },
]

DATABASES = django_databases(urls(os.environ))
DATABASE_ROUTERS: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = ["maillage.web.accounts.backend.ClosedBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
# Months for which a GDPR training counts before it must be followed again; none given, the default: it does not lapse.
TRAINING_VALID_MONTHS = given_number("MAILLAGE_TRAINING_VALID_MONTHS", os.environ)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "maillage.web.accounts.adapter.ClosedAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = (
    "none"  # accounts are opened by an organisation's administrator, never by sign-up
)
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = (
    False  # allauth counts in the memory of each process: maillage/organisations/attempts.py
)
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "maillage.credentials.sessions"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_IDLE_SECONDS = given_count("MAILLAGE_SESSION_IDLE", os.environ, 3600)
SESSION_ABSOLUTE_SECONDS = given_count("MAILLAGE_SESSION_ABSOLUTE", os.environ, 36000)  # a working day
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS  # of the row; SessionLifetime ends it sooner

# A second factor: required or offered, and for how long a proof opens what is sensitive.
SECOND_FACTOR_REQUIRED = os.environ.get("MAILLAGE_SECOND_FACTOR") == "1"
FRESH_SECONDS = given_count("MAILLAGE_FRESH", os.environ, 300)

# A provider of identities for professionals (OpenID Connect, signed userinfo); none without an issuer.
OIDC_ISSUER = os.environ.get("MAILLAGE_OIDC_ISSUER", "")
OIDC_CLIENT_ID = os.environ.get("MAILLAGE_OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET = os.environ.get("MAILLAGE_OIDC_CLIENT_SECRET", "")
OIDC_LABEL = os.environ.get("MAILLAGE_OIDC_LABEL", "ProConnect")
OIDC_SCOPES = os.environ.get("MAILLAGE_OIDC_SCOPES", "openid email").split()
# Whether the provider vouches for every address that it gives, without saying so each time.
OIDC_EMAILS_ARE_VERIFIED = os.environ.get("MAILLAGE_OIDC_EMAILS_VERIFIED") == "1"
# Levels (`acr`) of the provider that stand for our second factor; none by default.
OIDC_SECOND_FACTOR_LEVELS = os.environ.get("MAILLAGE_OIDC_SECOND_FACTOR_LEVELS", "").split()
CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # never in a cookie, readable
CSRF_FAILURE_VIEW = "maillage.web.errors.csrf_failure"
FORM_RENDERER = "maillage.web.presentation.forms.FormRenderer"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
    },
}

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True
LOCALE_PATHS: list[Path] = []

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True  # served straight from the package: no collection step to forget
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
# Uploads stay in memory, bounded, until they are encrypted: Django would write them in the clear to a temporary file.
FILE_UPLOAD_HANDLERS = ["maillage.documents.uploading.BoundedUpload"]

# Where keys and encrypted files live; the key store is outside database dumps on purpose.
MASTER_KEY = given_secret("MAILLAGE_MASTER_KEY", os.environ)  # 32 bytes, base64
MASTER_KEY_FORMER = given_secret("MAILLAGE_MASTER_KEY_FORMER", os.environ)  # read with too, during a rotation
KEY_STORE = Path(os.environ.get("MAILLAGE_KEY_STORE", VAR / "keys"))
DOCUMENT_STORE = Path(os.environ.get("MAILLAGE_DOCUMENT_STORE", VAR / "documents"))

# After so many days without anybody assuring a sheet of the directory, pages say to check it before relying on it.
DIRECTORY_STALE_DAYS = given_count("MAILLAGE_DIRECTORY_STALE_DAYS", os.environ, 365)
# The journal: signed anchors outside the database, the key that signs them, and how long a segment sealed today is kept.
ANCHORS = Path(os.environ.get("MAILLAGE_ANCHORS", VAR / "anchors"))
ANCHOR_KEY = Path(os.environ.get("MAILLAGE_ANCHOR_KEY", VAR / "secrets" / "anchor_key"))
# The seal of the platform (PAdES): a private key and its certificate in one file, made when something is first sealed.
SEAL = Path(os.environ.get("MAILLAGE_SEAL", VAR / "secrets" / "seal.pem"))
# Days for which a message that was sent stays in the outbox; that it was sent is remembered without its words.
OUTBOX_DAYS = given_count("MAILLAGE_OUTBOX_DAYS", os.environ, 90)
# Days after which a referral that nobody acknowledged expires. No text gives a number: ours, until a convention says its own.
REFERRAL_EXPIRES_DAYS = given_count("MAILLAGE_REFERRAL_EXPIRES_DAYS", os.environ, 90)
# Days for which a table of applications, or what is left of it to correct, stays before it is destroyed.
IMPORT_KEPT_DAYS = given_count("MAILLAGE_IMPORT_KEPT_DAYS", os.environ, 30)
# Persons that one may open in a day, before it is told.
READINGS_A_DAY = given_count("MAILLAGE_READINGS_A_DAY", os.environ, 60)
# Days of the journal: the CNIL says six to twelve months.
JOURNAL_RETENTION_DAYS = given_count("MAILLAGE_JOURNAL_DAYS", os.environ, 365)

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEFAULT_FROM_EMAIL = os.environ.get("MAILLAGE_FROM", "ne-pas-repondre@maillage.example.org")

PROCRASTINATE_ON_APP_READY = "maillage.notifications.worker.on_app_ready"
PROCRASTINATE_DATABASE_ALIAS = "default"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
