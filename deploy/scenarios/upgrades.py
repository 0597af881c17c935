#!/usr/bin/env python3
"""Upgrades rooms of every version to others. Checks what is copied and what is moved, the old room afterwards, who may
upgrade, and what a repeated request does. Exits with 1 and prints what was wrong.

    upgrades.py [URL]     or MYELIN_URL; default http://localhost:8008
"""

import argparse
import os
import sys
from concurrent.futures import ThreadPoolExecutor

from matrix import V3, Client, quote, unique

COPIED = {
    "m.room.name": {"name": "The old room"},
    "m.room.topic": {"topic": "What was"},
    "m.room.avatar": {"url": "mxc://localhost/avatar"},
    "m.room.join_rules": {"join_rule": "public"},
    "m.room.guest_access": {"guest_access": "forbidden"},
    "m.room.history_visibility": {"history_visibility": "joined"},
    "m.room.encryption": {"algorithm": "m.megolm.v1.aes-sha2"},
    "m.room.server_acl": {"allow": ["*"], "deny": ["evil.example"], "allow_ip_literals": False},
}
CREATORS_STAND_ABOVE = "12"
AT_ONCE = 8


class Wrong(Exception):
    pass


def expect(what, is_so):
    if not is_so:
        raise Wrong(what)


def expect_same(what, wanted, found):
    expect(f"{what}: {found}, not {wanted}", wanted == found)


class Room:
    """A room as one user sees it."""

    def __init__(self, user, room_id):
        self.user, self.id = user, room_id

    def path(self, rest):
        return f"{V3}/rooms/{quote(self.id)}/{rest}"

    def state(self, event_type, state_key=""):
        """The content; None if there is no such state."""
        status, content = self.user.ask("GET", self.path(f"state/{event_type}/{quote(state_key)}"))
        return content if status == 200 else None

    def set_state(self, event_type, content, state_key=""):
        return self.user.call("PUT", self.path(f"state/{event_type}/{quote(state_key)}"), content)["event_id"]

    def upgrade(self, version, **more):
        return self.user.ask("POST", self.path("upgrade"), {"new_version": version, **more})

    def upgraded(self, version, **more):
        status, answer = self.upgrade(version, **more)
        expect(f"an upgrade was answered with {status} {answer}", status == 200)
        return Room(self.user, answer["replacement_room"])

    def history(self):
        return self.user.history(self.id)

    def aliases(self):
        return sorted(self.user.call("GET", self.path("aliases"))["aliases"])

    def is_published(self):
        return self.user.call("GET", f"{V3}/directory/list/room/{quote(self.id)}")["visibility"] == "public"


def alias_for(room, name):
    alias = f"#{unique(name)}:{room.user.user_id.split(':', 1)[1]}"
    room.user.call("PUT", f"{V3}/directory/room/{quote(alias)}", {"room_id": room.id})
    return alias


def lived_in(version, alice, bob, eve):
    """A room with everything that an upgrade copies or moves."""
    room = Room(alice, alice.create_room(room_version=version, preset="public_chat", visibility="public"))
    bob.join(room.id)
    for event_type, content in COPIED.items():
        room.set_state(event_type, content)
    alice.call("POST", room.path("ban"), {"user_id": eve.user_id, "reason": "spam"})
    levels = room.state("m.room.power_levels")
    room.set_state("m.room.power_levels", {**levels, "users": {**levels["users"], bob.user_id: 50}})
    canonical, other, silent = (alias_for(room, name) for name in ("canonical", "other", "silent"))
    room.set_state("m.room.canonical_alias", {"alias": canonical, "alt_aliases": [other]})
    return room, [canonical, other, silent]


def check_creation(old, new, version, last_event):
    """Up to version 11 the predecessor names the tombstone; later rooms get their ID before the tombstone exists."""
    create = new.state("m.room.create")
    expect_same("the version of the replacement", version, create["room_version"])
    tombstone = next(event for event in old.history() if event["type"] == "m.room.tombstone")
    event_id = last_event if version == CREATORS_STAND_ABOVE else tombstone["event_id"]
    expect_same("the predecessor", {"room_id": old.id, "event_id": event_id}, create["predecessor"])
    expect_same("where the tombstone points", new.id, tombstone["content"]["replacement_room"])


def check_copies(old, new, version, levels, eve):
    for event_type, content in COPIED.items():
        expect_same(f"{event_type} of the replacement", content, new.state(event_type))
    users = dict(levels["users"])
    if version == CREATORS_STAND_ABOVE:
        users.pop(new.user.user_id, None)
    elif new.user.user_id not in users:
        users[new.user.user_id] = max(100, *levels["events"].values())
    expect_same("the power levels of the replacement", {**levels, "users": users}, new.state("m.room.power_levels"))
    expect_same("the ban", {"membership": "ban", "reason": "spam"}, new.state("m.room.member", eve.user_id))
    status, _ = eve.ask("POST", f"{V3}/join/{quote(new.id)}", {})
    expect_same("joining the replacement in spite of a ban was answered with", 403, status)


def check_moves(old, new, aliases):
    expect_same("aliases of the replacement", sorted(aliases), new.aliases())
    expect_same("aliases of the old room", [], old.aliases())
    canonical, other, _ = aliases
    said = {"alias": canonical, "alt_aliases": [other]}
    expect_same("the replacement's canonical alias", said, new.state("m.room.canonical_alias"))
    expect_same("the old room's canonical alias", {}, old.state("m.room.canonical_alias"))
    expect("the directory does not show the replacement", new.is_published())
    expect("the directory still shows the old room", not old.is_published())


