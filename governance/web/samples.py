"""The few lines a builder pastes."""

from django.conf import settings


def sample_call(model: str = "DESTINATION/MODEL") -> str:
    """Return a call by OpenAI's own SDK: only the address and the key differ from what builders have."""
    return (
        "from openai import OpenAI\n\n"
        f'client = OpenAI(base_url="{settings.GATEWAY_URL}/openai/v1", api_key="YOUR KEY")\n'
        f'client.chat.completions.create(model="{model}", messages=[{{"role": "user", "content": "Hello"}}])'
    )
