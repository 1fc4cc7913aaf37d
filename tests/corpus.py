"""Ten thousand lines of a corpus, all of it synthetic: people in eight languages, secrets, code, what is broken, empty, long or hidden."""

import base64
import gzip
import json
import random
from collections.abc import Callable, Iterator

from faker import Faker

import evasions

LOCALES = ("en_GB", "de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "pt_PT", "pl_PL")
TOO_DEEP = base64.b64encode(gzip.compress(b"a" * (20 << 20), mtime=0)).decode()  # more than is unpacked of a text
# What JSON cannot hold is among the broken lines, what is long among the long ones.
HIDINGS = [
    name for name in evasions.TRICKS if name != "lone surrogates" and "much text" not in name and "long" not in name
]
Make = Callable[[random.Random], str]
_people = {locale: Faker(locale) for locale in LOCALES}


def lines(count: int, *, seed: int = 7) -> Iterator[bytes]:
    """Yield `count` lines of JSON, each with its end; the same ones for the same seed. Broken lines have no id that could be read."""
    pick = random.Random(seed)
    for locale in LOCALES:
        _people[locale].seed_instance(seed)
    for number in range(count):
        if (kind := BROKEN.get(number % 250)) is not None:
            yield kind
            continue
        text = pick.choices(list(KINDS), weights=list(KINDS.values()))[0](pick)
        yield json.dumps({"id": f"r{number}", "text": text}, ensure_ascii=number % 2 == 0).encode() + b"\n"


def _letter(pick: random.Random) -> str:
    who = _people[pick.choice(LOCALES)]
    return f"{who.sentence(12)} {who.name()}, {who.street_address()}, {who.city()}. {who.phone_number()}, {who.iban()}. {who.email()}"


def _prose(pick: random.Random) -> str:
    return _people[pick.choice(LOCALES)].text(pick.choice([80, 200, 400]))


def _secret(pick: random.Random) -> str:
    value = "".join(pick.choices("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=32))
    return pick.choice(
        [
            f"export DB_PASSWORD={value}",
            f"api_key: '{value}'  # of the test system",
            f"postgres://ledger:{value[:14]}@db.internal.example:5432/ledger",
            json.dumps({"token": f"ghp_{value}abcd"}),
        ]
    )


def _code(pick: random.Random) -> str:
    first, second, third = pick.sample(["ledger", "tariff", "depot", "batch", "quote", "claim"], 3)
    return f"def {first}_{pick.randrange(1000)}({second}, {third}):\n    return [{third}[n] * {second}.rate for n in range({pick.randrange(99)})]\n"


def _hidden(pick: random.Random) -> str:
    value = pick.choice(evasions.VALUES)
    return value.before + evasions.TRICKS[pick.choice(HIDINGS)](value.value)


def _own_source(_pick: random.Random) -> str:
    return f"Why is this slow? {evasions.SOURCE}"


def _long(pick: random.Random) -> str:
    return "\n".join(pick.choice([_letter, _prose, _code, _secret])(pick) for _ in range(pick.choice([40, 150])))


KINDS: dict[Make, int] = {
    _prose: 40, _letter: 25, _code: 12, _secret: 10, _hidden: 8, _own_source: 2, _long: 1, lambda _pick: "": 1, lambda _pick: " \n\t": 1,
}  # fmt: skip
BROKEN = {
    3: b'{"id": "lost", "text": "not UTF-8: \xff\xfe \xc3\x28"}\n',
    50: b'{"id": "half", "text": "no end\n',
    100: b'{"id": "other", "body": "no such field"}\n',
    150: json.dumps({"text": "A lone half of a pair: \ud83d"}).encode() + b"\n",
    200: json.dumps({"id": "bomb", "text": f"see {TOO_DEEP}"}).encode() + b"\n",
    220: b'{"id": 12, "text": 7}\n',
}
