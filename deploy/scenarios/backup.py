#!/usr/bin/env python3
"""Backs up a server under load, restores the backup elsewhere, and lets the clients go on there.

    backup.py [--launcher ./myelin] [--port 8498] [--work DIR] [--apart] [--senders 8]

Starts a server on data of its own, as one process or (--apart) as processes, and puts senders and syncing clients on it
(survive.py). Under this load `./myelin backup` and `./myelin check` run. Then the server stops, and another one starts, in
another directory and on another port, with what `./myelin restore` has made of the backup. There every message that was
acknowledged before the backup began must be there once, and what is there in the order that it had. Nobody may be logged
out; a repeated request must be answered as it was; and clients go on from tokens of before the backup, and from later ones,
which to the new server are of a future that did not happen. `./myelin check` must find no damage, neither under load nor
afterwards.
"""

import argparse
import contextlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import faults
import faults_apart
import survive
from faults import Broken, say
from matrix import Client

UNDER_LOAD_SECONDS = 5
VERB_SECONDS = 600
CATCH_UP_SECONDS = 60


class Verbs:
    """The launcher's verbs, on the data of one server."""

    def __init__(self, server):
        self.server = server

    def run(self, *words):
        began = time.monotonic()
        done = subprocess.run(
            [self.server.launcher, *words, "--data", str(self.server.data)],
            env=self.server.environment, capture_output=True, text=True, timeout=VERB_SECONDS, check=False,
        )
        if done.returncode != 0:
            raise Broken(f"./myelin {' '.join(words)} ended with {done.returncode}: {done.stdout}{done.stderr}")
        say(f"./myelin {words[0]}, {time.monotonic() - began:.1f} s: {done.stdout.strip()}")


def server_of(arguments, data, port):
    kind = faults_apart.Processes if arguments.apart else faults.Server
    return kind(arguments.launcher, data, port)


def wait_for_writes(load, seconds):
    """Waits until every sender has been answered once more, and then for `seconds` under load."""
    before = list(load.progress)
    give_up_at = time.monotonic() + faults.READY_SECONDS
    while any(now == then for now, then in zip(load.progress, before)):
        if load.failures:
            raise Broken(load.failures[0])
        if time.monotonic() > give_up_at:
            raise Broken(f"not every sender had been answered within {faults.READY_SECONDS} s")
        time.sleep(0.05)
    time.sleep(seconds)


def acknowledged(load):
    return [entry for entry in survive.Journal.read(load.directory / "journal.jsonl") if entry["kind"] == "sent"]


class Before:
    """What clients of the first server know, for comparison with the second."""

    def __init__(self, users, rooms):
        self.users = users
        self.rooms = rooms
        self.sent = []
        self.tokens = {}
        self.orders = {}

    def remember_tokens(self, when):
        self.tokens[when] = {user.user_id: user.sync()["next_batch"] for user in self.users}

    def remember_orders(self):
        for room in self.rooms:
            self.orders[room] = [event["event_id"] for event in self.users[0].history(room, 1000)]


def check_messages(before, users):
    """Everything acknowledged before the backup is there, once, and all that is there is how the first server began."""
    for room in before.rooms:
        order = [event["event_id"] for event in users[0].history(room, 1000)]
        for entry in before.sent:
            if entry["room"] == room and order.count(entry["event"]) != 1:
                raise Broken(f"{entry['event']}, acknowledged before the backup, is {order.count(entry['event'])} times in {room}")
        if order != before.orders[room][: len(order)]:
            raise Broken(f"{room} is in another order than it was, or has something that it did not have")
        for user in users[1:]:
            if [event["event_id"] for event in user.history(room, 1000)] != order:
                raise Broken(f"{user.user_id} reads {room} in another order than {users[0].user_id}")


