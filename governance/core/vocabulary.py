"""Words that several areas order or compare: classifications, modes, techniques, purposes."""

from enum import StrEnum


class Classification(StrEnum):
    """How much harm a leak would do, least first; compare with `height`."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    RESTRICTED = "restricted"

    @property
    def height(self) -> int:
        return list(Classification).index(self)


class Mode(StrEnum):
    """How data is used."""

    PROMPT = "prompt"
    RETRIEVAL = "retrieval"
    FINE_TUNE = "fine_tune"
    TRAIN = "train"
    EVALUATE = "evaluate"


class Technique(StrEnum):
    """How a model is made to do the task."""

    PROMPT = "prompt"
    RETRIEVAL = "retrieval"
    ADAPTER = "adapter"
    FINE_TUNE = "fine_tune"
    TRAIN = "train_from_scratch"


class Purpose(StrEnum):
    """Why data is used. A grant's purpose is one of these."""

    ASSIST_STAFF = "assist_staff"
    ANSWER_CUSTOMERS = "answer_customers"
    SUMMARISE = "summarise"
    CLASSIFY = "classify"
    EXTRACT = "extract"
    TRANSLATE = "translate"
    WRITE_CODE = "write_code"
    ANALYSE = "analyse"
    TRAIN_MODEL = "train_model"
    EVALUATE_MODEL = "evaluate_model"


class Hosting(StrEnum):
    PUBLIC_API = "public_api"
    TENANT_CLOUD = "tenant_cloud"
    SELF_HOSTED = "self_hosted"


class WeightsOwner(StrEnum):
    """Who owns the weights that come of training with our data."""

    US = "us"
    PROVIDER = "provider"
    SHARED = "shared"
    NONE_RESULT = "none_result"
