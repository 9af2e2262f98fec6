"""Where a case comes from, where it went on and which rights it opened, in words; and the acts that make it go on."""

from collections.abc import Sequence
from typing import cast

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from maillage.cases.queries import Kin
from maillage.catalogue.services import service_name
from maillage.organisations.member import Member
from maillage.referrals.forwarding.queries import Destination
from maillage.referrals.policies import can_restart
from maillage.referrals.queries import File
from maillage.referrals.references import reference
from maillage.referrals.states import RESTARTABLE, WORKED, State
from maillage.rights.declared.rights import right_label
from maillage.rights.opening import may_begin, rights_under_way
from maillage.rights.queries import rights_asked
from maillage.rights.states import CAISSE_WORDS as CAISSE_OF_RIGHTS
from maillage.rights.states import PARTNER_WORDS as PARTNER_OF_RIGHTS
from maillage.rights.states import State as RightState
from maillage.web.presentation.components import Fact
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.typography import typeset
from maillage.web.referrals.life import side_of, state_words
from maillage.web.referrals.restricted import is_stopped


def restarting(
    file: File, member: Member, kin: Sequence[Kin], where: Destination | None
) -> tuple[str, str] | None:
    """The act of one click by which the sender goes on elsewhere; None where it did, or where nothing asks for it.

    Where the caisse pointed to a file of rights (`where`), whoever may prepare it does (`opening`), and nothing is referred again.
    """
    part = file.participation
    goes_on = any(one.goes_on and one.is_open for one in kin)
    if file.referral.state not in RESTARTABLE or goes_on or not can_restart(member, part.case):
        return None
    if where and where.for_rights and may_begin(member, file):
        return None
    return "Repartir avec ce qui est écrit", reverse("referrals:restart", args=[part.case_id])


def moving_on(file: File, verbs: set[str]) -> list[tuple[str, str]]:
    """What the caisse does on a page of its own."""
    case, found = file.participation.case_id, []
    if file.may_forward and file.referral.state in WORKED and not is_stopped(file.participation):
        found.append(("Transmettre à un autre service", reverse("referrals:forward", args=[case])))
    if "redirect" in verbs:
        found.append(("Rediriger vers un autre service", reverse("referrals:redirect", args=[case])))
    return found


def lineage_facts(file: File, member: Member, kin: Sequence[Kin], where: Destination | None) -> list[Fact]:
    """Where this case comes from, where it was redirected, what followed from it: all that its reader may know."""
    found = [Fact(_FORMER[one.kind], _kin_words(one, member)) for one in kin if one.is_former]
    if file.referral.state == State.EXPIRED and file.participation.role == "sender":
        found.append(Fact("Qui appeler", _referents(file)))
    if file.referral.redirected_to:
        found.append(Fact("Redirigée vers", _redirected(file, where)))
    found += [
        Fact("Transmise", f"{service_name(one.service)} ({one.recipient}), le {long_date(one.at.date())}")
        for one in file.history.forwarded
        if file.participation.role == "sender"
    ]
    found += [Fact(_SEQUELS[one.kind], _kin_words(one, member)) for one in kin if one.goes_on]
    return found + _rights_facts([one for one in kin if not one.is_former and not one.goes_on], member)


_FORMER = {"restarted": "Suite de", "forwarded": "Transmise depuis", "opened": "Ouvert par l’orientation"}
_SEQUELS = {"restarted": "Repartie", "forwarded": "Transmise"}


def opened_by_facts(kin: Sequence[Kin], member: Member) -> list[Fact]:
    """The referral that opened an application, for a reader whose organisation takes part in both."""
    return [Fact(_FORMER[one.kind], _kin_words(one, member)) for one in kin if one.is_former]


def _rights_facts(opened: Sequence[Kin], member: Member) -> list[Fact]:
    """The applications that a referral opened, and where each stands."""
    asked = rights_asked(member, [one.case for one in opened]) if opened else {}
    return [
        Fact(
            "Droit demandé",
            format_html(
                '<a class="text-nowrap" href="{}">{}</a> · {}',
                reverse("rights:application", args=[one.case]),
                reference(one.case),
                " · ".join(
                    (
                        typeset(right_label(asked.get(one.case, one.label))),
                        f"de {one.sender}" if one.role == "recipient" else f"à {one.caisse}",
                        _right_state(one),
                    )
                ),
            ),
        )
        for one in opened
    ]


def _right_state(one: Kin) -> str:
    words = CAISSE_OF_RIGHTS if one.role == "recipient" else PARTNER_OF_RIGHTS
    return words.get(cast("RightState", one.state), "État inconnu")


def left_under_way(file: File, member: Member) -> str:
    """What a referral that was closed leaves to do to whoever may apply for the right that it left under way."""
    closed = file.referral.state == State.CLOSED and bool(rights_under_way(file))
    if not closed or not may_begin(member, file):
        return ""
    return " Un droit y est resté en cours : s’il n’est pas encore demandé, préparez-en la demande d’ici."


def opening(file: File, member: Member) -> list[tuple[str, str]]:
    """Applying for a right from here, the person being known: for whoever may, on either side."""
    if not may_begin(member, file):
        return []
    address = reverse("preparations:new_from", args=[file.participation.case_id])
    return [("Préparer une demande de droit", address)]


def _referents(file: File) -> SafeString:
    address = reverse("conventions:convention", args=[file.participation.convention_id])
    return format_html('Les référents sont sur <a href="{}">la page de la convention</a>.', address)


def _redirected(file: File, where: Destination | None) -> str | SafeString:
    if where is None:
        return "Un autre service, que la convention ne nomme plus."
    if not where.is_told or file.participation.role != "sender":
        return typeset(where.label)
    address = reverse("referrals:advise", args=[file.participation.convention_id, where.key])
    told = typeset(where.label)
    return format_html('{} · <a href="{}">Quoi dire à la personne</a>', told, address)


def _kin_words(one: Kin, member: Member) -> SafeString:
    return format_html(
        '<a class="text-nowrap" href="{}">{}</a> · {}',
        reverse("referrals:case", args=[one.case]),
        reference(one.case),
        " · ".join(
            (
                typeset(service_name(one.service, one.label)),
                f"de {one.sender}" if one.role == "recipient" else f"à {one.caisse}",
                state_words(side_of(one.role, member), one.state),
            )
        ),
    )
