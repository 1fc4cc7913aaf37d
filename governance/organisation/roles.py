"""Roles as a table in code: what each may do. A role on a unit holds for its subtree.

A permission is `area:resource:action`. There are no wildcards: what is not written here is denied, and a permission that
is not a row here is a mistake of ours, which raises. A row is necessary, not always sufficient: rules of the object
(own request, member of the initiative, candidate of the slot) come after it.
"""

from collections.abc import Mapping
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Final


class Role(StrEnum):
    REQUESTER = "requester"
    UNIT_HEAD = "unit_head"
    DATA_STEWARD = "data_steward"
    IT_APPROVER = "it_approver"
    SECURITY_APPROVER = "security_approver"
    LEGAL_APPROVER = "legal_approver"
    SECURITY_ANALYST = "security_analyst"
    ARBITER = "arbiter"
    BUILDER = "builder"
    EXECUTIVE = "executive"
    AUDITOR = "auditor"
    POLICY_ADMIN = "policy_admin"
    PLATFORM_ADMIN = "platform_admin"


class Anyone(Enum):
    """Marks a row that every active person may use, whatever their roles."""

    SIGNED_IN = "everyone signed in"


Holders = frozenset[Role] | Anyone

_R = Role
EVERYONE: Final = Anyone.SIGNED_IN
# The platform admin runs the installation and sees no content: keys of providers, people and units, nothing else.
CONTENT: Final = frozenset(Role) - {_R.PLATFORM_ADMIN}
APPROVERS: Final = frozenset({_R.DATA_STEWARD, _R.IT_APPROVER, _R.SECURITY_APPROVER, _R.LEGAL_APPROVER})
DECIDERS: Final = APPROVERS | {_R.UNIT_HEAD, _R.ARBITER, _R.POLICY_ADMIN}
ASKERS: Final = frozenset({_R.REQUESTER, _R.UNIT_HEAD, _R.BUILDER})
LEADS: Final = frozenset({_R.REQUESTER, _R.UNIT_HEAD})
SECURITY: Final = frozenset({_R.SECURITY_APPROVER, _R.SECURITY_ANALYST})
WATCHERS: Final = ASKERS | APPROVERS | SECURITY | {_R.AUDITOR}


