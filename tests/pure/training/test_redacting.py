"""A person has one placeholder in an initiative, whether in a prompt or in a training set."""

from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from governance.core.keyring import KeyRing
from governance.core.vocabulary import Mode
from governance.detection.policy import Facts
from governance.gateway.keys import Keys
from governance.training.redacting import placeholder_key

RING = KeyRing({1: bytes(range(32))}, 1)


def test_prompts_and_training_sets_share_placeholders_inside_an_initiative_only():
    permits = Ed25519PrivateKey.generate().public_key()
    keys = Keys(RING, RING, findings=b"", placeholders=RING.key(1), private=b"", permits=permits)
    initiative = uuid4()
    assert placeholder_key(RING, initiative) == keys.of_placeholders(initiative)
    assert placeholder_key(RING, initiative) != placeholder_key(RING, uuid4())


def test_the_policy_knows_every_mode_of_a_grant():
    assert [Facts("public", "self_hosted", mode=mode).mode for mode in Mode] == list(Mode)
