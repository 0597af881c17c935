#!/usr/bin/env python3
"""Load and verification for tests that kill, starve or restart a server under load.

    survive.py load DIR [URL ...]      until DIR/stop exists, or --seconds have passed, or SIGTERM/SIGINT
    survive.py verify DIR [URL ...]    afterwards; exits with 1 and prints what was lost, doubled or out of order

`load` starts senders and syncing clients, creates DIR/ready once they run, and writes DIR/accounts.json and
DIR/journal.jsonl. A sender repeats a message with the same transaction ID until it is answered 200, whatever happens
meanwhile; now and then it repeats an acknowledged message, which must be answered with the same event ID. A syncing
client carries on from its last token by itself. At the end the senders finish what they have begun, and the syncing
clients catch up. Between the two commands the server may be killed and restarted; it only has to run again.

`verify` then checks with the old access tokens: a repeated request is answered with the same event, whenever it was first
made; every acknowledged event is exactly once in every user's /messages; there is one event for each transaction; the
order is the same for all users, and every live /sync has the order of /messages.
"""

import argparse
import collections
import http.client
import json
import os
import pathlib
import signal
import sys
import threading
import time

from matrix import V3, Client, Refused

SENDERS = 16
ROOMS = 4
GIVE_UP_SECONDS = 600
CATCH_UP_SECONDS = 180
# More than the 30 s after which the server itself answers that it is unavailable.
ANSWER_SECONDS = 40
REPEATED_REQUESTS = 20
RETRY_SECONDS = 0.05
SERVER_TROUBLE = (OSError, http.client.HTTPException)


class Journal:
    """A file with one JSON object a line; each line is flushed before the next request is made."""

    def __init__(self, path):
        self.file = open(path, "a", encoding="utf-8")
        self.lock = threading.Lock()

    def write(self, **entry):
        with self.lock:
            self.file.write(json.dumps(entry) + "\n")
            self.file.flush()

    @staticmethod
    def read(path):
        with open(path, encoding="utf-8") as file:
            return [json.loads(line) for line in file]