def _only(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


MATRIX: Final[Mapping[str, Holders]] = MappingProxyType(
    {
        "initiatives:initiative:read": CONTENT,
        "initiatives:initiative:propose": LEADS,
        "initiatives:initiative:edit": ASKERS,
        "initiatives:initiative:transfer": _only(_R.UNIT_HEAD),
        "initiatives:claim:assert": LEADS,
        "initiatives:overlap:resolve": _only(_R.UNIT_HEAD, _R.ARBITER),
        "initiatives:capability:read": CONTENT,
        "initiatives:capability:edit": _only(_R.ARBITER, _R.POLICY_ADMIN),
        "initiatives:contest:read": CONTENT,
        "initiatives:contest:comment": CONTENT - {_R.EXECUTIVE, _R.AUDITOR},
        # The head of the top unit rules on an appeal when no arbiter stands above the first.
        "initiatives:contest:rule": _only(_R.ARBITER, _R.UNIT_HEAD),
        "remits:remit:read": CONTENT,
        "remits:remit:draft": ASKERS,
        "remits:remit:submit": LEADS,
        "remits:remit:revoke": _only(_R.UNIT_HEAD, _R.IT_APPROVER, _R.SECURITY_APPROVER),
        "remits:grant:read": CONTENT,
        "remits:grant:revoke": _only(_R.UNIT_HEAD, _R.DATA_STEWARD, _R.SECURITY_APPROVER, _R.SECURITY_ANALYST),
        "remits:grant:recertify": LEADS,
        "remits:grant:confirm": _only(_R.DATA_STEWARD),
        "remits:allocation:read": CONTENT,
        "remits:allocation:award": _only(_R.DATA_STEWARD),
        "remits:pattern:read": EVERYONE,
        "remits:pattern:propose": _only(_R.POLICY_ADMIN, _R.IT_APPROVER, _R.SECURITY_APPROVER),
        "remits:pattern:review_sample": APPROVERS,
        "approvals:request:read": CONTENT,
        "approvals:request:decide": DECIDERS,
        # Two of these set a decision aside for a day; whoever reviews that afterwards is neither of them.
        "approvals:override:make": _only(_R.UNIT_HEAD, _R.IT_APPROVER, _R.SECURITY_APPROVER, _R.ARBITER),
        "approvals:override:review": _only(_R.SECURITY_ANALYST, _R.SECURITY_APPROVER, _R.ARBITER, _R.AUDITOR),
        "approvals:request:comment": CONTENT - {_R.EXECUTIVE, _R.AUDITOR},
        "approvals:workflow:read": EVERYONE,
        "approvals:workflow:edit": _only(_R.POLICY_ADMIN),
        "catalogue:dataset:read": EVERYONE,
        "catalogue:dataset:edit": _only(_R.DATA_STEWARD),
        "catalogue:register:read": APPROVERS | SECURITY | {_R.AUDITOR, _R.POLICY_ADMIN},
        "catalogue:register:edit": _only(_R.DATA_STEWARD),
        # What an exam is called and how many items it has is no secret; the items are, and nobody can read them here.
        "catalogue:exam:read": WATCHERS | {_R.POLICY_ADMIN},
        "catalogue:exam:edit": _only(_R.DATA_STEWARD, _R.BUILDER),
        "destinations:destination:read": EVERYONE,
        "destinations:destination:edit": _only(_R.POLICY_ADMIN),
        "destinations:destination:suspend": SECURITY | {_R.POLICY_ADMIN},
        "destinations:key:write": _only(_R.PLATFORM_ADMIN),
        "gateway:exchange:read": WATCHERS,
        "gateway:exchange:justify": ASKERS,
        "gateway:call:confirm": ASKERS,
        "gateway:exchange:review": SECURITY,
        "gateway:exchange:try": ASKERS,
        # What became of a set that was possibly sent is said by whoever can look at the provider, never by who wants it there.
        "gateway:publication:settle": _only(_R.DATA_STEWARD, _R.IT_APPROVER),
        # Who vouches for those who ask is not for whoever writes the application that sends their names.
        "gateway:issuer:read": CONTENT,
        "gateway:issuer:edit": _only(_R.UNIT_HEAD, _R.SECURITY_APPROVER),
        # Totals are for everybody concerned; whose work it was is for whoever leads them and for those who prove it.
        "gateway:oversight:read": CONTENT,
        "gateway:oversight:read_reviewers": _only(_R.UNIT_HEAD, _R.AUDITOR),
        # Whoever lets an initiative go on answers for it, and neither promised nor builds it.
        "gateway:oversight:lift": _only(_R.UNIT_HEAD, _R.IT_APPROVER, _R.SECURITY_APPROVER),
        # Security decides that rules are only observed; that they hold again anybody near may say.
        "gateway:observation:read": CONTENT,
        "gateway:observation:ask": ASKERS,
        "gateway:observation:end": ASKERS | SECURITY,
        # Stopping takes one person at once; lifting a stop takes two, of whom one is of security. What is not of one unit
        # (a destination, a person, everything) is stopped for the whole organisation.
        "gateway:stop:read": frozenset(_R),
        "gateway:stop:make": SECURITY | {_R.UNIT_HEAD, _R.PLATFORM_ADMIN},
        "gateway:stop:make_wide": SECURITY | {_R.PLATFORM_ADMIN},
        "gateway:stop:lift": SECURITY,
        # A unit's own limits are set on the unit above, so that nobody raises what was given them.
        "gateway:limit:read": frozenset(_R),
        "gateway:limit:edit": _only(_R.UNIT_HEAD, _R.PLATFORM_ADMIN),
        "scanning:hold:read": SECURITY,
        # Two of these release what is held; reading it unmasked takes a reason.
        "scanning:hold:release": SECURITY,
        "scanning:hold:reveal": SECURITY,
        "scanning:mistake:report": EVERYONE,
        "scanning:mistake:answer": _only(_R.SECURITY_ANALYST),
        "scanning:ruleset:read": CONTENT,
        # Whoever makes a version does not put it in force.
        "scanning:ruleset:edit": _only(_R.SECURITY_ANALYST, _R.POLICY_ADMIN),
        "scanning:ruleset:enforce": _only(_R.SECURITY_ANALYST, _R.SECURITY_APPROVER, _R.POLICY_ADMIN),
        # The words to look for may themselves be what must not leave.
        "scanning:recogniser:read": APPROVERS | SECURITY | {_R.AUDITOR, _R.POLICY_ADMIN},
        "scanning:recogniser:edit": _only(_R.SECURITY_ANALYST, _R.POLICY_ADMIN),
        "training:set:read": WATCHERS,
        "training:set:upload": ASKERS,
        "training:set:ask_release": ASKERS,
        "audit:event:read": _only(_R.AUDITOR, _R.POLICY_ADMIN),
        "audit:event:read_own_unit": APPROVERS | SECURITY | {_R.UNIT_HEAD, _R.AUDITOR, _R.POLICY_ADMIN},
        "audit:event:export": _only(_R.AUDITOR),
        # Where what people are told also goes: who looks after the unit adds it, who watches what leaves sees it.
        "notices:webhook:read": _only(_R.UNIT_HEAD, _R.SECURITY_ANALYST, _R.AUDITOR, _R.PLATFORM_ADMIN),
        "notices:webhook:edit": _only(_R.UNIT_HEAD, _R.PLATFORM_ADMIN),
        "notices:channel:read": _only(_R.PLATFORM_ADMIN),
        "organisation:person:read": _only(_R.UNIT_HEAD, _R.AUDITOR, _R.SECURITY_ANALYST, _R.PLATFORM_ADMIN),
        "organisation:person:edit": _only(_R.PLATFORM_ADMIN),
        "organisation:role:give": _only(_R.PLATFORM_ADMIN),
        "organisation:delegation:make": DECIDERS,
        "organisation:unit:read": EVERYONE,
        "organisation:unit:edit": _only(_R.PLATFORM_ADMIN),
        "organisation:hours:edit": _only(_R.UNIT_HEAD, _R.PLATFORM_ADMIN),
        # A key for the REST API holds no more than its maker may do; one for the gateway speaks for an initiative.
        "organisation:key:make_for_api": EVERYONE,
        "organisation:key:make": ASKERS,
        "organisation:key:revoke": _only(_R.UNIT_HEAD, _R.SECURITY_ANALYST, _R.PLATFORM_ADMIN),
        "organisation:key:read": _only(_R.UNIT_HEAD, _R.AUDITOR, _R.SECURITY_ANALYST, _R.PLATFORM_ADMIN),
        "insights:handling:read": CONTENT,
        "insights:usage:read": CONTENT,
        "organisation:record:comment": _only(_R.UNIT_HEAD),
        "insights:portfolio:read": _only(
            _R.EXECUTIVE,
            _R.AUDITOR,
            _R.ARBITER,
            _R.UNIT_HEAD,
            _R.IT_APPROVER,
            _R.SECURITY_APPROVER,
            _R.LEGAL_APPROVER,
            _R.POLICY_ADMIN,
        ),
    }
)
