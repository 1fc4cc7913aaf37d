"""Roles as a table in code: what each may do. A role on a unit holds for its subtree.

A permission is `area:resource:action`. There are no wildcards: what is not written here is denied.
"""

from enum import StrEnum


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
