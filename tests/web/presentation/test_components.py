"""Components as markup: nothing unknown, nothing inline, everything escaped, errors tied to their fields."""

import re
from datetime import date
from pathlib import Path

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.template import Context
from hypothesis import given
from hypothesis import strategies as st

from maillage.web.presentation.components import Step, Task, month_strip
from maillage.web.presentation.forms import FormRenderer, FrenchDateField, error_lines
from tests.web.presentation.style_page import TEMPLATES, SituationForm, engine, render

PAGES = [
    "style.html",
    *(f"errors/{name}.html" for name in ("400", "403", "403_csrf", "404", "500", "503")),
    "base_print.html",
]


def drawn(source: str, **values: object) -> str:
    return engine().from_string("{% load maillage %}" + source).render(Context(values))


@pytest.mark.parametrize("template", PAGES)
def test_a_page_has_no_unknown_variable_with_or_without_context(template: str) -> None:
    assert "INVALID" not in render(template)
    if template != "style.html":
        assert "INVALID" not in engine().get_template(template).render(Context())


@pytest.mark.parametrize("template", PAGES)
def test_a_page_has_no_inline_style_nor_script(template: str) -> None:
    page = render(template)
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|hx-on|hx-vals|javascript:", page)
    assert re.findall(r"<script(?![^>]*\ssrc=)", page) == []


@pytest.mark.parametrize("template", PAGES)
def test_every_id_of_a_page_is_unique(template: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', render(template))
    assert len(ids) == len(set(ids))


def test_a_page_names_its_language_and_offers_to_skip_to_its_content() -> None:
    page = engine().get_template("base.html").render(Context())
    assert '<html lang="fr">' in page
    assert 'href="#contenu"' in page
    assert "<title>Accueil – Maillage</title>" in page


def test_one_organisation_alone_is_shown_without_a_switch() -> None:
    assert "Changer d’organisation" not in render(organisations=[("1", "CPAM de Valmont", True)])


def test_what_someone_wrote_is_escaped() -> None:
    page = drawn("{% task_list tasks %}", tasks=[Task("<script>alert(1)</script>", "/t", "<b>")])
    assert "<script" not in page
    assert "<b>" not in page


def test_the_step_one_is_at_is_named() -> None:
    page = drawn("{% steps steps %}", steps=[Step("Personne", "done", "/1"), Step("Envoi", "current")])
    assert "Étape 2 sur 2" in page
    assert page.count('aria-current="step"') == 1


@given(
    st.lists(st.dates(date(2024, 1, 1), date(2027, 12, 31)), max_size=30),
    st.dates(date(2024, 6, 1), date(2026, 6, 1)),
)
def test_a_strip_counts_each_day_of_its_year_once_and_late_ones_now(days: list[date], on: date) -> None:
    months = month_strip(days, on=on)
    end = date(on.year + 1, on.month, 1)
    assert len(months) == 12
    assert sum(month.count for month in months) == sum(day < end for day in days)
    assert months[0].late == sum(day < on for day in days)
    assert [month.is_current for month in months] == [True] + 11 * [False]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('{{ 3|counted:"convention" }}', "3\u00a0conventions"),
        ('{{ 2|counted:"cheval,chevaux" }}', "2\u00a0chevaux"),
        ("{{ None|long_date }}{{ None|short_date }}{{ None|instant }}", ""),
        ('{% acronym "DPO" %}', '<abbr title="Délégué à la protection des données">DPO</abbr>'),
        (
            '{{ "<b> CPAM"|explained }}',
            '&lt;b&gt; <abbr title="Caisse primaire d’assurance maladie">CPAM</abbr>',
        ),
    ],
)
def test_filters_say_things_in_french(source: str, words: str) -> None:
    assert drawn(source) == words


def test_a_long_work_says_how_far_it_is_as_numbers_are_written() -> None:
    shown = drawn('{% progress "import" "Essai en cours" done=12600 total=200000 %}')
    assert "12\u202f600 sur 200\u202f000" in shown
    assert 'value="12600"' in shown


def test_each_error_is_at_its_field_and_in_the_summary() -> None:
    form = SituationForm({"name": "", "born": "31/02/1980", "service": "misas"})
    lines = error_lines(form)
    assert ("id_born", "Date de naissance", "Écrivez une date qui existe, comme 14/11/2024.") in lines
    page = drawn("{% form_fields form %}", form=form)
    for target, _, message in lines:
        assert f'href="#{target}"' in page
        assert f'id="{target}"' in page
        assert page.count(message) >= 2


def test_what_was_typed_is_not_lost() -> None:
    page = drawn("{% form_fields form %}", form=SituationForm({"born": "31/02/1980", "note": "à <garder>"}))
    assert 'value="31/02/1980"' in page
    assert "à &lt;garder&gt;" in page


def test_an_error_of_the_whole_form_comes_first() -> None:
    form = SituationForm({})
    form.add_error(None, "Les dates se contredisent.")
    assert error_lines(form)[0] == ("", "", "Les dates se contredisent.")
    assert "réponses sont à corriger" in drawn("{% error_summary form %}", form=form)


