"""What is secret for the form it stands in: key blocks, headers, connection strings, command lines, password files, hashes."""

import re
from collections.abc import Iterator

from .assignments import is_placeholder
from .spans import Span

_I = re.IGNORECASE
# (sub-type, pattern, score). Group 1 is the secret where there is one, else the whole match.
_SHAPES = (
    ("private-key", re.compile(r"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----(?=[^-]{0,300}?[A-Za-z0-9+/=]{16})(?:[^-]{0,20000}-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----)?"), 1.0),
    ("authorization-header", re.compile(r"\b(?:proxy-)?authorization[\"']?\s*[:=]\s*[\"']?(?:bearer|token|basic)\s+([A-Za-z0-9._~+/\-]{16,}={0,2})", _I), 0.9),
    ("connection-string", re.compile(r"\b[a-z][a-z0-9+.\-]{1,30}://[^\s:/\"'<>{}$]{0,80}:([^\s:/\"'<>{}$*]{3,100})@[\w.\-\[]", _I), 0.9),
    ("command-line-password", re.compile(r"\b(?:curl|wget|http|svn|smbclient)\b[^\n|;]{0,200}?\s(?:-u|--user)[ =][\"']?[^\s:\"']{1,64}:([^\s\"'$<{]{4,100})"), 0.8),
    ("command-line-password", re.compile(r"\b(?:sshpass|mysql|mysqldump|mysqladmin|mongo)\b[^\n|;]{0,200}?\s-p ?[\"']?([^\s\"'$<{\-][^\s\"'$<{]{3,100})"), 0.8),
    ("command-line-password", re.compile(r"(?:^|\s)--?(?:[a-z]{1,20}-){0,2}(?:password|passphrase|passwd|pass|pwd|secret)[ =]([\"']?(?=[^\s\"']*[A-Za-z])(?=[^\s\"']*\d)[^\s\"'$<{\-][^\s\"'$<{]{5,100})", _I), 0.7),
    ("sql-password", re.compile(r"\b(?:identified\s+by|with\s+(?:encrypted\s+)?password)\s+[\"']([^\"'\n]{4,100})[\"']", _I), 0.8),
    ("netrc", re.compile(r"\bmachine\s+\S+\s+login\s+\S+\s+password\s+(\S{3,100})"), 0.9),
    ("pgpass", re.compile(r"^[\w.*\-]{1,80}:(?:\d{2,5}|\*):[\w*\-]{1,63}:[\w\-]{1,63}:(\S{4,100})$", re.MULTILINE), 0.8),
    ("credential-object", re.compile(r"\b(?:NetworkCredential|DirectoryEntry|PSCredential|UsernamePasswordCredentials|HTTPBasicAuth|login)\([^()\n]*[\"'][^\"'\n]{1,80}[\"'],\s*[\"']([^\"'\n]{5,80})[\"']\)"), 0.8),
    ("xml-password", re.compile(r"<(?:pass|password|passwd|pwd|secret)(?:\s[^<>]{0,60})?>([^<>\s]{4,200})</", _I), 0.8),
    ("spoken-password", re.compile(r"\b(?:password|passwort|passphrase|kennwort|mot de passe|contraseña)[ \t]+(?:is[ \t]+|was[ \t]+)?[\"']?(!?(?=[^\s\"']*[a-z])(?=[^\s\"']*[A-Z])(?=[^\s\"']*[\d!@#$%^&*])[\w!@#$%^&*+?\-]{6,60})", re.UNICODE), 0.7),
    ("aws-access-token", re.compile(r"\b((?:A3T[A-Z0-9]|AKIA|ABIA|ACCA|ASIA)[A-Z0-9]{16})\b"), 0.8),
    ("artifactory-token", re.compile(r"\b(AKC[A-Za-z0-9]{10,80})\b"), 0.7),
    ("discord-token", re.compile(r"(?<![\w\-.])([MNO][A-Za-z\d_\-]{22,28}\.[A-Za-z\d_\-]{6}\.[A-Za-z\d_\-]{25,40})(?![\w\-.])"), 0.8),
    ("doppler-token", re.compile(r"\b(dp\.(?:ct|st|sa|scim|audit|pt)\.[\w.\-]{30,60})\b"), 0.9),
    ("one-password-token", re.compile(r"\b(ops_eyJ[A-Za-z0-9_\-]{100,})"), 0.9),
    ("webhook", re.compile(r"(https://[\w.\-]*(?:outlook\.office\.com|webhook\.office\.com)/(?:webhook|webhookb2)/[\w\-@/]{30,300})"), 0.8),
    ("password-hash", re.compile(r"(\$(?:2[abxy]\$\d\d\$[./A-Za-z0-9]{53}|[1568y]\$(?:rounds=\d+\$)?[./A-Za-z0-9]{1,24}\$[./A-Za-z0-9]{22,90}|argon2id?\$[\w=,$+/]{40,200}))"), 0.7),
    ("kerberos-hash", re.compile(r"(\$krb5(?:asrep|tgs|pa)\$\d{1,2}\$[^\s]{32,4000})"), 0.9),
    ("key-body", re.compile(r"(?:^[^\w\n]{0,12}(?:[\d\-:.# \t]{0,30}[ \t])?[\"']?[A-Za-z0-9+/]{64}(?:[A-Za-z0-9+/]{6})?(?:\\n)?[\"']?[^\w\n]{0,6}\n?){2,}", re.MULTILINE), 0.5),
)  # fmt: skip
# A quick look spares most texts the slow patterns.
_HINT = re.compile(
    r"-----(?:BEGIN|END)|://|\$[\dyak]|authorization|pass|pwd|kennwort|contraseña|credential|login|directoryentry|\b(?:A3T|AKIA|ABIA|ACCA|ASIA|AKC)|[MNO][\w\-]{22,28}\.|dp\.|ops_|identified|curl|mongo|:\d{2,5}:|[A-Za-z0-9+/]{64}|secret",
    _I,
)
_KEY_END = re.compile(r"-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----")
_KEY_SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n\"'\\"
_LONGEST_KEY, _SHORTEST_KEY = 8000, 40
_PUBLIC_BODY = re.compile(r"CERTIFICATE|PUBLIC KEY|PGP (?:MESSAGE|SIGNATURE)|data:image|base64,")
_BODY_LOOKS_BACK = 3000
_CERTAIN = frozenset({"private-key", "key-body", "password-hash", "kerberos-hash"})


