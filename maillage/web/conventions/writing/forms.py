"""The forms of a draft: starting it, its options, its blanks. What is refused stands at its field; nothing typed is lost."""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from django import forms

from maillage.conventions.drafting.rules import said_by
from maillage.conventions.drafting.starting import Starting
from maillage.conventions.drafting.values import choices
from maillage.conventions.terms import AT_MOST, Expectation
from maillage.conventions.terms.base import article_named
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.web.conventions.writing.questions import Question
from maillage.web.conventions.writing.revising import Given, Option, Typed
from maillage.web.conventions.writing.structured import (
    fields_of,
    initial_of,
    needed_parts,
    structure_of,
    value_of,
)
from maillage.web.presentation.typography import typeset

CHOOSE: Final = {
    "required": "Choisissez une réponse.",
    "invalid_choice": "Choisissez une réponse de la liste.",
}
_HELP: Final[dict[Expectation, str]] = {
    Expectation.NUMBER: "Un nombre entier.",
    Expectation.DATE: "Jour, mois, année : 14/11/2024",
    Expectation.DELAY: "Une durée : 15 jours, 2 mois, 24 heures. Plusieurs : séparez-les par des virgules.",
    Expectation.LIST: "Un élément par ligne.",
    Expectation.REGISTRATION: "Le SIRET (14 chiffres) ou le SIREN (9 chiffres).",
    Expectation.CONTACT: "Une boîte générique ou un standard plutôt que les coordonnées d’une personne.",
    Expectation.DOCUMENT: "Ce que c’est, en une phrase ; le document lui-même se joint plus bas.",
    Expectation.CLAUSE: "La clause s’écrit comme dans un fichier de convention (YAML). Elle peut rester en blanc.",
}
_SILENT: Final = "Le texte ne le dit pas : cela peut rester en blanc, et sera montré comme tel."
_MISSING: Final = "L’annexe qui le dit manque : cela peut rester en blanc, et sera montré comme tel."
_ONE_LINE: Final = frozenset(
    {Expectation.NUMBER, Expectation.DATE, Expectation.DELAY, Expectation.REGISTRATION}
)


