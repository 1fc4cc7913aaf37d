"""What the kinds of requests are about. Pure."""

SUBJECTS = {
    "remit": "What an initiative may use",
    "pattern": "A pattern",
    "training_release": "A training set",
    "observation": "Only observing for a while",
    "workflow": "The approval rules",
}
