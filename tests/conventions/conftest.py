"""What a module's tests start from, made once. The design's own cases are collected only where its folder stands beside the project."""

from pathlib import Path

from tests.conventions.kept import drafted_s3, kept, proposed_s3, signed_s3

__all__ = ["drafted_s3", "kept", "proposed_s3", "signed_s3"]

SHARED_VECTORS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "deadline_test_vectors.json"

collect_ignore = [] if SHARED_VECTORS.exists() else ["lifecycle/test_shared_vectors.py"]
