"""Ways in which people, tools and attackers write a value so that a scanner does not know it, and six kinds of value to try them on.

Each kind has a harmless twin: what looks like it and is none. `disguised` gives the texts of one case; every value is made up.
"""

import base64
import gzip
import html
import json
import quopri
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from governance.detection.document import Document
from governance.detection.engine import Engine
from governance.detection.fingerprints.folders import sources
from governance.detection.fingerprints.keyed import HashKey
from governance.detection.fingerprints.register import index
from governance.detection.ruleset import Ruleset

Trick = Callable[[str], str]
FILLER = "The quarterly figures are in the shared folder and the meeting moves to Thursday. "


@dataclass(frozen=True)
class Value:
    """`before` is what stands before it in the text; `type` what it must be found as."""

    kind: str
    type: str
    value: str
    twin: str
    before: str


SOURCE = (
    "def settle(ledger, batch): total = sum(entry.amount * ledger.rate(entry.currency) for entry in batch if entry.open); "
    "ledger.post(batch.number, total, memo=batch.memo); return ledger.balance(batch.account) - total"
)
OTHER_SOURCE = (
    "def render(page, theme): parts = [block.draw(theme.palette, width=page.width) for block in page.blocks if block.shown]; "
    "page.cache.store(theme.name, parts, ttl=page.ttl); return page.frame(parts, title=page.title)"
)
VALUES = (
    Value("e-mail", "EMAIL_ADDRESS", "anneliese.brandt@kestrel-bank.com", "anneliese.brandt.kestrel-bank.note", "Please write to "),
    Value("card", "CREDIT_CARD", "4539148803436467", "4539148803436468", "Paid by card "),
    Value("IBAN", "IBAN_CODE", "DE89370400440532013000", "DE89370400440532013009", "Transfer it to "),
    Value("national id", "US_SSN", "SSN: 536-22-8145", "Part: 986-22-81456", "As she told us, "),
    Value("API key", "SECRET", "ghp_" + "k9Xb2LwQ7vRt4ZsN8mYc3HfJ6dGp1A0eUqTi", "the-quick-brown-fox-jumps-over-lazy-dogs", "It runs with "),
    Value("source", "SOURCE", SOURCE, OTHER_SOURCE, "Why is this slow? "),
)  # fmt: skip


def each(form: str) -> Trick:
    return lambda value: "".join(form.format(ord(sign)) for sign in value)


def bytes_as(form: str, between: str = "") -> Trick:
    return lambda value: between.join(form.format(byte) for byte in value.encode())


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def shifted(start: int, first: str, last: str) -> Trick:
    return lambda value: "".join(chr(start + ord(c) - ord(first)) if first <= c <= last else c for c in value)


def bold(value: str) -> str:
    forms = ((0x1D400, "A", "Z"), (0x1D41A, "a", "z"), (0x1D7CE, "0", "9"))
    for start, first, last in forms:
        value = shifted(start, first, last)(value)
    return value


