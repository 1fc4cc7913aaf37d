"""Token formats that vendors give a mark of their own and that Betterleaks leaves out, or asks more of than a prompt may hold."""

import re
from collections.abc import Iterator
from functools import partial

from governance.detection.spans import Span

from .likeness import entropy, is_identifier, is_placeholder
from .nomination import Rule, around

# (sub-type, expression): understood alike by Hyperscan and by Python. Sources: the vendors' own documentation of their tokens.
_FORMATS = (
    ("akamai-token", r"\bakab-[a-z0-9]{16}-[a-z0-9]{16}"),
    ("alibaba-access-key", r"\bLTAI[A-Za-z0-9]{12,20}\b"),
    ("artifactory-token", r"\bAKC[A-Za-z0-9]{10,80}\b"),
    ("artifactory-password", r"\bAP[\dABCDEF][A-Za-z0-9]{8,}\b"),
    ("aws-access-token", r"\b(?:A3T[A-Z0-9]|AKIA|ABIA|ACCA|ASIA)[A-Z0-9]{16}\b"),
    ("azure-client-secret", r"[a-zA-Z0-9_~.\-]{3}\dQ~[a-zA-Z0-9_~.\-]{31,34}"),
    ("azure-devops-token", r"\b[a-z2-7]{52}\b"),
    ("azure-storage-key", r"\b[A-Za-z0-9+/]{20,76}(?:JQQJ99|AZDO|\+ASt|AAAAAAA)[A-Za-z0-9+/]{4,40}={0,2}"),
    ("dependency-track-token", r"\bodt_[A-Za-z0-9]{32,255}\b"),
    ("discord-token", r"\b[MNO][A-Za-z\d_\-]{22,28}\.[A-Za-z\d_\-]{6}\.[A-Za-z\d_\-]{25,40}"),
    ("doppler-token", r"\bdp\.(?:ct|st|sa|scim|audit|pt)\.[\w.\-]{30,60}"),
    ("facebook-token", r"\bEAA[A-Za-z0-9]{30,300}"),
    ("instagram-token", r"\bIGQ[A-Za-z0-9_\-]{60,300}"),
    ("fly-token", r"\bf(?:m1[ra]|m2|o1)_[A-Za-z0-9+/=,_\-]{40,1000}"),
    ("github-token", r"\bgh[pousr]_[A-Za-z0-9]{36,251}\b"),
    ("gitlab-token", r"\b(?:gl(?:pat|dt|rt|ptt|ft|imt|agent|oas|soat|cbt)-[A-Za-z0-9_\-]{20,60}|GR1348941[A-Za-z0-9_\-]{20,60})"),
    ("google-oauth-token", r"\b(?:ya29\.[\w\-]{30,500}|1//0[\w\-]{40,200}|GOCSPX-[\w\-]{28})"),
    ("kubernetes-bootstrap-token", r"(?i)\btoken\S{0,10}\s{0,4}[\"'=: ]{1,3}[a-z0-9]{6}\.[a-z0-9]{16}\b"),
    ("new-relic-key", r"\b(?:NR(?:AK|AA|BR|II|IQ|JS|RA|SP|AL)-[A-Za-z0-9_\-]{18,48}|[a-f0-9]{36,40}NRAL|[a-z]{2}01x[a-f0-9]{30}NRAL)\b"),
    ("nuget-key", r"\boy2[a-z0-9]{43}\b"),
    ("one-password-token", r"\bops_eyJ[A-Za-z0-9_\-]{100,}"),
    ("openai-key", r"\bsk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_\-]{20,80}T3BlbkFJ[A-Za-z0-9_\-]{20,80}"),
    ("planetscale-token", r"\bpscale_(?:tkn|pw|oauth)_[\w=.\-]{30,64}"),
    ("posthog-key", r"\bph[ax]_[A-Za-z0-9]{30,60}\b"),
    ("salesforce-token", r"\b00[A-Za-z0-9]{13}![A-Za-z0-9._\-]{60,260}"),
    ("salesforce-client", r"\b3MVG[A-Za-z0-9._]{60,120}"),
    ("slack-webhook", r"https://hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/]{30,80}"),
    ("square-token", r"\bsq0(?:csp|atp|idp)-[\w\-]{22,43}"),
    ("stripe-key", r"\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,250}\b"),
    ("tavily-key", r"\btvly-(?:dev-|prod-)?[A-Za-z0-9]{32}\b"),
    ("teams-webhook", r"https://[\w.\-]{0,60}(?:outlook\.office\.com|webhook\.office\.com)/(?:webhook|webhookb2)/[\w\-@/]{30,300}"),
    ("telegram-token", r"\b\d{8,10}:AA[A-Za-z0-9_\-]{32,34}\b"),
    ("truenas-key", r"\b\d{1,3}-[A-Za-z0-9]{64}\b"),
    ("twilio-key", r"\bSK[0-9a-fA-F]{32}\b"),
    ("twitter-bearer", r"\bA{20,22}[A-Za-z0-9%]{60,120}"),
    ("json-web-token", r"\bey[IJ][A-Za-z0-9_\-]{8,2000}\.ey[IJ]?[A-Za-z0-9_\-]{8,4000}\.[A-Za-z0-9_\-/\\]{10,2000}={0,2}"),
)  # fmt: skip
# Formats that letters alone, or one word, may meet by accident.
_LOOSE = frozenset({"azure-devops-token", "artifactory-password", "artifactory-token", "facebook-token", "truenas-key", "azure-storage-key"})  # fmt: skip
_LEAST_ENTROPY, _LOOSE_ENTROPY = 2.5, 3.5
_REPEATED = re.compile(r"(.)\1{7,}")
_DIGIT = re.compile(r"\d")


def _marked(subtype: str, pattern: re.Pattern[str], text: str, low: int, high: int) -> Iterator[Span]:
    for match in pattern.finditer(text, low, high):
        if _is_random(subtype, match.group()):
            yield Span("SECRET", match.start(), match.end(), 0.8, subtype)


def _is_random(subtype: str, value: str) -> bool:
    if is_placeholder(value):
        return False
    if subtype not in _LOOSE:
        return entropy(value) >= _LEAST_ENTROPY
    return bool(
        entropy(value) >= _LOOSE_ENTROPY
        and _DIGIT.search(value)
        and not is_identifier(value)
        and not _REPEATED.search(value)
    )


_LONG = frozenset({"json-web-token"})
VENDOR_RULES = tuple(
    Rule(
        expression,
        partial(_marked, subtype, re.compile(expression)),
        around(8100 if subtype in _LONG else 1100, 4100 if subtype in _LONG else 1100),
    )
    for subtype, expression in _FORMATS
)