class TokenForm(forms.Form):
    """The id made when a form is shown, so that sending it twice acts once; one that was tampered with is replaced."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def value(self) -> UUID:
        """The token, or a new one."""
        found = self.cleaned_data.get("token") if self.is_bound and self.is_valid() else None
        return found if isinstance(found, UUID) else uuid7()


class StartForm(forms.Form):
    """Which text to start from, and its title."""

    template = forms.ChoiceField(
        label="De quel texte partez-vous ?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez un texte.",
            "invalid_choice": "Choisissez l’un des textes proposés.",
        },
    )
    title = forms.CharField(
        label="Intitulé de votre convention",
        max_length=300,
        help_text="Par exemple : Convention de partenariat entre la CPAM et le centre hospitalier.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Donnez un intitulé : il paraîtra dans la liste des conventions.",
            "max_length": "Écrivez 300 caractères au plus.",
        },
    )

    def __init__(self, data: Any = None, *, points: Sequence[Starting], **options: Any) -> None:
        super().__init__(data, **options)
        self.points = {_key(point): point for point in points}
        field = self.fields["template"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(key, _label(point)) for key, point in self.points.items()]

    def point(self) -> Starting:
        """The text chosen."""
        return self.points[self.cleaned_data["template"]]


def _key(point: Starting) -> str:
    return point.name or str(point.framework)


def _label(point: Starting) -> str:
    parties = ", ".join(label for _, label in point.parties)
    under = f" Sous le cadre « {point.framework_title} »." if point.framework_title else ""
    return typeset(f"{point.title}. Parties : {parties}.{under}")


class ImportForm(forms.Form):
    """A convention written as a YAML file."""

    file = forms.FileField(
        label="Fichier YAML de la convention",
        help_text="Un fichier exporté d’ici, ou écrit selon le schéma publié ; " + AT_MOST + ".",
        error_messages={
            "required": "Choisissez un fichier.",
            "empty": "Ce fichier est vide.",
            "missing": "Choisissez un fichier.",
        },
    )
    my_party = forms.CharField(
        label="Clé de la partie que votre organisme représente",
        required=False,
        max_length=80,
        help_text="Par exemple « cpam ». Laissez vide : la partie de même nature que votre organisme est prise.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "short-input"}),
    )


class _Answer(forms.CharField):
    """An answer that may be left for later, also where the proposal waits for it."""

    def validate(self, value: Any) -> None:
        """Nothing is required at this step."""


class _Choice(forms.ChoiceField):
    """A choice that may be left for later."""

    def validate(self, value: Any) -> None:
        """Only a given answer is checked."""
        if value not in self.empty_values:
            super().validate(value)


class AnswersForm(forms.Form):
    """The questions of one page, each with the field that suits what it expects."""

    use_required_attribute = False

    def __init__(
        self,
        data: Any = None,
        *,
        questions: Iterable[Question],
        parties: Sequence[tuple[str, str]],
        alone: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.questions = tuple(one for one in questions if one.is_typed or alone)
        self.parties = parties
        for question in self.questions:
            name = _name(question)
            if structure_of(question):
                self._add_parts(question, alone=alone)
            else:
                self.fields[name] = _field(question)
                self.initial[name] = question.text
        if not self.is_bound:
            self._mark_needed()

    def _add_parts(self, question: Question, *, alone: bool) -> None:
        """The fields of an answer made of several; on a page of its own they need not name it again."""
        name, given = _name(question), initial_of(question)
        before = f"{question.blank.asked} : " if alone else ""
        for rank, (part, field) in enumerate(fields_of(question, self.parties).items()):
            said = str(field.label).removeprefix(before)
            field.label = typeset(said[:1].upper() + said[1:])
            if rank == 0 and not alone:
                field.help_text = typeset(f"{field.help_text} {_reason(question)}".strip())
            self.fields[f"{name}_{part}"] = field
            self.initial[f"{name}_{part}"] = given.get(part)

    def _mark_needed(self) -> None:
        """Say « facultatif » of nothing that an answer needs; the parts of an answer left blank are not missing for all that."""
        for question in self.questions:
            for part in needed_parts(question):
                self.fields[f"{_name(question)}_{part}"].required = True

    def typed(self) -> list[tuple[Question, Typed]]:
        """What was answered to each question whose fields are well formed; what is missing of an answer is said there."""
        self.is_valid()
        self._mark_needed()
        found: list[tuple[Question, Typed]] = []
        for question in self.questions:
            name = _name(question)
            if not structure_of(question):
                if name not in self.errors:
                    found.append((question, self.cleaned_data.get(name, "")))
                continue
            parts = [field for field in self.fields if field.startswith(f"{name}_")]
            if any(part in self.errors for part in parts):
                continue
            try:
                value = value_of(question, {part[len(name) + 1 :]: self.cleaned_data[part] for part in parts})
            except Refused as refused:
                self.add_error(f"{name}_{refused.field}", refused.message)
            else:
                found.append((question, Given(value)))
        return found

    def refuse(self, refused: dict[int, str]) -> None:
        """Put each message at its question."""
        for number, message in refused.items():
            names = [name for name in self.fields if name == f"q{number}" or name.startswith(f"q{number}_")]
            self.add_error(names[0], message)


def _name(question: Question) -> str:
    return f"q{question.number}"


def _reason(question: Question) -> str:
    if question.is_needed:
        return ""
    return _MISSING if question.blank.why.value == "missing_annex" else _SILENT


def _field(question: Question) -> forms.Field:
    blank, told = question.blank, []
    told += [_HELP[blank.expects]] if blank.expects in _HELP else []
    told += [reason] if (reason := _reason(question)) else []
    given = [(value, label[:1].upper() + label[1:]) for value, label in choices(blank)]
    common: dict[str, Any] = {
        "label": typeset(blank.asked), "required": question.is_needed, "help_text": typeset(" ".join(told)),
    }  # fmt: skip
    free = question.text and question.text not in dict(given)
    if given and not free:
        if not question.is_needed:
            given.append(("", "Laisser en blanc"))
        widget = forms.RadioSelect() if len(given) <= 9 else forms.Select()
        return _Choice(choices=given, widget=widget, error_messages=CHOOSE, **common)
    if blank.expects in _ONE_LINE:
        line = forms.TextInput(attrs={"autocomplete": "off", "class": "short-input"})
        return _Answer(
            widget=line, max_length=400, error_messages={"max_length": "400 caractères au plus."}, **common
        )
    rows = 8 if blank.expects is Expectation.CLAUSE else 2
    area = forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})
    return _Answer(
        widget=area, max_length=4000, error_messages={"max_length": "4 000 caractères au plus."}, **common
    )


class OptionsForm(forms.Form):
    """What the template leaves to the parties: boxes for what may be kept, radios for alternatives."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, options: Sequence[Option], **others: Any) -> None:
        super().__init__(data, **others)
        self.options = [one for one in options if not one.follows]
        self.groups: dict[str, list[Option]] = {}
        for one in self.options:
            if one.group:
                self.groups.setdefault(one.group, []).append(one)
        for group, ones in self.groups.items():
            kept = [one.path for one in ones if one.kept]
            self.fields[f"g_{group}"] = forms.ChoiceField(
                label=f"À adapter, {article_named(ones[0].clause.article)} : une seule de ces rédactions",
                choices=[(one.path, words(one)) for one in ones],
                widget=forms.RadioSelect, initial=kept[0] if len(kept) == 1 else None,
                error_messages={**CHOOSE, "required": "Choisissez l’une de ces rédactions."},
            )  # fmt: skip
        self._boxes("services", "Services du tronc optionnel", is_service=True)
        self._boxes("others", "Autres clauses au choix des parties", is_service=False)

    def _boxes(self, name: str, label: str, *, is_service: bool) -> None:
        ones = [one for one in self.options if not one.group and (one.section == "services") == is_service]
        if ones:
            self.fields[name] = forms.MultipleChoiceField(
                label=label, required=False, widget=forms.CheckboxSelectMultiple,
                choices=[(one.path, words(one)) for one in ones], initial=[one.path for one in ones if one.kept],
                help_text="Cochez ce que vous retenez. Le reste sort du texte ; vous pourrez y revenir.",
                error_messages=CHOOSE,
            )  # fmt: skip

    def kept(self) -> dict[str, bool]:
        """Each option's path, and whether it is kept."""
        values = self.cleaned_data
        chosen = {values[f"g_{group}"] for group in self.groups}
        chosen |= {*values.get("services", ()), *values.get("others", ())}
        return {one.path: one.path in chosen for one in self.options}


def words(option: Option) -> str:
    """The clause in a line, with its article."""
    said = said_by(option.clause)
    return typeset(said if option.group else f"{said} ({article_named(option.clause.article)})")


class SearchForm(forms.Form):
    """Search words in the directory, in the address."""

    q = forms.CharField(
        label="Chercher dans l’annuaire",
        required=False,
        max_length=100,
        help_text="Nom, nom court, ou SIRET.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "search"}),
    )


class BodyForm(forms.Form):
    """Which body stands behind a party."""

    organisation = forms.ChoiceField(
        label="Organisme",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez un organisme.",
            "invalid_choice": "Choisissez un organisme de l’annuaire.",
        },
    )

    def __init__(self, data: Any = None, *, bodies: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = list(bodies)
