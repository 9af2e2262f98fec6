"""Pages of the credits that a convention follows within the year."""
