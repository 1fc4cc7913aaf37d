"""What a started stack says to the person who started it."""

import json
from typing import Any

from governance.stack.environment import Setting

EXAMPLE = """
A prompt through the gateway, ready to paste:

  curl {gateway}/openai/v1/chat/completions -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' \\
    -d '{{"model": "{model}", "messages": [{{"role": "user", "content": "Write to anna.smith@example.com: thanks!"}}]}}'

or with the official SDK (pip install openai):

  from openai import OpenAI
  client = OpenAI(base_url="{gateway}/openai/v1", api_key="{key}")
  reply = client.chat.completions.create(model="{model}", messages=[{{"role": "user", "content": "Hello!"}}])
  print(reply.choices[0].message.content)
"""


def show(setting: Setting, *, took_s: float, admin_link: str) -> None:
    print(f"\nRemit is ready ({took_s:.1f} s).\n\n  web      {setting.web}\n  gateway  {setting.gateway}")
    print(f"  state    {setting.state.folder} (logs/ has one file for each process)")
    if setting.demo:
        _show_demo(setting, json.loads(setting.state.demo.read_text()))
    if admin_link:
        print(f"\nTo become the first platform admin, open once:\n\n  {admin_link}")
    print("\nCtrl-C stops everything.", flush=True)


def _show_demo(setting: Setting, told: dict[str, Any]) -> None:
    print("\nPeople of the demo organisation (synthetic):\n")
    for person in told["people"]:
        print(f"  {person['login']:<12} {person['password']:<24} {', '.join(person['roles'])} ({person['unit']})")
    if told["keys"]:
        key = told["keys"][0]
        print(EXAMPLE.format(gateway=setting.gateway, key=key["key"], model=key.get("model", "MODEL")))
