"""Calls through the gateway. The gateway process writes these tables with its own SQL, in governance/gateway/services."""

from governance.gateway.models.batches import Batch
from governance.gateway.models.confirmations import Confirmation
from governance.gateway.models.exchanges import Comparison, Exchange
from governance.gateway.models.issuers import EndUserIssuer
from governance.gateway.models.limits import Limit, Spending
from governance.gateway.models.observations import Observation
from governance.gateway.models.releases import Justification, Release
from governance.gateway.models.reviews import AnswerReview
from governance.gateway.models.runs import Run
from governance.gateway.models.shortfalls import Shortfall
from governance.gateway.models.stops import Stop, StopEffect
from governance.gateway.models.tuning import Publication, TuningJob
from governance.gateway.models.uploads import Upload

__all__ = [
    "AnswerReview",
    "Batch",
    "Comparison",
    "Confirmation",
    "EndUserIssuer",
    "Exchange",
    "Justification",
    "Limit",
    "Observation",
    "Publication",
    "Release",
    "Run",
    "Shortfall",
    "Spending",
    "Stop",
    "StopEffect",
    "TuningJob",
    "Upload",
]