def check_clients_go_on(before, users):
    for user in users:
        status, body = user.ask("GET", "/_matrix/client/v3/account/whoami")
        if status != 200 or body.get("user_id") != user.user_id:
            raise Broken(f"{user.user_id} was logged out: {status} {body}")
    for entry in before.sent[:: max(1, len(before.sent) // 20)]:
        user = next(user for user in users if user.user_id == entry["user"])
        again = user.send(entry["room"], entry["transaction"], entry["transaction"])
        if again != entry["event"]:
            raise Broken(f"{user.user_id} repeated {entry['transaction']}: was {entry['event']}, became {again}")
    for when, tokens in before.tokens.items():
        for user in users:
            follow(user, tokens[user.user_id], users[0], before.rooms[0], f"a token of {when}")


def follow(user, token, sender, room, what):
    """A client that continues from a token is told of what comes next."""
    since = user.sync(token)["next_batch"]
    wanted = sender.send(room, f"after {user.user_id} {what}", "on")
    give_up_at = time.monotonic() + CATCH_UP_SECONDS
    while time.monotonic() < give_up_at:
        answer = user.sync(since, timeout=1000)
        since = answer["next_batch"]
        timeline = answer.get("rooms", {}).get("join", {}).get(room, {}).get("timeline", {})
        if wanted in [event["event_id"] for event in timeline.get("events", [])]:
            return
    raise Broken(f"{user.user_id}, who went on from {what}, was not told of {wanted}")


def run(arguments, work, stack):
    first = server_of(arguments, work / "first" / "data", arguments.port)
    first.data.parent.mkdir(parents=True, exist_ok=True)
    say(f"ready after {first.start():.1f} s")
    stack.callback(first.leave)
    load = survive.Load(work / "load", [first.url], arguments.senders)
    load.start()
    wait_for_writes(load, UNDER_LOAD_SECONDS)
    accounts = json.loads((load.directory / "accounts.json").read_text())

    def users_of(server):
        return [Client([server.url], user["token"], user["user_id"]) for user in accounts["users"]]

    before = Before(users_of(first), accounts["rooms"])
    before.remember_tokens("before the backup")
    before.sent = acknowledged(load)
    Verbs(first).run("backup", str(work / "backup"))
    Verbs(first).run("check")
    wait_for_writes(load, UNDER_LOAD_SECONDS)
    before.remember_tokens("after the backup")
    summary = load.stop()
    if summary["failures"] or summary["interrupted_sends"]:
        raise Broken(f"the backup disturbed clients: {summary}")
    before.remember_orders()
    say(f"{len(before.sent)} of {summary['acknowledged']} messages were acknowledged before the backup began; "
        f"the longest took {summary['longest_stall_seconds']} s")
    say(f"stopped after {first.stop():.1f} s")

    second = server_of(arguments, work / "second" / "data", arguments.port + 10)
    second.data.parent.mkdir(parents=True, exist_ok=True)
    Verbs(second).run("restore", str(work / "backup"))
    say(f"ready after {second.start():.1f} s")
    stack.callback(second.leave)
    users = users_of(second)
    check_messages(before, users)
    check_clients_go_on(before, users)
    Verbs(second).run("check")
    say(f"stopped after {second.stop():.1f} s")
    Verbs(second).run("check")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--launcher", default=str(faults.HERE.parent.parent / "myelin"))
    parser.add_argument("--port", type=int, default=8498, help="of the first server, whose next one is for federation; the second has it 10 higher")
    parser.add_argument("--work", type=pathlib.Path, help="kept afterwards; else a temporary directory, gone if all went well")
    parser.add_argument("--apart", action="store_true", help="each component as a process of its own")
    parser.add_argument("--senders", type=int, default=8)
    arguments = parser.parse_args()
    work = arguments.work or pathlib.Path(tempfile.mkdtemp(prefix="myelin-backup-"))
    work.mkdir(parents=True, exist_ok=True)
    try:
        with contextlib.ExitStack() as stack:
            run(arguments, work.resolve(), stack)
    except (Broken, survive.Lost, survive.Refused, OSError) as failed:
        sys.exit(f"backup FAILED: {failed}\nWhat the servers said is in {work}")
    if not arguments.work:
        shutil.rmtree(work)
    print("backup passed")


if __name__ == "__main__":
    main()
