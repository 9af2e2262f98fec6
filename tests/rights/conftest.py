"""The design's own cases are collected only where its folder stands beside the project."""

from tests.conventions.conftest import SHARED_VECTORS

collect_ignore = [] if SHARED_VECTORS.exists() else ["clocks/test_shared_vectors.py"]
