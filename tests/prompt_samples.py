"""Values for the pure tests of the gateway. Everything here is synthetic."""

from uuid import UUID

from governance.detection.receipt import Receipt, Run, State
from governance.detection.report import Report
from governance.detection.spans import Finding
from governance.gateway.access import Offer
from governance.gateway.dialects.openai.chat import CHAT
from governance.gateway.dialects.prompt import Prompt
from governance.remits.runs import USUAL_CAPS

RULESET = "r" * 64


def offer(number: int = 1, **changes) -> Offer:
    values = {
        "grant": UUID(int=number),
        "remit": UUID(int=100),
        "sandbox": False,
        "dataset": "letters",
        "classification": "internal",
        "conditions": {},
        "cleared_for": "confidential",
        "keeps_inputs": True,
        "price_in": 1_000_000,
        "price_out": 2_000_000,
        "destination": UUID(int=1000),
        "destination_ref": "quill",
        "revision": 1,
        "dialect": "openai",
        "base_url": "https://quill.example/v1",
        "models": ("quill-1", "quill-2"),
        "hosting": "public_api",
        "cidrs": (),
        "stand_in": False,
        "unread": (),
        "pictures": False,
        "reply_check": "window",
        "sealed_key": None,
        "prices": {},
        "observation": None,
        "tools": (),
        "runs": USUAL_CAPS,
    }
    return Offer(**(values | changes))


def prompt(text: str = "Hello", **more):
    return Prompt.of(CHAT, {"model": "quill-1", "messages": [{"role": "user", "content": text}]} | more)


def finding(kind: str, *, path: str = "messages[0].content", start: int = 0, end: int = 5, **more) -> Finding:
    values = {"detector": "patterns", "score": 0.9, "keyed_digest": f"{start:064x}"}
    return Finding(type=kind, path=path, start=start, end=end, **(values | more))


def report(asked, *findings: Finding, state: State = State.OK, ruleset: str = RULESET, **changes) -> Report:
    size = asked.document.size
    values = {
        "ruleset": ruleset,
        "engine": "1",
        "segments": len(asked.texts),
        "bytes_given": size,
        "bytes_seen": size,
        "bytes_cached": 0,
        "runs": (Run("patterns", "1", state, 1.0),),
        "required": ("patterns",),
        "milliseconds": 1.0,
    }
    return Report(tuple(findings), Receipt(**(values | changes)))
