"""A line beside what the directory already holds: the same organisation or a new one, and what it changes. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from maillage.core.text import sort_key
from maillage.organisations.directory.imports.columns import LABELS
from maillage.organisations.directory.imports.lines import WRITTEN, Entry
from maillage.organisations.directory.rules import LONGEST_SHORT_NAME, zone_named

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"
REFUSED, DUPLICATE, CONTRADICTION = "refused", "duplicate", "contradiction"
VERBS: Final = {
    CREATED: "créé",
    UPDATED: "mis à jour",
    UNCHANGED: "inchangé",
    REFUSED: "refusé",
    DUPLICATE: "en double",
    CONTRADICTION: "contradictoire",
}


@dataclass(frozen=True, slots=True)
class Known:
    """An organisation of the directory, as far as an import writes it."""

    id: UUID
    kind: str
    name: str
    short_name: str
    sort_name: str
    siret: str
    code: str
    finess: str
    address: str
    commune: str
    departement: str
    territory: tuple[str, ...]
    time_zone: str
    parent_id: UUID | None
    mailbox: str
    phone: str
    closed_on: date | None = None

    def row(self) -> dict[str, Any]:
        """The same as JSON, for the functions of the database."""
        return {
            "id": str(self.id), "kind": self.kind, "name": self.name, "short_name": self.short_name, "sort_name": self.sort_name,
            "siret": self.siret, "code": self.code, "finess": self.finess, "address": self.address, "commune": self.commune,
            "departement": self.departement, "territory": list(self.territory), "time_zone": self.time_zone,
            "parent_id": str(self.parent_id) if self.parent_id else None, "mailbox": self.mailbox, "phone": self.phone,
        }  # fmt: skip


@dataclass(slots=True)
class Index:
    """What the directory holds that these lines may speak of."""

    by_siret: dict[str, Known] = field(default_factory=dict)
    by_code: dict[tuple[str, str], Known] = field(default_factory=dict)
    by_name: dict[str, list[Known]] = field(default_factory=dict)

    @classmethod
    def of(cls, bodies: Iterable[Known]) -> "Index":
        """Index these organisations."""
        found = cls()
        for body in bodies:
            found.add(body)
        return found

    def add(self, body: Known) -> None:
        """One more, or one as it now is."""
        if body.siret:
            self.by_siret[body.siret] = body
        if body.code:
            self.by_code[body.kind, body.code] = body
        others = [one for one in self.by_name.get(body.sort_name, ()) if one.id != body.id]
        self.by_name[body.sort_name] = [*others, body]

    def match(self, entry: Entry) -> Known | None:
        """The organisation that a line speaks of. Raises Clash when it cannot be said which."""
        by_siret = self.by_siret.get(entry.siret) if entry.siret else None
        by_code = self.by_code.get((entry.kind, entry.code)) if entry.code else None
        if by_siret and by_code and by_siret.id != by_code.id:
            raise Clash(f"le SIRET est celui de « {by_siret.name} », le code celui de « {by_code.name} »")
        found = by_siret or by_code
        if found is not None:
            if entry.siret and found.siret and entry.siret != found.siret:
                raise Clash(f"« {found.name} », qui a ce code, est connu sous le SIRET {found.siret}")
            return found
        same = [
            one
            for one in self.by_name.get(entry.sort_name, ())
            if (one.kind, one.departement) == (entry.kind, entry.departement)
            and not (entry.siret and one.siret)
            and not (entry.code and one.code)
        ]
        if len(same) > 1:
            raise Clash(
                f"{len(same)} organismes portent ce nom dans ce département : donnez le SIRET ou le code"
            )
        return same[0] if same else None

    def parent(self, said: str) -> Known | None:
        """The organisation named as a parent: by its SIRET, else by its name where only one bears it."""
        found = self.by_siret.get(said.replace(" ", ""))
        if found is not None:
            return found
        same = self.by_name.get(sort_key(said), [])
        return same[0] if len(same) == 1 else None


class Clash(Exception):
    """The line and the directory do not agree on which organisation it is; `args[0]` says how, in French."""


def as_new(entry: Entry, *, new_id: UUID, parent: UUID | None) -> Known:
    """The organisation that a line opens."""
    zone = zone_named(entry.departement) if entry.departement else None
    return Known(
        id=new_id, kind=entry.kind, name=entry.name, short_name=entry.short_name or shortened(entry.name), sort_name=entry.sort_name,
        siret=entry.siret, code=entry.code, finess=entry.finess, address=entry.address, commune=entry.commune,
        departement=entry.departement, territory=entry.territory, time_zone=zone.key if zone else "Europe/Paris",
        parent_id=parent, mailbox=entry.mailbox, phone=entry.phone,
    )  # fmt: skip


def amended(entry: Entry, known: Known, parent: UUID | None) -> tuple[Known, list[str]]:
    """The organisation as the line says it, and the names of what changes. Raises Clash for what an import never changes."""
    if known.closed_on is not None:
        raise Clash("cet organisme est fermé : un import ne le rouvre pas")
    if entry.kind != known.kind:
        raise Clash("la nature d’un organisme ne change pas par un import")
    zone = zone_named(entry.departement) if entry.departement else None
    if zone is not None and zone.key != known.time_zone:
        raise Clash(f"le département {entry.departement} change de fuseau horaire : l’opérateur s’en charge")
    changes: dict[str, Any] = {
        name: said for name in WRITTEN if (said := getattr(entry, name)) and said != getattr(known, name)
    }
    if "name" in changes:
        changes["sort_name"] = entry.sort_name
    told = [LABELS[name] for name in changes if name in LABELS]
    if parent is not None and parent != known.parent_id:
        if parent == known.id:
            raise Clash("un organisme n’est pas rattaché à lui-même")
        changes["parent_id"] = parent
        told.append(LABELS["parent"])
    return (replace(known, **changes) if changes else known), told


def shortened(name: str) -> str:
    """A short name where none was given: the name, cut after a word."""
    if len(name) <= LONGEST_SHORT_NAME:
        return name
    cut = name[: LONGEST_SHORT_NAME - 1]
    return f"{cut.rsplit(' ', 1)[0]}…"
