"""The person as she is described, and what she was told: what is accepted, with a French message for what is not. Pure."""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from maillage.core.calendar import full_years
from maillage.core.identifiers import compact_number, is_nir
from maillage.core.text import sort_key

OLDEST_YEARS = 120
LONGEST_WHY: Final = 500
"""Characters of why an objection is lifted."""
_PHONE = re.compile(r"\+?\d{6,15}")
_PHONE_SPACES = re.compile(r"[\s.\-()/]")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_REACH = "Indiquez au moins une façon de la joindre : téléphone, adresse électronique ou autre."


@dataclass(frozen=True, slots=True)
class Identity:
    """Minimal identity (S2 annex 1; S3 art. 6: only what is needed): names, birth date, a way to contact; NIR if she gave it.

    `do_not_call`: she is reached, but never by a call. `representative`: who acts for a minor, in words.
    """

    surname: str
    given_name: str
    birth_date: date
    phone: str = ""
    email: str = ""
    other_way: str = ""
    safe_time: str = ""
    nir: str = ""
    language: str = ""
    do_not_call: bool = False
    representative: str = ""

    @property
    def full_name(self) -> str:
        """Surname first, as caisses file people."""
        return f"{self.surname.upper()} {self.given_name}"


def identity_problems(identity: Identity, *, on: date) -> dict[str, str]:
    """What is wrong on a day, by field; empty when all is well."""
    found = {
        "surname": "" if identity.surname.strip() else "Écrivez le nom de la personne.",
        "given_name": "" if identity.given_name.strip() else "Écrivez le prénom de la personne.",
        "birth_date": birth_date_problem(identity.birth_date, on=on),
        "phone": phone_problem(identity.phone),
        "email": "" if not identity.email or _EMAIL.fullmatch(identity.email) else _BAD_EMAIL,
        "nir": nir_problem(identity.nir),
    }
    if not (identity.phone or identity.email or identity.other_way.strip()):
        found["phone"] = _REACH
    elif identity.do_not_call and not (identity.email or identity.other_way.strip()):
        found["do_not_call"] = _NOT_BY_PHONE_ALONE
    return {field: message for field, message in found.items() if message}


IDENTITY_FIELDS: Final[dict[str, str]] = {
    "surname": "nom",
    "given_name": "prénom",
    "birth_date": "date de naissance",
    "representative": "qui la représente",
    "phone": "téléphone",
    "email": "adresse électronique",
    "other_way": "autre façon de la joindre",
    "do_not_call": "ne pas l’appeler",
    "safe_time": "quand la joindre sans risque",
    "language": "langue",
    "nir": "numéro de sécurité sociale",
}
"""The fields of an identity by name, as a correction says which of them it changes; in the order of the form."""
NOTHING_CORRECTED: Final = (
    "Rien n’a changé : corrigez ce qui est faux, puis enregistrez. Si tout est juste, il n’y a rien à faire."
)


def tidied(identity: Identity) -> Identity:
    """The same without the spaces around its texts, nor those inside its number."""
    texts: dict[str, Any] = {
        name: said.strip() for name, said in asdict(identity).items() if isinstance(said, str)
    }
    return replace(identity, **{**texts, "nir": compact_number(identity.nir)})


def changed_fields(former: Identity, corrected: Identity) -> tuple[str, ...]:
    """The names of the fields that a correction changes, in the order of the form; how a number is spaced is no change."""
    before, after = _compared(former), _compared(corrected)
    return tuple(name for name in IDENTITY_FIELDS if before[name] != after[name])


def fields_words(names: Iterable[str]) -> str:
    """« nom, date de naissance »."""
    wanted = set(names)
    return ", ".join(words for name, words in IDENTITY_FIELDS.items() if name in wanted)


def _compared(identity: Identity) -> dict[str, object]:
    tidy = tidied(identity)
    return {**asdict(tidy), "phone": _PHONE_SPACES.sub("", tidy.phone)}


def correction_problems(former: Identity, corrected: Identity, *, on: date) -> dict[str, str]:
    """What is wrong with a correction, by field: what is wrong with any identity, or, under "", that nothing changes (GDPR art. 16)."""
    found = identity_problems(corrected, on=on)
    if not found and not changed_fields(former, corrected):
        found[""] = NOTHING_CORRECTED
    return found


_NOT_BY_PHONE_ALONE = "Si elle ne veut pas être appelée, indiquez une autre façon de la joindre : un SMS, une adresse, un proche."
_OF_AGE = 18


