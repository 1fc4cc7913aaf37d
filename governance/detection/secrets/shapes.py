"""What is secret for the form it stands in: key blocks, headers, connection strings, command lines, password files, hashes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from governance.detection.spans import Span

from .likeness import is_example, is_identifier, is_placeholder
from .nomination import Rule, around

_I, _M = re.IGNORECASE, re.MULTILINE
_LONGEST_KEY, _SHORTEST_KEY = 8000, 40
_KEY = "[A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----"
# (sub-type, nomination, pattern, score). The last group is the secret where there is one, else the whole match.
_SHAPES = (
    ("authorization-header", r"(?i)authorization[\\\"']{0,3}\s{0,4}[:=,]\s{0,4}[\\\"']{0,3}\s{0,2}(?:bearer|token|basic|digest|apikey)\s", re.compile(r"\b(?:proxy-)?authorization[\\\"']{0,3}\s{0,4}[:=,]\s{0,4}[\\\"']{0,3}\s{0,2}(?:bearer|token|basic|apikey)\s+((?=[^\s\"']*\d)[A-Za-z0-9._~+/\-]{12,}={0,2})", _I), 0.9),
    ("authorization-header", r"(?i)authorization[\\\"']{0,3}\s{0,4}[:=]\s{0,4}[\\\"']{0,3}[a-z][a-z\-]{1,24}[ =]", re.compile(r"\b(?:proxy-)?authorization[\\\"']{0,3}[ \t]{0,4}[:=][ \t]{0,4}[\\\"']{0,3}[a-z][a-z\-]{1,24}[ =]((?=[A-Za-z_\-]*\d)[A-Za-z0-9_\-]{24,400})(?![\w\-])", _I), 0.8),
    ("connection-string", r"[a-zA-Z]://[^\s/\"'<>]{0,80}:[^\s/\"'<>]{3,100}@", re.compile(r"\b[a-z][a-z0-9+.\-]{1,30}://[^\s:/\"'<>{}$]{0,80}:([^\s:/\"'<>{}$*]{3,100})@[\w.\-\[]", _I), 0.9),
    ("command-line-password", r"\b(?:curl|wget|http|svn|smbclient)\b[^\n|;]{0,200}\s(?:-u|--user)[ =]", re.compile(r"\b(?:curl|wget|http|svn|smbclient)\b[^\n|;]{0,200}?\s(?:-u|--user)[ =][\"']?[^\s:\"']{1,64}:([^\s\"'$<{]{4,100})"), 0.8),
    ("command-line-password", r"\b(?:sshpass|mysql|mysqldump|mysqladmin|mongo)\b[^\n|;]{0,200}\s-p", re.compile(r"\b(?:sshpass|mysql|mysqldump|mysqladmin|mongo)\b[^\n|;]{0,200}?\s-p ?[\"']?([^\s\"'$<{\-][^\s\"'$<{]{3,100})"), 0.8),
    ("command-line-password", r"\s-[uU][ =]?[\w.\\@\-]{1,64}\s{1,4}-[pP]", re.compile(r"\s-[uU][ =]?[\w.\\@\-]{1,64}\s{1,4}-[pP][ =]?[\"']?((?=[^\s\"']*[A-Za-z])(?=[^\s\"']*\d)[^\s\"'$<{%\-][^\s\"'<{]{4,100})"), 0.8),
    ("command-line-password", r"\blftp\b[^\n|;]{0,200}\s(?:-u|--user)[ =]", re.compile(r"\blftp\b[^\n|;]{0,200}?\s(?:-u|--user)[ =][\"']?[^\s,\"']{1,64},([^\s\"'$<{]{4,100})"), 0.8),
    ("command-line-password", r"(?i)ConvertTo-SecureString\s", re.compile(r"\bConvertTo-SecureString\s+(?:-AsPlainText\s+|-Force\s+|-String\s+){0,3}([\"'])([^\"'$\n]{4,100})\1", _I), 0.8),
    ("account-and-token", r"\bAC[0-9a-f]{32}[\"'][ \t\n]{0,40},", re.compile(r"\bAC[0-9a-f]{32}[\"']\s{0,40},\s{0,40}(?:\w{1,20}\s{0,4}=\s{0,4})?[\"']([0-9a-f]{32})[\"']"), 0.9),
    ("command-line-password", r"(?i)\bnet\s{1,4}use\s", re.compile(r"\bnet\s{1,4}use\s{1,4}\S{1,80}\s{1,4}\\\\\S{1,200}\s{1,4}[\"']?([^\s\"'/*$%<{][^\s\"'<{]{3,100})[\"']?\s{1,4}/user:", _I), 0.8),
    ("command-line-password", r"(?i)--?(?:[a-z]{1,20}-){0,2}(?:password|passphrase|passwd|pass|pwd|secret|token|api-?key)[ =]", re.compile(r"(?:^|\s)--?(?:[a-z]{1,20}-){0,2}(?:password|passphrase|passwd|pass|pwd|secret|token|api-?key)[ =]([\"']?(?=[^\s\"']*[A-Za-z])(?=[^\s\"']*\d)[^\s\"'$<{\-][^\s\"'$<{]{5,100})", _I), 0.7),
    ("sql-password", r"(?i)(?:identified\s{1,4}by|with\s{1,4}(?:encrypted\s{1,4})?password)\s", re.compile(r"\b(?:identified\s+by|with\s+(?:encrypted\s+)?password)\s+[\"']([^\"'\n]{4,100})[\"']", _I), 0.8),
    ("netrc", r"machine\s{1,8}\S{1,100}\s{1,8}login\s", re.compile(r"\bmachine\s+\S+\s+login\s+\S+\s+password\s+(\S{3,100})"), 0.9),
    ("pgpass", r"[\w*]:(?:\d{2,5}|\*):[\w*\-]{1,63}:[\w\-]{1,63}:\S{4}", re.compile(r"^[\w.*\-]{1,80}:(?:\d{2,5}|\*):[\w*\-]{1,63}:[\w\-]{1,63}:(\S{4,100})$", _M), 0.8),
    ("credential-object", r"(?:NetworkCredential|DirectoryEntry|PSCredential|UsernamePasswordCredentials|HTTPBasicAuth|BasicAuth|login)\(", re.compile(r"\b(?:NetworkCredential|DirectoryEntry|PSCredential|UsernamePasswordCredentials|HTTPBasicAuth|(BasicAuth|login))\((?:[^()\n]{0,80},)?\s{0,40}[\"'][^\"'\n]{1,80}[\"'],\s{0,40}[\"']((?(1)(?=[^\"']*[\d!@#$%^&*]))[^\"'\n]{5,80})[\"']\s{0,40}\)"), 0.8),
    ("xml-password", r"(?i)<(?:[\w.:\-]{0,40}(?:pass|password|passwd|pwd))[\s>]", re.compile(r"(?<!\?P)(?<!\?)<[\w.:\-]{0,40}(?:pass|password|passwd|pwd)(?:\s[^<>]{0,100})?>\s{0,40}[\"']?((?=[^<>\s\"']*[\d!@#$%^&*_=])[^<>\s\"']{6,400}|[a-z]{6,40}(?=</pass))", _I), 0.8),
    ("xml-token", r"(?i)<(?:[\w.:\-]{0,40}(?:secret|token|key))[\s>]", re.compile(r"(?<!\?P)(?<!\?)<[\w.:\-]{0,40}(?:secret|token|api_?key)(?:\s[^<>]{0,100})?>\s{0,40}[\"']?((?=[^<>\s\"']*[\d!@#$%^&*_=])[^<>\s\"']{6,400})", _I), 0.8),
    ("spoken-password", r"(?i)(?:password|passwort|passphrase|kennwort|mot de passe|contrase..?a)[ \t]", re.compile(r"\b(?:password|passwort|passphrase|kennwort|mot de passe|contraseña)[ \t]+(?:is[ \t]+|was[ \t]+|ist[ \t]+|lautet[ \t]+|est[ \t]+|es[ \t]+)?[\"']?(!?(?=[^\s\"']*[a-z])(?=[^\s\"']*[A-Z])(?=[^\s\"']*[\d!@#$%^&*])[\w!@#$%^&*+?\-]{6,60})", _I), 0.7),
    ("spoken-password", r"(?i)password[^\n]{0,80}:\s{1,8}[A-Za-z0-9]{16}", re.compile(r"\bpassword[^\n]{0,80}:[ \t]*\r?\n\s{0,8}((?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{16,64})\s", _I), 0.8),
    ("password-hash", r"\$(?:2[abxy]|[1568y]|apr1|argon2id?)\$", re.compile(r"(\$(?:2[abxy]\$\d\d\$[./A-Za-z0-9]{53}|(?:[1568]|apr1)\$(?:rounds=\d+\$)?[./A-Za-z0-9]{1,24}\$[./A-Za-z0-9]{22,90}|y\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{1,86}\$[./A-Za-z0-9]{43}|argon2id?\$[\w=,$+/]{40,200}))"), 0.7),
    ("password-hash", r"pbkdf2_sha\d{1,3}\$|\{S?SHA\d{0,3}\}|aad3b435b51404eeaad3b435b51404ee:", re.compile(r"(\bpbkdf2_sha\d{1,3}\$\d{3,8}\$\w{8,64}\$[A-Za-z0-9+/]{27,88}={0,2}|\{S?SHA(?:256|384|512)?\}[A-Za-z0-9+/]{27,160}={0,2}|\baad3b435b51404eeaad3b435b51404ee:[0-9a-f]{32}\b)"), 0.7),
    ("session-cookie", r"(?i)(?:sess(?:ion)?_?id|connect\.sid|laravel_session)=", re.compile(r"\b(?:JSESSIONID|PHPSESSID|ASPSESSIONID\w{0,12}|ASP\.NET_SessionId|connect\.sid|laravel_session|session_?id)=((?=[^\s;,\"'&]*\d)(?=[^\s;,\"'&]*[A-Za-z])[A-Za-z0-9%._~+/\-]{16,200})", _I), 0.7),
    ("url-token", r"(?i)/(?:access[_-])?(?:token|secret|api[_-]?key)s?/[\w\-]{24}", re.compile(r"\bhttps?://[^\s\"'<>]{1,200}/(?:access[_-])?(?:token|secret|api[_-]?key)s?/((?=[A-Za-z_\-]*\d)(?=[\d_\-]*[A-Za-z])[A-Za-z0-9_\-]{24,200})", _I), 0.7),
    ("google-client-secret", r"\.apps\.googleusercontent\.com\W", re.compile(r"\.apps\.googleusercontent\.com[\"']?[^\w\-]{1,12}((?=[A-Za-z_\-]*\d)[A-Za-z0-9_\-]{24})(?![\w\-])"), 0.8),
    ("wordpress-salt", r"(?:AUTH|LOGGED_IN|NONCE)_(?:KEY|SALT)[\"'],", re.compile(r"\bdefine\(\s{0,4}[\"'](?:SECURE_)?(?:AUTH|LOGGED_IN|NONCE)_(?:KEY|SALT)[\"'],\s{0,20}([\"'])((?=[^\n]{0,60}\d)[^\n]{40,100}?)\1\s{0,4}\)"), 0.9),
    ("key-bytes", r"(?i)(?:aes|des|hmac|crypt\w{0,12}|secret|private|master)_?key[^\n]{0,60}[{\[(]\s{0,40}(?:0x[0-9a-f]{2}|\d{1,3})\s{0,4},", re.compile(r"\b\w{0,30}(?:aes|des|hmac|crypt\w{0,12}|secret|private|master)_?key\w{0,20}(?:\[[^\]\n]{0,20}\])?\s{0,4}[:=]?\s{0,4}(?:new\s{1,4}\w{1,12}\s{0,4}\[[^\]\n]{0,8}\]\s{0,4})?[{\[(]\s{0,40}((?:0x[0-9a-f]{2}|\d{1,3})(?:\s{0,40},\s{0,40}(?:0x[0-9a-f]{2}|\d{1,3})){15,63})\b", _I), 0.8),
)  # fmt: skip
_LONG = (
    ("kerberos-hash", r"\$krb5(?:asrep|tgs|pa)\$", re.compile(r"(\$krb5(?:asrep|tgs|pa)\$\d{1,2}\$[^\s]{32,4000})"), 0.9),
    ("json-web-key", r"\"kty\"\s{0,8}:", re.compile(r"\"(?:k|d)\"\s{0,8}:\s{0,8}\"([\w\-]{20,2000})\""), 0.9),
)  # fmt: skip
_PRIVATE_KEY = re.compile(
    rf"-----BEGIN {_KEY}(?=[^-]{{0,300}}?[A-Za-z0-9+/=]{{16}})(?:[^-]{{0,20000}}-----END {_KEY})?"
)
_KEY_END = re.compile(rf"-----END {_KEY}")
_KEY_SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n\"'\\"
_KEY_BODY = re.compile(r"(?:^[^\w\n]{0,12}(?:[\d\-:.# \t]{0,30}[ \t])?[\"']?[A-Za-z0-9+/]{64}(?:[A-Za-z0-9+/]{6})?(?:\\n)?[\"']?[^\w\n]{0,6}\n?){2,}", _M)  # fmt: skip
_PUBLIC_BODY = re.compile(r"CERTIFICATE|PUBLIC KEY|PGP (?:MESSAGE|SIGNATURE)|data:image|base64,|sha(?:256|384|512)-")
_BODY_LOOKS_BACK = 3000
# Where a key's text begins, whatever line it is cut at: OpenSSH's magic words, and how DER begins for PKCS #1
# (RFC 8017) and #8 (RFC 5958, of RSA, DSA, elliptic curves and Ed25519; encrypted too) and SEC 1 (RFC 5915) in every usual size.
_KEY_MAGIC = re.compile(r"(?<![A-Za-z0-9+/])(?:b3BlbnNzaC1rZXktdjE|MII[A-P][A-Za-z0-9+/][AQgw]IB(?:AAK[BC]|AAJB|ADANBgkqhkiG9w0BAQEF|ADCCASsGByqGSM44BAE)|MII[EFJ][A-Za-z0-9+/]{2}BOBgkqhkiG9w0BBQ0w|MI(?:GHAgEAMBM|G2AgEAMBA|HuAgEAMBA)GByqGSM49AgEG|MHcCAQEEI|MIGkAgEBBD|MIHcAgEBBE|MC4CAQAwBQYDK2VwBCIEI)[A-Za-z0-9+/=\s]{24,8000}")  # fmt: skip
_CERTAIN = frozenset({"password-hash", "kerberos-hash", "json-web-key", "wordpress-salt", "key-bytes"})


@dataclass(frozen=True, slots=True)
class _Shape:
    """The last group of the pattern is the secret where there is one, else the whole match."""

    subtype: str
    pattern: re.Pattern[str]
    score: float

    def __call__(self, text: str, low: int, high: int) -> Iterator[Span]:
        group = self.pattern.groups
        for match in self.pattern.finditer(text, low, high):
            if self._is_secret(match[group]):
                yield Span("SECRET", match.start(group), match.end(group), self.score, self.subtype)

    def _is_secret(self, value: str) -> bool:
        if self.subtype in _CERTAIN:
            return True
        if self.subtype == "connection-string" and is_example(value):
            return False
        if self.subtype == "xml-token" and is_identifier(value) and not value.islower():
            return False
        if self.subtype == "sql-password" and is_identifier(value) and "_" in value:
            return False  # "identified by "software_id""
        return not is_placeholder(value)


def _private_keys(text: str, low: int, high: int) -> Iterator[Span]:
    for match in _PRIVATE_KEY.finditer(text, low, high):
        yield Span("SECRET", match.start(), match.end(), 1.0, "private-key")
    # Bodies whose beginning was left out are looked for from their end, which is rare, and not from every letter.
    for end in _KEY_END.finditer(text, low, high):
        body = text[max(0, end.start() - _LONGEST_KEY) : end.start()]
        length = len(body) - len(body.rstrip(_KEY_SIGNS))
        if length >= _SHORTEST_KEY:
            yield Span("SECRET", end.start() - length, end.end(), 1.0, "private-key")


def _key_bodies(text: str, low: int, high: int) -> Iterator[Span]:
    """Certificates, signatures and pictures look the same, but they say what they are before they begin."""
    for match in _KEY_BODY.finditer(text, low, high):
        body = match.group()
        mixed = any(c.islower() for c in body) and any(c.isupper() for c in body) and any(c.isdigit() for c in body)
        if mixed and not _PUBLIC_BODY.search(text, max(0, match.start() - _BODY_LOOKS_BACK), match.end()):
            yield Span("SECRET", match.start(), match.end(), 0.5, "key-body")


def _key_openings(text: str, low: int, high: int) -> Iterator[Span]:
    for match in _KEY_MAGIC.finditer(text, low, high):
        yield Span("SECRET", match.start(), match.end(), 0.9, "private-key")


SHAPE_RULES = (
    *(Rule(where, _Shape(subtype, pattern, score)) for subtype, where, pattern, score in _SHAPES),
    *(Rule(where, _Shape(subtype, pattern, score), around(1000, 4200)) for subtype, where, pattern, score in _LONG),
    Rule(r"-----(?:BEGIN|END) [A-Z0-9 ]{0,30}PRIVATE KEY", _private_keys, around(300, 20400)),
    Rule(r"[A-Za-z0-9+/]{64}[^\w\n]{0,8}\n[^\n]{0,44}[A-Za-z0-9+/]{64}", _key_bodies, around(8000, 8000)),
    Rule(r"b3BlbnNzaC1rZXktdjE|MII[A-P][A-Za-z0-9+/]{2}IBA[AD]|BOBgkqhkiG9w0BBQ0w|ByqGSM49AgEG|MHcCAQEEI|MIGkAgEBBD|MIHcAgEBBE|MC4CAQAwBQYDK2VwBCIEI", _key_openings, around(100, 8100)),
)  # fmt: skip
