"""What Maillage counts under a convention: the figures that texts ask for, each with its unit, its denominator and its rule of counting.

A measure keeps its code for ever. When what it counts changes, it gets a new version that holds from a civil year on: the years before
keep the version under which they were counted, so that a series says where it breaks. Counts add up, over months, conventions and
caisses; a share or a mean is two counts, divided where it is shown and never added.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

SMALL: Final = 11
"""From so many on, a count of people tells nothing of anybody to whoever may open no case."""
GUIDES: Final = "guides_given"
"""Counts what a person was handed: no case holds it, and it is told from `SMALL` on, of a year that is over."""
PERCENT: Final = "%"
DAYS: Final = "jours"


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure: `unit` is what one of them is (« orientations », « jours »…), `rule` is printed beside it.

    `since` is the first civil year of this `version`. With `over`, the code of another measure, it is a share of it (in `PERCENT`) or
    a mean (in `DAYS`), whose numerator is `count`, a code too. `of_people`: it counts what happens to people helped, so that only
    whoever may read their cases reads it exactly.
    """

    code: str
    words: str
    unit: str
    rule: str
    of_people: bool = True
    count: str = ""
    over: str = ""
    version: int = 1
    since: int = 0

    @property
    def is_ratio(self) -> bool:
        """Whether it divides two counts."""
        return bool(self.over)

    @property
    def name(self) -> str:
        """Its code and version, as kept beside a figure."""
        return f"{self.code}.{self.version}"


@dataclass(frozen=True, slots=True)
class Band:
    """So many days, from `first` to `last` included; None: any number more. `code`: the measure of what took so long."""

    code: str
    first: int
    last: int | None

    @property
    def words(self) -> str:
        """« De 3 à 5 jours »."""
        return (
            f"plus de {self.first - 1} jours" if self.last is None else f"de {self.first} à {self.last} jours"
        )


@dataclass(frozen=True, slots=True)
class Delay:
    """How long something took, counted in bands of days that follow each other: each band is a measure, so that bands add up.

    `words` say from what to what, `of` what is counted (« dossiers décidés »), `unit` one of them, `bounds` the last day of each band
    but the last.
    """

    code: str
    words: str
    of: str
    unit: str
    rule: str
    bounds: tuple[int, ...]

    @property
    def bands(self) -> tuple[Band, ...]:
        """Its bands, the shortest first."""
        firsts = (0, *(bound + 1 for bound in self.bounds))
        return tuple(
            Band(f"{self.code}_{first}", first, last)
            for first, last in zip(firsts, (*self.bounds, None), strict=True)
        )

    def band(self, days: int) -> Band:
        """The band of so many days. Raises ValueError for fewer than none."""
        if days < 0:
            raise ValueError("a delay is of no fewer than no day")
        return self.bands[bisect_left(self.bounds, days)]


_SENT: Final = (
    "Envoyées dans la période. Une orientation annulée parce qu’envoyée par erreur ne compte pas ; transmettre à un autre service "
    "n’est pas orienter de nouveau."
)
_ENDED: Final = (
    "Clôturés dans la période, quelle que soit la date d’envoi. Ceux dont la personne ne veut pas que la suite soit dite ne comptent "
    "pas."
)
_SETTLED: Final = (
    "Décidés dans la période : demandes déposées par Maillage, et droits suivis dans une orientation sans demande déposée. Ceux dont "
    "la personne ne veut pas que la suite soit dite ne comptent pas."
)
_FILED: Final = "Envoyés dans la période ; ceux annulés parce qu’envoyés par erreur ne comptent pas."
_REFERRALS, _CARE, _RIGHTS, _FILES = "orientations", "accompagnements", "droits", "dossiers"


def _referrals() -> Iterable[Measure]:
    yield Measure("referrals_sent", "Orientations envoyées par les partenaires", _REFERRALS, _SENT)
    yield Measure("referrals_misas", "Orientations vers la Mission accompagnement santé", _REFERRALS, _SENT)
    yield Measure(
        "referrals_ssam",
        "Orientations vers le service social de l’Assurance Maladie",
        _REFERRALS,
        "Reçues dans la période par le service social, directement ou transmises par la caisse. Une orientation annulée parce "
        "qu’envoyée par erreur ne compte pas.",
    )
    yield Measure("referrals_eps", "Orientations vers un examen de prévention en santé", _REFERRALS, _SENT)
    yield Measure("referrals_workshops", "Orientations vers un atelier numérique", _REFERRALS, _SENT)
    yield Measure(
        "referrals_care", "Orientations pour difficulté ou renoncement aux soins", _REFERRALS,
        f"{_SENT} Au moins un soin auquel la personne renonce est noté à l’envoi.",
    )  # fmt: skip
    yield Measure(
        "referrals_rights", "Orientations pour l’accès aux droits, sans renoncement aux soins", _REFERRALS,
        f"{_SENT} Aucun soin auquel la personne renonce n’est noté à l’envoi.",
    )  # fmt: skip
    yield Measure(
        "renunciations", "Renoncements à un soin", "renoncements",
        "Notés à l’envoi des orientations de la période, un par soin et par raison.",
    )  # fmt: skip
    yield Measure(
        "referrals_under_way", "Orientations en cours à la fin de la période", _REFERRALS,
        "Envoyées avant la fin de la période et pas encore terminées ce jour-là.",
    )  # fmt: skip


