"""Numbers as French readers write them, for the pages: what `maillage.core.numbers` does for reports and commands too."""

from maillage.core.numbers import counted, file_size, number, percent, phone, plural, siret

__all__ = ["counted", "file_size", "number", "percent", "phone", "plural", "siret"]
