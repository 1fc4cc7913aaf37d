"""Asks, from where a program runs, whether it can call models through Remit, and says what to mend. One file; nothing but Python.

    export REMIT_KEY=...          or --key-file FILE
    python3 doctor.py --gateway https://gateway.example.com [--model DESTINATION/MODEL] [--json]

Each line is a sentence. Nothing is sent to any provider, and the key is never printed.

Exit codes: 0 it works; 2 asked wrongly; 3 the gateway is not reached; 4 it is reached and cannot work now; 5 the key does not hold;
6 no model may be called, or not this one; 7 a harmless text could not be checked. Of several faults, the first counts.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import socket
import ssl
import sys
import time
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener, getproxies, proxy_bypass

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKS, WRONGLY_ASKED, NOT_REACHED, NOT_READY, NO_KEY, NO_MODEL, NOT_CHECKED = 0, 2, 3, 4, 5, 6, 7
FINE = 200  # HTTP
OK, LOOK, WRONG = "ok", "look", "wrong"
PATIENCE_S, LARGEST_ANSWER_BYTES = 30, 1024 * 1024
SKEW_S, CERTIFICATE_DAYS, KEY_DAYS = 30, 14, 7
KEY = re.compile(r"rmt_[A-Za-z0-9]{10}_[A-Za-z0-9_-]{43}")
LOCAL = {"127.0.0.1", "localhost", "::1"}
BASES = ("/openai/v1", "/openai", "/anthropic", "/gemini", "/databricks/serving-endpoints", "/databricks", "/ollama")
HARMLESS = "Say hello in one sentence."
# For each interface: the package of its official client, and where that reads its base URL.
CLIENTS = {
    "openai": ("openai", "OPENAI_BASE_URL"),
    "databricks": ("openai", "OPENAI_BASE_URL"),
    "anthropic": ("anthropic", "ANTHROPIC_BASE_URL"),
    "gemini": ("google-genai", "GOOGLE_GEMINI_BASE_URL"),
    "ollama": ("ollama", "OLLAMA_HOST"),
}


@dataclass(frozen=True)
class Line:
    """What was seen. `code` is the exit code when it is wrong; `remedy` is "" when there is nothing to do."""

    check: str
    state: str
    sentence: str
    remedy: str = ""
    code: int = WORKS


@dataclass
class Answer:
    """`status` is 0 when nobody answered; `fault` says why, and `remedy` what to do about it."""

    status: int
    body: Any = None
    date: str = ""
    fault: str = ""
    remedy: str = ""
    milliseconds: float = 0.0


class _StayHere(HTTPRedirectHandler):
    """Follows no redirect: the key would go along."""

    def redirect_request(self, *_asked: Any, **_more: Any) -> None:
        return None


@dataclass
class Doctor:
    """`address` has no path; `key` is the text of the key, "" for none."""

    address: str
    key: str = field(default="", repr=False)
    model: str = ""
    access: dict[str, Any] = field(default_factory=dict)

    def lines(self) -> Iterator[Line]:
        """Look at one thing after another, and stop at what leaves nothing to look at behind it."""
        for look in (self._way, self._reach, self._ready, self._key, self._models, self._text, self._clients):
            for line in look():
                yield line
                if line.state == WRONG:
                    return

    def _way(self) -> Iterator[Line]:
        at = urlsplit(self.address)
        if at.scheme == "http" and at.hostname not in LOCAL:
            yield Line("way", LOOK, "The address is http: the key and the texts travel readable.", "Use https.")
        proxy = getproxies().get(at.scheme)
        if proxy and not proxy_bypass(at.hostname or ""):
            remedy = f"If the gateway is not behind it, set NO_PROXY={at.hostname}."
            yield Line("way", LOOK, f"The environment sends calls through a proxy ({_host(proxy)}).", remedy)

    def _reach(self) -> Iterator[Line]:
        seen = self._ask("/healthz")
        if not seen.status:
            yield Line("reach", WRONG, seen.fault, seen.remedy, NOT_REACHED)
        elif not isinstance(seen.body, dict) or not seen.body.get("alive"):
            sentence = f"Something answers at {self.address} with status {seen.status}, and it is not the gateway."
            remedy = "Take the base URL of the page Connect, up to the first path."
            yield Line("reach", WRONG, sentence, remedy, NOT_REACHED)
        else:
            yield Line("reach", OK, f"The gateway answers at {self.address} in {seen.milliseconds:.0f} ms.")
            yield from self._certificate()
            yield from _clock(seen.date)

    def _certificate(self) -> Iterator[Line]:
        at = urlsplit(self.address)
        if at.scheme != "https" or getproxies().get("https"):
            return
        try:
            with (
                socket.create_connection((at.hostname or "", at.port or 443), PATIENCE_S) as plain,
                ssl.create_default_context().wrap_socket(plain, server_hostname=at.hostname) as secured,
            ):
                shown, version = secured.getpeercert() or {}, secured.version()
        except OSError as fault:
            yield Line("tls", LOOK, f"The certificate could not be looked at: {fault}.")
            return
        ends = ssl.cert_time_to_seconds(str(shown["notAfter"])) - time.time()
        days = int(ends // 86_400)
        state, remedy = (
            (LOOK, "Tell who runs Remit that it has to be renewed.") if days < CERTIFICATE_DAYS else (OK, "")
        )
        yield Line("tls", state, f"The connection is {version}; the certificate holds {days} more days.", remedy)

    def _ready(self) -> Iterator[Line]:
        seen = self._ask("/readyz")
        missing = sorted(name for name, ready in seen.body.items() if not ready) if isinstance(seen.body, dict) else []
        if seen.status == FINE:
            yield Line("ready", OK, "The gateway can scan, decide and record.")
        else:
            without = f" It lacks: {', '.join(missing)}." if missing else ""
            remedy = "Until it can, every call is refused. Tell who runs Remit."
            yield Line("ready", WRONG, f"The gateway cannot do its work now.{without}", remedy, NOT_READY)

    def _key(self) -> Iterator[Line]:
        wrong = _shape_of(self.key)
        if wrong:
            yield Line("key", WRONG, wrong, "Make a key on the initiative's page and set REMIT_KEY to it.", NO_KEY)
            return
        seen = self._ask("/remit/v1/access")
        if seen.status != FINE or not isinstance(seen.body, dict):
            yield Line("key", WRONG, *_refusal(seen, "The key was not accepted."), NO_KEY)
            return
        self.access = seen.body
        told = seen.body["key"]
        ends = datetime.fromisoformat(told["expires_at"])
        days = (ends - datetime.fromisoformat(seen.body["at"])).days
        sentence = f"The key {told['prefix']} speaks for {seen.body['initiative']} until {ends:%d %B %Y}."
        soon = days < KEY_DAYS
        yield Line("key", LOOK if soon else OK, sentence, "Make its successor now." if soon else "")

    def _models(self) -> Iterator[Line]:
        models, page = self.access["models"], self.access["page"]
        asked = [each for each in models if self.model in {"", each["name"]}]
        open_now = [each for each in asked if not each["stopped"]]
        for each in asked:
            trying = " It is for trying out." if each["sandbox"] else ""
            way = f"at {self.address}{each['base']} with {', '.join(each['datasets'])}"
            if each["stopped"]:
                yield Line("models", LOOK, f"{each['name']} is stopped. {each['stopped']}", "Ask security.")
            else:
                yield Line("models", OK, f"{each['name']} may be called {way}.{trying}")
        if not models:
            sentence = "The initiative may not send prompts anywhere now."
            yield Line("models", WRONG, sentence, f"Ask for it, or see what ended: {page}", NO_MODEL)
        elif not asked:
            known = ", ".join(each["name"] for each in models)
            yield Line("models", WRONG, f"{self.model} may not be called.", f"You can call: {known}.", NO_MODEL)
        elif not open_now:
            remedy = "Two people have to lift the stop; calling again does not help."
            yield Line("models", WRONG, "All of it is stopped.", remedy, NO_MODEL)
        self.model = self.model or next((each["name"] for each in open_now), "")

    def _text(self) -> Iterator[Line]:
        body = {"model": self.model, "messages": [{"role": "user", "content": HARMLESS}]}
        seen = self._ask("/remit/v1/check", body)
        if seen.status != FINE or not isinstance(seen.body, dict):
            yield Line("text", WRONG, *_refusal(seen, "A harmless text could not be checked."), NOT_CHECKED)
        elif seen.body["verdict"] != "allow":
            said = " ".join(seen.body["sentences"])
            yield Line("text", LOOK, f"A harmless text would not pass as it is: {said}", "See the page Connect.")
        else:
            sentence = f"A harmless text toward {self.model} was checked in {seen.milliseconds:.0f} ms and would pass."
            yield Line("text", OK, sentence)

    def _clients(self) -> Iterator[Line]:
        known = [each for each in self.access["models"] if each["interface"] in CLIENTS]
        bases = {CLIENTS[each["interface"]]: each["base"] for each in known}
        for (package, variable), base in bases.items():
            version, set_to = _version(package), os.environ.get(variable, "")
            if version:
                yield Line("clients", OK, f"{package} {version} is installed here.")
            else:
                yield Line("clients", LOOK, f"{package} is not installed here.", f"If needed: pip install {package}")
            if set_to and not set_to.startswith(self.address):
                sentence = f"{variable} points to {_host(set_to)}: a program that reads it goes past Remit."
                yield Line("clients", LOOK, sentence, f"Set it to {self.address}{base}.")

    def _ask(self, path: str, body: dict[str, Any] | None = None) -> Answer:
        headers = {"Content-Type": "application/json"}
        if path.startswith("/remit/"):
            headers["Authorization"] = f"Bearer {self.key}"
        data = json.dumps(body).encode() if body is not None else None
        began = time.monotonic()
        try:
            request = Request(self.address + path, data, headers)  # noqa: S310 - http and https alone: see address_of
            with build_opener(_StayHere).open(request, timeout=PATIENCE_S) as reply:
                seen = Answer(reply.status, reply.read(LARGEST_ANSWER_BYTES), reply.headers.get("Date", ""))
        except HTTPError as refused:
            seen = Answer(refused.code, refused.read(LARGEST_ANSWER_BYTES), refused.headers.get("Date", ""))
        except (URLError, OSError, HTTPException) as broken:
            return Answer(0, None, "", *_why(self.address, getattr(broken, "reason", broken)))
        seen.milliseconds = (time.monotonic() - began) * 1000
        try:
            seen.body = json.loads(seen.body)
        except ValueError:
            seen.body = None
        return seen


def _why(address: str, broken: Any) -> tuple[str, str]:
    """Return why nobody answered, and what to do."""
    host = urlsplit(address).hostname
    if isinstance(broken, ssl.SSLCertVerificationError):
        remedy = "Point SSL_CERT_FILE to your organisation's certificates; do not switch the check off."
        return f"The certificate of {host} is not trusted here: {broken.verify_message}.", remedy
    if isinstance(broken, ssl.SSLError):
        return f"{host} does not speak TLS there.", "Look at the address: is it https, and the right port?"
    if isinstance(broken, socket.gaierror):
        return f"The name {host} is not known here.", "Look at the address, and at the network you are in."
    if isinstance(broken, (socket.timeout, TimeoutError)):
        return f"{host} did not answer within {PATIENCE_S} seconds.", "A firewall may be between: ask who runs Remit."
    if isinstance(broken, ConnectionRefusedError):
        return f"Nothing listens at {address}.", "Look at the port, and whether Remit runs."
    return f"{address} is not reached: {broken}.", "Look at the address, and at the network you are in."


def _clock(date: str) -> Iterator[Line]:
    try:
        apart = (datetime.now(timezone.utc) - parsedate_to_datetime(date)).total_seconds()  # noqa: UP017 - older Pythons run this file
    except (TypeError, ValueError):
        return
    if abs(apart) > SKEW_S:
        way = "ahead of" if apart > 0 else "behind"
        remedy = "Set this machine's clock: by it, keys and grants seem to end at other times."
        yield Line("clock", LOOK, f"The clock here is {abs(apart):.0f} seconds {way} the gateway's.", remedy)
    else:
        yield Line("clock", OK, "The clocks agree.")


def _shape_of(key: str) -> str:
    """Return what is wrong with a key as it is written, "" when nothing is. The key is not in what is returned."""
    if not key:
        return "There is no key."
    if key != key.strip() or len(key.split()) != 1:
        return "The key has white space in it."
    if not KEY.fullmatch(key):
        return "What is given as the key is none of Remit's: those begin with rmt_."
    return ""


def _refusal(seen: Answer, otherwise: str) -> tuple[str, str]:
    """Return the gateway's own sentence and remedy of a refusal."""
    error = seen.body.get("error") if isinstance(seen.body, dict) else None
    if not isinstance(error, dict):
        return seen.fault or f"{otherwise} Status {seen.status}.", seen.remedy or "Try again in a moment."
    return f"{otherwise} {error.get('message', '')}".strip(), str(error.get("remedy") or "Try again in a moment.")


