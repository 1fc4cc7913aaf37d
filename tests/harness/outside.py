"""What stands outside: a mail server, a receiver of webhooks, a place of answers; real ones on loopback that answer as a test tells them."""

import json
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

TAKEN = "250 taken"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@dataclass
class MailServer:
    """`answers` are given one after the other to RCPT TO, then everything is taken. `logins` is what clients signed in with."""

    answers: list[str] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    options: dict = field(default_factory=dict)
    port: int = field(default_factory=_free_port)

    def start(self) -> None:
        self._controller = Controller(
            self, hostname="127.0.0.1", port=self.port, authenticator=self._signed_in, **self.options
        )
        self._controller.start()

    def stop(self) -> None:
        with suppress(AssertionError):  # it was stopped before
            self._controller.stop()

    @property
    def address(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802, ARG002 - the library's form
        answer = self.answers.pop(0) if self.answers else TAKEN
        if answer == TAKEN:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802, ARG002 - the library's form
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return TAKEN

    def _signed_in(self, *asked):
        data = asked[-1]
        self.logins.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=data.password == b"right")


@dataclass
class Received:
    headers: dict[str, str]
    body: str


class Listening:
    """Answers HTTP on a port of its own; `_handler` says how."""

    def start(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"


@dataclass
class Receiver(Listening):
    """`statuses` are answered one after the other, then 204. `headers` go with every answer."""

    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    calls: list[Received] = field(default_factory=list)
    before_answer: Callable[[], None] = lambda: None

    @property
    def url(self) -> str:
        return f"{self.address}/hook"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                receiver.calls.append(Received({name.lower(): value for name, value in self.headers.items()}, body))
                receiver.before_answer()
                self.send_response(receiver.statuses.pop(0) if receiver.statuses else 204)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_arguments) -> None:
                """Tests print what matters to them."""

        return Handler


@dataclass
class Answerer(Listening):
    """What a program or a page asks over HTTP. `answers` is path -> (status, headers, what is written as JSON), else 404."""

    answers: dict[str, tuple[int, dict[str, str], object]] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, str], object]] = field(default_factory=list)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        place = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                place.calls.append((self.path, headers, json.loads(body) if body else None))
                status, told, said = place.answers.get(self.path, (404, {}, {}))
                self.send_response_only(status)
                for name, value in ({"Date": self.date_time_string()} | told).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(json.dumps(said).encode())

            do_POST = do_GET  # noqa: N815 - the library's form

            def log_message(self, *_arguments) -> None:
                """Tests print what matters to them."""

        return Handler


@pytest.fixture
def answerer():
    server = Answerer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def mail_server():
    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def receiver():
    server = Receiver()
    server.start()
    yield server
    server.stop()
