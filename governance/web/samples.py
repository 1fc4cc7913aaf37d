"""The few lines a builder pastes."""

from django.conf import settings


def sample_call(model: str = "DESTINATION/MODEL") -> str:
    """Return a call by OpenAI's own SDK: only the address and the key differ from what builders have."""
    return (
        "from openai import OpenAI\n\n"
        f'client = OpenAI(base_url="{settings.GATEWAY_URL}/openai/v1", api_key="YOUR KEY")\n'
        f'client.chat.completions.create(model="{model}", messages=[{{"role": "user", "content": "Hello"}}])'
    )


def webhook_sample() -> str:
    """Return how a receiver checks a call and what it then holds, in Python with the library of the specification."""
    return """from standardwebhooks import Webhook  # pip install standardwebhooks

told = Webhook("whsec_...").verify(request.body, request.headers)
print(told["type"], told["data"]["sentence"], told["data"]["link"])
# approvals.approved  Request 214 was approved.  https://..."""