def _host(url: str) -> str:
    """Return the machine an address names: the rest of it may hold a secret."""
    return urlsplit(url if "//" in url else f"//{url}").hostname or "elsewhere"


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def address_of(given: str) -> str:
    """Return the gateway's address without a path. Raises ValueError for what is none."""
    here = (urlsplit(f"//{given}").hostname or "") in LOCAL
    at = urlsplit(given if "://" in given else f"{'http' if here else 'https'}://{given}")
    if at.scheme not in {"http", "https"} or not at.hostname or at.port == 0 or at.username or at.query:
        raise ValueError(given)
    path = next(
        (at.path.rstrip("/").removesuffix(base) for base in BASES if at.path.rstrip("/").endswith(base)), at.path
    )
    return f"{at.scheme}://{at.netloc}{path.rstrip('/')}"


def main(arguments: list[str] | None = None) -> int:
    """Run the doctor as a command and return its exit code."""
    parser = _parser()
    told = parser.parse_args(arguments)
    if not told.gateway:
        parser.error("--gateway says where the gateway is; REMIT_GATEWAY in the environment does, too")
    try:
        key = Path(told.key_file).read_text().strip() if told.key_file else os.environ.get("REMIT_KEY", "")
    except (OSError, UnicodeDecodeError):
        parser.error(f"{told.key_file} cannot be read")
    lines: list[Line] = []
    for line in Doctor(told.gateway, key, told.model).lines():
        lines.append(line)
        if not told.json:
            sys.stdout.write(f"{line.state:<6}{line.sentence} {line.remedy}".rstrip() + "\n")
            sys.stdout.flush()
    if told.json:
        sys.stdout.write(json.dumps([asdict(line) for line in lines], indent=2) + "\n")
    return next((line.code for line in lines if line.state == WRONG), WORKS)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "doctor", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--gateway", type=_address, default=os.environ.get("REMIT_GATEWAY"), help="the gateway's address"
    )
    parser.add_argument("--key-file", help="a file with the key in it; else REMIT_KEY of the environment")
    parser.add_argument("--model", default="", help="destination/model that must be callable")
    parser.add_argument("--json", action="store_true", help="the lines as JSON")
    return parser


def _address(given: str) -> str:
    try:
        return address_of(given)
    except ValueError:
        raise argparse.ArgumentTypeError(
            "it must be the gateway's address, such as https://gateway.example.com"
        ) from None


if __name__ == "__main__":
    sys.exit(main())
