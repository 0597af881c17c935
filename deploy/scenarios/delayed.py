#!/usr/bin/env python3
"""Delayed events (MSC4140): each is sent once and not before its time, whatever is killed meanwhile.

    delayed.py [URL]                      or MYELIN_URL; default http://localhost:8008: without kills
    delayed.py --kills [--launcher ./myelin] [--port 8498] [--work DIR]

--kills starts a server apart with two instances of each component that has to do with delayed events, schedules events whose
times come during half a minute, and kills (SIGKILL) and starts one instance of each component after the other.
Exits with 1 and says what was wrong.
"""

import argparse
import contextlib
import os
import pathlib
import shutil
import sys
import tempfile
import time
import urllib.parse

import faults
import faults_apart
from matrix import V3, Client, Refused, quote

UNSTABLE = "/_matrix/client/unstable/org.matrix.msc4140"
KILLED = ["client-room-send#1", "account-server#1", "room-server#1", "client-room-send#2"]
INSTANCES = "client-room-send=2,account-server=2,room-server=2"
# A claim of an instance that dies ends after ten seconds; then come retries.
LATEST_SECONDS = 90
# Longer than an instance takes to start, so that the event is not sent before it is restarted again.
RESTARTED_AMONG_KILLS_SECONDS = 60


class Wrong(Exception):
    """A delayed event is not where it has to be."""


def schedule(client, room, name, seconds):
    query = urllib.parse.urlencode({"org.matrix.msc4140.delay": int(seconds * 1000)})
    path = f"{V3}/rooms/{quote(room)}/send/m.room.message/{quote(name)}?{query}"
    return client.call("PUT", path, {"msgtype": "m.text", "body": name})["delay_id"]


def act(client, delay_id, action):
    """Repeats what got no answer: an action may be repeated."""
    for _ in range(60):
        status, body = client.ask("POST", f"{UNSTABLE}/delayed_events/{delay_id}", {"action": action})
        if status < 500:
            break
        time.sleep(0.5)
    if status != 200:
        raise Refused(action, status, body)


def bodies(client, room):
    return [event["content"].get("body") for event in client.history(room) if event["type"] == "m.room.message"]


def tell(url, seconds, meanwhile, restarted_after):
    """Schedules events over so many seconds and says what has to be in the room afterwards; one is restarted before its seconds are over."""
    alice = Client.register(url, "alice", patience=LATEST_SECONDS)
    bob = Client.register(url, "bob", patience=LATEST_SECONDS)
    room = alice.create_room(preset="public_chat")
    bob.join(room)
    count = 60
    began = time.time()
    due, ids = {}, {}
    for number in range(count):
        name = f"event-{number}"
        delay = 1 + seconds * number / count
        ids[name] = schedule(alice, room, name, delay)
        due[name] = time.time() + delay
        if schedule(alice, room, name, delay) != ids[name]:
            raise Wrong(f"{name} was scheduled twice by a repeated request")
    if any(bodies(bob, room)) and time.time() < began + 1:
        raise Wrong("an event was sent before its time")
    cancelled = [schedule(alice, room, f"cancelled-{number}", 2 + number) for number in range(5)]
    restarted = schedule(alice, room, "restarted", restarted_after)
    at_once = schedule(alice, room, "at once", seconds * 10)
    leaver = Client.register(url, "leaver", patience=LATEST_SECONDS)
    leaver.join(room)
    # It is sent all the same, so that a call does not keep a participant whose client has logged out meanwhile.
    schedule(leaver, room, "logged out", 5)
    for delay_id in cancelled:
        act(alice, delay_id, "cancel")
    act(alice, at_once, "send")
    leaver.call("POST", f"{V3}/logout", {})
    began_again = []

    def restart():
        began_again.append(time.time())
        act(alice, restarted, "restart")

    meanwhile(restart)

    expected = {*due, "restarted", "at once", "logged out"}
    give_up_at = time.time() + seconds + LATEST_SECONDS
    while not expected <= set(seen := bodies(bob, room)):
        if time.time() > give_up_at:
            raise Wrong(f"not sent: {sorted(expected - set(seen))[:5]}")
        time.sleep(0.5)
    history = [event for event in bob.history(room) if event["type"] == "m.room.message"]
    for name in expected:
        if seen.count(name) != 1:
            raise Wrong(f"{name} was sent {seen.count(name)} times")
    if unexpected := set(seen) - expected:
        raise Wrong(f"sent though it must not be: {sorted(unexpected)}")
    for event in history:
        name = event["content"]["body"]
        at = due.get(name, began_again[-1] + restarted_after if name == "restarted" else 0)
        if event["origin_server_ts"] < (at - 0.5) * 1000:
            raise Wrong(f"{name} was sent before its time")
    left = alice.call("GET", f"{UNSTABLE}/delayed_events")["delayed_events"]
    if left:
        raise Wrong(f"still scheduled: {left[:3]}")
    latest = max(event["origin_server_ts"] / 1000 - due[name] for event in history if (name := event["content"]["body"]) in due)
    print(f"{len(expected)} events, each sent once; the latest {latest:.1f} s after its time")


def restarts(restart):
    for _ in range(5):
        restart()
        time.sleep(1)


def with_kills(arguments):
    work = arguments.work or pathlib.Path(tempfile.mkdtemp(prefix="myelin-delayed-"))
    work.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        server = faults_apart.Processes(arguments.launcher, work.resolve() / "data", arguments.port)
        server.arguments = ["--apart", "--instances", INSTANCES]
        server.output = work / "server.out"
        faults.say(f"ready after {server.start():.1f} s")
        stack.callback(server.leave)

        def kills(restart):
            for name in KILLED:
                restart()
                server.verb("kill", name)
                restart()
                server.verb("start", name)
                faults.say(f"killed and started {name}")

        tell(server.url, 30, kills, RESTARTED_AMONG_KILLS_SECONDS)
    if not arguments.work:
        shutil.rmtree(work)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", nargs="?", default=os.environ.get("MYELIN_URL", "http://localhost:8008"))
    parser.add_argument("--kills", action="store_true", help="on a server of its own, whose processes are killed")
    parser.add_argument("--launcher", default=str(faults.HERE.parent.parent / "myelin"))
    parser.add_argument("--port", type=int, default=8498, help="for clients; the next one is for federation")
    parser.add_argument("--work", type=pathlib.Path, help="kept afterwards; else gone if all went well")
    arguments = parser.parse_args()
    try:
        if arguments.kills:
            with_kills(arguments)
        else:
            tell(arguments.url, 8, restarts, 3)
    except (Wrong, Refused, faults.Broken, OSError) as failed:
        sys.exit(f"delayed events FAILED: {failed}")
    print("delayed events passed")


if __name__ == "__main__":
    main()
