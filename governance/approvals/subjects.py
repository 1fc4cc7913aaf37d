"""What can be approved. An engine that knows no subject asks one through the table in settings/plugins.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast, runtime_checkable
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from governance.approvals.binding import Binding
from governance.approvals.rules import DiffRow
from governance.core.actors import Actor
from governance.core.verdict import Verdict
from governance.organisation.permissions import Standing


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is asked at one moment: the body that decisions bind to, and the facts the policy was asked with."""

    body: Mapping[str, Any]
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the decision page."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What the decision page shows of a subject beside the difference, read together.

    `link` is the page of the thing itself. `in_force` is what was approved before, None when nothing was: the left side of
    the difference. `about` is what evidence is counted of, where that is not the subject itself.
    """

    link: str
    facts: Sequence[Fact]
    in_force: Snapshot | None
    about: UUID | None = None


class Subject(Protocol):
    """One kind of thing that can be approved. `subject_id` is the id of its row.

    A new kind is a class like this beside its area's services and one line in APPROVAL_SUBJECTS.
    The five `on_...` run in the transaction of the decision; what they raise undoes the decision.
    """

    def title(self, subject_id: UUID) -> str:
        """Return the sentence that is decided, e.g. "Claims letters wants to send claims data to ..."."""

    def unit_id(self, subject_id: UUID) -> UUID: ...

    def snapshot(self, subject_id: UUID, *, at: datetime) -> Snapshot: ...

    def authors(self, subject_id: UUID) -> frozenset[UUID]:
        """Return everybody who wrote part of the subject; none of them may decide it."""

    def unmoved(self, subject_id: UUID, *, at: datetime) -> Verdict:
        """Say whether everything the approvers looked at still stands (terms, data, destination)."""

    def shown(self, subject_id: UUID) -> Shown: ...

    def differences(self, before: Snapshot | None, after: Snapshot) -> Sequence[DiffRow]: ...

    def on_approved(self, subject_id: UUID, *, by: Actor, at: datetime) -> None: ...

    def on_rejected(self, subject_id: UUID, *, by: Actor, at: datetime) -> None: ...

    def on_withdrawn(self, subject_id: UUID, *, by: Actor, at: datetime) -> None: ...

    def on_lapsed(self, subject_id: UUID, *, by: Actor, at: datetime) -> None:
        """Follow the end of a request whose asker never answered. The subject has been editable since it came back."""

    def on_returned(self, subject_id: UUID, *, by: Actor, at: datetime) -> None:
        """Make the subject editable again: changes were requested, or the request went stale."""


@runtime_checkable
class Bindable(Protocol):
    """A subject whose approval can be narrowed by conditions; its `on_approved` asks selectors.binding_of and keeps them."""

    def may_bind(self, subject_id: UUID, conditions: Binding, *, at: datetime) -> Verdict:
        """Say whether these conditions can be kept, and take nothing but away."""


@runtime_checkable
class Suggestable(Protocol):
    """A subject of which an approver may write the change they ask for; it can be narrowed, never widened."""

    def suggested(self, subject_id: UUID, change: Mapping[str, Any], *, at: datetime) -> Snapshot:
        """Return what is asked with `change` made to it.

        Raises:
            Invalid: names the field of the change that cannot be read, or would let more through.
        """

    def may_answer(self, subject_id: UUID, reader: Standing) -> Verdict:
        """Say whether `reader` may take or decline what is suggested: whoever may send the subject."""


@runtime_checkable
class Reasoned(Protocol):
    """A subject of which a yes owes a reason as a no does."""

    yes_owes_reason: bool


@runtime_checkable
class Overridable(Protocol):
    """A subject of which two people can let through for a day what was not approved."""

    def on_overridden(self, subject_id: UUID, *, until: datetime, by: Actor, at: datetime) -> None: ...

    def on_override_ended(self, subject_id: UUID, *, by: Actor, at: datetime) -> None: ...


@runtime_checkable
class Part(Protocol):
    """A subject of something larger whose owner may change, or end, under it."""

    def whole(self, subject_id: UUID) -> tuple[str, UUID]:
        """Return kind and id of what is held before the subject: whoever changes the whole holds that first, too."""


def subject_of(kind: str) -> Subject:
    """Return the subject registered as `kind`.

    Raises:
        KeyError: for a kind that settings/plugins.py does not name; the checks at start keep the table sound.
    """
    return cast("Subject", import_string(settings.APPROVAL_SUBJECTS[kind])())


def evidence_for(kind: str, about: UUID) -> list[Fact]:
    """Return counts that help to decide (sandbox exchanges, say), from the areas that settings.APPROVAL_EVIDENCE names."""
    sources = [import_string(name) for name in settings.APPROVAL_EVIDENCE.get(kind, [])]
    return [fact for source in sources for fact in source(about)]
