"""How to reach somebody: e-mail, telephone, street address, IP and MAC address. Quick patterns, then a proper check."""

import ipaddress
import re
from collections.abc import Iterator
from functools import lru_cache

from governance.detection.likely import Likely
from governance.detection.spans import Span

from .context import context_pattern, has_context
from .credits import is_credit
from .introductions import addressee

_EMAIL = re.compile(
    r"(?<![\w.+\-%@/])[\w!#$%&*+^{|}~\-](?:[\w.!#$%&'*+^{|}~\-]{0,62}[\w+\-])?@(?:[^\W_](?:[\w\-]{0,61}[^\W_])?\.)+[^\W\d_][\w\-]{1,62}(?![\w@])"
)
_EMAIL_SPELT = re.compile(
    r"(?<![\w.])[\w.+\-]{2,64}\s?[\[({]\s?at\s?[\])}]\s?[\w\-]{2,40}(?:\s?[\[({]\s?dot\s?[\])}]\s?|\.)[a-z]{2,12}(?!\w)",
    re.IGNORECASE,
)
# The next word, written onto the end of a domain: by who copied a page, or by who set the letters of an address apart, and its letters after them.
_GLUED = re.compile(r"(?<=[a-z]{2})[A-Z]\w*\Z|(?<=\.com|\.org|\.net|\.edu|\.gov)[a-z0-9]{1,3}\Z")
# A sentence that begins right behind the stop, a dash, the end of Markdown's emphasis.
_BEHIND = re.compile(
    r"[_\-]+\Z|(?:(?<=\.com|\.org|\.net|\.edu|\.gov)|(?<=\.de|\.fr|\.uk|\.nl|\.pl|\.eu))[.\-]\w[\w\-]*\Z"
)
_NOBODY = re.compile(r"^(?:git|noreply|no-reply|donotreply|do-not-reply|mailer-daemon|postmaster)@", re.IGNORECASE)

_PHONE = re.compile(
    r"(?<![\w.+/=#:$€£\-])(?:\+|00)?\(?\d(?:[ \t\xa0.\-/()]{0,3}\d){6,16}(?:\s?(?:x|ext\.?|extension)\s?\d{1,6})?(?![\w%/=]|[.:,\-]\d)",
    re.IGNORECASE,
)
_PHONE_SAID = (
    "phone|telephone|tel|cell|cellphone|mobile|mob|call|called|calling|dial|ring|fax|hotline|whatsapp|sms|text|"
    "contact|reach|answering|registered|telefon|handy|téléphone|portable|telefono|móvil|telefone|celular|numer|nr|cep|unter|anrufen|rufnummer|erreichbar|rappeler|rappelez|appeler|appelez|joindre|richiamare|"
    "chiamare|chiami|cellulare|ligue|ligar|telemóvel|llame|llamar|bellen|terugbellen|zadzwonić|oddzwonić"
)
_PHONE_WORDS = context_pattern(_PHONE_SAID.split("|"))
# "mobilePhone": "...", FAX_NO=...: the word is a part of a key.
_PHONE_KEY = re.compile(
    r"(?:phone|mobile|cell|fax|msisdn|whatsapp|(?<![a-z])tel)\w{0,12}[\"']?[ \t]*[:=][ \t]*[\"']?\Z|(?:^|[\s|,;/])(?-i:[TMFDPWH])[.:]?[ \t]{1,3}\Z",
    re.IGNORECASE,
)
_LONGEST_KEY = 40
_REGIONS = tuple("US GB DE FR IN IT ES AU NL PL BR CH AT SE BE IE JP IL ZA".split())  # noqa: SIM905 - one line is read more easily
_NORTH_AMERICAN = re.compile(r"\(?\d{3}\)?[ .\-]{1,2}\d{3}[ .\-]\d{4}")
# Where a number at home does not begin with 0. Elsewhere it does, and groups of digits without it and without a word for it are something else.
_REGIONS_WITHOUT_ZERO = tuple("US IN IT ES PT PL BR".split())  # noqa: SIM905 - as above
_REGIONS_WITH_ZERO = (*_REGIONS, "PH", "TR", "KR", "TH", "NZ")
_NOT_PHONE = re.compile(
    r"^(?:\d{4}[\-/.]\d{1,2}[\-/.]\d{1,2}|\d{1,2}[\-/.]\d{1,2}[\-/.]\d{2,4})(?![\d.\-/])|^(?:\d{1,3}\.){3}\d{1,3}(?:/\d+)?$|^(\d)\1+$|^0{3}"
    # A date or a section behind another number; numbers in a row; three, two and four digits are a tax or insurance number.
    r"|\s\d{4}[\-/]\d{2}[\-/]\d{2}$|\s\d\.\d(?:\.\d)?$|(?:\b\d[ ,]+){3}|^\d{3}([\-. ])\d{2}\2\d{4}$"
)

