"""A page that shows every component with plainly synthetic facts, for the eye and for axe. Never a route."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from django import forms
from django.template import Context, Engine

from maillage.web.presentation.components import (
    Confirmation,
    Document,
    Explanation,
    Fact,
    Quote,
    ReadingLine,
    Refusal,
    Step,
    Task,
    Tile,
    due_badge,
    event,
    month_strip,
)
from maillage.web.presentation.forms import FrenchDateField
from maillage.web.presentation.svg.flow_diagram import (
    FlowArrow,
    FlowData,
    FlowDiagram,
    FlowParty,
    flow_diagram,
)
from maillage.web.presentation.svg.life_line import LifeLine, Mark, Span, SpanKind, life_line
from maillage.web.presentation.svg.relations import RelatedText, Relation, Relations, relations_graph
from maillage.web.presentation.tables import Column, Row, Table, headings, pages, plain_table
from tests.web.presentation import charts

HERE = Path(__file__).parent
TEMPLATES = Path(__file__).parents[3] / "maillage" / "web" / "templates"
ON = date(2025, 2, 1)


class SituationForm(forms.Form):
    """A form with every kind of field."""

    name = forms.CharField(label="Nom de naissance", help_text="Tel qu’il figure sur la pièce d’identité.")
    born = FrenchDateField(label="Date de naissance")
    service = forms.ChoiceField(label="Service demandé", choices=[("misas", "MisAS"), ("ssam", "SSAM")])
    contact = forms.ChoiceField(
        label="Comment joindre la personne",
        choices=[("phone", "Par téléphone"), ("post", "Par courrier")],
        widget=forms.RadioSelect,
    )
    motives = forms.MultipleChoiceField(
        label="Motifs",
        choices=[("care", "Renoncement à des soins"), ("rights", "Droits incomplets")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Plusieurs réponses possibles.",
    )
    note = forms.CharField(label="Précisions", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    informed = forms.BooleanField(label="La personne a reçu l’information sur ses données")


class FilterForm(forms.Form):
    """The filters of the list of conventions."""

    level = forms.ChoiceField(label="Niveau", choices=[("", "Tous"), ("local", "Locale")], required=False)
    state = forms.ChoiceField(
        label="État", choices=[("", "Tous"), ("in_force", "En vigueur")], required=False
    )


def _explanation() -> Explanation:
    return Explanation(
        fact="mise en demeure envoyée le 14 novembre 2024, par lettre recommandée",
        rule="15 jours pour se mettre en conformité ; le jour de l’envoi ne compte pas",
        article="9.4",
        calendar="jours calendaires, heure de Paris",
    )


def _notice_explanation() -> Explanation:
    return Explanation(
        fact="convention signée le 1er mars 2023",
        rule="dénonciation « dans les 3 mois avant la date anniversaire »",
        article="9",
        calendar="jours calendaires",
        readings=[
            ReadingLine("Une fenêtre", "du 1er décembre 2023 au 29 février 2024"),
            ReadingLine("Au plus tard", "le 1er décembre 2023"),
        ],
        warning="L’annexe 6 manque au texte : le délai ne s’y lit pas.",
    )


def _table() -> Table:
    columns = [
        Column("Convention", "nom"),
        Column("Partenaire", "partenaire"),
        Column("Échéance", "echeance"),
        Column("Orientations", "n", is_number=True),
    ]
    query = {"tri": "nom", "page": "2"}
    rows = [
        Row(("CPAM de Valmont – CCAS de Rochebrune", "CCAS", "13/11/2025", "1 204"), "/conventions/1"),
        Row(
            ("CPAM de Valmont – Hôpital des Tilleuls", "Hôpital (PASS)", "28/02/2025", "87"), "/conventions/2"
        ),
        Row(("Cadre national – Association Entraide", "Association", "à compléter", "0"), "/conventions/3"),
    ]
    return Table(
        name="liste",
        caption="Conventions",
        detail="en vigueur ou à venir",
        headings=headings(columns, query=query, sort="nom"),
        rows=rows,
        pages=pages(page=2, size=50, total=1234, query=query),
    )


def _life_line() -> str:
    return life_line(
        LifeLine(
            name="vie",
            title="Vie de la convention",
            first=date(2024, 10, 1),
            last=date(2026, 3, 31),
            today=ON,
            marks=[
                Mark(date(2024, 11, 14), "Signature"),
                Mark(date(2025, 1, 20), "COPIL"),
                Mark(date(2025, 3, 10), "Avenant n° 1", happened=False),
                Mark(date(2025, 11, 14), "Anniversaire", happened=False),
                Mark(date(2026, 2, 2), "COPIL", happened=False),
            ],
            spans=[
                Span(date(2024, 11, 14), date(2025, 11, 13), "Durée initiale : un an"),
                Span(date(2025, 11, 14), None, "Tacite reconduction, durée non précisée", SpanKind.PLANNED),
                Span(date(2025, 8, 14), date(2025, 11, 13), "Fenêtre de dénonciation", SpanKind.WINDOW),
                Span(date(2024, 11, 14), date(2024, 11, 29), "Mise en demeure : 15 jours", SpanKind.NOTICE),
            ],
        )
    )


def _flows() -> str:
    return flow_diagram(
        FlowDiagram(
            name="flux",
            title="Qui oriente vers qui",
            parties=[
                FlowParty("ccas", "CCAS de Rochebrune", "partenaire"),
                FlowParty("cpam", "CPAM de Valmont", "caisse"),
                FlowParty("carsat", "CARSAT du Val", "service social"),
                FlowParty("person", "La personne"),
            ],
            arrows=[
                FlowArrow("ccas", "cpam", "Mission accompagnement santé", FlowData.NOMINATIVE),
                FlowArrow("cpam", "carsat", "Service social", FlowData.NOMINATIVE),
                FlowArrow("ccas", "carsat", "Bilan annuel des orientations", FlowData.AGGREGATE),
                FlowArrow("person", "carsat", "Appel au 3646", FlowData.NONE, "elle dit « service social »"),
                FlowArrow("cpam", "ccas", "Accusé de réception", FlowData.NOMINATIVE),
            ],
        )
    )


def _relations() -> str:
    return relations_graph(
        Relations(
            name="liens",
            title="Liens avec d’autres textes",
            texts=[
                RelatedText("s4", "Cadre national Entraide", "en vigueur"),
                RelatedText("tool", "Espace Partenaires", "outil extérieur"),
                RelatedText("s3", "CPAM de Valmont – CCAS de Rochebrune", "en vigueur", is_current=True),
                RelatedText("s2", "Convention de 2021", "terminée"),
            ],
            relations=[
                Relation("s3", "s4", "applique"),
                Relation("s3", "tool", "s’appuie sur"),
                Relation("s3", "s2", "succède à"),
            ],
        )
    )


def context(*, bound: bool = True) -> dict[str, object]:
    """Return the values that the style page shows; bound, its form has been refused."""
    data: Mapping[str, str] = {"name": "", "born": "31/02/1980", "service": "misas"}
    notice = due_badge(date(2025, 1, 30), ON, _notice_explanation())
    return {
        "csrf_token": "synthetic-token",
        "version": "0.1.0",
        "home_url": "/",
        "member": {
            "name": "Camille Exemple",
            "role_label": "référente",
            "organisation_label": "CPAM de Valmont",
        },
        "organisations": [("1", "CPAM de Valmont", True), ("2", "CCAS de Rochebrune", False)],
        "switch_url": "/organisation",
        "logout_url": "/sortie",
        "account_links": [("Changer mon mot de passe", "/compte")],
        "navigation": [
            ("À faire", "/", False),
            ("Conventions", "/conventions", True),
            ("Orientations", "/orientations", False),
            ("Calendrier", "/calendrier", False),
            ("Organisation", "/organisation", False),
        ],
        "footer_links": [
            ("Confidentialité", "/confidentialite"),
            ("Accessibilité", "/accessibilite"),
            ("Glossaire", "/glossaire"),
        ],
        "breadcrumb": [("Conventions", "/conventions")],
        "form": SituationForm(data) if bound else SituationForm(),
        "filters": FilterForm({}, prefix="filtre"),
        "tasks": [
            Task(
                "Répondre à la mise en demeure",
                "/t/1",
                "CPAM de Valmont – CCAS de Rochebrune · article 9.4",
                notice,
            ),
            Task(
                "Accuser réception d’une orientation",
                "/t/2",
                "CCAS de Rochebrune",
                due_badge(date(2025, 2, 4), ON, _explanation()),
            ),
            Task(
                "Préparer le COPIL annuel",
                "/t/3",
                "Convention PASS, article 5",
                due_badge(date(2025, 6, 1), ON),
            ),
        ],
        "badges": [
            due_badge(date(2025, 2, 1), ON),
            due_badge(date(2025, 2, 20), ON),
        ],
        "months": month_strip(
            [date(2025, 1, 30), date(2025, 2, 4), date(2025, 6, 1), date(2025, 11, 14)],
            on=ON,
            anchor="/calendrier#mois-",
        ),
        "facts": [
            Fact("Durée", "un an à compter de la signature", "article 9.1"),
            Fact("Exemplaires originaux", "3"),
            Fact("SIRET", "123 456 789 00012"),
        ],
        "events": [
            event(date(2024, 11, 14), "Convention signée par les trois parties", on=ON, who="référent CPAM"),
            event(date(2025, 1, 20), "COPIL tenu", on=ON, detail="Deux décisions, un engagement reporté."),
            event(date(2025, 11, 14), "Anniversaire", on=ON),
        ],
        "tiles": [
            Tile(
                "Orientations envoyées",
                "1 204",
                "Depuis la signature, toutes issues confondues.",
                "/orientations",
            ),
            Tile(
                "Accusées dans le délai",
                "92,5 %",
                "Part des orientations accusées en 2 jours ouvrés ou moins.",
            ),
            Tile("Closes", "1 011", "Clôturées par la caisse, avec ou sans soin."),
        ],
        "documents": [
            Document("Convention signée", "/d/1", "PDF", "1,2 Mo", "14/11/2024", "9f2c41d07be8…a31c"),
            Document("Délégation de signature", "/d/2", "PDF", "85 ko", "12/11/2024"),
        ],
        "quote": Quote(
            "Les référents se tiennent informés de l’avancée du dossier, avec l’accord de la personne.",
            "4",
            "convention locale",
        ),
        "refusal": Refusal(
            "Cette orientation n’est pas ouverte",
            "La convention ne permet pas de transmettre de données nominatives à la CAF : la personne s’adresse elle-même à sa caisse.",
            "Un avenant qui nomme ce service, signé par toutes les parties.",
            "Le référent de la convention à la CPAM de Valmont, referent@cpam.example.org",
            Quote("La coopération ne donne lieu à aucun transfert de données nominatives.", "5"),
        ),
        "confirmation": Confirmation(
            "Dénoncer la convention",
            "/denoncer",
            [
                "Chaque partie reçoit une lettre recommandée.",
                "Les orientations se ferment à la date d’effet.",
                "Les dossiers ouverts restent suivis par la caisse.",
            ],
            "Enregistrer la dénonciation",
            is_danger=True,
        ),
        "steps": [
            Step("Personne", "done", "/e/1"),
            Step("Service", "done", "/e/2"),
            Step("Situation", "current", "/e/3"),
            Step("Information", "todo"),
            Step("Envoi", "todo"),
        ],
        "sections": [
            ("Badges", "badges"),
            ("Formulaire", "formulaire"),
            ("Tableau", "tableau"),
            ("Dessins", "dessins"),
        ],
        "table": _table(),
        "life_line": _life_line(),
        "flows": _flows(),
        "relations": _relations(),
        "bars": charts.bars(),
        "distribution": charts.distribution(),
        "trend": charts.trend(),
        "france": charts.france(),
        "life_table": plain_table(
            "vie-tableau",
            "Vie de la convention",
            ["Fait", "Début", "Fin"],
            [
                ("Durée initiale", "14/11/2024", "13/11/2025"),
                ("Fenêtre de dénonciation", "14/08/2025", "13/11/2025"),
            ],
        ),
    }


def engine() -> Engine:
    """Return an engine that fails loudly on an unknown variable (the mark is searched for)."""
    return Engine(
        dirs=[str(TEMPLATES), str(HERE / "pages")],
        libraries={"maillage": "maillage.web.templatetags.maillage", "static": "django.templatetags.static"},
        string_if_invalid="INVALID<%s>",
    )


def render(template: str = "style.html", **changes: object) -> str:
    """Return a page as HTML, from the sample context with some changes."""
    return engine().get_template(template).render(Context({**context(), **changes}))
