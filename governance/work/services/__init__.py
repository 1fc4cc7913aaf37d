"""Writes of durable work, by what they are about."""

from governance.work.rules import LeasedJob
from governance.work.services.calls import Call, repeatable
from governance.work.services.leasing import claim, extend, fail_job, finish_job, release_lost
from governance.work.services.life import beat, forget
from governance.work.services.queueing import enqueue
from governance.work.services.relaying import relay

__all__ = [
    "Call",
    "LeasedJob",
    "beat",
    "claim",
    "enqueue",
    "extend",
    "fail_job",
    "finish_job",
    "forget",
    "relay",
    "release_lost",
    "repeatable",
]
