"""The stand-in provider of the demo: the interfaces of real providers, on this machine only, and no model.

It says back what reached it, so that whoever tries a prompt sees what left and what was replaced. It refuses to start outside demo
mode and listens on loopback alone. `python -m governance.stack.stand_in --port N`.
"""

MODELS = ("stand-in-chat", "stand-in-large")
