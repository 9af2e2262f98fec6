"""The board of applications between two committees, and the random sample of those that were decided (S2 art. 4.1, 5)."""
