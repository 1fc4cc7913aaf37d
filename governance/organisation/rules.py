"""Kinds and rules of units, people and keys."""

from enum import StrEnum


class UnitKind(StrEnum):
    IT = "it"
    PRODUCT_LINE = "product_line"
    BUSINESS_LINE = "business_line"
    SECURITY = "security"
    LEGAL = "legal"


class RoleSource(StrEnum):
    LOCAL = "local"  # given by a person in Remit
    PROVIDER = "provider"  # follows a group at the identity provider
