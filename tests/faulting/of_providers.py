"""Faults of the provider and of the way there. What was scanned may have reached it; nothing else."""

from faulting.fault import Fault

FAULT = frozenset({502})
FAULTS = (
    Fault("provider: its name is unknown", model="nameless-1", statuses=FAULT, codes=("provider_unreachable",)),
    Fault("provider: nobody listens", model="down-1", statuses=FAULT, codes=("provider_unreachable",), quick=True),
    Fault("provider: a stranger's certificate", model="stranger-1", statuses=FAULT, codes=("provider_unreachable",)),
    Fault("provider: speaks no TLS", model="plain-1", statuses=FAULT, codes=("provider_unreachable",)),
    Fault("provider: its key cannot be opened", model="locked-1", codes=("provider_key_unreadable",), quick=True),
    Fault("provider: says nothing", model="stall-1", statuses=FAULT, codes=("provider_unreachable",)),
    Fault("provider: hangs up", model="reset-1", statuses=FAULT, codes=("provider_unreachable",), quick=True),
    Fault("provider: ends in the middle", model="truncate-1", codes=("provider_broke_off", "reply_unreadable")),
    Fault("provider: answers no JSON", model="malformed-1", codes=("reply_unreadable",), quick=True),
    Fault("provider: has no time", model="busy-1", statuses=frozenset({429})),
    Fault("provider: fails and quotes", model="quoting-1", statuses=frozenset({500})),
    Fault("provider: points elsewhere", model="away-1", statuses=FAULT, codes=("provider_redirects",), quick=True),
)
