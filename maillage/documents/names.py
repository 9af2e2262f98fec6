"""Names of files: what a person typed or a machine sent, made safe to show and to save."""

import re
import unicodedata
from urllib.parse import quote

from maillage.documents.formats.media import MediaType

LONGEST = 120
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_UNSAFE = re.compile(r'[<>:"/\\|?*]')
_SPACES = re.compile(r"\s+")
_KNOWN_ENDS = (".pdf", ".png", ".jpg", ".jpeg", ".jpe", ".xlsx")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


def safe_name(name: str | None, media_type: MediaType) -> str:
    """The last part of the name, without hidden characters or signs that a system refuses, ending as its content says.

    Characters that change the direction of writing go too: they make « exe » read as « pdf ».
    """
    last = re.split(r"[/\\]", name or "")[-1]
    visible = "".join(
        character
        for character in unicodedata.normalize("NFC", last)
        if unicodedata.category(character) not in _HIDDEN or character.isspace()
    )
    stem = _SPACES.sub(" ", _UNSAFE.sub("_", visible)).strip()
    known = next((end for end in _KNOWN_ENDS if stem.lower().endswith(end)), "")
    stem = stem.removesuffix(stem[len(stem) - len(known) :]).strip(" .")
    if not stem or _RESERVED.fullmatch(stem):
        stem = f"document {stem}".strip()
    return stem[: LONGEST - len(media_type.extension)].rstrip(" .") + media_type.extension


def content_disposition(name: str, *, inline: bool) -> str:
    """The header that names a file to save (RFC 6266), accents included (RFC 8187)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^\w .()-]", "_", plain)
    way = "inline" if inline else "attachment"
    return f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
