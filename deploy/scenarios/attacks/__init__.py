"""Attacks by two or three ordinary users that are cheap for them and expensive for the homeserver; see hostile.py.

An attack is a function that gets a Mallory and yields requests (method, path, body) without end; it does not see their
answers. First it prepares what it needs by requests of its own. An attack that needs more than requests gets sockets:
see `raw`. Each module has the attacks on one thing of the server.
"""

# Each registers its attacks, which run in this order.
from attacks import memory, processor, quantity, connections  # noqa: F401, I001
from attacks.registry import ATTACKS, RAW  # noqa: F401
