"""States and vocabularies of an initiative."""

from enum import StrEnum


class InitiativeState(StrEnum):
    IDEA = "idea"
    PROPOSED = "proposed"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    RETIRED = "retired"
    REJECTED = "rejected"


class Tier(StrEnum):
    """How much harm a mistake could do, least first."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class AiActClass(StrEnum):
    """Risk classes of Regulation (EU) 2024/1689, least first."""

    MINIMAL = "minimal"
    LIMITED = "limited"
    HIGH = "high"
    PROHIBITED = "prohibited"


class Basis(StrEnum):
    """On what ground a unit says that an initiative is its own."""

    BUDGET = "budget"
    BUILD = "build"
    RUN = "run"
    DATA = "data"
    REGULATORY = "regulatory"


class ClaimState(StrEnum):
    ASSERTED = "asserted"
    UNCONTESTED = "uncontested"
    OWNER = "owner"
    CONTESTED = "contested"
    RULED = "ruled"
    APPEALED = "appealed"
    WITHDRAWN = "withdrawn"
