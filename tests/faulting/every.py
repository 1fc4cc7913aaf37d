"""All faults that are put to a whole stack."""

from faulting import of_brokers, of_databases, of_gateways, of_providers, of_scanners

FAULTS = (
    *of_scanners.FAULTS,
    *of_brokers.FAULTS,
    *of_databases.FAULTS,
    *of_gateways.FAULTS,
    *of_providers.FAULTS,
)
