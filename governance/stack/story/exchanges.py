"""The prompts of the story, really sent through the running gateway once it is ready: one for every kind of verdict.

Everything in them is synthetic; the card number is a test number, the key opens nothing.
"""

import json
import sys
import time
from contextlib import suppress
from datetime import timedelta
from urllib.error import HTTPError, URLError
from urllib.request import Request

from governance.client.reviews import ReportRefused, report_review
from governance.core.clock import now
from governance.destinations.rules import Dialect
from governance.gateway.first_call import FIRST_CALLS
from governance.stack.places import State
from governance.stack.ready import ASK
from governance.stack.story.own_texts import CORRESPONDENCE, PASTED, ROWS
from governance.stack.story.titles import CODE, LETTERS

PATIENCE_S = 30
TRIES, LONGEST_PAUSE_S = 12, 5
LEAVES_AFTER_S = 8
NOT_REAL = "AKIA" + "Q3EGUVW7XK2ZLM5N"  # in two pieces, so that nobody's scanner takes this file for a leak

DATA, RUN, PARENT = "X-Remit-Datasets", "X-Remit-Run", "X-Remit-Parent-Run"
ELSEWHERE = [  # what the developers' assistant asks of models that speak other interfaces
    (Dialect.ANTHROPIC, "quillon/quillon-writer", "Name three ways to undo a commit that is not pushed yet."),
    (Dialect.ANTHROPIC, "quillon/quillon-writer", "COMPANY CONFIDENTIAL\nWhat does the header of this file mean?"),
    (Dialect.OLLAMA, "datacentre/alder-8b", "Ask jonas.frei@example.com in one line to review the parser."),
]
PROMPTS = [  # initiative, the data it names ("": what staff type), what is typed
    (CODE, "", "Explain what `git rebase --onto` does, in three sentences."),
    (CODE, "", "Write a unit test for a function that rounds amounts to five cents."),
    (CODE, "", f"Why does this fail? client = connect(access_key='{NOT_REAL}', region='eu-central-2')"),
    (CODE, "", "COMPANY CONFIDENTIAL\nShorten this note about next year's tariffs to two lines."),
    (
        LETTERS,
        CORRESPONDENCE,
        "Draft a friendly answer to somebody who asks how long a claim about a broken window takes.",
    ),
    (
        LETTERS,
        CORRESPONDENCE,
        "Answer Ms Anna Keller, anna.keller@example.com, +41 44 668 18 00: we pay to CH93 0076 2011 6238 5295 7.",
    ),
    (LETTERS, CORRESPONDENCE, "Summarise: the customer paid with card 4111 1111 1111 1111 and wants the excess back."),
    (LETTERS, CORRESPONDENCE, f"Thank {ROWS[1][0]}, {ROWS[1][1]}, for the photographs of a damaged roof."),
    (LETTERS, "", f"The letter program prints a wrong price. Where is the mistake?\n\n{PASTED}"),
    (LETTERS, "", "RESTRICTED\nSort these findings of the medical adviser by how urgent they are."),
]

STEPS = [  # what an agent of the developers works on in runs: the run, the run that began it, what it asks
    ("parser-4711", "", "Plan in three steps how to test a parser of dates."),
    ("parser-4711.tests", "parser-4711", "Write one test for the last day of February."),
    ("parser-4711.tests", "", "Name the boundary between two months that is most often wrong."),
    ("parser-4711.notes", "parser-4711", "Write one line for the changelog: dates are parsed more strictly."),
    ("parser-4711.once-more", "parser-4711.tests", "Write the same test once more."),  # deeper than its remit allows
]

OVERNIGHT = [  # what the developers' assistant asks in one batch, and reads the answers of
    "Write one line for the changelog: the date of a release is checked.",
    "Write one line for the changelog: jonas.frei@example.com may review the parser.",
    "Write one line for the changelog: months are counted from one.",
]

NOTE = "note-on-the-parser.txt"  # a file that the developers' assistant asks about
NOTED = "The parser of dates takes 30 February for the first of March. Write to jonas.frei@example.com before it is changed."

PUSH = "The test passes now: call push_branch with the fix of the parser of dates."  # which a builder must confirm

LOOKS = [
    ("accepted", 48),
    ("edited", 131),
    ("accepted", 4),
]  # what the clerk did with the letters, and for how many seconds
CLERK = "m.brunner"


def send_prompts(state: State) -> None:
    """Send each prompt once, ever; what is refused is part of the story. A gateway that cannot answer is tried next time."""
    mark = state.folder / "demo.sent"
    if mark.exists():
        return
    told = json.loads(state.demo.read_text())
    keys = {key["title"]: key for key in told["keys"]}
    looks = list(LOOKS)
    usual = [(title, {DATA: data}, Dialect.OPENAI, keys[title]["model"], text) for title, data, text in PROMPTS]
    elsewhere = [(CODE, {DATA: ""}, *each) for each in ELSEWHERE]
    steps = [(CODE, {RUN: run, PARENT: by}, Dialect.OPENAI, keys[CODE]["model"], text) for run, by, text in STEPS]
    for title, more, dialect, model, text in [*usual, *elsewhere, *steps]:
        call = FIRST_CALLS[dialect]
        body = json.dumps(call.asked(model, text)).encode()
        headers = {"Authorization": f"Bearer {keys[title]['key']}", "Content-Type": "application/json"}
        headers |= {name: value for name, value in more.items() if value}
        sent = _sent(Request(told["gateway"] + call.address(model), data=body, headers=headers))  # noqa: S310 - our own gateway
        if sent is None:
            sys.stdout.write("The demo's prompts wait for the next start: the gateway could not check them.\n")
            return
        if sent and title == LETTERS and looks:
            _look(told["gateway"], keys[title]["key"], sent, *looks.pop(0))
    _hand_over(told["gateway"], keys[CODE])
    _ask_of_a_file(told["gateway"], keys[CODE])
    _ask_to_push(told["gateway"], keys[CODE])
    mark.touch()


