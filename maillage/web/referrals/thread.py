"""The block « Messages » of a case's page: what both sides wrote, the form to write, and what is still to be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.urls import reverse

from maillage.exchange.queries import SHOWN, Said, Thread
from maillage.exchange.rules import LARGEST_FILE, LONGEST
from maillage.organisations.member import Member
from maillage.referrals.policies import can_write
from maillage.referrals.queries import File
from maillage.web.presentation.components import ThreadLine
from maillage.web.presentation.dates import long_instant
from maillage.web.presentation.forms import ParagraphsField
from maillage.web.presentation.numbers import counted, file_size, number
from maillage.web.presentation.typography import NBSP
from maillage.web.referrals.working_forms import OnceForm

BEFORE = "messages_avant"
"""In the address of a case's page: the message before which older ones are shown."""


class MessageForm(OnceForm):
    """What one writes to the other side."""

    name = "message"
    use_required_attribute = False
    text = ParagraphsField(
        label="Votre message",
        help_text="Chiffré avec le dossier ; ceux qui le suivent le lisent, chez vous et en face. L’essentiel, sans détail inutile.",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        error_messages={
            "required": "Écrivez quelques mots.",
            "max_length": f"Écrivez {number(LONGEST)} caractères au plus.",
        },
    )
    file = forms.FileField(
        label="Joindre une pièce",
        help_text=f"PDF, PNG ou JPEG, {LARGEST_FILE // 1_000_000}{NBSP}Mo au plus.",
        required=False,
        allow_empty_file=True,
        error_messages={"invalid": "Ce fichier n’est pas arrivé jusqu’ici : choisissez-le à nouveau."},
    )

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data)
        if files is not None:
            self.files = files
        self.fields["text"].required = "file" not in self.files  # a file may say everything by itself


@dataclass(frozen=True, slots=True)
class Messages:
    """The block: the messages, where older ones and the last ones are, the form, what marks the unread ones as read."""

    lines: Sequence[ThreadLine]
    older_url: str
    latest_url: str
    form: forms.Form | None
    unread: str
    upto: UUID | None
    is_ended: bool


def messages_of(
    file: File, people: Mapping[UUID, str], member: Member, refused: forms.Form | None
) -> Messages:
    """The block for this reader. A form that was refused is drawn again, even where nobody may write any more."""
    part, thread = file.participation, file.thread
    page = reverse("referrals:case", args=[part.case_id])
    ended = part.closed_at is not None
    writes = can_write(member, part.case) and not ended and part.frozen_since is None
    return Messages(
        lines=[_line(said, part.case_id, people, member) for said in thread.said],
        older_url=f"{page}?{BEFORE}={thread.older}#echanges" if thread.older else "",
        latest_url="" if thread.is_whole_end else f"{page}#echanges",
        form=refused or (MessageForm() if writes else None),
        unread=_unread(thread),
        upto=thread.said[-1].id if thread.unread else None,
        is_ended=ended,
    )


def _unread(thread: Thread) -> str:
    """How many are to be read, in words; empty when none is."""
    count = thread.unread
    if not count:
        return ""
    # Beyond one page nobody counted further.
    at_least = "au moins " if count == SHOWN and thread.older else ""
    return f"{at_least}{counted(count, 'message')} à lire"


def _line(said: Said, case: UUID, people: Mapping[UUID, str], member: Member) -> ThreadLine:
    return ThreadLine(
        body=said.body,
        who=people.get(said.author, ""),
        when=long_instant(said.at, ZoneInfo(member.time_zone)),
        text="Ce message a été détruit avec les données du dossier." if said.text is None else said.text,
        is_mine=said.organisation == member.organisation,
        is_unread=said.is_unread,
        attached=_attached(said, case),
    )


def _attached(said: Said, case: UUID) -> list[tuple[str, str, str]]:
    """The file of a message: name, address, kind and size."""
    if said.file is None:
        return []
    url = reverse("referrals:attachment", args=[case, said.attachment])
    return [(said.file.name, url, f"{said.file.type_label}, {file_size(said.file.size)}")]
