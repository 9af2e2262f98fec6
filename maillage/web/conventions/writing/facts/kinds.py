"""Every kind of fact: its words, its form, the action that records it, when it is offered, whether it asks twice."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from maillage.conventions.lifecycle import actions, registered, relations
from maillage.conventions.lifecycle.registered import exits_of
from maillage.conventions.lifecycle.telling import Recorded
from maillage.conventions.terms import Blank
from maillage.conventions.terms.duration import FormalNotice
from maillage.organisations.member import Member
from maillage.web.conventions.writing.facts import forms
from maillage.web.conventions.writing.facts.scene import Scene, grounds_of, readings_offered
from maillage.web.presentation.dates import long_date


@dataclass(frozen=True)
class Kind:
    """One kind of fact. `offered` tells whether the text and the state leave room for it, `closed` why not; `grave` asks for a
    second look.
    """

    slug: str
    label: str
    lead: str
    form: type[forms.FactForm]
    record: Callable[[Any, Scene, Member, datetime], Recorded]
    offered: Callable[[Scene], bool]
    done: str
    grave: bool = False
    closed: Callable[[Scene], str] = lambda _scene: ""


def _common(scene: Scene, by: Member, at: datetime) -> dict[str, Any]:
    return {"convention": scene.known.row, "by": by, "at": at}


def _denounce(form: forms.DenunciationForm, scene: Scene, by: Member, at: datetime) -> Recorded:
    clause = form.cleaned_data.get("clause", "")
    return registered.denounce(
        letters=form.letters(), clause=clause, **form.common(), **_common(scene, by, at)
    )


def _warn(form: forms.NoticeForm, scene: Scene, by: Member, at: datetime) -> Recorded:
    letter, commitment = form.letter()
    return registered.warn(letter=letter, commitment=commitment, **form.common(), **_common(scene, by, at))


def _comply(form: forms.ComplianceForm, scene: Scene, by: Member, at: datetime) -> Recorded:
    notice = next(row for row in scene.notices() if str(row.pk) == form.cleaned_data["notice"])
    return actions.comply(notice=notice.pk, **form.common(), **_common(scene, by, at))


def _terminate(form: forms.TerminationForm, scene: Scene, by: Member, at: datetime) -> Recorded:
    notice = next(row for row in scene.notices() if str(row.pk) == form.cleaned_data["notice"])
    return actions.terminate(
        clause=str(notice.detail["clause"]),
        notice=notice.pk,
        effect=form.cleaned_data["effect"],
        **form.common(),
        **_common(scene, by, at),
    )


def _terminate_on_ground(form: forms.GroundForm, scene: Scene, by: Member, at: datetime) -> Recorded:
    clause, ground = form.clause_and_ground()
    return actions.terminate(
        clause=clause,
        ground=ground,
        effect=form.cleaned_data["effect"],
        **form.common(),
        **_common(scene, by, at),
    )


def _oppose(form: forms.DayForm, scene: Scene, by: Member, at: datetime) -> Recorded:
    return actions.oppose_renewal(**form.common(), **_common(scene, by, at))


def _evaluate(form: forms.DayForm, scene: Scene, by: Member, at: datetime) -> Recorded:
    return actions.share_evaluation(**form.common(), **_common(scene, by, at))


def _renew(form: forms.RenewalForm, scene: Scene, by: Member, at: datetime) -> Recorded:
    return actions.renew(until=form.cleaned_data["until"], **form.common(), **_common(scene, by, at))


def _retain(form: forms.ReadingForm, scene: Scene, by: Member, at: datetime) -> Recorded:
    clause, reading = form.clause_and_reading()
    return actions.retain_reading(clause=clause, reading=reading, **form.common(), **_common(scene, by, at))


def _agree(form: forms.AgreementForm, scene: Scene, by: Member, at: datetime) -> Recorded:
    return actions.end_by_agreement(
        effect=form.cleaned_data["effect"], **form.common(), **_common(scene, by, at)
    )


def _supersede(form: forms.SuccessionForm, scene: Scene, by: Member, at: datetime) -> Recorded:
    values = form.cleaned_data
    return actions.supersede(
        successor=values["successor"], effect=values["effect"], **form.common(), **_common(scene, by, at)
    )


def _external_end(form: forms.ExternalEndForm, scene: Scene, by: Member, at: datetime) -> Recorded:
    return relations.record_external_end(
        until=form.cleaned_data["until"], **form.common(), **_common(scene, by, at)
    )


def _attach_report(form: forms.PredecessorForm, scene: Scene, by: Member, at: datetime) -> Recorded:
    return relations.attach_predecessor_report(
        relation=form.cleaned_data["relation"], **form.common(), **_common(scene, by, at)
    )


def _binds(scene: Scene) -> bool:
    return scene.binds


def _has_notice_clause(scene: Scene) -> bool:
    return scene.binds and any(isinstance(one, FormalNotice) for one in exits_of(scene.text))


def _renews(scene: Scene) -> bool:
    renewal = scene.text.renewal
    return scene.binds and renewal is not None and not isinstance(renewal, Blank) and renewal.mode != "none"


def _succeeds(scene: Scene) -> bool:
    return any(one.kind.value == "succeeds" for one in scene.text.relations) or (
        scene.known.row.relations.filter(kind="succeeds").exists()
    )


def _why_not_terminate(scene: Scene) -> str:
    """Who may decide after a formal notice, and from when."""
    theirs = [row for row in scene.notices() if row.detail.get("addressee") != scene.mine]
    if not scene.notices():
        return "Aucune mise en demeure n’est en cours."
    if not theirs:
        return "La mise en demeure s’adresse à votre organisme : la décision revient aux autres parties."
    last = min((day for row in theirs if (day := scene.last_day_to_comply(row)) is not None), default=None)
    if last is None:
        return "Le délai pour se conformer n’a pas encore commencé, ou le texte ne le dit pas."
    return f"Le délai pour se conformer court jusqu’au {long_date(last)} inclus."


_KINDS: Final = (
    Kind(
        "renouvellement", "Constater le renouvellement",
        "Il est gardé avec ses preuves : qui a été averti et quand, oppositions reçues, évaluation partagée ou manquante.",
        forms.RenewalForm, _renew, _renews, "Renouvellement constaté.",
    ),
    Kind(
        "evaluation", "Enregistrer l’évaluation partagée",
        "L’évaluation que les parties ont partagée ; elle comptera dans les preuves du renouvellement.",
        forms.DayForm, _evaluate, _binds, "Évaluation enregistrée.",
    ),
    Kind(
        "opposition", "S’opposer au renouvellement",
        "Votre organisme ne veut pas que la convention soit renouvelée à son terme. C’est possible même si le texte n’en dit rien.",
        forms.DayForm, _oppose, _renews, "Opposition enregistrée.", grave=True,
    ),
    Kind(
        "lecture", "Retenir une lecture du texte",
        "Le texte se lit de plusieurs façons. Dites laquelle les parties retiennent, depuis quand et par quel document.",
        forms.ReadingForm, _retain, lambda scene: scene.binds and bool(readings_offered(scene)), "Lecture retenue.",
        closed=lambda _scene: "Aucune clause de ce texte ne se lit de plusieurs façons.",
    ),
    Kind(
        "mise-en-demeure", "Mettre en demeure",
        "Une partie ne tient pas un engagement : la lettre recommandée lui laisse un délai. La convention reste en vigueur.",
        forms.NoticeForm, _warn, _has_notice_clause, "Mise en demeure enregistrée.", grave=True,
    ),
    Kind(
        "conformite", "Constater la mise en conformité",
        "La partie mise en demeure tient de nouveau son engagement : la mise en demeure est close.",
        forms.ComplianceForm, _comply, lambda scene: scene.binds and bool(scene.notices()), "Mise en conformité enregistrée.",
    ),
    Kind(
        "resiliation", "Résilier après la mise en demeure",
        "Le délai est passé et l’engagement n’est pas tenu : la décision revient aux autres parties.",
        forms.TerminationForm, _terminate, lambda scene: scene.binds and bool(scene.expired_notices()),
        "Décision de résiliation enregistrée.", grave=True, closed=_why_not_terminate,
    ),
    Kind(
        "resiliation-immediate", "Résilier pour un motif du texte",
        "Le texte permet de résilier sans délai pour certains motifs.",
        forms.GroundForm, _terminate_on_ground, lambda scene: scene.binds and bool(grounds_of(scene.text)),
        "Décision de résiliation enregistrée.", grave=True,
    ),
    Kind(
        "denonciation", "Dénoncer la convention",
        "Une lettre recommandée à chaque autre partie, chacune avec ses dates. Une dénonciation hors délai est enregistrée et signalée.",
        forms.DenunciationForm, _denounce, _binds, "Dénonciation enregistrée.", grave=True,
    ),
    Kind(
        "accord", "Mettre fin d’un commun accord", "Toutes les parties ont signé un accord pour y mettre fin.",
        forms.AgreementForm, _agree, _binds, "Fin d’un commun accord enregistrée.", grave=True,
    ),
    Kind(
        "remplacement", "La dire remplacée par une autre", "Une nouvelle convention prend la suite de celle-ci.",
        forms.SuccessionForm, _supersede, _binds, "Remplacement enregistré.", grave=True,
    ),
    Kind(
        "instrument", "Enregistrer la fin de l’instrument lié",
        "Le terme de cette convention suit un autre texte : dites quand celui-ci a pris fin.",
        forms.ExternalEndForm, _external_end,
        lambda scene: scene.binds and getattr(scene.text.term, "ends_with", None) is not None,
        "Fin de l’instrument enregistrée.",
    ),
    Kind(
        "bilan-precedent", "Attacher le bilan de la convention précédente",
        "Le bilan de la convention à laquelle celle-ci succède.",
        forms.PredecessorForm, _attach_report, _succeeds, "Bilan attaché.",
    ),
)  # fmt: skip

KINDS: Final = {kind.slug: kind for kind in _KINDS}
"""By slug, in the order in which they are offered."""
