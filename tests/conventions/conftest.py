"""The cases of the design's data are collected only where that folder stands beside the project."""

from pathlib import Path

SHARED_VECTORS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "deadline_test_vectors.json"

collect_ignore = [] if SHARED_VECTORS.exists() else ["lifecycle/test_shared_vectors.py"]
