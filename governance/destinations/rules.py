"""Kinds and states of destinations."""

from enum import StrEnum


class Dialect(StrEnum):
    """The wire format a destination speaks."""

    OPENAI = "openai"
    ANTHROPIC = "anthropic"
    GEMINI = "gemini"
    DATABRICKS = "databricks"
    OLLAMA = "ollama"


class DestinationState(StrEnum):
    PROPOSED = "proposed"
    OPEN = "open"
    SUSPENDED = "suspended"
    RETIRED = "retired"
