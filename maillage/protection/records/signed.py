"""What was signed, by whom: the text, the consolidated one, each avenant with its own file, the bytes that the digests cover."""

from collections.abc import Iterator, Sequence

from maillage.conventions.amendments.actions import signed_bytes
from maillage.conventions.amendments.models import Amendment
from maillage.conventions.drafting.export.amending import amendment_pdf
from maillage.conventions.drafting.export.documents import convention_pdf
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.recording import day_of
from maillage.conventions.signatures.models import Signature
from maillage.conventions.terms import canonical_bytes
from maillage.documents.actions import visible_to as documents_visible_to
from maillage.protection.records.folder import Asked, File, book, document


def signatures_of(known: LoadedConvention) -> list[Signature]:
    """The signatures that hold, the oldest first."""
    rows = Signature.objects.filter(convention=known.row, voided_at=None)
    return list(rows.select_related("amendment", "organisation").order_by("signed_on", "recorded_at", "id"))


def avenants_of(known: LoadedConvention) -> list[Amendment]:
    """The avenants that all have signed, in their order."""
    return list(known.row.amendments.filter(state="signed").order_by("number"))


def covered(known: LoadedConvention, row: Amendment) -> bytes:
    """The bytes whose digest the parties of an avenant signed."""
    return signed_bytes(known, row.number, row.title, row.changes, row.effect_on)


def texts(asked: Asked) -> Iterator[File]:
    """The text, the consolidated one where avenants changed it, the avenants, who signed what, the signed documents."""
    known = asked.known
    bodies = {party.key: party.name for party in known.signatories}
    yield File("texte-signe.pdf", "Texte signé", [convention_pdf(known.base, bodies=bodies, final=True)])
    shows = "Ce que couvre l’empreinte signée du texte, octet pour octet"
    yield File("texte-signe.json", shows, [canonical_bytes(known.base)])
    if known.avenants or known.fillings:
        today = known.readable(day_of(known.row, asked.at))
        shows = "Texte en vigueur ce jour, avenants et blancs remplis compris"
        yield File("texte-consolide.pdf", shows, [convention_pdf(today, bodies=bodies, final=True)])
    rows, avenants = signatures_of(known), avenants_of(known)
    for one in avenants:
        told = f"Avenant n° {one.number}"
        signed = [row for row in rows if row.amendment_id == one.pk]
        shows = f"{told} : articles avant et après, signatures"
        yield File(f"avenants/{one.number}.pdf", shows, [amendment_pdf(known, one, signed)])
        shows = f"{told} : ce que couvre l’empreinte signée, octet pour octet"
        yield File(f"avenants/{one.number}.json", shows, [covered(known, one)])
    yield _signatures(rows, avenants)
    yield from _documents(asked, rows)


def _signatures(rows: Sequence[Signature], avenants: Sequence[Amendment]) -> File:
    signatures = [
        (one.organisation.name, f"avenant {one.amendment.number}" if one.amendment else "texte", f"{one.signed_on:%d/%m/%Y}",
         one.function, one.content_hash)
        for one in rows
    ]  # fmt: skip
    told = [
        (str(one.number), one.title, f"{one.effect_on:%d/%m/%Y}", one.content_hash, f"avenants/{one.number}.pdf")
        for one in avenants
    ]  # fmt: skip
    return book(
        "signatures-et-avenants.xlsx",
        "Signatures et avenants, avec les empreintes signées",
        ("Signatures", ("Partie", "Ce qui est signé", "Le", "Qualité", "Empreinte"), list(signatures)),
        ("Avenants", ("Numéro", "Objet", "Prend effet le", "Empreinte", "Fichier"), list(told)),
    )


def _documents(asked: Asked, rows: Sequence[Signature]) -> Iterator[File]:
    for number, kept in enumerate(dict.fromkeys(row.document_id for row in rows if row.document_id), 1):
        found = documents_visible_to(asked.member).filter(pk=kept).first()
        if found is not None:  # one file may bear the signatures of several
            signers = ", ".join(
                dict.fromkeys(row.organisation.name for row in rows if row.document_id == kept)
            )
            yield document(f"documents-signes/{number}", f"Document signé : {signers}", found)