def _hand_over(gateway: str, key: dict[str, str]) -> None:
    """Begin a batch, ask how it stands and read its answers, as a program does that comes back in the morning."""
    model, call = ELSEWHERE[0][1], FIRST_CALLS[Dialect.ANTHROPIC]
    records = [{"custom_id": f"line-{n}", "params": call.asked(model, text)} for n, text in enumerate(OVERNIGHT, 1)]
    address = f"{gateway}{call.address(model)}/batches"
    headers = {"Authorization": f"Bearer {key['key']}", "Content-Type": "application/json"}
    begun = Request(address, data=json.dumps({"requests": records}).encode(), headers=headers)  # noqa: S310 - our own gateway
    with suppress(URLError, OSError, ValueError, KeyError):
        with ASK.open(begun, timeout=PATIENCE_S) as reply:
            batch = f"{address}/{json.load(reply)['id']}"
        for each in (batch, f"{batch}/results"):
            with ASK.open(Request(each, headers=headers), timeout=PATIENCE_S) as reply:  # noqa: S310 - our own gateway
                reply.read()


def _ask_of_a_file(gateway: str, key: dict[str, str]) -> None:
    """Hand over a letter as a file, and ask about it: it leaves inside the message that names it."""
    model, call, edge = ELSEWHERE[0][1], FIRST_CALLS[Dialect.ANTHROPIC], "remit-demo"
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{NOTE}"\r\nContent-Type: text/plain\r\n\r\n'
    form = f"{head}{NOTED}\r\n--{edge}--\r\n".encode()
    bearer = {"Authorization": f"Bearer {key['key']}"}
    kind, address = {"Content-Type": f"multipart/form-data; boundary={edge}"}, f"{gateway}/anthropic/v1/files"
    with suppress(URLError, OSError, ValueError, KeyError):
        with ASK.open(Request(address, data=form, headers=bearer | kind), timeout=PATIENCE_S) as reply:  # noqa: S310 - our own gateway
            source = {"type": "file", "file_id": json.load(reply)["id"]}
        asked = call.asked(model, "")
        words = {"type": "text", "text": "Who should look at this first?"}
        asked["messages"] = [{"role": "user", "content": [{"type": "document", "source": source}, words]}]
        headers = bearer | {"Content-Type": "application/json"}
        _sent(Request(gateway + call.address(model), data=json.dumps(asked).encode(), headers=headers))  # noqa: S310 - our own gateway


def _ask_to_push(gateway: str, key: dict[str, str]) -> None:
    """Send what a person must confirm, and do not wait for anybody: whoever opens the demo finds it waiting."""
    tools = [{"type": "function", "function": {"name": name}} for name in ("run_tests", "push_branch")]
    call = FIRST_CALLS[Dialect.OPENAI]
    body = json.dumps(call.asked(key["model"], PUSH) | {"tools": tools}).encode()
    headers = {"Authorization": f"Bearer {key['key']}", "Content-Type": "application/json", RUN: STEPS[0][0]}
    asked = Request(gateway + call.address(key["model"]), data=body, headers=headers)  # noqa: S310 - our own gateway
    with suppress(URLError, OSError):
        ASK.open(asked, timeout=LEAVES_AFTER_S).close()


def _look(gateway: str, key: str, exchange: str, outcome: str, seconds: int) -> None:
    """Report what the clerk did with a letter, as the program of the story does."""
    shown = now()  # the clerk of a story looks in the future, by less than clocks may differ
    decided = shown + timedelta(seconds=seconds)
    try:
        report_review(
            gateway, key, exchange=exchange, outcome=outcome, shown_at=shown, decided_at=decided, reviewer=CLERK
        )
    except ReportRefused as refused:
        sys.stdout.write(f"A look of the demo was not written down: {refused}\n")


def _sent(asked: Request) -> str | None:
    """Send until it was checked; return the exchange that was answered, "" for a refusal, None when nothing could be checked."""
    for attempt in range(TRIES):
        if (exchange := _send(asked)) is not None:
            return exchange
        time.sleep(min(attempt, LONGEST_PAUSE_S))
    return None


def _send(asked: Request) -> str | None:
    try:
        with ASK.open(asked, timeout=PATIENCE_S) as reply:
            return str(reply.headers.get("x-remit-exchange", ""))
    except HTTPError as refused:
        return "" if refused.code < 500 else None  # noqa: PLR2004 - HTTP: from here on it could not be checked
    except (URLError, OSError):
        return None
