"""Secrets are found in every disguise; code that only speaks of secrets is left alone. Every value is made up for these tests."""

import base64
import json

import pytest

from governance.detection.detector import Budget
from governance.detection.document import Document
from governance.detection.engine import Engine
from governance.detection.ruleset import Ruleset

TOKEN = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"
PHRASE = "Tr0ub4dor-and-3-Staples"
KEY_BLOCK = (
    "-----BEGIN " + "PRIVATE KEY-----\n" + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC" * 4 + "\n-----END " + "PRIVATE KEY-----"
)


@pytest.fixture(scope="module")
def found():
    engine = Engine.load(
        Ruleset.of({"version": 1, "detectors": {"secrets": {}}}), key=b"a key made for the tests, 32 by."
    )

    def look(*texts):
        report = engine.scan(Document.of({f"part[{n}]": text for n, text in enumerate(texts)}), deadline=30)
        assert report.complete
        return [(f.path, f.start, f.end) for f in report.findings if f.type == "SECRET"]

    return look


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param(f"export GITHUB_TOKEN={TOKEN}", TOKEN, id="a token of a known service"),
        pytest.param(f'password = "{PHRASE}"', PHRASE, id="an assignment"),
        pytest.param(
            """if (apikey === "m{{h}o)p${e]nob<dy[%") {""", "m{{h}o)p${e]nob<dy[%", id="one that looks like a template"
        ),
        pytest.param(f"DB_PASS={PHRASE}", PHRASE, id="an environment file"),
        pytest.param(f"password: {PHRASE}\nhost: db", PHRASE, id="YAML"),
        pytest.param(f'{{"clientSecret": "{PHRASE}"}}', PHRASE, id="JSON"),
        pytest.param(f"postgresql://app:{PHRASE}@db.example:5432/orders", PHRASE, id="a connection string"),
        pytest.param(f"Server=db;User Id=app;Password={PHRASE};", PHRASE, id="an ADO connection string"),
        pytest.param(f"curl -u deploy:{PHRASE} https://example.org", PHRASE, id="a command line"),
        pytest.param(f"machine git.example login ci password {PHRASE}", PHRASE, id="netrc"),
        pytest.param(f"db.example:5432:orders:app:{PHRASE}", PHRASE, id="pgpass"),
        pytest.param(f"<Pass>{PHRASE}</Pass>", PHRASE, id="XML"),
        pytest.param(f"CREATE USER app IDENTIFIED BY '{PHRASE}'", PHRASE, id="SQL"),
        pytest.param(f"his password is {PHRASE} by the way", PHRASE, id="said in a sentence"),
        pytest.param(KEY_BLOCK, KEY_BLOCK, id="a private key"),
        pytest.param(f"new DirectoryEntry(uri,\n  'admin',\n  '{PHRASE}')", PHRASE, id="the argument of a call"),
        pytest.param(f'if ("{PHRASE}" == password) {{', PHRASE, id="a comparison the other way round"),
        pytest.param("passwd := m{{h}o)p${e]nob<dy[%}}`", "m{{h}o)p${e]nob<dy[%}}", id="signs without quotes"),
        pytest.param(f'var apiToken string = "{TOKEN[4:]}"', TOKEN[4:], id="a name with its type"),
        pytest.param(f"<apiToken>\n  {PHRASE}\n</apiToken>", PHRASE, id="an element over three lines"),
        pytest.param("SMTP_PASS=quietharbour", "quietharbour", id="a word in a file of settings"),
        pytest.param("Server=db;Port=5432;Pwd=quietharbour;", "quietharbour", id="a word in a connection string"),
        pytest.param("secret: .Qx8Q~" + "a1B2c3D4e5" * 3 + "f", "a1B2c3D4e5", id="half of a pair, without the other"),
    ],
)
def test_a_secret_is_found_in_its_place(found, text, value):
    low, high = text.index(value), text.index(value) + len(value)
    assert any(start < high and low < end for _, start, end in found(text))


BYPASSES = {
    "NUL byte before it": lambda line: "\x00" + line,
    "NUL byte in front of the value": lambda line: line.replace("=", "=\x00"),
    "gitleaks:allow on the line": lambda line: f"{line} # gitleaks:allow",
    "betterleaks:allow on the line": lambda line: f"{line} # betterleaks:allow",
    "base64": lambda line: base64.b64encode(line.encode()).decode(),
    "escaped as JSON": lambda line: json.dumps(json.dumps({"env": line})),
    "escaped letters": lambda line: "".join(f"\\u{ord(c):04x}" for c in line),
    "URL encoding": lambda line: "".join(f"%{byte:02x}" for byte in line.encode()),
    "hex": lambda line: line.encode().hex(),
    "zero-width characters": "\u200b".join,
    "a zero-width character in the value": lambda line: line[:-6] + "\u200d" + line[-6:],
    "curly quotes": lambda line: line.replace('"', "\u201d"),
    "a lone surrogate": lambda line: line[:-6] + "\ud83d" + line[-6:],
    "a lone surrogate before it": lambda line: "\udfff" + line,
}
LINES = {"token": f'token = "{TOKEN}"', "password": f'password="{PHRASE}"', "token alone": f"x={TOKEN} y"}


