"""Where the five texts are, when they are beside the project."""

from pathlib import Path

TEXTS = Path(__file__).resolve().parents[4] / "shared" / "seeds"