class Load:
    """The running senders and syncing clients of one test; faults.py uses it in its own process."""

    def __init__(self, directory, urls, senders=SENDERS, rooms=ROOMS, pause=0.05):
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.urls = urls
        self.senders = senders
        self.rooms = rooms
        self.pause = pause
        self.stopping = threading.Event()
        self.sent = threading.Event()
        self.failures = []
        self.stalls = []
        self.failed_syncs = 0
        self.interruptions = []
        self.off = []
        self.progress = [0] * senders
        self.acknowledged = collections.Counter()
        self.targets = {}

    def start(self):
        # No patience: the senders repeat failed requests themselves, and measure the stalls.
        users = [
            Client.register(self.urls, f"user{number}", timeout=ANSWER_SECONDS, patience=0)
            for number in range(self.senders)
        ]
        rooms = [users[number % self.senders].create_room(preset="public_chat") for number in range(self.rooms)]
        for room in rooms:
            for user in users:
                user.join(room)
        accounts = {
            "rooms": rooms,
            "users": [{"user_id": user.user_id, "token": user.token} for user in users],
            # Readers begin after this message, and must get every later one.
            "begun": {room: users[0].send(room, "begin", "begin") for room in rooms},
        }
        (self.directory / "accounts.json").write_text(json.dumps(accounts))
        self.journal = Journal(self.directory / "journal.jsonl")
        readers = [self.reader(user) for user in users]
        self.readers_running = [self.run(self.follow, reader, rooms) for reader in readers]
        self.senders_running = [self.run(self.send, user, number, rooms) for number, user in enumerate(users)]
        (self.directory / "ready").touch()

    def reader(self, user):
        reader = Client(self.urls, user.token, user.user_id, timeout=ANSWER_SECONDS, patience=0)
        reader.since = reader.sync()["next_batch"]
        return reader

    def run(self, part, *arguments):
        def guarded():
            try:
                part(*arguments)
            except Exception as failed:
                self.failures.append(f"{part.__name__}: {failed!r}")

        thread = threading.Thread(target=guarded, daemon=True)
        thread.start()
        return thread

    def send(self, user, number, rooms):
        """Sends messages until stopped; now and then repeats an acknowledged one."""
        last = None
        for count in range(1 << 40):
            if self.stopping.is_set():
                break
            room = rooms[(number + count) % len(rooms)]
            transaction = f"s{number}-{count}"
            event_id = self.insist(user, room, transaction)
            self.journal.write(kind="sent", user=user.user_id, room=room, transaction=transaction, event=event_id)
            self.acknowledged[room] += 1
            self.progress[number] += 1
            if last and count % 10 == 0:
                room, transaction, expected = last
                again = self.insist(user, room, transaction)
                if again != expected:
                    self.failures.append(f"{user.user_id} repeated {transaction}: was {expected}, became {again}")
            last = (room, transaction, event_id)
            time.sleep(self.pause)

    def insist(self, user, room, transaction):
        """Repeats a message until it is acknowledged; a stall is the time from the first try until then."""
        began = time.monotonic()
        interrupted = False
        while True:
            try:
                event_id = user.send(room, transaction, transaction, timeout=ANSWER_SECONDS)
                self.stalls.append((began, time.monotonic(), interrupted))
                return event_id
            except SERVER_TROUBLE + (Refused,) as failure:
                if isinstance(failure, Refused) and failure.status < 500:
                    raise
                if time.monotonic() - began > GIVE_UP_SECONDS:
                    raise
                self.interruptions.append(f"send: {failure}")
                interrupted = True
                time.sleep(RETRY_SECONDS)

    def follow(self, reader, rooms):
        """Syncs until it has everything that was acknowledged before the stop; gaps are recorded and not filled."""
        seen = {room: [] for room in rooms}
        gaps = {room: [] for room in rooms}
        while not self.caught_up(seen):
            try:
                response = reader.sync(reader.since, timeout=5000)
            except SERVER_TROUBLE + (Refused,) as failure:
                if isinstance(failure, Refused) and failure.status < 500:
                    raise
                self.interruptions.append(f"sync: {failure}")
                self.failed_syncs += 1
                time.sleep(RETRY_SECONDS)
                continue
            for room, update in response.get("rooms", {}).get("join", {}).items():
                timeline = update.get("timeline", {})
                if timeline.get("limited"):
                    gaps[room].append(len(seen[room]))
                seen[room] += [event["event_id"] for event in timeline.get("events", [])]
            reader.since = response["next_batch"]
        for room in rooms:
            self.journal.write(kind="seen", user=reader.user_id, room=room, events=seen[room], gaps=gaps[room])

    def machine_was_off(self, since, until):
        """Excludes this time from stalls: the test needed it to simulate that the machine was off."""
        self.off.append((since, until))

    def stalled(self, stall):
        began, ended, _ = stall
        return ended - began - sum(max(0.0, min(ended, until) - max(began, since)) for since, until in self.off)

    def caught_up(self, seen):
        if not self.sent.is_set():
            return False
        if all(self.targets[room] in seen[room][-1000:] for room in seen):
            return True
        if time.monotonic() > self.catch_up_by:
            raise TimeoutError(f"a syncing client had not caught up {CATCH_UP_SECONDS} s after the last message")
        return False

    def stop(self):
        """Ends the load after all begun messages are acknowledged and synced; returns a summary."""
        self.stopping.set()
        for thread in self.senders_running:
            thread.join()
        accounts = json.loads((self.directory / "accounts.json").read_text())
        closer = Client(self.urls, accounts["users"][0]["token"], accounts["users"][0]["user_id"], ANSWER_SECONDS)
        for room in accounts["rooms"]:
            self.targets[room] = self.insist(closer, room, "the-end")
        self.catch_up_by = time.monotonic() + CATCH_UP_SECONDS
        self.sent.set()
        for thread in self.readers_running:
            thread.join()
        summary = {
            "acknowledged": sum(self.acknowledged.values()),
            "interrupted_sends": sum(interrupted for _, _, interrupted in self.stalls),
            "longest_stall_seconds": round(max(map(self.stalled, self.stalls), default=0.0), 3),
            "failures": self.failures,
        }
        (self.directory / "summary.json").write_text(json.dumps(summary, indent=2))
        return summary


class Lost(Exception):
    """The server has broken a promise; the message says which."""


def verify(directory, urls, incarnations=1):
    """Checks all promises and returns the number of events checked; raises Lost if one is broken.

    incarnations: how many the database has had; after each failover or restore a `limited` timeline may repeat what a
    client has already seen.
    """
    directory = pathlib.Path(directory)
    accounts = json.loads((directory / "accounts.json").read_text())
    entries = Journal.read(directory / "journal.jsonl")
    users = [Client(urls, user["token"], user["user_id"]) for user in accounts["users"]]
    for user in users:
        status, body = user.ask("GET", f"{V3}/account/whoami")
        if status != 200 or body.get("user_id") != user.user_id:
            raise Lost(f"{user.user_id} was logged out: {status} {body}")
    for user in users:
        check_repetition(user, [e for e in entries if e["kind"] == "sent" and e["user"] == user.user_id])
    looked_at = 0
    for room in accounts["rooms"]:
        history = users[0].history(room, 1000)
        looked_at += len(history)
        order = [event["event_id"] for event in history]
        check_events(room, order, history, [e for e in entries if e["kind"] == "sent" and e["room"] == room])
        for user in users[1:]:
            theirs = [event["event_id"] for event in user.history(room, 1000)]
            if theirs != order:
                raise Lost(f"{user.user_id} reads {room} in another order than {users[0].user_id}, or other events")
        for entry in entries:
            if entry["kind"] == "seen" and entry["room"] == room:
                check_live(entry, order, accounts["begun"][room], incarnations - 1)
    return looked_at


