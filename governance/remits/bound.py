"""A remit narrowed by the conditions that its approvers tied to their yes. Pure."""

from dataclasses import replace
from datetime import date

from governance.approvals.binding import Binding
from governance.core.verdict import Allowed, Denied, Verdict
from governance.remits.body import Conditions, RemitBody
from governance.remits.fields import type_names
from governance.remits.rules import strictest


def may_bind(binding: Binding, body: RemitBody, on: date) -> Verdict:
    """Say whether conditions only take away from what `body` asks, `on` that day in its unit.

    Raises:
        Invalid: a name that is no type of finding.
    """
    type_names(list(binding.redact), "conditions.redact")
    if binding.ends is None:
        return Allowed()
    if binding.ends > body.ends:
        return Denied("ends_later", f"It was asked until {body.ends.isoformat()}.", "Choose that day or one before it.")
    if binding.ends < on:
        return Denied("ends_in_the_past", "The end lies in the past.", "Reject it, or choose a later day.")
    return Allowed()


def bound_conditions(asked: Conditions, binding: Binding) -> Conditions:
    return strictest([asked, Conditions(redact=binding.redact, ruleset=asked.ruleset, way=binding.way)])


def bound_body(body: RemitBody, binding: Binding) -> RemitBody:
    """Return what holds of an approved body: what the next version is compared with, and begins from."""
    if not binding:
        return body
    last = min(body.ends, binding.ends or body.ends)
    grants = tuple(
        replace(grant, conditions=bound_conditions(grant.conditions, binding), ends=min(grant.ends, last))
        for grant in body.grants
    )
    oversight = "\n".join([body.human_oversight, *binding.human_oversight]).strip()
    return replace(body, grants=grants, ends=last, human_oversight=oversight)