def check_end(old, new, bob):
    levels = old.state("m.room.power_levels")
    expect_same("levels of the old room", (50, 50), (levels["events_default"], levels["invite"]))
    bob.join(new.id)
    bob.send(new.id, unique("t"), "here we are")


def upgrade(version, to, alice, bob, carol, eve):
    old, aliases = lived_in(version, alice, bob, eve)
    levels = old.state("m.room.power_levels")
    last_event = old.history()[-1]["event_id"]
    expect_same("an upgrade by who may not was answered with", 403, Room(carol, old.id).upgrade(to)[0])
    new = old.upgraded(to)
    expect("the replacement is the old room", new.id != old.id)
    check_creation(old, new, to, last_event)
    check_copies(old, new, to, levels, eve)
    check_moves(old, new, aliases)
    check_end(old, new, bob)
    before = len(old.history()), len(new.history())
    expect_same("a repeated upgrade answers", new.id, old.upgraded(to).id)
    after = len(old.history()), len(new.history())
    expect_same("events after a repeated upgrade", before, after)
    print(f"version {version} to {to}: {new.id}")


def at_once(url, alice, to):
    """However many upgrades run at once, the room gets one replacement and one tombstone."""
    old = Room(alice, alice.create_room(name="Popular"))

    def replacement(_):
        return Room(Client(url, alice.token, alice.user_id), old.id).upgraded(to).id

    with ThreadPoolExecutor(AT_ONCE) as threads:
        replacements = set(threads.map(replacement, range(AT_ONCE)))
    expect_same(f"replacements by {AT_ONCE} upgrades at once", 1, len(replacements))
    ends = [event for event in old.history() if event["type"] == "m.room.tombstone"]
    expect_same(f"tombstones of {AT_ONCE} upgrades at once", 1, len(ends))
    print(f"{AT_ONCE} at once to {to}: one room")


def moderator(alice, bob):
    """A user who may end the room but not take the other steps has no more power in the replacement."""
    old = Room(alice, alice.create_room(room_version="10", preset="public_chat", name="Moderated"))
    bob.join(old.id)
    levels = old.state("m.room.power_levels")
    events = {**levels["events"], "m.room.tombstone": 50}
    levels = {**levels, "events": events, "users": {**levels["users"], bob.user_id: 50}}
    old.set_state("m.room.power_levels", levels)
    new = Room(bob, old.id).upgraded("11")
    expect_same("the moderator's replacement has the power levels", levels, new.state("m.room.power_levels"))
    expect_same("the power levels that a moderator cannot change", levels, old.state("m.room.power_levels"))
    expect_same("the name", {"name": "Moderated"}, new.state("m.room.name"))
    print("by a moderator: no more power than before")


def space(alice, bob):
    """A space keeps its type, `m.federate` and children; additional creators come from the request."""
    kept = {"type": "m.space", "m.federate": False}
    old = Room(alice, alice.create_room(room_version="11", creation_content=kept))
    old.set_state("m.space.child", {"via": ["localhost"]}, "!child:localhost")
    old.set_state("m.space.child", {}, "!removed:localhost")
    new = old.upgraded("12", additional_creators=[bob.user_id])
    create = new.state("m.room.create")
    expect_same("what is kept of the create event", kept, {name: create.get(name) for name in kept})
    expect_same("the additional creators", [bob.user_id], create["additional_creators"])
    expect_same("the rooms of the space", {"via": ["localhost"]}, new.state("m.space.child", "!child:localhost"))
    expect_same("what is no room of the space", None, new.state("m.space.child", "!removed:localhost"))
    expect_same("users in the power levels", {}, new.state("m.room.power_levels")["users"])
    newer = new.upgraded("12")
    expect("additional creators came along by themselves", "additional_creators" not in newer.state("m.room.create"))
    print("a space: its type, its rooms, its creators")


def refusals(alice, bob):
    room = Room(alice, alice.create_room())
    before = len(room.history())
    for what, asked, body, status, errcode in [
        ("an unknown version", room, {"new_version": "no-such"}, 400, "M_UNSUPPORTED_ROOM_VERSION"),
        ("no version", room, {}, 400, "M_MISSING_PARAM"),
        ("a number", room, {"new_version": 11}, 400, "M_BAD_JSON"),
        ("no users", room, {"new_version": "12", "additional_creators": ["bob"]}, 400, "M_INVALID_PARAM"),
        ("an unknown room", Room(alice, "!none:localhost"), {"new_version": "11"}, 404, "M_NOT_FOUND"),
        ("a room of others", Room(bob, room.id), {"new_version": "11"}, 403, "M_FORBIDDEN"),
    ]:
        answer, error = asked.user.ask("POST", asked.path("upgrade"), body)
        expect_same(f"{what} is answered with", (status, errcode), (answer, error.get("errcode")))
    expect_same("events after refused upgrades", before, len(room.history()))
    print("refusals change nothing")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("url", nargs="?", default=os.environ.get("MYELIN_URL", "http://localhost:8008"))
    url = arguments.parse_args().url
    alice, bob, carol, eve = (Client.register(url, name) for name in ("alice", "bob", "carol", "eve"))
    for version, to in [("1", "2"), ("2", "3"), ("5", "10"), ("10", "11"), ("11", "12"), ("12", "12"), ("12", "11")]:
        upgrade(version, to, alice, bob, carol, eve)
    for to in ("11", "12"):
        at_once(url, alice, to)
    moderator(alice, bob)
    space(alice, bob)
    refusals(alice, bob)


if __name__ == "__main__":
    try:
        main()
    except Wrong as wrong:
        sys.exit(str(wrong))