def test_the_form_renderer_draws_the_components() -> None:
    form = SituationForm({"name": ""}, renderer=FormRenderer())
    assert str(form).strip() == drawn("{% form_fields form %}", form=form).strip()
    assert form["name"].as_field_group().strip() == drawn("{% field form.name %}", form=form).strip()


def test_hidden_fields_and_own_classes_are_kept() -> None:
    class Small(forms.Form):
        key = forms.CharField(widget=forms.HiddenInput)
        code = forms.CharField(label="Code", widget=forms.TextInput(attrs={"class": "short-input"}))

    page = drawn("{% form_fields form %}", form=Small(renderer=DjangoTemplates()))
    assert page.count("<label") == 1
    assert 'class="form-control short-input"' in page


@pytest.mark.parametrize(
    "typed", ["14/11/2024", "14.11.2024", "14-11-2024", "14 11 2024", "2024-11-14", "4/1/2024"]
)
def test_a_date_is_understood_as_people_type_it(typed: str) -> None:
    assert FrenchDateField().clean(typed).year == 2024


@pytest.mark.parametrize("typed", ["11/14/2024", "31/02/2024", "demain"])
def test_a_date_that_does_not_exist_says_what_is_expected(typed: str) -> None:
    with pytest.raises(forms.ValidationError, match="comme 14/11/2024"):
        FrenchDateField().clean(typed)


def test_each_component_says_what_it_takes() -> None:
    silent = [
        path.name
        for path in (TEMPLATES / "components").glob("*.html")
        if not path.read_text().startswith("{% comment %}")
    ]
    assert silent == [], f"begin these with a comment that names their parameters: {silent}"


def test_each_component_is_in_the_reference() -> None:
    reference = (Path(TEMPLATES).parents[2] / "docs" / "interface.md").read_text()
    library = engine().template_libraries["maillage"]
    missing = [
        name
        for name in (*library.tags, *library.filters)
        if f"`{name}" not in reference and f"{name} " not in reference
    ]
    assert missing == [], f"add a line to docs/interface.md for: {missing}"


@pytest.mark.parametrize(
    ("given", "folded", "opened", "wide"),
    [({}, "", False, True), ({"word": "caisse"}, "", True, True), ({}, "is_open=True", True, False)],
)
def test_filters_are_folded_on_a_telephone_unless_one_is_set(
    given: dict[str, str], folded: str, opened: bool, wide: bool
) -> None:
    class Filters(forms.Form):
        word = forms.CharField(label="Mot", required=False)
        page = forms.CharField(required=False, widget=forms.HiddenInput)

    page = drawn(f'{{% filter_form form "/ici/" {folded} %}}', form=Filters({"page": "2", **given}))
    tag = re.findall(r"<details[^>]*>", page)[0]
    assert bool(re.search(r"\sopen\b", tag)) is opened
    assert ("data-wide" in tag) is wide


def test_a_reference_in_a_title_stays_on_one_line_and_what_surrounds_it_is_escaped() -> None:
    page = drawn("{% page_header title %}", title="Analyse d’impact A-D81EF0, <b>version 1</b>")
    assert '<span class="text-nowrap">A-D81EF0</span>, &lt;b&gt;version 1' in page
    case = drawn(
        "{{ words|typeset|unbroken }}", words="Une limitation, dossier B2NM-FKD9, dit à la Croix-Rouge."
    )
    assert drawn("{{ words|unbroken }}", words="Convention 2016-2019") == "Convention 2016-2019"
    assert case == 'Une limitation, dossier <span class="text-nowrap">B2NM-FKD9</span>, dit à la Croix-Rouge.'


@pytest.mark.parametrize(
    ("many", "folded"), [(20, ""), (21, "Voir 1 autre tâche"), (50, "Voir 30 autres tâches")]
)
def test_a_long_list_of_tasks_shows_the_first_ones_and_folds_the_others(many: int, folded: str) -> None:
    """A caisse with hundreds of requests reads its figures under twenty lines, not under three hundred."""
    page = drawn("{% task_list tasks %}", tasks=[Task(f"Tâche {rank}", f"/{rank}/") for rank in range(many)])
    assert page.count("task-title") == many  # the others are there, one click away
    read_at_once, _, later = page.partition("<details")
    assert read_at_once.count("task-title") == min(many, 20)
    assert (folded in later.replace("\u00a0", " ")) if folded else not later


def test_an_error_follows_the_question_that_it_answers() -> None:
    """« Combien ? Écrivez un nombre. » reads; « Combien ? : Écrivez un nombre. » does not."""

    class Asked(forms.Form):
        many = forms.IntegerField(label="Combien\u202f?", error_messages={"required": "Écrivez un nombre."})
        name = forms.CharField(label="Nom", error_messages={"required": "Écrivez un nom."})

    page = drawn("{% error_summary form %}", form=Asked({}))
    assert ">Combien\u202f? Écrivez un nombre.</a>" in page
    assert ">Nom&nbsp;: Écrivez un nom.</a>" in page
