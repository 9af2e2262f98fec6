"""French typography, for the pages: what `maillage.core.french` does for letters and drafts too."""

from maillage.core.french import NARROW_NBSP, NBSP, typeset, within_quotes

__all__ = ["NARROW_NBSP", "NBSP", "typeset", "within_quotes"]
