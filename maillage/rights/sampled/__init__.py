"""The random sample on which the mean total delay is measured: its table, and the rules of a period (S2 art. 5)."""
