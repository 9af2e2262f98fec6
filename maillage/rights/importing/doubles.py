"""What makes two lines the same application: in one file, and from one sending to the next. Keyed digests: nothing here can be read."""

from maillage.beneficiaries.rules import Identity, name_to_search
from maillage.core.crypto import blind_index
from maillage.rights.importing.lines import Line


def line_key(line: Line, *, key: bytes) -> bytes:
    """Under what a line is found again when the file is sent again: the partner's own reference, else who, what and when.

    `key`: one partner's own, so that nobody compares two partners' lines; a plain digest of an identity would be found by trying.
    """
    if line.reference:
        return blind_index(key, "reference", line.reference)
    return blind_index(key, "deposit", line.right, *_who(line.person), line.handed_on.isoformat())


class Doubles:
    """The lines of one file so far."""

    def __init__(self, *, key: bytes) -> None:
        self._key = key
        self._lines: dict[bytes, int] = {}

    def problems(self, line: Line) -> dict[str, str]:
        """What is wrong with a line because of a former one, by field; the line itself is kept in mind."""
        found = {}
        same_reference = self._first(line_key(line, key=self._key), line.line)
        if line.reference and same_reference:
            found["reference"] = f"La ligne {same_reference} a déjà cette référence."
        same_person = self._first(blind_index(self._key, "person", line.right, *_who(line.person)), line.line)
        if same_person:
            found["right"] = f"La ligne {same_person} demande déjà ce droit pour cette personne."
        return found

    def _first(self, digest: bytes, line: int) -> int:
        first = self._lines.setdefault(digest, line)
        return first if first != line else 0


def _who(person: Identity) -> tuple[str, str, str]:
    return name_to_search(person.surname), name_to_search(person.given_name), person.birth_date.isoformat()
