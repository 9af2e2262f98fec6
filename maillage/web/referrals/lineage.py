"""Where a case comes from and where it went on, in words; and the acts that make it go on."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from maillage.cases.queries import Kin
from maillage.catalogue.services import service_name
from maillage.organisations.member import Member
from maillage.referrals.forwarding.queries import Destination, destination_of
from maillage.referrals.policies import can_restart
from maillage.referrals.queries import File
from maillage.referrals.references import reference
from maillage.referrals.states import RESTARTABLE, WORKED, State
from maillage.web.presentation.components import Fact
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.typography import typeset
from maillage.web.referrals.life import side_of, state_words


def restarting(file: File, member: Member, kin: Sequence[Kin]) -> tuple[str, str] | None:
    """The act of one click by which the sender goes on elsewhere; None where it did, or where nothing asks for it."""
    part = file.participation
    goes_on = any(not one.is_former and one.is_open for one in kin)
    if file.referral.state not in RESTARTABLE or goes_on or not can_restart(member, part.case):
        return None
    return "Repartir avec ce qui est écrit", reverse("referrals:restart", args=[part.case_id])


def moving_on(file: File, verbs: set[str]) -> list[tuple[str, str]]:
    """What the caisse does on a page of its own."""
    case, found = file.participation.case_id, []
    if file.may_forward and file.referral.state in WORKED:
        found.append(("Transmettre à un autre service", reverse("referrals:forward", args=[case])))
    if "redirect" in verbs:
        found.append(("Rediriger vers un autre service", reverse("referrals:redirect", args=[case])))
    return found


def lineage_facts(file: File, member: Member, kin: Sequence[Kin], on: date) -> list[Fact]:
    """Where this case comes from, where it was redirected, what followed from it: all that its reader may know."""
    found = [Fact(_FORMER[one.kind], _kin_words(one, member)) for one in kin if one.is_former]
    if file.referral.state == State.EXPIRED and file.participation.role == "sender":
        found.append(Fact("Qui appeler", _referents(file)))
    if file.referral.redirected_to:
        where = destination_of(file.referral, member, on=on)
        found.append(Fact("Redirigée vers", _redirected(file, where)))
    found += [
        Fact("Transmise", f"{service_name(one.service)} ({one.recipient}), le {long_date(one.at.date())}")
        for one in file.history.forwarded
        if file.participation.role == "sender"
    ]
    found += [Fact(_SEQUELS[one.kind], _kin_words(one, member)) for one in kin if not one.is_former]
    return found


_FORMER = {"restarted": "Suite de", "forwarded": "Transmise depuis"}
_SEQUELS = {"restarted": "Repartie", "forwarded": "Transmise"}


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