def _outcomes() -> Iterable[Measure]:
    yield Measure(
        "care_ended", "Accompagnements finalisés pour difficulté ou renoncement aux soins", _CARE,
        f"{_ENDED} Des soins étaient en cause.",
    )  # fmt: skip
    yield Measure(
        "care_done",
        "Accompagnements finalisés dont les soins sont réalisés",
        _CARE,
        f"{_ENDED} Les soins sont réalisés.",
    )
    yield Measure(
        "care_not_done", "Accompagnements clos sans soins", _CARE,
        f"{_ENDED} Des soins étaient en cause et ne sont pas réalisés, quelle qu’en soit la raison.",
    )  # fmt: skip
    yield Measure(
        "care_helped", "Accompagnements clos sans soins, avec une aide aux droits", _CARE,
        f"{_ENDED} Sans soins, mais des droits sont ouverts, en cours ou accompagnés.",
    )  # fmt: skip
    yield Measure(
        "rights_ended", "Accompagnements finalisés pour l’accès aux droits seul", _CARE,
        f"{_ENDED} Aucun soin n’était en cause.",
    )  # fmt: skip
    yield Measure(
        "care_done_share", "Part des accompagnements dont les soins sont réalisés", PERCENT, _ENDED,
        count="care_done", over="care_ended",
    )  # fmt: skip
    yield Measure(
        "care_not_done_share", "Part des accompagnements clos sans soins", PERCENT, _ENDED,
        count="care_not_done", over="care_ended",
    )  # fmt: skip
    yield Measure(
        "eps_done", "Usagers ayant eu un examen de prévention en santé", "accompagnements",
        f"{_ENDED} Orientations vers un examen de prévention, dont l’examen est réalisé.",
    )  # fmt: skip


def _rights() -> Iterable[Measure]:
    for right, name in (
        ("puma", "PUMa"),
        ("c2s", "C2S sans participation"),
        ("c2s_participation", "C2S avec participation"),
        ("ame", "AME"),
    ):
        yield Measure(f"{right}_granted", f"{name} : accords", _RIGHTS, _SETTLED)
        yield Measure(
            f"{right}_refused",
            f"{name} : refus",
            _RIGHTS,
            f"{_SETTLED} Une demande de C2S refusée compte une fois, sans participation : rien ne dit laquelle aurait été ouverte."
            if right == "c2s"
            else _SETTLED,
        )


def _files() -> Iterable[Measure]:
    yield Measure("files_sent", "Dossiers de droits transmis", _FILES, _FILED)
    for right, name in (("puma", "PUMa"), ("c2s", "complémentaire santé solidaire"), ("ame", "AME")):
        yield Measure(f"files_{right}", f"Dossiers transmis : {name}", _FILES, _FILED)
    yield Measure(
        "files_decided", "Dossiers de droits décidés", _FILES,
        "Décidés dans la période. Ceux dont la personne ne veut pas que la suite soit dite ne comptent pas.",
    )  # fmt: skip
    yield Measure(
        "files_days", "Jours entre la réception et la décision, tous dossiers ensemble", DAYS,
        "Somme, pour les dossiers décidés dans la période.",
    )  # fmt: skip
    yield Measure(
        "files_delay", "Délai moyen entre la réception et la décision, tous dossiers", DAYS,
        "Jours calendaires de la réception par la caisse à la décision, des dossiers décidés dans la période.",
        count="files_days", over="files_decided",
    )  # fmt: skip
    yield Measure(
        "sample_files", "Dossiers des échantillons tirés au sort", _FILES,
        "Échantillons dont la période prend fin dans l’année.",
    )  # fmt: skip
    yield Measure(
        "sample_days", "Jours entre la réception et la décision, dans les échantillons", DAYS,
        "Somme, pour les dossiers tirés au sort.",
    )  # fmt: skip
    yield Measure(
        "sample_delay", "Délai total moyen, sur un échantillon tiré au sort", DAYS,
        "Échantillon aléatoire reproductible : sa graine est gardée ; jours calendaires de la réception à la décision.",
        count="sample_days", over="sample_files",
    )  # fmt: skip