def check_repetition(user, sent):
    """Repeats some of a user's requests, from the whole time of the load."""
    for entry in sent[:: max(1, len(sent) // REPEATED_REQUESTS)]:
        again = user.send(entry["room"], entry["transaction"], entry["transaction"])
        if again != entry["event"]:
            raise Lost(f"{user.user_id} repeated {entry['transaction']}: was {entry['event']}, became {again}")


def check_events(room, order, history, sent):
    times = collections.Counter(order)
    for event_id, count in times.items():
        if count > 1:
            raise Lost(f"{event_id} is {count} times in /messages of {room}")
    for entry in sent:
        if entry["event"] not in times:
            raise Lost(f"{entry['event']}, acknowledged to {entry['user']}, is not in /messages of {room}")
    # The body of a message is its transaction ID: two events with the same body are one request executed twice.
    done = collections.Counter(
        (event["sender"], event["content"].get("body")) for event in history if event["type"] == "m.room.message"
    )
    for (sender, transaction), count in done.items():
        if count > 1:
            raise Lost(f"{sender}'s transaction {transaction} became {count} events in {room}")


def check_live(entry, order, begun, most_repetitions):
    """Checks that a syncing client got what /messages has, in order and without omissions except in `limited` gaps."""
    repetitions = 0
    whose = f"{entry['user']}'s live timeline of {entry['room']}"
    place = {event_id: index for index, event_id in enumerate(order)}
    unknown = [event_id for event_id in entry["events"] if event_id not in place]
    if unknown:
        raise Lost(f"{whose} has {unknown[0]}, which /messages has not")
    places = [place[begun]] + [place[event_id] for event_id in entry["events"]]
    gaps = {index + 1 for index in entry["gaps"]}
    for index in range(1, len(places)):
        before, after = places[index - 1], places[index]
        if after <= before and index in gaps and repetitions < most_repetitions:
            repetitions += 1
        elif after <= before:
            raise Lost(f"{whose} shows {order[after]} after {order[before]}, /messages the other way round, or twice")
        elif after != before + 1 and index not in gaps:
            raise Lost(f"{whose} lacks {order[before + 1]} without having been told of a gap")


def command_load(arguments):
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    load = Load(arguments.directory, arguments.urls, arguments.senders, arguments.rooms, arguments.pause)
    load.start()
    began = time.monotonic()
    while not (
        stop.is_set()
        or (load.directory / "stop").exists()
        or load.failures
        or (arguments.seconds and time.monotonic() - began > arguments.seconds)
    ):
        time.sleep(0.05)
    summary = load.stop()
    print(json.dumps(summary))
    if summary["failures"]:
        sys.exit(f"survive load FAILED: {summary['failures'][0]}")
    if arguments.max_stall and summary["longest_stall_seconds"] > arguments.max_stall:
        sys.exit(f"survive load FAILED: writes stalled {summary['longest_stall_seconds']} s")


def command_verify(arguments):
    try:
        looked_at = verify(arguments.directory, arguments.urls)
    except (Lost, Refused) as lost:
        sys.exit(f"survive verify FAILED: {lost}")
    print(f"survive verify passed: {looked_at} events, each once, in one order for everybody")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["load", "verify"])
    parser.add_argument("directory")
    parser.add_argument("urls", nargs="*", default=[os.environ.get("MYELIN_URL", "http://localhost:8008")])
    parser.add_argument("--seconds", type=float, help="end the load by itself")
    parser.add_argument("--senders", type=int, default=SENDERS)
    parser.add_argument("--rooms", type=int, default=ROOMS)
    parser.add_argument("--pause", type=float, default=0.05, help="seconds between a sender's messages (0.05)")
    parser.add_argument("--max-stall", type=float, help="fail where writes stalled for longer, in seconds")
    arguments = parser.parse_args()
    (command_load if arguments.command == "load" else command_verify)(arguments)


if __name__ == "__main__":
    main()
