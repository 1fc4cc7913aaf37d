"""What an engine may call above itself, by name. Checked at start; an unknown name stops the process.

APPROVAL_SUBJECTS: what can be approved -> the class that knows its facts and acts on the outcome.
JOBS: kind of durable job -> {"run": the function that does it once, "queue": the workers who may,
    "poisoned": optional, what follows when it is given up}. See governance/work/running.py.
PERIODIC: name -> (the function the clock calls, with `by` and `at`; seconds from one call to the next).
CONSEQUENCES: something happened -> the services that must follow, inside the same transaction.
"""

APPROVAL_SUBJECTS: dict[str, str] = {}

JOBS: dict[str, dict[str, str]] = {}

PERIODIC: dict[str, tuple[str, float]] = {
    "work.relay": ("governance.work.services.relay", 1),
    "work.forget": ("governance.work.services.forget", 3600),
    "notices.forget": ("governance.notices.services.forget_read", 3600),
}

CONSEQUENCES: dict[str, list[str]] = {
    "organisation.person_left": [],  # person_id
    "catalogue.classification_raised": [],  # dataset_id
    "catalogue.dataset_retired": [],  # dataset_id
    "destinations.terms_changed": [],  # destination_id, terms_id
    "destinations.suspended": [],  # destination_id
    "destinations.reopened": [],  # destination_id
}
