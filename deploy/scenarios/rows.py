#!/usr/bin/env python3
"""Checks the rows of a server's own database; the rules hold whatever has happened to the server.

    rows.py DATA      the data directory of a running server; needs psycopg (requirements.txt)

In each service the numbers of a shard's log have no hole and end with the shard's own number. Each event has one
prev_event, except create events, which have none. No two events have the same prev_event.
"""

import json
import pathlib
import sys

import psycopg

SERVICES = ("room", "account", "receipt")


def connect(data):
    port = int((data / "postgresql.port").read_text())
    password = (data / "postgresql.secret").read_text().strip()
    return psycopg.connect(host="127.0.0.1", port=port, user="myelin", dbname="myelin", password=password)


def holes(database, schema):
    """Shards whose log is not 1, 2, 3 … up to the shard's number."""
    return database.execute(
        f"""
        SELECT s.id, s.seq, count(l.seq), min(l.seq), max(l.seq)
          FROM {schema}.shard s LEFT JOIN {schema}.log l ON l.shard = s.id
         GROUP BY s.id, s.seq
        HAVING count(l.seq) <> s.seq OR coalesce(max(l.seq), 0) <> s.seq"""
    ).fetchall()


def forks(database):
    """Events that break the rule for prev_events."""
    wrong, followed = [], {}
    for shard, room, body in database.execute("SELECT shard, room, body FROM room.event ORDER BY shard, seq"):
        event = json.loads(body)
        before = event.get("prev_events", [])
        if len(before) != (0 if event["type"] == "m.room.create" else 1):
            wrong.append(f"{event['type']} in room {room} of shard {shard} has prev_events {before}")
        for event_id in before:
            if event_id in followed:
                wrong.append(f"two events of room {room} of shard {shard} follow {event_id}")
            followed[event_id] = True
    return wrong, len(followed)


def main():
    database = connect(pathlib.Path(sys.argv[1]))
    schemas = {name for (name,) in database.execute("SELECT schema_name FROM information_schema.schemata")}
    faults = []
    for schema in SERVICES:
        if schema in schemas:
            faults += [f"{schema}: shard {shard} is at {seq}, its log has {count} rows, {first} to {last}"
                       for shard, seq, count, first, last in holes(database, schema)]
    wrong, looked_at = forks(database)
    if faults + wrong:
        sys.exit("\n".join(["rows FAILED:", *(faults + wrong)[:10]]))
    print(f"rows passed: no hole in any log, one prev_event for each of {looked_at} events")


if __name__ == "__main__":
    main()
