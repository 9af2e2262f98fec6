"""The design's own tables are tried only where its folder stands beside the project."""

from tests.conventions.conftest import SHARED_VECTORS

TABLES = SHARED_VECTORS.parent / "sdc"
collect_ignore = [] if TABLES.exists() else ["test_shared_tables.py"]
