"""The policy an installation starts with. Types are Presidio's for personal data, else SECRET, SOURCE, DATASET, EVALUATION, MARKING and LANGUAGE.

Scores in rules are whole per cent (canonical JSON has one form for whole numbers). A hold is not the default for prompts: a person
who waits for two others stops using the tool; what must not leave is blocked, with a reason, and what can be replaced is replaced.
"""

from .policy import Policy

CONTACT_TYPES = ["PERSON", "LOCATION", "EMAIL_ADDRESS", "PHONE_NUMBER", "IP_ADDRESS", "MAC_ADDRESS"]
# An address of a machine or a place says little about anybody: it does not make a list of people.
_MASS_TYPES = ["PERSON", "EMAIL_ADDRESS", "PHONE_NUMBER"]

DEFAULT_POLICY = Policy.of(
    {
        "version": 1,
        "rules": [
            {
                "code": "secret",
                "types": ["SECRET"],
                "action": "block",
                "sentence": "It holds a password, key or token. Take it out, and change it if it was real: it has left your hands once.",
            },
            {
                "code": "registered_source",
                "types": ["SOURCE"],
                "action": "block",
                "sentence": "It holds code or text that the organisation registered as its own.",
            },
            {
                "code": "dataset_not_granted",
                "types": ["DATASET"],
                "unless_dataset_granted": True,
                "action": "block",
                "sentence": "It holds rows of a dataset that this initiative has no grant for toward this destination.",
            },
            {
                "code": "exam_item",
                "types": ["EVALUATION"],
                "keeps_inputs": True,
                "action": "block",
                "sentence": "It holds a question of a registered evaluation set, and the destination keeps or trains on what it is sent.",
            },
            {
                "code": "exam_item_noted",
                "types": ["EVALUATION"],
                "keeps_inputs": False,
                "action": "allow",
                "sentence": "It holds a question of a registered evaluation set; the destination keeps nothing of it.",
            },
            {
                "code": "public_exam_item",
                "types": ["PUBLIC_EVALUATION"],
                "action": "allow",
                "sentence": "It holds a question of a public evaluation set, which anybody may have.",
            },
            {
                "code": "restricted_marking",
                "types": ["MARKING"],
                "subtypes": ["restricted", "canary"],
                "action": "block",
                "sentence": "It carries a marking that forbids sending it to any model.",
            },
            {
                "code": "confidential_marking",
                "types": ["MARKING"],
                "subtypes": ["confidential"],
                "hostings": ["public_api"],
                "action": "justify",
                "sentence": "It is marked confidential, and the destination is a public API.",
            },
            {
                "code": "marking_noted",
                "types": ["MARKING"],
                "action": "allow",
                "sentence": "It carries a marking that this destination is cleared for.",
            },
            {
                "code": "language_noted",
                "types": ["LANGUAGE"],
                "action": "allow",
                "sentence": "Part of it is not in English; names in it are found less surely.",
            },
            {
                "code": "language_not_read",
                "types": ["LANGUAGE"],
                "subtypes": ["unread"],
                "hostings": ["public_api", "tenant_cloud"],
                "action": "justify",
                "sentence": "Part of it is in a language in which names are not looked for.",
            },
            {
                "code": "contact_data",
                "types": CONTACT_TYPES,
                "hostings": ["public_api", "tenant_cloud"],
                "action": "redact",
                "sentence": "It names a person or how to reach one; that is replaced before it leaves.",
            },
            {
                "code": "contact_data_here",
                "types": CONTACT_TYPES,
                "hostings": ["self_hosted"],
                "unless_granted": True,
                "action": "redact",
                "sentence": "It names a person, and no grant lets this initiative send such data as it is.",
            },
            {
                "code": "birth",
                "types": ["DATE_TIME"],
                "unless_granted": True,
                "action": "redact",
                "sentence": "It says when somebody was born; that is replaced before it leaves.",
            },
            {
                "code": "identifier",
                "types": ["*"],
                "subtypes": ["identifier"],
                "action": "redact",
                "sentence": "It holds a card, account or identity number; that is replaced before it leaves.",
            },
            {
                "code": "mass_personal_data",
                "types": _MASS_TYPES,
                "hostings": ["public_api", "tenant_cloud"],
                "modes": ["prompt", "retrieval", "evaluate"],
                "least_distinct": 50,
                "action": "justify",
                "sentence": "It holds the data of many people at once.",
            },
            {
                "code": "mass_identifiers",
                "types": ["*"],
                "subtypes": ["identifier"],
                "hostings": ["public_api", "tenant_cloud"],
                "modes": ["prompt", "retrieval", "evaluate"],
                "least_distinct": 20,
                "action": "justify",
                "sentence": "It holds the card, account or identity numbers of many people at once.",
            },
        ],
        "otherwise": "redact",
    }
)

# What may be read in an answer. A model names people and places of the world in nearly all it writes, so those are noted; how to reach
# one, a number that stands for one, or a secret, none of them in the request, came from elsewhere and is taken out.
DEFAULT_REPLY_POLICY = Policy.of(
    {
        "version": 1,
        "rules": [
            {
                "code": "secret_in_answer",
                "types": ["SECRET"],
                "action": "redact",
                "sentence": "The answer held a password, key or token that was not in the request.",
            },
            {
                "code": "source_in_answer",
                "types": ["SOURCE"],
                "action": "block",
                "sentence": "The answer holds code or text that the organisation registered as its own.",
            },
            {
                "code": "restricted_answer",
                "types": ["MARKING"],
                "subtypes": ["restricted", "canary"],
                "action": "block",
                "sentence": "The answer carries a marking of what no model should know.",
            },
            {
                "code": "marking_in_answer",
                "types": ["MARKING"],
                "action": "allow",
                "sentence": "The answer carries a marking.",
            },
            {
                "code": "language_of_answer",
                "types": ["LANGUAGE"],
                "action": "allow",
                "sentence": "Part of the answer is not in English.",
            },
            {
                "code": "public_exam_in_answer",
                "types": ["PUBLIC_EVALUATION"],
                "action": "allow",
                "sentence": "The answer holds a question of a public evaluation set, which anybody may have.",
            },
            {
                "code": "reach_in_answer",
                "types": ["EMAIL_ADDRESS", "PHONE_NUMBER"],
                "action": "redact",
                "sentence": "The answer told how to reach somebody whom the request did not name.",
            },
            {
                "code": "name_in_answer",
                "types": ["PERSON", "LOCATION", "DATE_TIME", "IP_ADDRESS", "MAC_ADDRESS"],
                "action": "allow",
                "sentence": "The answer names somebody, a place or a date of birth.",
            },
            {
                "code": "identifier_in_answer",
                "types": ["*"],
                "subtypes": ["identifier"],
                "action": "redact",
                "sentence": "The answer held a card, account or identity number that was not in the request.",
            },
        ],
        "otherwise": "redact",
    }
)
