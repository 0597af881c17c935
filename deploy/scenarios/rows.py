#!/usr/bin/env python3
"""Checks that the events of each room of a running server are one chain, whatever has happened to the server.

    rows.py DATA      the data directory of the server; needs psycopg (requirements.txt)

Each event has one prev_event, except create events, which have none. No two events have the same prev_event. This is so
as long as no other server has sent events. What always holds, ./myelin check looks at.
"""

import json
import pathlib
import sys

import psycopg


def connect(data):
    port = int((data / "postgresql.port").read_text())
    password = (data / "postgresql.secret").read_text().strip()
    return psycopg.connect(host="127.0.0.1", port=port, user="myelin", dbname="myelin", password=password)


def forks(database):
    """Events that break the rule for prev_events."""
    wrong, followed = [], {}
    for shard, room, body in database.execute("SELECT shard, room, body FROM room.event ORDER BY shard, seq"):
        event = json.loads(body)
        before = event.get("prev_events", [])
        if len(before) != (0 if event["type"] == "m.room.create" else 1):
            wrong.append(f"{event['type']} in room {room} of shard {shard} has prev_events {before}")
        for reference in before:
            # Room versions 1 and 2 refer to an event by its ID and its hashes.
            event_id = reference if isinstance(reference, str) else reference[0]
            if event_id in followed:
                wrong.append(f"two events of room {room} of shard {shard} follow {event_id}")
            followed[event_id] = True
    return wrong, len(followed)


def check(database):
    """Exits with what is wrong; prints a line if nothing is."""
    wrong, looked_at = forks(database)
    if wrong:
        sys.exit("\n".join(["rows FAILED:", *wrong[:10]]))
    print(f"rows passed: one prev_event for each of {looked_at} events")


def main():
    check(connect(pathlib.Path(sys.argv[1])))


if __name__ == "__main__":
    main()