_STREET_KINDS = (
    r"Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Square|Sq|Terrace|Ter|Way|Parkway|Pkwy|Highway|Hwy|Circle|Cir|Close|Crescent|Cres|Gardens|Grove|"
    r"Row|Mews|Walk|Trail|Turnpike|Plaza|Alley|Loop|Path|Pike|Point|Ridge|Run|Crossing|Heights|Hill|Park|Green|Rise|Wharf|Quay|Quayside|Parade|Croft|Broadway"
)
_WORD = r"[A-ZÀ-Þ][\w'’.\-]*"
_TAIL = rf"(?:,?[ \t]+(?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|Fl|Room|Rm|#)\.?[ \t]*#?[\w\-]{{1,6}})?(?:,?\s+{_WORD}(?:[ \t]+{_WORD}){{0,2}})?(?:,?\s+[A-Z]{{2}})?(?:,?[ \t]+(?:\d{{5}}(?:-\d{{4}})?|[A-Z]{{1,2}}\d[A-Z\d]?[ \t]?\d[A-Z]{{2}}))?"
# Behind the number of a European street: flat, postal code, town and province.
_TOWN_BEHIND = rf"(?:,?[ \t]+(?:Appartamento|Interno|Int\.|Scala|Piso|Apartamento|Porta|m\.|lok\.)[ \t]*\d{{1,4}})?(?:,?\s+(?:\d{{2}}-\d{{3}}|\d{{4}}-\d{{3}}|\d{{5}})(?:,?[ \t]+{_WORD}(?:[ \t\-]{_WORD}){{0,3}}(?:[ \t]+\([A-Z]{{2}}\))?)?)?"
_STREETS = (
    re.compile(rf"(?<![\w.])\d{{1,6}}[A-Za-z]?,?[ \t]+(?!(?:Supreme|High|Superior|District|Federal)[ \t]Court)(?:[NSEW]\.?[ \t]+)?(?:{_WORD}[ \t]+){{1,4}}(?:{_STREET_KINDS})\b\.?{_TAIL}"),
    re.compile(rf"(?<!\w)(?:{_WORD}[ \t\-])?[A-ZÄÖÜ][\wäöüß\-]*(?i:straße|strasse|str\.|weg|platz|gasse|allee|damm|ufer|ring|straat|laan|gracht|singel|plein|gatan|vägen|veien|vej|katu|kuja|polku)[ \t]+\d{{1,4}}(?:/\d{{1,3}})?[ \t]?[a-z]?(?:,?\s+\d{{4,5}}[ \t]+{_WORD})?(?!\w)"),
    re.compile(rf"(?<!\w)(?:Straße|Str\.|Am|Rue|Avenue|Boulevard|Bd|Place|Via|Viale|Piazza|Corso|Strada|Vicolo|Contrada|Borgo|Largo|Salita|Rotonda|Incrocio|Canale|Stretto|Calle|Avenida|Av\.|Plaza|Paseo|Ronda|Retorno|Circuito|Privada|Cerrada|Callejón|Glorieta|Viaducto|Rua|R\.|Praça|Travessa|Alameda|Estrada|ul\.|ulica|al\.|Aleja)[ \t]+(?:d[aeiou]s?[ \t]+|la[ \t]+|del(?:la)?[ \t]+)*{_WORD}(?:[ \t]+{_WORD}){{0,3}},?[ \t]+(?:\d{{1,4}}[a-z]?|S/N)(?!\w){_TOWN_BEHIND}"),
    re.compile(rf"(?<!\w){_WORD}(?:[ \t][\w.\-]{{2,20}}){{0,2}}[ \t](?:utca|útja|körút)[ \t]\d{{1,4}}"),
    re.compile(rf"(?<!\w)(?:Flat|Studio|H\.[ ]?No\.|House[ ]No\.|Plot[ ]No\.|Door[ ]No\.)[ ]?\d{{1,4}}[A-Za-z]?,[ \t]+{_WORD}(?:[ \t]+{_WORD}){{1,3}}"),
    re.compile(rf"(?<![\w.])\d{{1,4}}(?:[ \t]?(?:bis|ter))?,?[ \t]+(?:rue|avenue|boulevard|bd|place|chemin|quai|impasse|allée)[ \t]+(?:d[eu]s?[ \t]+|la[ \t]+|l['’])*{_WORD}(?:[ \t]+{_WORD}){{0,3}}(?:,?\s+\d{{5}}[ \t]+{_WORD})?"),
    re.compile(
        rf"(?<![\w.])\d{{1,6}}[A-Za-z]?,?[ \t]+[^\W\d_][\w'’.\- \t]{{2,50}}?[ \t\n]*(?:Apt|Apartment|Suite|Ste|Unit|Flat)\.?[ \t]*#?\d{{1,5}}"
        rf"(?:[ \t]*[,\n][ \t,>]*{_WORD}(?:[ \t]+{_WORD}){{0,3}})?(?:[ \t]*[,\n][ \t,\n>]*[A-Z]{{2}}\b)?(?:[ \t,\n>]+(?:{_WORD}[ \t]+){{0,3}}\d{{4,6}}(?:-\d{{4}})?)?"
    ),
    re.compile(rf"(?<!\w)(?:{_WORD}[ \t]+){{1,3}}(?:House|Cottage|Lodge|Farm|Villa|Hall|Manor|Mill|Barn|Tower|Mansions|Apartments),[ \t]+(?:\d{{1,4}}[A-Za-z]?(?:-\d{{1,4}})?,?[ \t]+)?(?:{_WORD}[ \t]+){{1,3}}(?:{_STREET_KINDS})\b\.?{_TAIL}"),
    re.compile(r"(?<!\w)(?:P\.?[ \t]?O\.?[ \t]+Box|Postfach)[ \t]+\d{1,6}(?!\w)"),
)  # fmt: skip
_STREET_HINT = re.compile(
    rf"\b(?:{_STREET_KINDS})\b|str|weg|platz|gasse|allee|damm|ufer|ring|laan|gracht|singel|plein|gatan|vägen|veien|vej|katu|kuja|polku|utca|útja|körút|retorno|circuito|privada|cerrada|callejón|glorieta|viaducto|studio|no\.|rue|chemin|quai|impasse|via|calle|avenida|paseo|rua|praça|travessa|alameda|estrada|r\.|strada|vicolo|contrada|borgo|largo|salita|rotonda|incrocio|canale|stretto|ronda|ul\.|ulica|aleja|box|postfach|"
    r"piazza|corso|bd|apt|apartment|suite|flat|unit",
    re.IGNORECASE,
)


