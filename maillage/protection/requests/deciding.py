"""One answer for each right that was asked: granted, nothing found, or refused on its ground; what a granted one does, it does at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from maillage.beneficiaries.rules import fields_words
from maillage.conventions.terms.protection import DataRight
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Fault, Refused, check
from maillage.core.states import TransitionRefused
from maillage.organisations.member import Member
from maillage.protection.breaches.saying import text_faults
from maillage.protection.requests.contacts import erase
from maillage.protection.requests.correcting import corrected_since, uncorrected
from maillage.protection.requests.models import RequestFile, RightOutcome
from maillage.protection.requests.objecting import NOTED, stop
from maillage.protection.requests.receiving import require_follower, require_searched
from maillage.protection.requests.rectifying import is_propagated, is_shared
from maillage.protection.requests.restricting import restrict
from maillage.protection.requests.rules import Check, Outcome, Said, outcome_faults, uncorrected_fault
from maillage.protection.requests.saying import tell_journal
from maillage.protection.requests.states import State
from maillage.referrals.references import reference

GIVEN: Final = (DataRight.ACCESS, DataRight.PORTABILITY)
"""The rights of which the answer is what is kept: it is given before it is erased."""


def said_of(file: RequestFile) -> list[Said]:
    """What is answered so far, in the order in which the rights were asked."""
    found = {row.right: row for row in RightOutcome.objects.filter(file=file).order_by("decided_at", "id")}
    return [
        Said(DataRight.of(right), Outcome.of(row.outcome), row.ground, row.words, row.done)
        for right in file.request.rights
        if (row := found.get(right)) is not None
    ]


def undecided(file: RequestFile) -> list[DataRight]:
    """The rights that wait for their answer."""
    said = {one.right for one in said_of(file)}
    return [right for right in map(DataRight.of, file.request.rights) if right not in said]


def require_found(file: RequestFile) -> None:
    """Raise Refused until one knows who asks and looked for her."""
    if file.check_made == Check.PENDING:
        raise Refused("Dites d’abord comment son identité a été vérifiée.")
    require_searched(file)


def answer_faults(
    *, file: RequestFile, right: DataRight, outcome: str, ground: str, words: str, restriction: str, flows: Sequence[str], by: Member
) -> list[Fault | None]:  # fmt: skip
    """All that is wrong with what is typed of an answer to one right, each at its field."""
    return [
        *outcome_faults(
            right=right,
            outcome=outcome,
            ground=ground,
            restriction=restriction,
            has_cases=bool(file.cases),
            has_contacts=bool(file.contacts),
            has_flows=bool(flows),
        ),
        *text_faults({"words": words}, by=by, needed=("words",) if outcome == Outcome.REFUSED else ()),
    ]


@transaction.atomic
def decide(
    *, file: RequestFile, right: str, outcome: str, ground: str = "", words: str = "", restriction: str = "", flows: Sequence[str] = (),
    by: Member, at: datetime
) -> RightOutcome:  # fmt: skip
    """Answer one right; granting a restriction restricts her cases in the same transaction (`restriction`: on which ground of art. 18),
    granting the erasure erases her contacts that nothing needs any more; a rectification is granted once whoever received it is told, and
    each of her cases is corrected, or `words` say why there was nothing to correct.

    `flows`: to what she objects beside her cases (`OpenFlow.key`). Raises PermissionDenied, TransitionRefused once it is answered, Refused
    at `outcome`, `ground`, `words`, `restriction`, `flows`.
    """
    require_follower(by)
    file.refresh_from_db(
        from_queryset=RequestFile.objects.select_for_update(of=("self",)).select_related("request")
    )
    asked = DataRight.of(right)
    if file.state != State.ASKED or asked not in undecided(file):
        raise TransitionRefused
    refused = outcome == Outcome.REFUSED
    check(
        answer_faults(
            file=file, right=asked, outcome=outcome, ground=ground, words=words, restriction=restriction, flows=flows, by=by
        )
    )  # fmt: skip
    if not refused:
        require_found(file)
    if asked is DataRight.OBJECTION and outcome == Outcome.GRANTED:
        stop(file=file, flows=flows, by=by, at=at)
    if asked is DataRight.RECTIFICATION and outcome == Outcome.GRANTED:
        left = [reference(case) for case in uncorrected(file)]
        check([_untold_fault(file, by), uncorrected_fault(left, words)])
    done = _DOES[asked](file, by, at) if asked in _DOES and outcome == Outcome.GRANTED else ""
    row = _noted(
        file=file, right=asked, outcome=outcome, ground=ground if refused else "", words=words.strip(), done=done, by=by, at=at,
    )  # fmt: skip
    if asked is DataRight.RESTRICTION and outcome == Outcome.GRANTED:
        restrict(file=file, ground=restriction, by=by, at=at)
    tell_journal("decide", file.request_id, by, fields=(right,))
    return row


def _rectified(file: RequestFile, by: Member, at: datetime) -> str:  # noqa: ARG001 -- as each of `_DOES`
    """What is corrected, and that whoever received it was told, in words."""
    names = {name for rows in corrected_since(file).values() for row in rows for name in row.fields}
    done = f"Corrigé : {fields_words(names)}." if names else ""
    if not is_shared(file.cases):
        return done
    return f"{done} Ceux qui avaient reçu ces données en sont prévenus (article 19).".strip()


def _untold_fault(file: RequestFile, by: Member) -> Fault | None:
    """Why a rectification is not granted yet: whoever received the data is not told (GDPR art. 19)."""
    if not is_shared(file.cases) or is_propagated(file, by):
        return None
    return Fault(
        "D’autres ont reçu ces données : corrigez d’abord le dossier, transmettez-leur la rectification depuis la page de la demande"
        " (« Transmettre une rectification »), puis notez cette réponse. La lettre dit qu’ils en sont prévenus.",
        "outcome",
        "RGPD, article 19",
    )


def _erased(file: RequestFile, by: Member, at: datetime) -> str:
    """Erase her contacts, once what is to be given of them is answered; what was done, in words. Raises Refused at `outcome`."""
    before = [one for one in undecided(file) if one in GIVEN]
    if before:
        raise Refused(
            f"Répondez d’abord à ce qui se donne, {', '.join(one.label for one in before)} : ce qui est effacé ne se donne plus.",
            "outcome",
        )
    return erase(file=file, by=by, at=at)


def _noted_without_case(file: RequestFile, by: Member, at: datetime) -> str:  # noqa: ARG001 -- as each of `_DOES`
    """What is told of an objection where no case of hers is kept; nothing where one is."""
    return "" if file.cases else NOTED


_DOES: Final = {
    DataRight.ERASURE: _erased,
    DataRight.RECTIFICATION: _rectified,
    DataRight.OBJECTION: _noted_without_case,
}
"""What granting a right does at once, or needs done before; in words that the letter says after it."""


def note_all(
    *, file: RequestFile, rights: Iterable[DataRight], outcome: Outcome, ground: str = "", words: str = "", by: Member, at: datetime
) -> None:  # fmt: skip
    """The same answer to several rights, none of which does anything by itself."""
    for right in rights:
        _noted(file=file, right=right, outcome=outcome.value, ground=ground, words=words, by=by, at=at)


def _noted(
    *, file: RequestFile, right: DataRight, outcome: str, ground: str, words: str, done: str = "", by: Member, at: datetime
) -> RightOutcome:  # fmt: skip
    row = RightOutcome(
        id=uuid7(), organisation_id=by.organisation, file=file, right=right.value, outcome=outcome, ground=ground, words=words,
        done=done, decided_at=at, decided_by=by.user,
    )  # fmt: skip
    row.save(force_insert=True)
    return row
