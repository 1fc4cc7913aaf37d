"""Every format of a vendor that we know is found without a word around it that says what it is; a manual's example is not.

The values are made here, of letters that a seed draws: none was ever issued.
"""

import random
import re
import string

import pytest

from governance.detection.document import Document
from governance.detection.engine import Engine
from governance.detection.ruleset import Ruleset

LETTERS = {
    "a": string.ascii_letters + string.digits,
    "h": "0123456789abcdef",
    "u": string.ascii_uppercase + string.digits,
    "l": string.ascii_lowercase + string.digits,
    "d": string.digits,
    "w": string.ascii_letters + string.digits + "-_",
    "s": string.ascii_letters + string.digits + "+/",
    "t": string.ascii_uppercase + "234567",
}
UUID = "{h8}-{h4}-{h4}-{h4}-{h12}"
FORMATS = {
    "Cloudflare": "cfat_{a40}{h8}",
    "Mailchimp": "{h32}-us{d2}",
    "Notion": "ntn_{d11}{a35}",
    "Notion of old": "secret_{a43}",
    "a webhook's secret": "whsec_{a32}",
    "Sourcegraph": "sgp_{h16}_{h40}",
    "Discord": "https://discord.com/api/webhooks/{d18}/{w68}",
    "Heroku": "HRKU-" + UUID,
    "NATS": "SU{t56}",
    "Mapbox": "sk.eyJ{w60}.{w22}",
    "ThingsBoard": "https://thingsboard.cloud/api/v1/{l20}/telemetry",
    "an app of GitHub": "ghs_{d8}_eyJ{w60}.eyJ{w120}.{w80}",
    "Sentry": "sntrys_eyJ{w90}_{a43}",
    "Mailgun": "key-{h32}",
    "Contentful": "CFPAT-{w42}a",
    "Bitbucket": "ATBB{a32}",
    "Atlassian": "ATCTT3xFfGF0{w170}={u8}",
    "Tailscale": "tskey-auth-{a12}CNTRL-{a32}",
    "Resend": "re_{a8}_{a24}",
    "ElevenLabs": "sk_{h48}",
    "Fireworks": "fw_{a24}",
    "LangSmith": "lsv2_pt_{h32}_{h10}",
    "Jina": "jina_{h32}{a28}",
    "Voyage": "pa-{w42}a",
    "DeepSeek": "sk-{h32}",
    "a service account of OpenAI": "sk-svcacct-{w60}",
    "Netlify": "nfp_{a36}",
    "crates.io": "cio{a32}",
    "HubSpot": "pat-na1-" + UUID,
    "Dropbox": "sl.{w136}",
    "Adafruit": "aio_{a28}",
    "Snyk": "snyk_uat.{h8}.{w60}",
    "CircleCI": "CCIPRJ_{a22}_{h40}",
    "Airtable": "pat{a14}.{h64}",
    "Asana": "2/{d16}/{d16}:{h32}",
    "Typeform": "tfp_{w44}_{a14}",
    "Flutterwave": "FLWSECK-{h32}-X",
    "Razorpay": "rzp_live_{a14}",
    "Lob": "live_{h35}",
    "Databento": "db-{a29}",
    "Azure's AI services": "{a52}JQQJ99BJAC{a6}AAAAAXJ3w3AAA{a5}",
    "a shared access signature": "https://acct.blob.example/c?sv=2022-11-02&sr=c&sp=rl&sig={s43}%3D",
    "Amazon MWS": "amzn.mws." + UUID,
    "Amazon Bedrock": "ABSK{s108}=",
    "Tencent": "AKID{a32}",
    "Yandex": "t1.{a7}.{w86}",
    "VK": "vk1.a.{w180}",
    "Plaid": "access-production-" + UUID,
    "PayPal": "access_token$production${l16}${h32}",
    "Checkout": "sk_sbox_{l26}",
    "Adyen": "AQE{s80}-{s44}=-{s16}",
    "Lark": "https://open.larksuite.com/open-apis/bot/v2/hook/" + UUID,
    "Zapier": "https://hooks.zapier.com/hooks/catch/{d7}/{l7}/",
    "IFTTT": "https://maker.ifttt.com/trigger/x/with/key/{w43}",
    "ngrok": "2{a26}_{a21}",
    "LaunchDarkly": "sdk-" + UUID,
    "Modal": "as-{a22}",
    "E2B": "e2b_{h40}",
    "Firecrawl": "fc-{h32}",
    "Cursor": "crsr_{h64}",
    "Warp": "wk-{h64}",
    "Context7": "ctx7sk-" + UUID,
    "an Ed25519 key without its frame": "MC4CAQAwBQYDK2VwBCIEI{s43}",
    "an elliptic key without its frame": "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg{s100}",
    "an elliptic key of SEC 1": "MHcCAQEEI{s140}",
    "a key of RSA with 1,024 bits": "MIICXAIBAAKBgQC{s200}",
    "a key of RSA as lines of a program": '     +   "MIIBVgIBADANBgkqhkiG9w0BAQEFAASCAUAw{s28}\\n"\n      +   "{s64}\\n"',
    "a constant of C": '#define API_TOKEN "{a32}"',
    "a macro of RPM": "%define token {h64}",
    "a token in a path": "https://api.example.com/verify/token/{a44}",
    "a password behind its user": "psexec \\\\srv1 -u admin -p Kx9{a5}77 cmd.exe",
    "a share of Windows": "net use Z: \\\\srv\\share Kx9{a5}77 /user:dom\\ann",
    "a salt of WordPress": "define( 'AUTH_KEY', 'MW1pxMctoyA(>M%0Vl 2(#o0|2$cB+K|.G$hB~4`{a24}');",
    "a password file of Apache": "ann:$apr1${a8}${a22}",
    "a password of Django": "pbkdf2_sha256$600000${a22}${s43}=",
    "a hash of Windows": "aad3b435b51404eeaad3b435b51404ee:{h32}",
    "a session's cookie": "Cookie: sessionid={l32}; theme=dark",
    "a client of Google's": "194206074328-{l32}.apps.googleusercontent.com\n\n{w24}\n",
    "a key in bytes": "static const uint8_t aes_key[16] = {0x35, 0x34, 0x65, 0x9b, 0x1c, 0x2e, 0x13, 0x08, 0x21, 0x1b, 0x23, 0x01, 0x99, 0xfe, 0x02, 0x77};",
    "a password that reads as words": "<Pass>ExamplePas123</Pass>",
}  # fmt: skip
HARMLESS = (
    '#define PASSWORD_LENGTH "sixteen characters"',
    "#define TOKEN_TYPE bearer",
    "define('AUTH_KEY', 'put your unique phrase here');",
    "static const int keyboard[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17};",
    "docker run -u 1000 -p 8080:80 image",
    "ssh -u ann -p 2222 host",
    "https://docs.example.com/token/how-to-rotate-your-tokens-safely",
    "Cookie: sessionid=<your session>; theme=dark",
    "The key-value store keeps db-connections-per-instance-and-region.",
    "max_tokens = 4096\nnext_page_token: none",
    "re_compile_expression_helper, re_match_everything_there_is",
    "whsec_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "sk-your-api-key-goes-here-and-nowhere-else",
    "patience, pat-a-cake and live_updates_are_on_for_everybody",
)


def made(format_: str) -> str:
    dice = random.Random(format_)

    def drawn(match: re.Match[str]) -> str:
        return "".join(dice.choice(LETTERS[match[1]]) for _ in range(int(match[2])))

    return re.sub(r"\{([ahuldwst])(\d+)\}", drawn, format_)


@pytest.fixture(scope="module")
def found():
    engine = Engine.load(
        Ruleset.of({"version": 1, "detectors": {"secrets": {}}}), key=b"a key made for the tests, 32 by."
    )

    def look(text):
        report = engine.scan(Document.of({"text": text}), deadline=30)
        assert report.complete
        return [text[f.start : f.end] for f in report.findings if f.type == "SECRET"]

    return look


@pytest.mark.parametrize("name", FORMATS)
def test_a_token_is_known_by_its_form(found, name):
    assert found(f"Please look at this for me:\n{made(FORMATS[name])}\nThanks, and tell me why it fails.")


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_resembles_a_token_is_left_alone(found, text):
    assert found(text) == []