_IP = re.compile(
    r"(?<![\w.:\-/@])(?:(?:\d{1,3}\.){3}\d{1,3}|(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9A-Fa-f]{1,4}|(?:\d{1,3}\.){3}\d{1,3})?)(?:%[0-9A-Za-z]+)?(?:/\d{1,3})?(?![\w\-]|[.:]\w)"
)
_VERSION_WORDS = re.compile(
    r"(?:version|ver|release|build|firmware|driver|assembly|v|==|>=|<=|~=)\W{0,3}$", re.IGNORECASE
)
_IPV6_COLONS = 7
_OPENS_LITERAL = frozenset("'\"(`")
# Networks that standards set apart for examples (RFC 5737, RFC 3849): nobody has an address there.
_EXAMPLES = tuple(map(ipaddress.ip_network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")))
_MAC = re.compile(
    r"(?<![\w:.\-])(?:[0-9A-Fa-f]{2}(?:[:\-])){5}[0-9A-Fa-f]{2}(?![\w:\-])|(?<![\w.])(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}(?![\w.])"
)
_LIKELY_SPELT, _LIKELY_STREETS, _LIKELY_MACHINES = Likely([_EMAIL_SPELT]), Likely(_STREETS), Likely([_IP, _MAC])


def emails(text: str) -> Iterator[Span]:
    """Yield e-mail addresses; their domain must end in a public suffix of the list that is packaged, never fetched."""
    if "@" in text:
        for match in _EMAIL.finditer(text):
            domain = _domain(match.group().rpartition("@")[2])
            if domain and not _NOBODY.match(match.group()) and not is_credit(text, match.start()):
                end = text.index("@", match.start()) + 1 + len(domain)
                yield Span("EMAIL_ADDRESS", _behind_marks(text, match.start(), end), end, 1.0)
    spelt = "at" in text and ("[" in text or "(" in text) and _EMAIL_SPELT in _LIKELY_SPELT.of(text)
    for match in _EMAIL_SPELT.finditer(text) if spelt else ():
        yield Span("EMAIL_ADDRESS", match.start(), match.end(), 0.8)


def _behind_marks(text: str, start: int, end: int) -> int:
    """Return where an address begins whose first signs are Markdown's emphasis: the same stand behind it."""
    mark = text[start]
    if mark not in "*_~" or text[end : end + 1] != mark:
        return start
    return end - len(text[start:end].lstrip(mark))


@lru_cache(maxsize=4096)
def _domain(written: str) -> str:
    """Return the part of what is written behind the sign that is a domain; empty when it does not end in a public suffix."""
    tried = (written, _GLUED.sub("", written), _BEHIND.sub("", written))
    return next((domain for domain in tried if _suffixes()(domain).suffix), "")


@lru_cache(maxsize=1)
def _suffixes():  # type: ignore[no-untyped-def] # noqa: ANN202 - the type lives in a library that is imported inside
    import tldextract

    # No list addresses and no cache folder: the packaged list is read, nothing is fetched or written.
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def is_telephone(value: str) -> bool:
    """Return whether a number is none of what only looks like a telephone: dates, addresses of machines, tax numbers, rows of digits."""
    return not _NOT_PHONE.search(value)


def phones(text: str) -> Iterator[Span]:
    """Yield telephone numbers that are valid somewhere: written with + anywhere, else with separators or a word like "call"."""
    for match in _PHONE.finditer(text):
        value = match.group()
        if not is_telephone(value):
            continue
        said = (
            has_context(text, match.start(), match.end(), _PHONE_WORDS)
            or _PHONE_KEY.search(text, max(0, match.start() - _LONGEST_KEY), match.start()) is not None
            or (value[0] == "0" and value == text.strip())
        )
        score = _phone_score(value, said=said)
        if score:
            yield Span("PHONE_NUMBER", match.start(), match.end(), score)


def _phone_score(value: str, *, said: bool) -> float:
    international = value.startswith("+")
    if international:
        return 0.9 if _is_valid(value, None) else 0.5 if said else 0.0
    separated = len(re.findall(r"\d+", value)) >= 3 or "(" in value  # noqa: PLR2004 - area, exchange, line
    if not said and not separated:
        return 0.0
    if any(_is_valid(value, region) for region in _regions_for(value, said=said)):
        return 0.75 if said else 0.5
    return 0.45 if said and separated else 0.0


def _regions_for(value: str, *, said: bool) -> tuple[str, ...]:
    if value.lstrip("(").startswith("0"):
        return _REGIONS_WITH_ZERO
    if said:
        return _REGIONS
    return ("US",) if _NORTH_AMERICAN.fullmatch(value) else _REGIONS_WITHOUT_ZERO


@lru_cache(maxsize=4096)
def _is_valid(value: str, region: str | None) -> bool:
    import phonenumbers

    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(value, region)))
    except phonenumbers.NumberParseException:
        return False


