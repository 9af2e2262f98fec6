"""Which parties sign by themselves."""

from django.db import connection

from maillage.conventions.lifecycle.loaded import LoadedConvention


def signing_here(known: LoadedConvention) -> frozenset[str]:
    """The keys of the parties that have somebody here whose role signs; told to the parties only. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT party_key FROM convention_signs_here(%s) WHERE signs_here ORDER BY party_key", [known.id]
        )
        return frozenset(row[0] for row in cursor.fetchall())
