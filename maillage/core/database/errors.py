"""What can go wrong with the database, in words for whoever typed the command."""


class DatabaseError(Exception):
    """The database cannot be reached, started or prepared; the French message can be shown as it is."""