def shaped(text: str) -> Iterator[Span]:
    """Yield the secrets that their surroundings give away."""
    if not _HINT.search(text):
        return
    yield from _key_tails(text)
    for subtype, pattern, score in _SHAPES:
        for match in pattern.finditer(text):
            group = 1 if pattern.groups else 0
            if subtype == "key-body" and not _is_key_body(text, match):
                continue
            if subtype in _CERTAIN or not is_placeholder(match[group]):
                yield Span("SECRET", match.start(group), match.end(group), score, subtype)


def _key_tails(text: str) -> Iterator[Span]:
    """Yield key bodies whose beginning was left out; looked for from their end, which is rare, and not from every letter."""
    for end in _KEY_END.finditer(text):
        body = text[max(0, end.start() - _LONGEST_KEY) : end.start()]
        length = len(body) - len(body.rstrip(_KEY_SIGNS))
        if length >= _SHORTEST_KEY:
            yield Span("SECRET", end.start() - length, end.end(), 1.0, "private-key")


def _is_key_body(text: str, match: re.Match[str]) -> bool:
    """Certificates, signatures and pictures look the same, but they say what they are before they begin."""
    body = match.group()
    mixed = any(c.islower() for c in body) and any(c.isupper() for c in body) and any(c.isdigit() for c in body)
    return mixed and not _PUBLIC_BODY.search(text, max(0, match.start() - _BODY_LOOKS_BACK), match.end())
