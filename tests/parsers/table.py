"""Each target: where it is, how long its inputs are, how many executions make a unit of `make proof ONLY=PARSERS`, and how many units.

A unit lasts some twenty seconds. Readers that only compare a few characters are fed hundreds of thousands of times; those that
build a whole convention, or verify a signature, a hundred times less: what is slow is not left out, it is fed for as long.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Parser:
    """A reader of what comes from outside. `longest` counts bytes of an input."""

    name: str
    module: str
    runs: int
    units: int = 1
    longest: int = 256
    needs_django: bool = False


PARSERS: tuple[Parser, ...] = (
    Parser("convention_file", "conventions", 25_000, 3, longest=2_000),
    Parser("yaml_document", "conventions", 80_000, 3, longest=1_500),
    Parser("path", "conventions", 400_000, 2),
    Parser("period", "conventions", 400_000, 2, longest=64),
    Parser("avenant", "conventions", 50_000, 2),
    Parser("situation", "conventions", 100_000, longest=1_000),
    Parser("answer", "conventions", 6_000, 2),
    Parser("file_received", "documents", 250_000, 2, longest=1_000),
    Parser("png_inside", "documents", 200_000, 2),
    Parser("pdf_inside", "documents", 100_000, 2),
    Parser("file_name", "documents", 150_000),
    Parser("printed_text", "documents", 100_000),
    Parser("official_number", "people", 80_000, longest=64),
    Parser("telephone", "people", 100_000),
    Parser("free_text", "people", 60_000),
    Parser("kept_draft", "people", 200_000),
    Parser("sought_words", "people", 200_000),
    Parser("place", "people", 40_000, longest=64),
    Parser("code", "people", 500_000, longest=64),
    Parser("printed_address", "people", 200_000),
    Parser("directory_file", "directory", 20_000, 3, longest=1_000),
    Parser("directory_line", "directory", 30_000, 2, longest=500),
    Parser("table_file", "spreadsheets", 15_000, 2, longest=6_000),
    Parser("xlsx_inside", "spreadsheets", 2_500, 2, longest=1_000),
    Parser("ods_inside", "spreadsheets", 8_000, 2, longest=1_000),
    Parser("cell_written", "spreadsheets", 150_000, longest=64),
    Parser("application_line", "spreadsheets", 4_000, longest=500),
    Parser("credit_table", "spreadsheets", 15_000, longest=600),
    Parser("provision_table", "spreadsheets", 15_000, longest=400),
    Parser("provider_answer", "signing", 100_000, longest=2_000, needs_django=True),
    Parser("signed_claims", "signing", 100_000, needs_django=True),
    Parser("key_answer", "signing", 20_000, longest=1_500, needs_django=True),
    Parser("key_parts", "signing", 5_000, 2, longest=1_000, needs_django=True),
    Parser("backup_manifest", "backups", 20_000, longest=2_000, needs_django=True),
    Parser("backup_part", "backups", 20_000, longest=500, needs_django=True),
    Parser("backup_files", "backups", 100_000, needs_django=True),
    Parser("keys_backup", "keys", 20_000, 2, longest=10_240, needs_django=True),
    Parser("anchor", "keys", 80_000, 2, longest=1_600, needs_django=True),
    Parser("sealed_bytes", "keys", 40_000, needs_django=True),
    Parser("master_key", "keys", 400_000, longest=64, needs_django=True),
    Parser("french_day", "screens", 100_000, longest=32, needs_django=True),
    Parser("hour", "screens", 60_000, longest=32, needs_django=True),
    Parser("permanence", "screens", 10_000, needs_django=True),
    Parser("day_of_a_command", "screens", 300_000, longest=64, needs_django=True),
    Parser("value_of_an_avenant", "screens", 200_000, needs_django=True),
    Parser("cursor", "screens", 500_000, longest=5_000, needs_django=True),
    Parser("filters", "screens", 3_000, needs_django=True),
    Parser("zones", "screens", 15_000, needs_django=True),
    Parser("feed_token", "screens", 200_000, longest=128, needs_django=True),
)  # fmt: skip

PLANTED = (
    Parser("deep", "planted", 200_000, longest=8),
    Parser("endless", "planted", 1_000_000, longest=64),
)

# What the fuzzer sees the steps of, for each file of targets: the readers, and what is written in Python under them.
GUIDED: dict[str, tuple[str, ...]] = {
    "conventions": (
        "maillage.referrals.routing",
        "maillage.conventions.terms", "maillage.conventions.drafting.values", "maillage.core.calendar", "stdnum",
    ),
    "backups": ("maillage.backups", "maillage.core.chunks"),
    "directory": (
        "maillage.organisations.directory", "maillage.organisations.territories", "maillage.core.spreadsheets", "maillage.core.text",
        "stdnum",
    ),
    "documents": ("maillage.documents", "maillage.core.french"),
    "keys": (
        "maillage.vault.backup", "maillage.vault.master", "maillage.audit.anchors", "maillage.core.crypto",
        "maillage.documents.encryption", "maillage.core.chunks",
    ),
    "people": (
        "maillage.beneficiaries.rules", "maillage.core.identifiers", "maillage.core.text", "maillage.organisations.territories",
        "maillage.catalogue.rules", "maillage.credentials.rules", "maillage.referrals.content", "maillage.exchange.detector", "stdnum",
    ),
    "planted": (),
    "screens": (
        "maillage.web.presentation.forms", "maillage.web.conventions.writing", "maillage.web.conventions.reading.lists",
        "maillage.web.journal", "maillage.web.directory.words", "maillage.web.referrals.listing", "maillage.web.secondments.forms",
        "maillage.cli.convention_dates", "maillage.cli.days",
        "maillage.core.calendar", "maillage.conventions.calendar_feeds", "maillage.secondments.rules",
        "maillage.conventions.terms.reading_yaml", "maillage.organisations.territories",
    ),
    "spreadsheets": (
        "maillage.core.spreadsheets", "maillage.core.calendar", "maillage.core.text", "maillage.rights.importing",
        "maillage.beneficiaries.rules", "maillage.steering.credits", "maillage.steering.provision",
    ),
    "signing": ("maillage.web.accounts.oidc_client", "maillage.credentials.security_keys", "fido2", "jwt"),
}  # fmt: skip


def named(name: str) -> Parser:
    """The target of that name."""
    return next(one for one in (*PARSERS, *PLANTED) if one.name == name)
