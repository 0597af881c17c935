#!/usr/bin/env python3
"""Measures the cost of a room with many members on a server that has just been started.

    large_room.py [--launcher ./myelin] [--port 8498] [--members 100000] [--heap SIZE] [--work DIR]

Alice creates a room; its members are written directly into the server's tables. The server is killed and started again,
and these requests are timed, each the first of its kind: a message of Alice's, her first `/sync` with lazily loaded
members, as apps make it, the same with all members, as bots make it, and an incremental one. After each request the heap
is collected, and its size is printed. Needs psycopg (requirements.txt); works with earlier releases, too.
"""

import argparse
import contextlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

import faults
import rows
from faults import say
from matrix import V3, Client, quote

HERE = pathlib.Path(__file__).resolve().parent
TIMEOUT = 600
LAZY = quote(json.dumps({"room": {"state": {"lazy_load_members": True}, "timeline": {"limit": 20}}}))

MEMBERS = """
INSERT INTO room.event (shard, seq, room, anchor, back, state, event_id, type, state_key, {column} body)
SELECT {shard}, {last} + i, {room}, {last} + i, 0, {last} + i - 1, sha256(('member ' || i)::bytea), 'm.room.member', u, {value}
       convert_to('{{"auth_events":[],"content":{{"avatar_url":"mxc://localhost/' || md5(u)
           || '","displayname":"User ' || i || '","membership":"join"}},"depth":' || i
           || ',"hashes":{{"sha256":"' || md5(u) || '"}},"origin_server_ts":1,"prev_events":[],"room_id":"{room_id}",'
           || '"sender":"' || u || '","signatures":{{"localhost":{{"ed25519:a":"' || repeat(md5(u), 3)
           || '"}}}},"state_key":"' || u || '","type":"m.room.member"}}', 'UTF8')
  FROM generate_series(1, {members}) AS i, LATERAL (SELECT '@user' || i || ':localhost' AS u) AS name"""

STATE = """
INSERT INTO room.state_difference (shard, state, base, seq, room, level, steps, numbers)
VALUES (%s, %s, 0, %s, %s, 1, 1, decode(%s, 'hex'))"""


class Build:
    """A server's build, of this commit or another."""

    def __init__(self, launcher):
        self.home = pathlib.Path(launcher).resolve().parent
        found = subprocess.run([str(self.home / ".mvn" / "find-jdk")], capture_output=True, text=True, check=True)
        self.jdk = found.stdout.strip()

    def numbers(self, first, last, others):
        told = subprocess.run(
            [f"{self.jdk}/bin/java", "-cp", f"{self.home}/deploy/all-in-one/target/lib/*",
             str(HERE / "large_room" / "StateNumbers.java"), *map(str, (first, last, *others))],
            capture_output=True, text=True, check=True)
        return told.stdout.strip()

    def heap(self, process):
        """The heap in use after a collection, in MB."""
        jcmd = [f"{self.jdk}/bin/jcmd", str(process.pid)]
        for _ in range(2):
            subprocess.run([*jcmd, "GC.run"], check=True, capture_output=True)
        told = subprocess.run([*jcmd, "GC.heap_info"], check=True, capture_output=True, text=True).stdout
        return sum(int(used) for used in re.findall(r"total \d+K, used (\d+)K", told)) / 1024


def add_members(build, data, room, members):
    with rows.connect(data) as database:
        shard, number = database.execute("SELECT shard, number FROM room.room WHERE room_id = %s", (room,)).fetchone()
        last, = database.execute("SELECT seq FROM room.shard WHERE id = %s", (shard,)).fetchone()
        state = [seq for seq, in database.execute(
            "SELECT seq FROM room.event WHERE shard = %s AND room = %s AND type IS NOT NULL", (shard, number))]
        newer = database.execute(
            "SELECT FROM information_schema.columns WHERE (table_schema, table_name, column_name) = ('room', 'event', 'membership')"
        ).fetchall()
        database.execute(MEMBERS.format(
            shard=shard, last=last, room=number, room_id=room, members=members,
            column="membership," if newer else "", value="1," if newer else ""))
        name = last + members
        database.execute(STATE, (shard, name, name, number, build.numbers(last + 1, name, state)))
        database.execute("UPDATE room.shard SET seq = %s WHERE id = %s", (name, shard))
    with rows.connect(data) as database:
        database.autocommit = True
        database.execute("ANALYZE room.event")


def run(arguments, work, stack):
    build = Build(arguments.launcher)
    server = faults.Server(arguments.launcher, work / "data", arguments.port)
    server.output = work / "server.out"
    if arguments.heap:
        server.environment["MYELIN_JAVA_OPTIONS"] = f"-Xmx{arguments.heap}"
    server.start()
    stack.callback(server.leave)
    alice = Client.register([server.url], "alice", timeout=TIMEOUT, patience=0)
    room = alice.create_room(preset="public_chat")
    alice.send(room, "t0", "before")
    time.sleep(3)
    add_members(build, work / "data", room, arguments.members)
    server.kill()
    say(f"{arguments.members} members; ready {server.start():.1f} s after SIGKILL")
    time.sleep(5)
    say(f"  heap {build.heap(server.process):.0f} MB")

    def timed(what, request):
        began = time.monotonic()
        answer = request()
        took = time.monotonic() - began
        say(f"{what}: {took:.2f} s, {len(json.dumps(answer)) / 1e6:.1f} MB; heap {build.heap(server.process):.0f} MB")
        return answer

    def sync(query):
        return alice.call("GET", f"{V3}/sync?timeout=0&{query}")

    timed("a message", lambda: alice.send(room, "t1", "after"))
    timed("the next message", lambda: alice.send(room, "t2", "after that"))
    since = timed("a first /sync, members lazily", lambda: sync(f"filter={LAZY}"))["next_batch"]
    timed("a second one", lambda: sync(f"filter={LAZY}"))
    alice.send(room, "t3", "and then")
    timed("an incremental /sync", lambda: sync(f"filter={LAZY}&since={since}"))
    timed("/joined_members", lambda: alice.call("GET", f"{V3}/rooms/{quote(room)}/joined_members"))
    answer = timed("a first /sync with all members", lambda: sync("filter=%7B%7D"))
    rooms = answer.get("rooms", {}).get("join", {})
    if room not in rooms:
        answer = timed("what it left to the next", lambda: sync(f"since={answer['next_batch']}"))
        rooms = answer.get("rooms", {}).get("join", {})
    told = len(rooms.get(room, {}).get("state", {}).get("events", []))
    say(f"it told {told} events of state")
    server.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--launcher", default=str(HERE.parent.parent / "myelin"))
    parser.add_argument("--port", type=int, default=8498, help="for clients; the next one is for federation")
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--heap", help="the server's, as -Xmx has it; else its default")
    parser.add_argument("--work", type=pathlib.Path, help="kept afterwards; else a temporary directory, gone if all went well")
    arguments = parser.parse_args()
    work = arguments.work or pathlib.Path(tempfile.mkdtemp(prefix="myelin-large-room-"))
    work.mkdir(parents=True, exist_ok=True)
    try:
        with contextlib.ExitStack() as stack:
            run(arguments, work.resolve(), stack)
    except faults.Broken as broken:
        sys.exit(f"large_room FAILED: {broken}\nWhat the server said is in {work}")
    if not arguments.work:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
