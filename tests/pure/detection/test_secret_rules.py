"""Secrets that people say, list in tables and hand to tools; each rule of our own is missed when it is gone. All values are made up."""

import re
from dataclasses import replace

import pytest

from governance.detection.detector import Budget
from governance.detection.engine import Engine
from governance.detection.places import models_folder
from governance.detection.ruleset import Ruleset
from governance.detection.secrets import Secrets
from governance.detection.secrets.assignments import STEMS, words_that_say_secret
from governance.detection.secrets.likeness import STRONG, WEAK
from governance.detection.secrets.vendors import VENDOR_RULES

PHRASE = "Quarry-Lantern-58"
HEX = "9d04c1f7" + "3be852a6" + "70f1d9c4" + "b82e6a35"


@pytest.fixture(scope="module")
def secrets():
    return Secrets(kept_in=models_folder())


@pytest.fixture(scope="module")
def found(secrets):
    def look(text):
        [spans] = secrets.find([text], Budget.of(30))
        return {text[span.start : span.end] for span in spans}

    return look


SENTRY = (
    "sntrys_eyJpYXQiO" + "jE3MDAwMDAwMDAuNSwidXJsIjpudWxsLC" + "cmVnaW9uX3VybCI6" + "Imh0dHA6Ly9leGFtcGxlIn0" + "_" + "q7Rz2Lw9Kx4Vb1Nc8Md5"
    "Tf3Gh6Jp0YsQe2UaWoIv4Bn"
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param(f"The password for the test server is {PHRASE} in case you need it.", PHRASE, id="for what it is"),
        pytest.param(f"hey, wifi pw: {PHRASE}", PHRASE, id="shortened"),
        pytest.param(f"url = '{SENTRY}'", SENTRY, id="without the quotation marks around it"),
        pytest.param(f"mot de passe : {PHRASE}", PHRASE, id="in French"),
        pytest.param(f"Contraseña: {PHRASE}", PHRASE, id="in Spanish"),
        pytest.param(f"hasło to {PHRASE}", PHRASE, id="in Polish"),
        pytest.param(f"Пароль: {PHRASE}", PHRASE, id="in Russian"),
        pytest.param(f"You can log in as admin / {PHRASE} until Friday.", PHRASE, id="behind the name of an account"),
        pytest.param(f"creds: svc_mail:{PHRASE}", PHRASE, id="behind an account and a colon"),
        pytest.param(
            "passphrase: gravel piano thistle cobra 82", "gravel piano thistle cobra 82", id="a passphrase of words"
        ),
        pytest.param(f"username,password\nsvc_mail,{PHRASE}\nsvc_bi,Tin&Rook3", "Tin&Rook3", id="a column"),
        pytest.param(f"| host | password |\n|---|---|\n| a | {PHRASE} |", PHRASE, id="a table with bars"),
        pytest.param(f"ConvertTo-SecureString '{PHRASE}' -AsPlainText", PHRASE, id="PowerShell"),
        pytest.param(f"lftp -u reports,{PHRASE} ftp.example.com", PHRASE, id="lftp"),
        pytest.param(f"Client('AC{HEX}', '{HEX[::-1]}')", HEX[::-1], id="an account and its token"),
        pytest.param(f"Authorization: SSWS 00{HEX}", f"00{HEX}", id="a header with a scheme of its own"),
        pytest.param("encryption.key=+/zQr2/n9u+OyHJWEqxVyD1U=", "+/zQr2/n9u+OyHJWEqxVyD1U=", id="an encryption key"),
    ],
)
def test_a_secret_is_found_where_people_leave_it(found, text, value):
    assert value in found(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("The password for the staging box is in the vault in case you need it.", id="where it is kept"),
        pytest.param("The password for the API is SHA-256 hashed.", id="how it is kept"),
        pytest.param("The password is 12-16 characters long, with Upper/lower case.", id="how long it is"),
        pytest.param("wifi pw: ask reception", id="whom to ask"),
        pytest.param("mot de passe : oublié", id="forgotten"),
        pytest.param("You can log in as admin / operator until Friday.", id="two roles"),
        pytest.param("credentials are in docs/Setup-Guide2.md", id="a file"),
        pytest.param("passphrase: required for all users that sign releases", id="a sentence about passphrases"),
        pytest.param("username,password,role\nsvc_mail,see vault,reader", id="a column without any"),
        pytest.param("date,token,count\n2024-03-01,4123,77", id="a column that counts tokens"),
        pytest.param("curl -s --user 'api:YOUR_API_KEY' https://api.example.com", id="a command of a manual"),
        pytest.param("Authorization: SSWS {api_token}", id="a header of a template"),
        pytest.param("def login(user, password, token=None):\n    a, b, c = Row2, x_9, y", id="parameters"),
    ],
)
def test_what_only_speaks_of_a_secret_is_left_alone(found, text):
    assert found(text) == set()


OWN = [
    pytest.param(number, id=f"{number} {getattr(rule.judge, 'subtype', getattr(rule.judge, '__name__', ''))}")
    for number, rule in enumerate(rule for rule in Secrets.own_rules if rule not in VENDOR_RULES)
]


@pytest.mark.parametrize("number", OWN)
def test_a_rule_that_finds_nothing_is_noticed(secrets, monkeypatch, number):
    nominations = secrets._nominations
    judge = Secrets.own_rules[len(VENDOR_RULES) + number].judge
    rules = tuple(replace(rule, judge=_nothing) if rule.judge is judge else rule for rule in nominations._rules)
    monkeypatch.setattr(nominations, "_rules", rules)
    engine = Engine(
        ruleset=Ruleset.of({"version": 1, "detectors": {"secrets": {}}}),
        detectors=[secrets],
        key=b"a key made for the tests, 32 by.",
    )
    assert engine.canary() == ("secrets",)


def _nothing(_text, _low, _high):
    return iter(())


@pytest.mark.parametrize(
    "word",
    [
        "password",
        "PassWd",
        "pasword",
        "paswd",
        "passw",
        "pswrd",
        "pswod",
        "psswrd",
        "psswod",
        "paswrd",
        "pasrd",
        "passphrase",
        "pwd",
        "PASSCODE",
        "passwort",
        "kennwort",
        "contraseña",
        "contrasena",
        "secret",
        "pass",
        "_pass",
        "dbPass",
        "token",
        "api_key",
        "API-KEY",
        "apikey",
        "access_key",
        "account.key",
        "servicekey",
        "private_key",
        "privkey",
        "secret_key",
        "shared_access_key",
        "client_key",
        "encryptionkey",
        "auth_key",
        "signing_key",
        "db_key",
        "data_base_key",
        "databasekey",
        "master_key",
        "credential",
        "credentials",
    ],
)
def test_a_word_that_says_secret_is_found_wherever_its_stem_is(word):
    """What the expression of these words matches, and where, is what is found by their stems."""
    expression = re.compile(f"{STRONG}|{WEAK}", re.IGNORECASE)
    text = f"the monkey's {word} = 1; a{word}: 2, {word}{word} key of {word.upper()}, {word}\n"
    for low in range(len(text)):
        expected = [match.start() for match in expression.finditer(text, low, len(text) - low % 7)]
        assert list(words_that_say_secret(text, low, len(text) - low % 7)) == expected


def test_a_word_in_letters_that_fold_is_found_without_a_stem():
    text = "the pa\u017fsword: x, the to\u212aen"
    assert not any(stem in text for stem in STEMS)
    assert list(words_that_say_secret(text, 0, len(text))) == [text.index("pa\u017f"), text.index("to\u212a")]
