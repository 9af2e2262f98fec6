"""The platform's seal on a PDF (PAdES, ETSI EN 319 142): what it sealed cannot be altered unseen, and it says when.

One file holds the private key and a certificate that the platform made for itself; whoever verifies compares the certificate, which
is handed out with the platform's other public keys. Nothing is asked of the network: no list of revocations, no time stamp.
"""

import io
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

FIELD: Final = "Maillage"
_LASTS: Final = timedelta(days=365 * 30)
"""A certificate of destruction is kept longer than anything that it speaks of."""


class SealFault(Exception):
    """This file was not sealed by this platform, or was altered since; the message says why, in French."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A PDF whose seals hold: what each says, the first put first, when the last one was put, and what is attached, by name."""

    reasons: tuple[str, ...]
    sealed_at: datetime | None
    attached: dict[str, bytes]

    @property
    def seals(self) -> int:
        """How many there are."""
        return len(self.reasons)


def ensure_seal(path: Path, at: datetime) -> bytes:
    """The file of the seal (a private key, then its certificate, PEM), made at `path` with mode 0600 if there is none.

    Raises OSError when it cannot be written.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(_made(at))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(temporary, path)  # of two processes that make it at once, the first wins
        temporary.unlink()
    return path.read_bytes()


def certificate_of(pem: bytes) -> bytes:
    """The certificate alone, in DER, as whoever verifies keeps it. Raises SealFault."""
    try:
        found = x509.load_pem_x509_certificate(pem)
    except ValueError as error:
        raise SealFault("Ce fichier ne contient pas le certificat d’un sceau.") from error
    return found.public_bytes(serialization.Encoding.DER)


def seal(pdf: bytes, *, pem: bytes, reason: str, attached: dict[str, bytes] | None = None) -> bytes:
    """The PDF with one more seal over all that it holds, and files attached under the seal."""
    from pyhanko.pdf_utils import embed  # noqa: PLC0415 -- a second of imports, for what is rarely done
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415 -- the same
    from pyhanko.sign import fields, signers  # noqa: PLC0415 -- the same

    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    for name, content in (attached or {}).items():
        stream = embed.EmbeddedFileObject.from_file_data(writer, data=content, mime_type="application/json")
        embed.embed_file(writer, embed.FileSpec(name, file_name=name, embedded_data=stream))
    number = len(list(writer.prev.embedded_signatures)) + 1
    metadata = signers.PdfSignatureMetadata(
        field_name=f"{FIELD}{number}",
        reason=reason,
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
    )
    out, signer = io.BytesIO(), signers.PdfSigner(metadata, signer=_signer(pem))
    # The library runs an event loop for each signature; a thread of its own lets it, whatever loop the caller may be in.
    with ThreadPoolExecutor(max_workers=1) as alone:
        alone.submit(signer.sign_pdf, writer, output=out).result()
    return out.getvalue()


def checked(pdf: bytes, *, certificate: bytes) -> Sealed:
    """What a sealed PDF holds, once each seal was found whole and made by `certificate` (DER). Raises SealFault.

    The last seal covers the whole file: one byte more, less or other, and it does not hold.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415 -- as above

    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        seals = list(reader.embedded_signatures)
        for one in seals:
            _held(one, certificate)
        _covers(pdf, seals, certificate)
        moment = seals[-1].self_reported_timestamp
        reasons = tuple(str(one.sig_object.get("/Reason", "")) for one in seals)
        return Sealed(reasons, moment, _attached(reader))
    except SealFault:
        raise
    except Exception as error:
        raise SealFault("Ce fichier n’est pas un PDF scellé, ou il a été altéré.") from error


def _held(one: Any, certificate: bytes) -> None:
    """One seal is whole and made by that certificate. Raises SealFault."""
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity  # noqa: PLC0415 -- as above

    if one.signer_cert.dump() != certificate:
        raise SealFault("Ce PDF n’a pas été scellé par cette plateforme.")
    one.compute_integrity_info()
    intact, valid = validate_sig_integrity(
        one.signer_info, one.signer_cert, expected_content_type="data", actual_digest=one.compute_digest()
    )
    if not (intact and valid):
        raise SealFault("Ce PDF a été altéré depuis qu’il est scellé.")


def _covers(pdf: bytes, seals: Sequence[Any], certificate: bytes) -> None:
    """The last seal covers every byte of the file; the room of the signature itself, which no signature covers, is written as
    `seal` writes it and in no other way. Raises SealFault."""
    from pyhanko.sign.validation.status import SignatureCoverageLevel  # noqa: PLC0415 -- as above

    if not seals:
        raise SealFault("Ce PDF ne porte aucun sceau.")
    last = seals[-1]
    if last.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        raise SealFault("Quelque chose a été ajouté à ce PDF depuis le dernier sceau.")
    _, begins, ends, _ = (int(place) for place in last.byte_range)
    room = pdf[begins:ends]
    written = _envelope(last.signer_info, certificate).hex().upper().encode().ljust(len(room) - 2, b"0")
    if room != b"<" + written + b">":
        raise SealFault("Ce PDF a été altéré depuis qu’il est scellé.")


def _envelope(signer: Any, certificate: bytes) -> bytes:
    """The bytes of a signature as ours are written: what is signed, the signature, and around them nothing that may vary."""
    from asn1crypto import cms, x509  # noqa: PLC0415 -- as above

    known = x509.Certificate.load(certificate)
    digest = {"algorithm": "sha256"}
    info = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                "issuer_and_serial_number",
                cms.IssuerAndSerialNumber({"issuer": known.issuer, "serial_number": known.serial_number}),
            ),
            "digest_algorithm": digest,
            "signed_attrs": signer["signed_attrs"],
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature": signer["signature"],
        }
    )
    data = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [digest],
            "encap_content_info": {"content_type": "data"},
            "certificates": [cms.CertificateChoices("certificate", known)],
            "signer_infos": [info],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": data}).dump())


def _attached(reader: Any) -> dict[str, bytes]:
    root = reader.root
    if "/Names" not in root or "/EmbeddedFiles" not in root["/Names"]:
        return {}
    names = root["/Names"]["/EmbeddedFiles"]["/Names"]
    return {str(names[place]): names[place + 1]["/EF"]["/F"].data for place in range(0, len(names) - 1, 2)}


def _signer(pem: bytes) -> Any:
    from asn1crypto import keys as asn1_keys  # noqa: PLC0415 -- as above
    from asn1crypto import x509 as asn1_x509  # noqa: PLC0415 -- the same
    from pyhanko.sign.signers.pdf_cms import SimpleSigner  # noqa: PLC0415 -- the same
    from pyhanko_certvalidator.registry import SimpleCertificateStore  # noqa: PLC0415 -- the same

    key = serialization.load_pem_private_key(pem, password=None).private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certificate_of(pem)),
        signing_key=asn1_keys.PrivateKeyInfo.load(key),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]  # the library has no hint here
    )


def _made(at: datetime) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Maillage, sceau de la plateforme")])
    now = at.astimezone(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _LASTS)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
                key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + built.public_bytes(serialization.Encoding.PEM)
