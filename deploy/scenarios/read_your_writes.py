#!/usr/bin/env python3
"""Checks that a write that was answered 200 is in the very next answer, whichever server gives it.

Rounds of: PUT state then GET state; send then /messages; join then /sync, first and incremental. With several URLs
the requests take turns among them; with --readers (the client ports of several client-syncs), the GETs take turns among
those. Exits with 1 and prints what was stale.

    read_your_writes.py [--rounds N] [--readers URL,URL] [URL ...]     or MYELIN_URL; default http://localhost:8008
"""

import argparse
import os
import sys
import threading
import time

from matrix import V3, Client, quote

# If a shard has not answered for a second or two, a /sync answers without it; its token says so, and the client asks
# again. A /sync that is answered sooner has everything.
WITHOUT_A_SHARD_SECONDS = 0.9
ASKED_AGAIN = 10

stale = []
late = []


def check(condition, what):
    if not condition:
        stale.append(what)


def next_sync(client, since, has):
    """The rooms of the /sync after that token, and the next token. Asks again if the server answered without a shard."""
    for _ in range(1 + ASKED_AGAIN):
        asked = time.monotonic()
        synced = client.sync(since)
        rooms, since = synced["rooms"].get("join", {}), synced["next_batch"]
        if has(rooms) or time.monotonic() - asked < WITHOUT_A_SHARD_SECONDS:
            break
        late.append(time.monotonic() - asked)
    return rooms, since


def ends_with(rooms, room, event_id):
    timeline = rooms.get(room, {}).get("timeline", {}).get("events", [])
    return bool(timeline) and timeline[-1]["event_id"] == event_id


def state(servers, rounds):
    """A state event is in the answer for it, and in the whole state."""
    client = Client.register(name="state", **servers)
    room = client.create_room(preset="public_chat")
    path = f"{V3}/rooms/{quote(room)}/state"
    for number in range(rounds):
        topic = f"topic {number}"
        event_id = client.call("PUT", f"{path}/m.room.topic", {"topic": topic})["event_id"]
        read = client.call("GET", f"{path}/m.room.topic").get("topic")
        check(read == topic, f"round {number}: PUT state '{topic}', GET state answered '{read}'")
        if number % 10 == 0:
            topics = [e["event_id"] for e in client.call("GET", path) if e["type"] == "m.room.topic"]
            check(topics == [event_id], f"round {number}: the room's state has topic {topics}, not {event_id}")


def messages(servers, rounds):
    """A message is the newest of /messages, found by its ID, and in the next /sync."""
    client = Client.register(name="messages", **servers)
    room = client.create_room(preset="public_chat")
    since = client.sync()["next_batch"]
    for number in range(rounds):
        event_id = client.send(room, f"t{number}", f"message {number}")
        newest = [event["event_id"] for event in client.messages(room, limit=1)["chunk"]]
        check(newest == [event_id], f"round {number}: sent {event_id}, /messages ends with {newest}")
        if number % 10 == 0:
            found, _ = client.ask("GET", f"{V3}/rooms/{quote(room)}/event/{quote(event_id)}")
            check(found == 200, f"round {number}: sent {event_id}, GET event answered {found}")
            rooms, since = next_sync(client, since, lambda seen, last=event_id: ends_with(seen, room, last))
            check(
                ends_with(rooms, room, event_id),
                f"round {number}: sent {event_id}, it is not the last of the incremental /sync",
            )


def joins(servers, rounds):
    """A join is in the incremental and the first /sync; a room that was left is not in /joined_rooms."""
    owner = Client.register(name="owner", **servers)
    guest = Client.register(name="guest", **servers)
    rooms = [owner.create_room(preset="public_chat") for _ in range(5)]
    since = guest.sync()["next_batch"]
    for number in range(rounds):
        room = rooms[number % len(rooms)]
        guest.join(room)
        joined, since = next_sync(guest, since, lambda seen, wanted=room: wanted in seen)
        check(room in joined, f"round {number}: joined {room}, not in the incremental /sync")
        # The filter is new each time, so that the answer cannot come from a cache.
        first = guest.sync(sync_filter={"room": {"timeline": {"limit": 1, "not_senders": [f"@{number}:nowhere"]}}})
        check(room in first["rooms"].get("join", {}), f"round {number}: joined {room}, not in a first /sync")
        members = guest.call("GET", f"{V3}/rooms/{quote(room)}/joined_members")["joined"]
        check(guest.user_id in members, f"round {number}: joined {room}, not in /joined_members")
        guest.call("POST", f"{V3}/rooms/{quote(room)}/leave", {})
        joined = guest.call("GET", f"{V3}/joined_rooms")["joined_rooms"]
        check(room not in joined, f"round {number}: left {room}, still in /joined_rooms")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("urls", nargs="*", default=[os.environ.get("MYELIN_URL", "http://localhost:8008")])
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--readers", default="", help="URLs that answer every GET in turn, with commas between them")
    arguments = parser.parse_args()
    servers = {"urls": arguments.urls, "readers": [url for url in arguments.readers.split(",") if url]}
    began = time.monotonic()

    def guarded(part):
        try:
            part(servers, arguments.rounds)
        except Exception as failed:  # whatever it was, the scenario has not passed
            stale.append(f"{part.__name__}: {failed!r}")

    threads = [threading.Thread(target=guarded, args=(part,)) for part in (state, messages, joins)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if stale:
        sys.exit("\n".join([f"read your writes FAILED {len(stale)} times, first:", *stale[:5]]))
    print(f"read your writes passed: {arguments.rounds} rounds each in {time.monotonic() - began:.1f} s; "
          f"{len(late)} times a /sync waited in vain for a shard and was asked again")


if __name__ == "__main__":
    main()
