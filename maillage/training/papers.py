"""The papers of a session: the sheet to sign, a certificate for one person, one for all the people of an organisation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from maillage.core.french import date_in_words, typeset
from maillage.documents.composition import (
    Fields,
    Heading,
    Line,
    Paragraph,
    Run,
    Sheet,
    SheetPart,
    Style,
    Table,
    text,
)
from maillage.training.models import Presence, Registration, Session
from maillage.training.queries import zone_of
from maillage.training.rules import theme_words

SPARE: Final = 5
"""Lines left free on an attendance sheet, for whoever comes without a place."""
_ROOM: Final = "\n\u00a0"  # a second line in each cell: room to sign


@dataclass(frozen=True, slots=True)
class About:
    """What every paper of a session says of it."""

    session: Session
    organiser: str

    @property
    def when(self) -> str:
        """« 3 décembre 2026, de 9 h 00 à 12 h 00 », on the organiser's clock."""
        zone = zone_of(self.session)
        starts, ends = self.session.starts_at.astimezone(zone), self.session.ends_at.astimezone(zone)
        return typeset(
            f"{date_in_words(starts.date())}, de {starts.hour} h {starts.minute:02d} à {ends.hour} h {ends.minute:02d}"
        )

    @property
    def lasted(self) -> str:
        """« 3 h », « 1 h 30 »."""
        minutes = int((self.session.ends_at - self.session.starts_at).total_seconds()) // 60
        hours, rest = divmod(minutes, 60)
        if not hours:
            return typeset(f"{rest} minutes")
        return typeset(f"{hours} h {rest:02d}" if rest else f"{hours} h")

    def lines(self) -> tuple[Paragraph, ...]:
        """The session in a few lines."""
        row = self.session
        theme = theme_words(row.module.theme, row.module.other_theme)
        where = " · ".join(one for one in (row.place, "à distance" if row.link else "") if one)
        return (
            _said("Module", f"{row.module.title} ({theme})"),
            _said("Quand", self.when),
            _said("Où", where),
            _said("Organisée par", self.organiser),
            _said("Animée par", row.trainer),
        )


def _said(label: str, words: str) -> Paragraph:
    return Paragraph((Run(typeset(f"{label} : "), Style.STRONG), Run(typeset(words))))


def attendance_sheet(about: About, places: Sequence[Registration]) -> Sheet:
    """The sheet that those who come sign: the names of those who have a place, by organisation, then spare lines."""
    by_name = sorted(places, key=lambda one: (one.partner.sort_name, one.attendee.sort_name, one.id))
    named = [
        (
            text(one.attendee.name + _ROOM),
            text(typeset(f"{one.partner.short_name}, {one.attendee.function}")),
            text(" "),
        )
        for one in by_name
    ]
    spare: list[tuple[Line, ...]] = [(text(" " + _ROOM), text(" "), text(" "))] * SPARE
    signed = Table(
        "Émargement", ("Nom", "Organisme et fonction", "Signature"), (*named, *spare), widths=(4, 5, 4)
    )
    return Sheet(
        title="Feuille d’émargement",
        kind_label=about.organiser,
        reference=typeset(f"Séance du {about.when}"),
        parts=(
            SheetPart("La séance", about.lines()),
            SheetPart("Personnes présentes", (signed,)),
            SheetPart(
                "Après la séance",
                (
                    Fields(
                        ("Nombre de personnes du public, s’il en est venu", "Nom et signature de qui anime"),
                        columns=2,
                    ),
                ),
            ),
        ),
    )


def certificate(about: About, present: Presence) -> Sheet:
    """That one person followed the session."""
    return _certificate(
        about,
        (
            Paragraph(
                text(
                    typeset(
                        f"{about.organiser} atteste que {present.attendee.name}, {present.attendee.function} "
                        f"({present.partner.name}), a suivi cette séance, d’une durée de {about.lasted}."
                    )
                )
            ),
        ),
    )


def certificates(about: About, presents: Iterable[Presence]) -> Sheet:
    """The same of all the people of one or several organisations, each with its list."""
    bodies: dict[str, list[Presence]] = {}
    for one in presents:
        bodies.setdefault(one.partner.name, []).append(one)
    blocks: list[Heading | Paragraph | Table] = [
        Paragraph(
            text(
                typeset(
                    f"{about.organiser} atteste que les personnes suivantes ont suivi cette séance, d’une durée de {about.lasted}."
                )
            )
        )
    ]
    for name, people in bodies.items():
        rows = tuple((text(one.attendee.name), text(one.attendee.function)) for one in people)
        blocks += [Heading(name), Table(name, ("Nom", "Fonction"), rows, widths=(1, 1))]
    return _certificate(about, tuple(blocks))


def _certificate(about: About, blocks: Sequence[Heading | Paragraph | Table]) -> Sheet:
    return Sheet(
        title="Attestation de présence",
        kind_label=about.organiser,
        reference=typeset(f"Séance du {about.when}"),
        parts=(
            SheetPart("La séance", about.lines()),
            SheetPart("Attestation", tuple(blocks)),
            SheetPart("Pour l’organisateur", (Fields(("Date", "Nom, fonction et signature"), columns=2),)),
        ),
    )