def minor_warning(identity: Identity, *, on: date) -> str:
    """What to think of for a minor whose representative is not named; empty otherwise. A warning: a minor is welcome."""
    age = full_years(identity.birth_date, on)
    if identity.birth_date > on or age >= _OF_AGE or identity.representative.strip():
        return ""
    return f"Elle a {counted_years(age)} : indiquez qui la représente si vous le savez. Sinon, continuez : rien ne l’empêche."


def counted_years(age: int) -> str:
    """« 1 an », « 15 ans »."""
    return f"{age} {'an' if age < 2 else 'ans'}"  # French: 0 and 1 are singular


_BAD_EMAIL = "Écrivez une adresse complète, comme nom@exemple.fr."


def birth_date_problem(day: date, *, on: date) -> str:
    """Why this cannot be the birth date of someone living on a day; empty when it can."""
    if day > on:
        return "Cette date est dans l’avenir : vérifiez l’année de naissance."
    if (on.year - day.year) > OLDEST_YEARS:
        return f"Cette date donne plus de {OLDEST_YEARS} ans : vérifiez l’année de naissance."
    return ""


def phone_problem(text: str) -> str:
    """Why this is no phone number; spaces, dots, dashes and brackets do not matter."""
    digits = _PHONE_SPACES.sub("", text)
    if not digits or _PHONE.fullmatch(digits):
        return ""
    return "Écrivez un numéro de téléphone en chiffres, comme 06 12 34 56 78."


def nir_problem(text: str) -> str:
    """Why this is no NIR: 13 characters, then a key of 2 (Corsica's 2A and 2B included); empty when none was given."""
    number = compact_number(text)
    if not number or is_nir(number):
        return ""
    if len(number) == 13:
        return "Il manque la clé : les deux derniers chiffres du numéro de sécurité sociale."
    if len(number) != 15:
        return f"Le numéro de sécurité sociale a 15 caractères, clé comprise ; celui-ci en a {len(number)}."
    return "Ce numéro ne correspond pas à sa clé : un chiffre est sans doute faux. Vous pouvez aussi le laisser vide."


_NIR_WITHOUT_KEY = re.compile(r"[1-8]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d{2}|2[AB])\d{6}")
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)  # Unicode does not take them apart


def nir_to_search(text: str) -> str:
    """The 13 characters of a NIR, given with its key or without; empty when it is none.

    The key says nothing more, and whoever copies the number from a card often leaves it out. Corsica keeps its letter.
    """
    number = compact_number(text)
    if len(number) == 15 and is_nir(number):
        number = number[:13]
    return number if _NIR_WITHOUT_KEY.fullmatch(number) else ""


def nir_search_problem(text: str) -> str:
    """Why no person can be looked for under this NIR: 13 characters, or 15 with their key; empty when one can."""
    number = compact_number(text)
    if not number or nir_to_search(number):
        return ""
    if len(number) == 13:
        return "Ce numéro de sécurité sociale n’existe pas : vérifiez le mois et le département."
    return nir_problem(number) or "Ce numéro de sécurité sociale n’existe pas : vérifiez-le."


def name_to_search(surname: str) -> str:
    """A surname without accents, capitals, hyphens, spaces or apostrophes: « L’Étang-Noël » and « LETANG NOEL » are one."""
    plain = sort_key(unicodedata.normalize("NFKD", surname)).translate(_LETTERS)
    return "".join(character for character in plain if character.isalnum())


def searched_as(
    *, nir: str = "", surname: str = "", birth_date: date | None = None
) -> dict[str, tuple[str, ...]]:
    """Under what a person is looked for, by kind of index: her NIR; her surname, with her birth date where it is known.

    A missing one has no kind.
    """
    found: dict[str, tuple[str, ...]] = {}
    if number := nir_to_search(nir):
        found["nir"] = (number,)
    name = name_to_search(surname)
    if name and birth_date is not None:
        found["name_birth"] = (name, birth_date.isoformat())
    elif name:
        found["name"] = (name,)
    return found


def indexed_as(identity: Identity) -> dict[str, tuple[str, ...]]:
    """Under what a person may be found, by kind of index: all that `searched_as` may ask for."""
    known = searched_as(nir=identity.nir, surname=identity.surname, birth_date=identity.birth_date)
    return known | searched_as(surname=identity.surname)


Person = tuple[str, str, date | None]
"""Under what somebody is looked for: her number, her surname, her birth date."""


def known_as(identity: Identity) -> Person:
    """Under what this person is looked for."""
    return identity.nir, identity.surname, identity.birth_date


