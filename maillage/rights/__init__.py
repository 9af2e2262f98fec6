"""Applications for rights: what is owed for each, the file that a partner prepares, and the two clocks that run on it."""
