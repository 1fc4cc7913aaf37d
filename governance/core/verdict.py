"""What a rule says. There is no default: a rule that forgets to answer fails the type check."""

from dataclasses import dataclass
from typing import Literal

from governance.core.errors import DomainError, NotAllowed


@dataclass(frozen=True, slots=True)
class Allowed:
    def __bool__(self) -> Literal[True]:
        return True


@dataclass(frozen=True, slots=True)
class Denied:
    code: str  # stable, machine-read
    reason: str  # shown to people
    remedy: str = ""  # what to do next, or who can

    def __bool__(self) -> Literal[False]:
        return False


Verdict = Allowed | Denied


def require(verdict: Verdict, error: type[DomainError] = NotAllowed) -> None:
    """Do nothing when allowed. Say `error=Conflict` where a state forbids, `error=Invalid` where a value does.

    Raises:
        DomainError: of the class `error`, with the rule's own code and sentence.
    """
    if isinstance(verdict, Denied):
        raise error(verdict.code, verdict.reason, remedy=verdict.remedy)