_NOT_TOLD: Final = "Ce qui est annulé parce qu’envoyé par erreur ne compte pas, ni ce dont la personne ne veut pas que la suite soit dite."
DELAYS: Final = (
    Delay(
        "acknowledged", "De l’envoi d’une orientation à son accusé de réception", "Orientations dont la réception est accusée",
        _REFERRALS, f"Jours calendaires ; accusées dans la période, transmissions à un autre service comprises. {_NOT_TOLD}",
        (2, 5, 10),
    ),
    Delay(
        "contacted", "De l’envoi d’une orientation au premier contact avec la personne", "Orientations dont la personne est contactée",
        _REFERRALS, f"Jours calendaires ; premier contact dans la période, transmissions à un autre service comprises. {_NOT_TOLD}",
        (5, 10, 20, 31),
    ),
    Delay(
        "decided", "De la réception d’un dossier de droits à sa décision", "Dossiers décidés", _FILES,
        f"Jours calendaires ; décidés dans la période. {_NOT_TOLD}", (10, 20, 31, 60),
    ),
)  # fmt: skip
"""The delays that a report counts, each with its bands."""


def _delays() -> Iterable[Measure]:
    for delay in DELAYS:
        for band in delay.bands:
            yield Measure(band.code, f"{delay.of} : {band.words}", delay.unit, f"{delay.words}. {delay.rule}")


def _training() -> Iterable[Measure]:
    persons, attendances, sessions = "personnes", "participations", "séances"
    once = "Personnes distinctes : qui suit trois modules compte une fois. Présentes aux séances tenues dans la période."
    yield Measure(
        "sessions_dedicated",
        "Séances dédiées à la convention",
        sessions,
        "Tenues dans la période.",
        of_people=False,
    )
    yield Measure("sessions_open", "Séances « tous partenaires » suivies", sessions,
        "Tenues dans la période, avec au moins une personne du partenaire.", of_people=False,
    )  # fmt: skip
    yield Measure("persons_trained", "Personnes formées", persons, once, of_people=False)
    yield Measure(
        "persons_dedicated", "Personnes présentes aux séances dédiées", persons, once, of_people=False
    )
    yield Measure("attendances_open", "Participations aux séances « tous partenaires »", attendances,
        "Une personne qui suit trois modules compte trois fois. Présences aux séances tenues dans la période.", of_people=False,
    )  # fmt: skip


def _without_people() -> Iterable[Measure]:
    yield Measure(
        GUIDES, "Guides et conseils remis à la personne, qui fait elle-même la démarche", "remises",
        "Un compte, sans rien de la personne.", of_people=False,
    )  # fmt: skip
    yield Measure(
        "prado_presented", "Présentations de l’offre PRADO maternité", "présentations",
        "Mois arrêtés de la période seulement : un mois qui dirait quelque chose d’une assurée n’est pas dit.", of_people=False,
    )  # fmt: skip
    yield Measure(
        "prado_accepted", "Adhésions au PRADO maternité", "adhésions",
        "Mois arrêtés de la période seulement, comme les présentations.", of_people=False,
    )  # fmt: skip
    yield Measure(
        "prado_share", "Taux d’adhésion au PRADO maternité", PERCENT,
        "Adhésions rapportées aux présentations de l’offre, des mois arrêtés.", of_people=False, count="prado_accepted",
        over="prado_presented",
    )  # fmt: skip
    yield Measure(
        "local_conventions", "Conventions locales en vigueur qui mettent ce texte en œuvre", "conventions",
        "En vigueur un jour au moins de la période, et connues de Maillage.", of_people=False,
    )  # fmt: skip


TOLD_BY_MONTH: Final = frozenset({"prado_presented", "prado_accepted", "prado_share"})
"""Counted from months that are told once for all (docs/adr/0024): whatever else is said of them tells of those that are not."""
MEASURES: Final = (
    *_referrals(),
    *_outcomes(),
    *_rights(),
    *_files(),
    *_delays(),
    *_training(),
    *_without_people(),
)
"""Every version of every measure, in the order in which a report shows them."""


def measure(code: str, year: int, among: Iterable[Measure] = MEASURES) -> Measure:
    """The version of a measure that holds in a civil year: the last one that had begun, or its first. Raises KeyError when unknown."""
    return _version(code, year) if among is MEASURES else _newest(code, year, among)


@cache
def _version(code: str, year: int) -> Measure:
    return _newest(code, year, MEASURES)


def _newest(code: str, year: int, among: Iterable[Measure]) -> Measure:
    versions = sorted((one for one in among if one.code == code), key=lambda one: one.since)
    if not versions:
        raise KeyError(code)
    begun = [one for one in versions if one.since <= year]
    return begun[-1] if begun else versions[0]


MEASURED: Final = {one.code: one for one in MEASURES}
"""The newest version of each measure, by its code."""
OF_DELAYS: Final = frozenset(band.code for delay in DELAYS for band in delay.bands)
"""The codes of the bands of delays."""
COUNTED: Final = tuple(code for code, one in MEASURED.items() if not one.is_ratio)
"""The codes of what is counted, without shares and means."""
