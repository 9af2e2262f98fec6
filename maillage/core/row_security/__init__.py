"""Row security: each model declares who sees its rows; policies, grants and the catalogue test derive from that."""

from maillage.core.row_security.access import (
    Access,
    by_participation,
    by_party,
    by_sharing,
    directory,
    exactly_read,
    internal,
    organisations_own,
    public,
    write_only,
)
from maillage.core.row_security.context import acting, context_of
from maillage.core.row_security.migration import ProtectTable

__all__ = [
    "Access",
    "ProtectTable",
    "acting",
    "by_participation",
    "by_party",
    "by_sharing",
    "context_of",
    "directory",
    "exactly_read",
    "internal",
    "organisations_own",
    "public",
    "write_only",
]
