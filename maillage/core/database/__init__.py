"""PostgreSQL for Maillage: an embedded server, its roles, and the settings that Django reads."""
