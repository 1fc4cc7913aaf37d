"""What an engine may call above itself, by name. Checked at start; an unknown name stops the process.

APPROVAL_SUBJECTS: what can be approved -> the class that knows its facts and acts on the outcome.
JOBS: kind of durable job -> {"run": the function that does it once, "queue": the workers who may,
    "poisoned": optional, what follows when it is given up}. See governance/work/running.py.
PERIODIC: name -> (the function the clock calls, with `by` and `at`; seconds from one call to the next).
APPROVAL_EVIDENCE: what can be approved -> selectors f(id) of the subject, or of what it is about (Shown.about), that give counts to decide on.
CONSEQUENCES: something happened -> the services that must follow, inside the same transaction.
"""

APPROVAL_SUBJECTS: dict[str, str] = {
    "remit": "governance.remits.approval.RemitSubject",
    "pattern": "governance.remits.approval.PatternSubject",
    "training_release": "governance.training.approval.ReleaseSubject",
    "observation": "governance.gateway.approval.ObservationSubject",
    "workflow": "governance.approvals.approval.WorkflowSubject",
}

APPROVAL_EVIDENCE: dict[str, list[str]] = {
    "remit": [
        "governance.gateway.selectors.evidence.calls_so_far",
        "governance.gateway.selectors.oversight_records.oversight_so_far",
        "governance.remits.selectors.exams.exam_facts",
    ],
    "training_release": ["governance.training.selectors.release_evidence"],
    "workflow": ["governance.approvals.selectors.replays.replay_evidence"],
}

# What can be approved -> f(subject_ids) that counts the calls which rested on each approval: a replay tells them too.
APPROVAL_TRAFFIC: dict[str, str] = {"remit": "governance.gateway.selectors.traffic.calls_of_each"}

JOBS: dict[str, dict[str, str]] = {
    "training.split": {
        "run": "governance.training.steps.split",
        "queue": "jobs",
        "poisoned": "governance.training.services.give_up",
    },
    "training.scan_chunk": {
        "run": "governance.training.steps.scan_chunk",
        "queue": "scan.bulk",
        "poisoned": "governance.training.services.give_up",
    },
    "training.check_exams": {
        "run": "governance.training.steps.check_exams",
        "queue": "scan.bulk",
        "poisoned": "governance.training.services.give_up_exam_check",
    },
    "training.check_again": {"run": "governance.training.steps.check_again", "queue": "jobs"},
    "catalogue.read_exam": {
        "run": "governance.catalogue.steps.read_exam",
        "queue": "jobs",
        "poisoned": "governance.catalogue.services.give_up_reading",
    },
    "notices.deliver": {
        "run": "governance.notices.steps.deliver",
        "queue": "outbound",
        "poisoned": "governance.notices.services.lose_try",
    },
    "approvals.replay": {
        "run": "governance.approvals.steps.replay",
        "queue": "jobs",
        "poisoned": "governance.approvals.services.give_up_replay",
    },
    "training.redact": {"run": "governance.training.steps.redact", "queue": "scan.bulk"},
}

PERIODIC: dict[str, tuple[str, float]] = {
    "work.relay": ("governance.work.services.relay", 1),
    "work.forget": ("governance.work.services.forget", 3600),
    "notices.spread": ("governance.notices.services.spread", 1),
    "notices.forget": ("governance.notices.services.forget", 3600),
    "approvals.seek_deciders": ("governance.approvals.services.seek_unreached", 30),
    "approvals.chase_deciders": ("governance.approvals.services.chase_deciders", 60),
    "approvals.chase_askers": ("governance.approvals.services.chase_askers", 300),
    "approvals.end_overrides": ("governance.approvals.services.end_overrides", 30),
    "remits.ask_recertification": ("governance.remits.services.ask_recertification", 3600),
    "remits.chase_recertifications": ("governance.remits.services.chase_recertifications", 300),
    "gateway.propose_unused": ("governance.gateway.services.propose_unused", 6 * 3600),
    "gateway.tell_of_budgets": ("governance.gateway.services.limits.tell_of_budgets", 30),
    "gateway.forget_batches": ("governance.gateway.services.batches.forget_batches", 3600),
    "gateway.forget_uploads": ("governance.gateway.services.uploads.forget_uploads", 60),
    "gateway.tend_confirmations": ("governance.gateway.services.confirmations.tend_confirmations", 2),
    "gateway.note_used_keys": ("governance.gateway.services.keys_used.note_used_keys", 30),
    "gateway.tell_of_holds": ("governance.gateway.services.holds.tell_of_holds", 15),
    "gateway.end_holds": ("governance.gateway.services.holds.end_holds", 60),
    "gateway.tend_observations": ("governance.gateway.services.observations.tend_observations", 30),
    "gateway.notice_possibly_sent": ("governance.gateway.services.publications.notice_possibly_sent", 30),
    "gateway.watch_oversight": ("governance.gateway.services.shortfalls.watch_oversight", 3600),
    "initiatives.contests": ("governance.initiatives.services.tend_contests", 60),
    "initiatives.claims": ("governance.initiatives.services.confirm_standing", 300),
    "initiatives.transfers": ("governance.initiatives.services.expire_transfers", 60),
    "remits.warn_of_pattern_ends": ("governance.remits.services.warn_of_pattern_ends", 3600),
    "remits.expire": ("governance.remits.services.expire_grants", 60),
    "remits.close_rounds": ("governance.remits.services.close_rounds", 60),
    "remits.look_for_overlaps": ("governance.remits.services.look_at_all", 60),
}

CONSEQUENCES: dict[str, list[str]] = {
    "organisation.founded": ["governance.catalogue.services.ensure_built_in"],  # unit_id
    "organisation.person_left": ["governance.approvals.services.follow_leaver"],  # person_id
    "organisation.role_taken": ["governance.approvals.services.follow_leaver"],  # person_id
    "organisation.delegated": ["governance.approvals.services.tell_deputy"],  # delegation_id
    "initiatives.merged": [  # initiative_id, remains_id
        "governance.remits.services.propose_merged",
        "governance.remits.services.follow_merge",
    ],
    "organisation.unit_dissolved": [  # unit_id, successor_id
        "governance.initiatives.services.follow_dissolution",
        "governance.catalogue.services.follow_dissolution",
        "governance.remits.services.follow_dissolution",
    ],
    "initiatives.owner_changed": ["governance.remits.services.follow_owner"],  # initiative_id, unit_id
    "initiatives.ruled": ["governance.remits.services.check_split"],  # initiative_id, datasets: refs a split names
    "initiatives.split": ["governance.remits.services.follow_split"],  # initiative_id, part_id, datasets
    "catalogue.classification_raised": [  # dataset_id
        "governance.gateway.services.observations.end_for_classification",
        "governance.remits.services.follow_classification",
    ],
    "catalogue.exam_watched": ["governance.training.services.check_sets_again"],  # exam_id
    "catalogue.dataset_retired": ["governance.remits.services.follow_retirement"],  # dataset_id
    "destinations.terms_changed": [  # destination_id, terms_id
        "governance.gateway.services.observations.end_for_terms",
        "governance.remits.services.reopen_for_terms",
    ],
    "training.release_asked": ["governance.gateway.services.stops.refuse_release"],  # initiative_id, destination_id
    "training.release_permitted": ["governance.gateway.services.stops.refuse_release"],  # initiative_id, destination_id
    "destinations.suspended": [],  # destination_id
    "destinations.reopened": [],  # destination_id
}
