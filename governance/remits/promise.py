"""What a remit promises of the people who look at a model's answers, in figures that can be compared with what they did. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from governance.core.percent import percent
from governance.remits.fields import known_keys, mapping, missing, optional_text, truth, whole

LONGEST_REVIEWERS, MOST_SECONDS, EVERY_ANSWER = 200, 3600, 100


@dataclass(frozen=True, slots=True)
class Promise:
    """`share`: per cent of the answers that somebody looks at. `least_seconds`: the least time on each of those, 0 for none.

    `reviewers` says who they are. `verified_only`: a look counts only when an identity provider vouches for who took it.
    """

    share: int
    least_seconds: int = 0
    reviewers: str = ""
    verified_only: bool = False


Reader = Callable[[Any, str], Any]
PROMISE: Mapping[str, Reader] = {
    "share": whole(1, EVERY_ANSWER),
    "least_seconds": whole(0, MOST_SECONDS),
    "reviewers": optional_text(LONGEST_REVIEWERS),
    "verified_only": truth,
}


def parse_promise(value: Any, field: str) -> Promise:
    """Return the promise that `value` writes down.

    Raises:
        Invalid: names the field, its limit and the remedy.
    """
    known_keys(mapping(value, field), PROMISE, field)
    if "share" not in value:
        raise missing(f"{field}.share")
    return Promise(**{key: PROMISE[key](given, f"{field}.{key}") for key, given in value.items()})


def promises_less(before: Promise | None, after: Promise | None) -> bool:
    """Say whether somebody who relied on `before` gets less by `after`. Other reviewers are neither less nor more: people decide."""
    if before is None:
        return False
    return (
        after is None
        or after.share < before.share
        or after.least_seconds < before.least_seconds
        or (before.verified_only and not after.verified_only)
        or after.reviewers.split() != before.reviewers.split()
    )


def promise_in_words(promise: Promise | None) -> str:
    """Return the promise as people read it; "no figures" when there is none."""
    if promise is None:
        return "no figures"
    share = "every answer" if promise.share == EVERY_ANSWER else f"{percent(promise.share, 100)} of the answers"
    said = [f"{share} looked at by {promise.reviewers.strip() or 'a person'}"]
    if promise.least_seconds:
        said.append(f"for at least {promise.least_seconds} seconds each")
    if promise.verified_only:
        said.append("by verified people only")
    return ", ".join(said)
