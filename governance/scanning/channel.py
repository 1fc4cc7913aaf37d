"""Names and lifetimes of everything an interactive scan leaves at the broker. All of it passes away by itself.

A scan is an id in a list and nothing else. The text lies beside it, sealed, under a key that lives no longer than the deadline;
the process that scans takes it away when it begins, and in the same breath writes down that it did. Answers go, sealed, to a list of
the gateway process that asked.
"""

QUEUE = "scan.interactive"  # of Celery: the worker that has it has processes that scan prompts; no message comes there
# While nobody is there to take them: so many, the newest, and not longer than this. Who asked is refused long before.
REQUESTS = "remit:scan:requests"
MOST_REQUESTS, REQUESTS_TTL_MS = 10_000, 600_000
# A worker is there as long as the broker has its connection, which costs it no time of its own: the kernel ends it with its process.
# That it also runs it says four times a second; on a machine with too much to do that may come seconds late.
PULSE_S, PULSE_TTL_MS = 0.25, 4000
CANARY_S, CANARY_TTL_MS = 10.0, 15_000
REPLIES_TTL_MS = 30_000
# Who waits looks for it five times a second and remembers it.
CLAIM_TTL_MS = 30_000
ANY_WORKER = "remit:scan:alive"


def payload_key(request_id: str) -> str:
    return f"remit:scan:payload:{request_id}"


def claim_key(request_id: str) -> str:
    """Return the key under which the worker that took a request has its name. It tells whose end would be this scan's, and nothing else."""
    return f"remit:scan:claim:{request_id}"


def replies_key(gateway: str) -> str:
    return f"remit:scan:replies:{gateway}"


def alive_key(worker: str) -> str:
    return f"remit:scan:alive:{worker}"


def presence_channel(alive: str, *, database: int) -> str:
    """Return the channel that a worker listens on, though nothing is said there: the broker counts who does.

    Keys are of one database of the broker, channels are of all of them.
    """
    return f"{alive}:{database}"


def canary_key(ruleset: str) -> str:
    """Set while some worker holds this ruleset and found all of its canaries lately."""
    return f"remit:scan:canary:{ruleset}"


def findings_key(key: bytes) -> str:
    return f"remit:findings:{key.hex()}"