@pytest.mark.parametrize("line", [pytest.param(line, id=name) for name, line in LINES.items()])
@pytest.mark.parametrize("bypass", [pytest.param(change, id=name) for name, change in BYPASSES.items()])
def test_a_disguise_hides_no_secret(found, line, bypass):
    assert found(bypass(line))


def test_every_hit_is_reported_and_not_the_first(found):
    text = "\n".join(f"key{n} = {TOKEN}" for n in range(5))
    assert len(found(text)) == 5


def test_a_value_split_over_two_messages_is_found_in_both(found):
    assert {path for path, _, _ in found(f"first half {TOKEN[:20]}", f"{TOKEN[20:]} second half")} == {
        "part[0]",
        "part[1]",
    }


def test_a_value_is_a_secret_for_the_key_it_stands_under():
    engine = Engine.load(
        Ruleset.of({"version": 1, "detectors": {"secrets": {}}}), key=b"a key made for the tests, 32 by."
    )
    report = engine.scan(Document.of({"arguments.db_password": PHRASE, "arguments.title": PHRASE}), deadline=30)
    assert [(f.path, f.start, f.end) for f in report.findings] == [("arguments.db_password", 0, len(PHRASE))]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('password = os.environ["DB_PASSWORD"]', id="read from the environment"),
        pytest.param("password = get_password(user)", id="a call"),
        pytest.param("self.token = token", id="a variable"),
        pytest.param("password: str", id="a type"),
        pytest.param('password = "changeme"', id="a placeholder"),
        pytest.param("api_key: ${API_KEY}", id="a template"),
        pytest.param("Authorization: Bearer ****", id="masked"),
        pytest.param('"password": "Enter your password"', id="a label"),
        pytest.param("token_type = 'bearer'", id="a kind of token"),
        pytest.param("commit 3b18e512dba79e4c8300dd08aeb37f8e728b8dad", id="a commit"),
        pytest.param("CLASS_OF_TOKEN: Ed25519PrivateKey | None = None", id="an annotation"),
        pytest.param('login("user", "password", "encoding")', id="names in a list"),
        pytest.param("def connect(user: str, password: bytes | str, host: str): ...", id="parameters"),
        pytest.param("postgresql://scott:tiger@localhost/app", id="the example of a manual"),
        pytest.param('password = password.encode("latin1")', id="an encoding"),
        pytest.param('self.secret = conf.get("s3_secret_access_key")', id="the name of a setting"),
        pytest.param('_token_re = re.compile(rb"[-!#$%&*+.^_`|~0-9a-zA-Z]+")', id="a regular expression"),
        pytest.param("if password is MISSING:\n    if secret == TOKEN_LENGTH:", id="a comparison with a constant"),
        pytest.param(
            '"keep_old_secret_active_for_24_hours": keep_old_secret_active_for_24_hours,',
            id="a parameter with a number",
        ),
        pytest.param('identified by the "software_id" of its secret', id="a name in a sentence"),
        pytest.param("public_key: CertificateIssuerPublicKeyTypes,  # alibaba_secret", id="the name of a class"),
        pytest.param('"refresh_token":"tGzv3JOkF0XG5Qx2TlKWIA"', id="the example of a standard"),
        pytest.param('"/compass": "\\u263C", "/secretcircle": "\\u3299"', id="a letter written as an escape"),
        pytest.param("How do I reset my password? The reset link has expired.", id="a question about passwords"),
    ],
)
def test_text_about_secrets_is_not_a_secret(found, text):
    assert found(text) == []


def test_a_user_named_beside_a_password_is_not_reported_in_every_word(found):
    text = f"user = 'klem'\npasswd = '{PHRASE}'\nklemens = userinfo(user)\n"
    assert {text[start:end] for _, start, end in found(text)} == {PHRASE}


def test_a_password_found_once_is_found_where_it_is_said_in_passing(found):
    text = f"password = '{PHRASE}'\nWe changed it last week to {PHRASE}, did we not?"
    assert [text[start:end] for _, start, end in found(text)] == [PHRASE, PHRASE]


def test_a_megabyte_is_scanned_in_parts_and_wholly():
    from governance.detection.secrets import Secrets

    text = "plain words, nothing else here\n" * 40_000 + f"token = {TOKEN}\n"
    (spans,) = Secrets().find([text], Budget.of(60))
    assert [text[s.start : s.end] for s in spans] == [TOKEN]
