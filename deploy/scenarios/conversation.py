"""The README's quick start, for scenarios that want to see one message pass."""

from faults import Broken
from matrix import Client


def talk(url):
    """Two users, a room, a message. Returns the one who has read it, the room and the message."""
    alice = Client.register(url, "alice")
    bob = Client.register(url, "bob")
    room = alice.create_room(preset="private_chat", invite=[bob.user_id])
    bob.join(room)
    event = alice.send(room, "1", "Hello from Alice")
    require_message(bob, room, event)
    return bob, room, event


def require_message(reader, room, event):
    synced = reader.sync()["rooms"]["join"][room]["timeline"]["events"]
    if event not in [one["event_id"] for one in synced]:
        raise Broken(f"{event} is not in the reader's /sync")
