"""A few supports of the demonstration, of invented content: published, replaced, withdrawn, handed out. By the real actions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Final
from uuid import UUID, uuid5

from django.core.files.base import ContentFile
from django.db import transaction

from maillage.catalogue import actions, queries
from maillage.catalogue.counting import count_opening
from maillage.catalogue.models import Support
from maillage.catalogue.rules import LARGEST, Described, Moved, Span
from maillage.catalogue.stock import note_movement, set_threshold
from maillage.core.clock import now, today
from maillage.demo.conventions import PARIS, acting_for, body_of
from maillage.documents.actions import store_upload
from maillage.documents.composition import Listing, Sheet, SheetPart, text
from maillage.documents.rendering import render_pdf

_NAMES: Final = UUID("b1a6f2f4-93c5-4b8e-8f0a-64d1c5b7e210")
_EVERYBODY: Final = ("professionals", "publics")
_OFFICIAL: Final = "https://www.pour-les-personnes-agees.gouv.fr/"


@dataclass(frozen=True)
class Version:
    """One version: published so many days ago, valid for so many days ahead (None: until further notice)."""

    label: str
    days_ago: int
    ahead: int | None = None
    link: str = ""
    changes: str = ""


@dataclass(frozen=True)
class Entry:
    """A support, whose it is, its versions in their order."""

    key: str
    body: str
    described: Described
    versions: Sequence[Version]

    @property
    def id(self) -> UUID:
        """Always the same, so that a second run finds it."""
        return uuid5(_NAMES, self.key)


ENTRIES: Final = (
    Entry(
        "c2s", "cnam",
        Described(
            "leaflet", "La Complémentaire santé solidaire en deux pages",
            "Dit à qui elle s’adresse, ce qu’elle paie, comment la demander.",
            ("publics",), ("fr", "fr_easy"), ("c2s",),
        ),
        (Version("2025", 400), Version("2026", 60, changes="Les plafonds de ressources")),
    ),
    Entry(
        "ages", "cnam",
        Described(
            "link", "Portail d’information des personnes âgées et de leurs proches",
            "Aides, hébergement, vie à domicile : le site public.",
            _EVERYBODY, ("fr",), ("home_help",),
        ),
        (Version("Site", 90, link=_OFFICIAL),),
    ),
    Entry(
        "guide", "cpam",
        Described(
            "paper_guide", "Guide de l’accès aux soins dans la Loire",
            "Qui appeler, où aller, avec quels papiers. À remettre en main propre.",
            ("publics",), ("fr",), ("misas", "puma"),
        ),
        (Version("Édition 3", 120, 20),),
    ),
    Entry(
        "discours", "cpam",
        Described(
            "talking_points", "Présenter la mission accompagnement santé",
            "Les mots pour dire ce que fait la caisse, et ce qu’elle ne fait pas.",
            ("professionals",), ("fr",), ("misas",),
        ),
        (Version("Automne", 50),),
    ),
    Entry(
        "ame", "cpam",
        Described(
            "form", "Liste des pièces pour une première demande d’AME", "À cocher avec la personne avant le dépôt.",
            _EVERYBODY, ("fr", "en", "ar"), ("ame",),
        ),
        (Version("Janvier", 200),),
    ),
    Entry(
        "canicule", "ccas",
        Described("poster", "Fortes chaleurs : qui prévenir", "À afficher dans l’entrée.", ("publics",), ("fr",)),
        (Version("Été", 100),),
    ),
)  # fmt: skip


def load_supports() -> None:
    """Enter what is missing, each support once."""
    for entry in ENTRIES:
        with transaction.atomic(), acting_for(entry.body):
            there = Support.objects.filter(id=entry.id).exists()
        if not there:
            _publish(entry)
            if entry.key == "guide":
                _hand_out(entry)
            if entry.key == "ame":
                _withdraw(entry)


def _publish(entry: Entry) -> None:
    for version in entry.versions:
        at = now() - timedelta(days=version.days_ago)
        first = at.astimezone(PARIS).date()
        last = None if version.ahead is None else today(PARIS) + timedelta(days=version.ahead)
        with transaction.atomic(), acting_for(entry.body) as keeper:
            actions.create(new_id=entry.id, described=entry.described, by=keeper, at=at)
            document = None
            if not version.link:
                file = ContentFile(_pdf(entry.described, version.label), name=f"{entry.key}.pdf")
                stored = store_upload(
                    file=file, organisation=keeper.organisation, readers=(), by=keeper, at=at, largest=LARGEST
                )
                document = stored.id
            drafted = actions.Drafted(version.label, version.changes, version.link, document)
            row = Support.objects.get(id=entry.id)
            made = actions.prepare(
                new_id=uuid5(entry.id, version.label), support=row, drafted=drafted, by=keeper, at=at
            )
            actions.publish(
                version=queries.version_of(keeper, made), span=Span(first, last), by=keeper, at=at
            )


@cache
def _pdf(described: Described, label: str) -> bytes:
    """One page that says what it is: there is nothing real in it."""
    words = (
        described.purpose,
        f"Version « {label} ».",
        "Document de démonstration : son contenu est inventé.",
    )
    sheet = Sheet(
        title=described.title,
        kind_label="Démonstration",
        reference=label,
        parts=(SheetPart("À lire", (Listing(tuple(text(one) for one in words)),)),),
        large=True,
    )
    return render_pdf("sheet", sheet.as_data())


def _hand_out(entry: Entry) -> None:
    """Copies received, some given to the CCAS, few left; and a few openings by its page and by its printed address."""
    at = now()
    with transaction.atomic(), acting_for("cpam") as keeper:
        row = Support.objects.get(id=entry.id)
        for rank, (kind, quantity, to) in enumerate(
            (("received", 200, None), ("sent", 160, body_of("ccas").id))
        ):
            moved = Moved(kind, quantity, today(PARIS) - timedelta(days=30 - rank))
            note_movement(
                new_id=uuid5(entry.id, f"mouvement {rank}"),
                support=row,
                moved=moved,
                recipient=to,
                by=keeper,
                at=at,
            )
        set_threshold(support=row, threshold=50, by=keeper)
    for body, way, times in (("ccas", "page", 3), ("hospital", "page", 1), ("ccas", "code", 2)):
        with transaction.atomic(), acting_for(body):
            for _ in range(times):
                count_opening(row.code, way=way)


def _withdraw(entry: Entry) -> None:
    """Withdrawn for another: what a reader then sees."""
    with transaction.atomic(), acting_for(entry.body) as keeper:
        version = queries.version_of(keeper, uuid5(entry.id, entry.versions[-1].label))
        guide = next(one.id for one in ENTRIES if one.key == "guide")
        actions.withdraw(
            version=version, reason="Une pièce n’est plus demandée", instead=guide, by=keeper, at=now()
        )
