"""Tables that libraries bring: none holds a beneficiary's data, so they carry grants instead of row security.

`FRAMEWORK_GRANTS[table] = (worker's verbs, web's verbs)`. A table that appears neither here nor as a model with a
declared access fails the catalogue test.
"""

_ALL = "SELECT, INSERT, UPDATE, DELETE"

FRAMEWORK_GRANTS: dict[str, tuple[str, str]] = {
    "django_session": ("", _ALL),
    "django_content_type": ("SELECT", "SELECT"),
    "django_migrations": ("SELECT", "SELECT"),
    "auth_group": ("", ""),
    "auth_group_permissions": ("", ""),
    "auth_permission": ("", ""),
    "account_emailaddress": ("", _ALL),
    "account_emailconfirmation": ("", ""),
    "procrastinate_jobs": (_ALL, "SELECT, INSERT, UPDATE"),
    "procrastinate_events": (_ALL, "SELECT, INSERT"),
    "procrastinate_periodic_defers": (_ALL, ""),
    "procrastinate_workers": (_ALL, ""),
}
