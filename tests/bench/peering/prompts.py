"""Plain English of any length with two names, an e-mail address and a telephone number in each, made from a number and never twice.

All of it is synthetic. From the comparison that these figures are read beside.
"""

import random
from dataclasses import dataclass

FIRST = [
    "Margaret",
    "Thomas",
    "Priya",
    "Daniel",
    "Elena",
    "Robert",
    "Susan",
    "Carlos",
    "Hannah",
    "Michael",
    "Laura",
    "Kevin",
    "Angela",
    "Steven",
    "Nadia",
    "Patrick",
    "Rebecca",
    "George",
    "Sophie",
    "Andrew",
]
LAST = [
    "Holloway",
    "Whitfield",
    "Raman",
    "Okafor",
    "Petrova",
    "Langley",
    "Brennan",
    "Mendoza",
    "Fischer",
    "Donovan",
    "Castillo",
    "Novak",
    "Sharma",
    "Gallagher",
    "Haddad",
    "Lindqvist",
    "Walsh",
    "Pemberton",
    "Moreau",
    "Fletcher",
]
SENTENCES = [
    "The delivery was delayed because the warehouse ran out of packing material.",
    "Please check whether the invoice matches the purchase order before the end of the week.",
    "The customer asked for a refund after the second replacement unit failed.",
    "We agreed to send a short summary of the meeting to everyone involved.",
    "The old contract covers maintenance but not spare parts or travel.",
    "A new version of the manual explains how to reset the controller safely.",
    "Most of the complaints mention slow answers and missing tracking numbers.",
    "The team will review the draft again once the legal department has read it.",
    "Several boxes arrived damaged and the driver refused to sign the report.",
    "It would help to know which of the two options is cheaper over three years.",
    "The training course was well received and should be repeated in the autumn.",
    "Nobody noticed the wrong label until the shipment had already left the building.",
]
SHORT, ROOM = 300, 190  # bytes: below the first a prompt is one sentence; the second is what the personal data take


@dataclass(frozen=True)
class Sample:
    """`values`: kind -> what a provider should not see of the text."""

    text: str
    values: dict[str, list[str]]


def sample(size: int, number: int) -> Sample:
    """Return the prompt of this number, about `size` bytes long."""
    dice = random.Random(f"7:{size}:{number}")
    (first, last), (other_first, other_last) = zip(dice.sample(FIRST, 2), dice.sample(LAST, 2), strict=True)
    one, two = f"{first} {last}", f"{other_first} {other_last}"
    address = f"{first.lower()}.{last.lower()}{dice.randrange(10, 999)}@example{dice.randrange(1, 99)}.com"
    area = dice.choice([212, 415, 617, 303, 206])
    telephone = f"+1 {area}-{dice.randrange(220, 989)}-{dice.randrange(1000, 9999)}"
    values = {"names": [one, two], "e-mails": [address], "telephones": [telephone]}
    if size <= SHORT:
        ticket = dice.randrange(10**5)
        asked = f"Write a polite reply to {one} ({address}) about ticket {ticket}. {two} can be called on {telephone}."
        return Sample(f"{asked} {dice.choice(SENTENCES)}", values)
    body = _prose(dice, size - ROOM)
    body.insert(len(body) // 4, f"{one} wrote from {address} yesterday.")
    body.insert(3 * len(body) // 4, f"Please call {two} on {telephone} about it.")
    return Sample(" ".join(body), values)


def _prose(dice: random.Random, size: int) -> list[str]:
    found: list[str] = []
    while sum(map(len, found)) + len(found) < size:
        sentence = dice.choice(SENTENCES)
        if dice.random() < 0.25:
            sentence = f"{sentence[:-1]} in case {dice.randrange(10**4)}."
        found.append(sentence)
    return found