def surely(person: Person) -> dict[str, tuple[str, ...]]:
    """Under what she is known for sure: her number, her surname with her birth date; never the surname alone, which others bear."""
    nir, surname, born = person
    found = searched_as(nir=nir, surname=surname, birth_date=born)
    return {kind: values for kind, values in found.items() if kind != "name"}


def stays_hers(known: Iterable[Person], former: Person, corrected: Person) -> bool:
    """Whether a case that was hers by one of the ways in which she is known is still hers once its identity is corrected.

    By her surname with her birth date as they were written: what is corrected is a slip. By a number that stays. A number that is
    corrected was somebody else's: by it alone the case was never hers.
    """
    before, after = surely(former), surely(corrected)
    if before.get("nir") != after.get("nir"):
        before.pop("nir", None)
    return any(way in surely(one).items() for one in known for way in before.items())


def identity_to_bytes(identity: Identity) -> bytes:
    """The identity as JSON, to be encrypted."""
    return json.dumps({**asdict(identity), "birth_date": identity.birth_date.isoformat()}).encode()


def identity_from_bytes(data: bytes) -> Identity:
    """The identity that `identity_to_bytes` wrote."""
    return identity_from_fields(json.loads(data))


def identity_from_fields(fields: Mapping[str, Any]) -> Identity:
    """The identity from its fields, its birth date in ISO form; raises KeyError, TypeError or ValueError."""
    return Identity(**{**fields, "birth_date": date.fromisoformat(fields["birth_date"])})


LONGEST_STANDING: Final = timedelta(days=365)
"""For how long what the person was told stands for a sending; the database refuses an older one."""

MEANS: dict[str, str] = {
    "oral": "De vive voix",
    "written": "Par écrit",
    "both": "De vive voix et par écrit",
}
NOTICES: Final[dict[str, str]] = {
    "": "Aucune",
    "standard": "L’information à remettre",
    "easy": "L’information facile à lire",
}
"""The sheet that she was handed, if any."""
LANGUAGES: Final[dict[str, str]] = {
    "fr": "Français",
    "fsl": "Langue des signes française",
    "sq": "Albanais",
    "en": "Anglais",
    "ar": "Arabe",
    "hy": "Arménien",
    "bm": "Bambara",
    "bn": "Bengali",
    "ber": "Berbère",
    "zh": "Chinois",
    "zdj": "Comorien, shimaoré",
    "gcf": "Créole antillais",
    "ht": "Créole haïtien",
    "es": "Espagnol",
    "ka": "Géorgien",
    "ku": "Kurde",
    "ln": "Lingala",
    "ur": "Ourdou",
    "ps": "Pachto",
    "fa": "Persan, dari",
    "ff": "Peul",
    "pt": "Portugais",
    "rom": "Romani",
    "ro": "Roumain",
    "ru": "Russe",
    "snk": "Soninké",
    "ta": "Tamoul",
    "tr": "Turc",
    "uk": "Ukrainien",
    "vi": "Vietnamien",
    "wo": "Wolof",
    "other": "Une autre langue",
}
"""In which she was told: codes of ISO 639, never a text that somebody types."""


@dataclass(frozen=True, slots=True)
class Told:
    """The information given to the person (GDPR 12-14; S3 art. 6): the day, the means, the recipient's name said.

    `language`: in which it was given, empty where nobody noted it; `notice`: the sheet that she was handed.
    """

    given_on: date
    means: str
    recipient_named: bool
    language: str = ""
    notice: str = ""


def told_problems(told: Told, *, on: date, birth_date: date | None) -> dict[str, str]:
    """What is wrong on a day, by field; `birth_date` is None while the person is not described yet."""
    found = {}
    if told.given_on > on:
        found["given_on"] = (
            "Cette date est dans l’avenir : la personne doit être informée avant que ses données partent."
        )
    elif birth_date is not None and told.given_on < birth_date:
        found["given_on"] = "Cette date précède la naissance de la personne."
    elif told.given_on < on - LONGEST_STANDING:
        found["given_on"] = "Cette information date de plus d’un an : informez à nouveau la personne."
    if told.means not in MEANS:
        found["means"] = "Dites comment la personne a été informée."
    if told.language and told.language not in LANGUAGES:
        found["language"] = "Choisissez une langue de la liste."
    if told.notice not in NOTICES:
        found["notice"] = "Choisissez une feuille de la liste."
    if not told.recipient_named:
        found["recipient_named"] = (
            "La personne doit savoir à qui ses données sont envoyées (RGPD, article 13)."
        )
    return found