def streets(text: str) -> Iterator[Span]:
    """Yield street addresses, with the town behind them and the name on the line above when they are there."""
    likely = _LIKELY_STREETS.of(text)
    if not (likely and _STREET_HINT.search(text)):
        return
    for pattern in _STREETS:
        for match in pattern.finditer(text) if pattern in likely else ():
            yield Span("LOCATION", match.start(), match.end(), 0.7, "address")
            if name := addressee(text, match.start()):
                yield name


def addresses(text: str) -> Iterator[Span]:
    """Yield IP and MAC addresses of somebody's machine: not loopback, unspecified, documentation-wide or version numbers."""
    likely = _LIKELY_MACHINES.of(text)
    if _IP in likely:
        for match in _IP.finditer(text):
            literal = text[max(0, match.start() - 1) : match.start()] in _OPENS_LITERAL
            said = _VERSION_WORDS.search(text, max(0, match.start() - 14), match.start())
            if _is_somebodys(match.group(), literal=literal) and not said:
                # Eight groups of hexadecimal digits are nothing else, whatever number of a country a part of them may pass for.
                sure = 1.0 if match.group().count(":") == _IPV6_COLONS else 0.8
                yield Span("IP_ADDRESS", match.start(), match.end(), sure)
    for match in _MAC.finditer(text) if _MAC in likely else ():
        if len(set(match.group()) - set(":-.")) > 2:  # noqa: PLR2004 - ff:ff:.. and 00:00:.. belong to nobody
            yield Span("MAC_ADDRESS", match.start(), match.end(), 0.7)


def _is_somebodys(value: str, *, literal: bool) -> bool:
    """Return whether a machine may have the address. What stands in quotes or as an argument of code is an example more often than not."""
    bare = value.partition("%")[0].partition("/")[0]
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return False
    if value.count(":") and len(bare) < 6:  # noqa: PLR2004 - "::", "a::b": slices and namespaces
        return False
    if literal and (_is_network(value) or any(address in net for net in _EXAMPLES if net.version == address.version)):
        return False
    return not (
        address.is_loopback or address.is_unspecified or address.is_multicast or str(address).startswith(("255.", "0."))
    )


def _is_network(value: str) -> bool:
    """Return whether `value` names a whole network, "10.0.0.0/8": a machine's address has a host part, or all the bits."""
    try:
        network = ipaddress.ip_network(value)
    except ValueError:
        return False
    return "/" in value and network.num_addresses > 1
