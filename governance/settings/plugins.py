"""What an engine may call above itself, by name. Checked at start; an unknown name stops the process.

APPROVAL_SUBJECTS: what can be approved -> the class that knows its facts and acts on the outcome.
JOBS: kind of durable job -> the function that does it once.
CONSEQUENCES: something happened -> the services that must follow, inside the same transaction.
"""

APPROVAL_SUBJECTS: dict[str, str] = {}

JOBS: dict[str, str] = {}

CONSEQUENCES: dict[str, list[str]] = {
    "catalogue.classification_raised": [],  # dataset_id
    "catalogue.dataset_retired": [],  # dataset_id
    "destinations.terms_changed": [],  # destination_id, terms_id
    "destinations.suspended": [],  # destination_id
    "destinations.reopened": [],  # destination_id
}
