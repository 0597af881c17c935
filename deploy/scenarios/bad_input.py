#!/usr/bin/env python3
"""Sends bad requests, each of which must get its Matrix error and change nothing; then ten thousand mutated requests.

First the table of bad_cases.py. Then a seeded fuzz that mutates good requests of every endpoint. There must be no 5xx, no
dropped connection, no 4xx without a Matrix error, and no internals of the server in a body; afterwards every room must
still accept a message. Exits with 1 and prints what was wrong; --seed and the printed number of a request repeat it.

    bad_input.py [--requests N] [--seed N] [--only TEXT] [URL]     or MYELIN_URL; default http://localhost:8008
"""

import argparse
import http.client
import json
import os
import re
import sys
import threading
import time

import fuzz
from bad_cases import cases
from matrix import NOT_NOW, NOT_NOW_SECONDS, V3, Client, parsed, quote

INSIDES = re.compile(
    rb"\.java:\d+\)|\b(java|javax|jakarta|kotlin)\.\w+\.|\bio\.myelin\.[\w.]*[A-Z]|Exception\b|Caused by:|NullPointer|StackOverflow"
    rb"|\b(org|com|tools)\.(springframework|apache|postgresql|eclipse|jackson|fasterxml)\b|SQLSTATE|Traceback \("
)


class World:
    """The users and rooms that bad requests are about."""

    def __init__(self, url):
        self.alice, self.bob, self.carol = (Client.register(url, name) for name in ("alice", "bob", "carol"))
        self.server = self.alice.user_id.split(":", 1)[1]
        alias = self.alice.user_id[1:].split(":")[0]
        self.room = self.alice.create_room(
            preset="private_chat", name="quiet", room_alias_name=alias, invite=[self.carol.user_id]
        )
        self.alias = f"#{alias}:{self.server}"
        self.carol.join(self.room)
        self.event = self.alice.send(self.room, "good", "hello")
        leaver = Client.register(url, "leaver")
        leaver.call("POST", f"{V3}/logout", {})
        self.logged_out = leaver.token

    def snapshot(self):
        """Everything that a bad request could have changed."""
        alice, user, room = self.alice, quote(self.alice.user_id), quote(self.room)
        state = alice.call("GET", f"{V3}/rooms/{room}/state")
        return {
            "state": sorted(event["event_id"] for event in state),
            "history": [event["event_id"] for event in alice.history(self.room)],
            "alice's rooms": sorted(alice.call("GET", f"{V3}/joined_rooms")["joined_rooms"]),
            "bob's rooms": sorted(self.bob.call("GET", f"{V3}/joined_rooms")["joined_rooms"]),
            "profile": alice.call("GET", f"{V3}/profile/{user}"),
            "account data": alice.ask("GET", f"{V3}/user/{user}/account_data/org.example.bad"),
            "room account data": alice.ask("GET", f"{V3}/user/{user}/rooms/{room}/account_data/org.example.bad"),
        }


def exposed(answer):
    found = INSIDES.search(answer[:1_000_000])
    return found.group().decode() if found else None


def run_table(world, only):
    """Sends the table's requests; returns a line for each answer that differs from the table."""
    wrong, count = [], 0
    before = world.snapshot()
    for case in cases(world):
        if only not in case.name:
            continue
        count += 1
        token = world.alice.token if case.token is None else case.token
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        try:
            status, answer = world.alice.raw(case.method, case.path, case.bytes(), headers)
        except (OSError, http.client.HTTPException) as dropped:
            wrong.append(f"{case.name}: the connection was dropped: {dropped!r}")
            continue
        body = parsed(answer)
        errcode = body.get("errcode") if isinstance(body, dict) else None
        if (status, errcode) not in case.expected:
            expected = " or ".join(f"{status} {errcode}" for status, errcode in case.expected)
            wrong.append(f"{case.name}: expected {expected}, was {status} {str(body)[:150]}")
        elif not isinstance(body.get("error"), str) and "flows" not in body:  # a request for authentication has none
            wrong.append(f"{case.name}: the answer has no text in 'error'")
        if exposed(answer):
            wrong.append(f"{case.name}: shows the server's insides: {exposed(answer)}")
    after = world.snapshot()
    print(f"{count} bad requests, {len(wrong)} not answered as they should", flush=True)
    return wrong + [f"refused requests changed {what}" for what in before if before[what] != after[what]]


class Fuzz:
    """Mutated requests from several threads, each with users, rooms and a random sequence of its own."""

    def __init__(self, url, seed, requests, threads):
        self.url, self.seed, self.requests, self.threads = url, seed, requests, threads
        self.wrong = []
        self.statuses = {}
        self.lock = threading.Lock()

    def run(self):
        workers = [threading.Thread(target=self.work, args=(number,)) for number in range(self.threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        return self.wrong

    def work(self, number):
        try:
            town = fuzz.Town(self.url, f"fuzz{number}")
            for index in range(number, self.requests, self.threads):
                self.one(town, index)
            for room in town.rooms:
                town.owner.send(room, "after-all", "still alive")
        except Exception as failed:
            with self.lock:
                self.wrong.append(f"thread {number}: {failed!r}")

    def one(self, town, index):
        request = town.mutated(f"{self.seed}/{index}")
        try:
            status, answer = self.ask(town, request)
        except (OSError, http.client.HTTPException) as dropped:
            return self.report(index, request, f"no answer: {dropped!r}")
        with self.lock:
            self.statuses[status] = self.statuses.get(status, 0) + 1
        if status >= 500:
            self.report(index, request, f"{status} {answer[:200]!r}")
        elif exposed(answer):
            self.report(index, request, f"shows the server's insides: {exposed(answer)} in {answer[:300]!r}")
        elif status >= 400 and not request.beyond_matrix and not matrix_error(status, answer):
            self.report(index, request, f"{status} without a Matrix error: {answer[:200]!r}")

    @staticmethod
    def ask(town, request):
        """Sends the request, for a while again if the server is unavailable: repeating a bad request does no harm."""
        give_up_at = time.monotonic() + NOT_NOW_SECONDS
        while True:
            status, answer = town.owner.raw(
                request.method, request.path, request.body, request.headers, timeout=fuzz.TIMEOUT_SECONDS
            )
            if status not in NOT_NOW or time.monotonic() > give_up_at:
                return status, answer
            time.sleep(1)

    def report(self, index, request, what):
        with self.lock:
            self.wrong.append(f"request {index} of seed {self.seed}: {request}: {what}")


def matrix_error(status, answer):
    body = parsed(answer)
    return isinstance(body, dict) and ("errcode" in body or status == 401 and "flows" in body)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("url", nargs="?", default=os.environ.get("MYELIN_URL", "http://localhost:8008"))
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--only", default="", help="cases of the table whose name contains this")
    arguments = parser.parse_args()
    began = time.monotonic()
    wrong = run_table(World(arguments.url), arguments.only)
    fuzzing = Fuzz(arguments.url, arguments.seed, arguments.requests, arguments.threads)
    wrong += fuzzing.run()
    print(f"{arguments.requests} mutated requests, answers by status: {json.dumps(dict(sorted(fuzzing.statuses.items())))}")
    if wrong:
        sys.exit("\n".join([f"bad input FAILED {len(wrong)} times:", *wrong[:200]]))
    print(f"bad input passed in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
