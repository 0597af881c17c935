#!/usr/bin/env python3
"""Creates a room of every stable version, then joins it, sends, edits and redacts in it, and reads it in every way.

The versions differ most in their event IDs: those of versions 1 and 2 have a server name, those of version 3 may have
slashes. Exits with 1 and prints what was wrong.

    room_versions.py [URL]     or MYELIN_URL; default http://localhost:8008
"""

import argparse
import os
import sys

from matrix import V3, Client, quote


class Wrong(Exception):
    pass


def expect(version, what, is_so):
    if not is_so:
        raise Wrong(f"version {version}: {what}")


class Room:
    def __init__(self, version, alice, bob):
        self.version, self.alice, self.bob = version, alice, bob
        self.id = alice.create_room(room_version=version, preset="public_chat", name="Old")
        bob.join(self.id)
        self.sent = 0

    def path(self, rest):
        return f"{V3}/rooms/{quote(self.id)}/{rest}"

    def say(self, user, content):
        self.sent += 1
        path = self.path(f"send/m.room.message/t{self.sent}")
        return user.call("PUT", path, {"msgtype": "m.text", "body": "…", **content})["event_id"]

    def relate(self, user, kind, event, content):
        return self.say(user, {"m.relates_to": {"rel_type": kind, "event_id": event}, **content})

    def redact(self, user, event):
        self.sent += 1
        return user.ask("PUT", self.path(f"redact/{quote(event)}/t{self.sent}"), {})

    def event(self, user, event):
        return user.call("GET", self.path(f"event/{quote(event)}"))

    def expect(self, what, is_so):
        expect(self.version, what, is_so)


def live(room):
    alice, bob = room.alice, room.bob
    said = room.say(bob, {"body": "helo"})
    edit = room.relate(bob, "m.replace", said, {"m.new_content": {"msgtype": "m.text", "body": "hello"}})
    in_thread = room.relate(alice, "m.thread", said, {"body": "hi"})
    oops = room.say(bob, {"body": "oops"})
    mine = room.say(alice, {"body": "mine"})
    topic = alice.call("PUT", room.path("state/m.room.topic/"), {"topic": "rude"})["event_id"]

    shown = room.event(alice, said)
    room.expect("an event has another ID than it was sent with", shown["event_id"] == said)
    newest = shown["unsigned"].get("m.relations", {}).get("m.replace", {})
    room.expect("the edit is not shown with what it edits", newest.get("event_id") == edit)
    around = alice.call("GET", room.path(f"context/{quote(said)}?limit=4"))
    room.expect("/context is of another event", around["event"]["event_id"] == said)
    bob.call("POST", room.path(f"receipt/m.read/{quote(in_thread)}"), {"thread_id": said})

    status, _ = room.redact(bob, mine)
    room.expect(f"redacting another's event was answered with {status}", status == 403)
    for event in (oops, topic):
        status, answer = room.redact(alice, event)
        room.expect(f"redacting {event} was answered with {status} {answer}", status == 200)
        because = room.event(bob, event)["unsigned"].get("redacted_because", {})
        room.expect("a redacted event does not say why", because.get("event_id") == answer["event_id"])
        room.expect("a redaction does not say what of", because["content"].get("redacts") == event)
    room.expect("redacted state is not pruned", alice.call("GET", room.path("state/m.room.topic/")) == {})
    for other in (swapped(said), said + "x", "$nothing", "$no:thing"):
        status, _ = alice.ask("GET", room.path(f"event/{quote(other)}"))
        room.expect(f"GET /event/{other} was answered with {status}", status == 404)
        status, _ = room.redact(alice, other)
        room.expect(f"redacting {other} was answered with {status}", status == 400)


def swapped(event):
    """The event ID in the Base64 alphabet of another version; a different ID if the two are the same."""
    other = event.translate(str.maketrans("-_+/", "+/-_"))
    return other if other != event else event + ":other"


def read(room):
    """Checks that /messages and /sync have the same history."""
    paged = [event["event_id"] for event in room.alice.history(room.id, limit=3)]
    everything = {"room": {"rooms": [room.id], "timeline": {"limit": 100}}}
    synced = room.bob.sync(sync_filter=everything)["rooms"]["join"][room.id]["timeline"]["events"]
    room.expect("/messages has an event twice", len(paged) == len(set(paged)))
    room.expect("/sync and /messages differ", [event["event_id"] for event in synced] == paged)
    state = room.alice.call("GET", room.path("state"))
    create = next(event for event in state if event["type"] == "m.room.create")
    room.expect("the create event says another version", create["content"].get("room_version") == room.version)
    return paged


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("url", nargs="?", default=os.environ.get("MYELIN_URL", "http://localhost:8008"))
    url = arguments.parse_args().url
    alice, bob = Client.register(url, "alice"), Client.register(url, "bob")
    versions = alice.call("GET", f"{V3}/capabilities")["capabilities"]["m.room_versions"]["available"]
    stable = sorted((version for version, how in versions.items() if how == "stable"), key=lambda one: (len(one), one))
    for version in stable:
        room = Room(version, alice, bob)
        live(room)
        print(f"version {version}: {len(read(room))} events, such as {read(room)[-1]}")


if __name__ == "__main__":
    try:
        main()
    except Wrong as wrong:
        sys.exit(str(wrong))