LOOKALIKES = str.maketrans(
    "aceopxyTAEOKMHBCPX",
    "\u0430\u0441\u0435\u043e\u0440\u0445\u0443\u0422\u0410\u0415\u041e\u041a\u041c\u041d\u0412\u0421\u0420\u0425",
)
TRICKS: dict[str, Trick] = {
    "as it is": str,
    "percent": bytes_as("%{:02X}"),
    "percent, lower case": bytes_as("%{:02x}"),
    "percent twice": bytes_as("%25{:02X}"),
    "decimal entities": each("&#{};"),
    "hexadecimal entities": each("&#x{:x};"),
    "entities twice": lambda value: html.escape(each("&#{};")(value)),
    "unicode escapes": each("\\u{:04x}"),
    "unicode escapes twice": each("\\\\u{:04x}"),
    "code point escapes": each("\\u{{{:x}}}"),
    "byte escapes": bytes_as("\\x{:02x}"),
    "octal escapes": bytes_as("\\{:03o}"),
    "JSON in JSON": lambda value: json.dumps(json.dumps({"text": f"see\n{value}\n"})),
    "JSON three times": lambda value: json.dumps(json.dumps(json.dumps({"text": f"see\n{value}\n"}))),
    "quoted-printable": bytes_as("={:02X}"),
    "a soft line break": lambda value: quopri.encodestring((FILLER[:55] + " " + value).encode()).decode(),
    "base64": lambda value: b64(value.encode()),
    "base64 without padding": lambda value: b64(value.encode()).rstrip("="),
    "URL-safe base64": lambda value: base64.urlsafe_b64encode(f"??>>{value}".encode()).decode().rstrip("="),
    "base64 twice": lambda value: b64(b64(value.encode()).encode()),
    "base64 over lines": lambda value: base64.encodebytes((FILLER + value).encode()).decode(),
    "base64 of a sentence": lambda value: b64((FILLER + value + " and so on").encode()),
    "a data address": lambda value: f"data:text/plain;base64,{b64(value.encode())}",
    "base32": lambda value: base64.b32encode(value.encode()).decode(),
    "hexadecimal": lambda value: value.encode().hex(),
    "hexadecimal, upper case": lambda value: value.encode().hex().upper(),
    "hexadecimal in pairs": bytes_as("{:02x}", " "),
    "hexadecimal with colons": bytes_as("{:02x}", ":"),
    "a list of bytes": bytes_as("0x{:02x}", ", "),
    "a list of numbers": bytes_as("{}", ", "),
    "gzip in base64": lambda value: b64(gzip.compress(value.encode(), mtime=0)),
    "zlib in base64": lambda value: b64(zlib.compress(value.encode())),
    "gzip in hexadecimal": lambda value: gzip.compress(value.encode(), mtime=0).hex(),
    "UTF-16 in base64": lambda value: b64(value.encode("utf-16-le")),
    "percent in base64": lambda value: b64(bytes_as("%{:02X}")(value).encode()),
    "base64 in percent": lambda value: bytes_as("%{:02X}")(b64(value.encode())),
    "zero-width spaces": "\u200b".join,
    "a zero-width joiner inside": lambda value: f"{value[: len(value) // 2]}\u200d{value[len(value) // 2 :]}",
    "soft hyphens": "\u00ad".join,
    "word joiners": "\u2060".join,
    "bidirectional marks": lambda value: "\u202d" + "\u2066".join(value) + "\u202c",
    "variation selectors": "\ufe0f".join,
    "struck through": lambda value: "".join(f"{sign}\u0336" for sign in value),
    "three marks on each": lambda value: "".join(f"{sign}\u0301\u0323\u0336" for sign in value),
    "full width": shifted(0xFF01, "!", "~"),
    "mathematical bold": bold,
    "look-alike letters": lambda value: value.translate(LOOKALIKES),
    "Unicode tags": lambda value: "".join(chr(0xE0000 + ord(sign)) for sign in value),
    "Arabic digits": shifted(0x0660, "0", "9"),
    "NUL between": "\x00".join,
    "lone surrogates": "\ud800".join,
    "terminal colours": lambda value: f"{value[:5]}\x1b[31m{value[5:]}\x1b[0m",
    "strings put together": lambda value: f'"{value[:6]}" + "{value[6:]}"',
    "tags inside": lambda value: f"{value[:6]}<b></b>{value[6:]}",
    "a comment inside": lambda value: f"{value[:6]}<!-- x -->{value[6:]}",
    "letters apart": lambda value: " ".join(value.replace(" ", "  ")) if " " not in value else value,
    "behind much text": lambda value: FILLER * 2_000 + value,
    "before much text": lambda value: value + "\n" + FILLER * 2_000,
    "in a long line": lambda value: "x," * 50_000 + " " + value,
    "a key of JSON": lambda value: json.dumps({value: 1}),
}
# Tricks on several segments: what is returned are the segments.
SPLITS: dict[str, Callable[[str], list[str]]] = {
    "split over two messages": lambda value: [value[: len(value) // 2], value[len(value) // 2 :]],
    "split over three parts": lambda value: [value[:5], value[5:10], value[10:]],
}


def engine_for_evasions(folder: Path, *, key: bytes) -> Engine:
    """Return an engine of every detector but that of names, with SOURCE in a register made in `folder`."""
    own, register = folder / "own", folder / "register"
    own.mkdir()
    (own / "settle.py").write_text(SOURCE + "\n", encoding="utf-8")
    made = index(sources([own], key=HashKey.of(key)), key=key, out=register)
    entry = {"id": "own", "kind": "source", "digest": made.digest, "folder": str(register)}
    detectors = {"secrets": {}, "source": {"registers": [entry]}, "patterns": {"threshold": 0.4}}
    return Engine.load(Ruleset.of({"version": 1, "detectors": detectors}), key=key)


def is_found(engine: Engine, trick: str, kind: Value, value: str) -> bool:
    """Return whether `value`, disguised, is found as what `kind` is. The scan must be complete."""
    parts = SPLITS[trick](value) if trick in SPLITS else [TRICKS[trick](value)]
    texts = (
        [kind.before + parts[0], *parts[1:-1], f"{parts[-1]} today."]
        if parts[1:]
        else [f"{kind.before}{parts[0]} today."]
    )
    report = engine.scan(
        Document.of({f"messages[{number}].content": text for number, text in enumerate(texts)}), deadline=60
    )
    assert report.complete, (trick, report.receipt.missing)
    return any(finding.type == kind.type for finding in report.findings)
