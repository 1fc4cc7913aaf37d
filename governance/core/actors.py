"""Who acts. Built at the door (a session, a key, a process), passed down as `by=`, written to the log as text."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    PERSON = "person"
    KEY = "key"
    PROCESS = "process"


@dataclass(frozen=True, slots=True)
class Actor:
    """`ref` is the id of the person or key, or the name of the process. `name` is what people are shown.

    `person` is the id of the person answerable for the act: the person, the maker of the key, None for a process.
    `request_id` ties events, log lines, error pages and replies of one request together.
    """

    kind: ActorKind
    ref: str
    name: str
    person: UUID | None = None
    on_behalf_of: str = ""
    request_id: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.ref}"

    @classmethod
    def of_person(cls, person: UUID, name: str, *, request_id: str = "") -> "Actor":
        return cls(ActorKind.PERSON, str(person), name, person=person, request_id=request_id)

    @classmethod
    def of_key(cls, prefix: str, *, person: UUID | None, request_id: str = "") -> "Actor":
        return cls(ActorKind.KEY, prefix, f"key {prefix}", person=person, request_id=request_id)

    @classmethod
    def of_process(cls, name: str) -> "Actor":
        return cls(ActorKind.PROCESS, name, name)


GATEWAY = Actor.of_process("gateway")
WORKER = Actor.of_process("worker")
CLOCK = Actor.of_process("clock")
SEQUENCER = Actor.of_process("sequencer")
INSTALLER = Actor.of_process("installer")
