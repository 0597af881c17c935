#!/usr/bin/env python3
"""Times of `/sync` that the load generator does not measure; starts a server of its own, without limits of rates.

    deploy/bench/syncs.py [cold] [threads] [--port 18408] [--rooms 3437] [--threads 20] [--repeats 300]

cold      the first /sync of a user of many rooms: right after a start, and again when the rooms are in memory
threads   a first /sync of a room with 20 threads, whose roots the window shows with their aggregations, beside one of a room with as many
          messages and no thread, in turns; the medians and their ratio

Needs what `./myelin build` has made.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HOME = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(HOME / "deploy/scenarios"))

from matrix import V3, Client, quote  # noqa: E402 (the path has to be set first)

CREATORS = 8
START_SECONDS = 120
FILTER = quote(json.dumps({"room": {"timeline": {"limit": 40}}}))


class Server:
    """./myelin run on data of its own."""

    def __init__(self, data, port):
        self.data, self.port = data, port
        self.url = f"http://localhost:{port}"

    def __enter__(self):
        environment = {
            **os.environ,
            "MYELIN_DATA": str(self.data),
            "MYELIN_RATE_LIMITS_ENABLED": "false",
            "MYELIN_LISTENERS_CLIENT_PORT": str(self.port),
            "MYELIN_LISTENERS_FEDERATION_PORT": str(self.port + 1),
        }
        self.log = open(self.data / "out", "w", encoding="utf-8")
        self.process = subprocess.Popen([HOME / "myelin", "run"], stdout=self.log, stderr=subprocess.STDOUT, env=environment)
        gives_up_at = time.monotonic() + START_SECONDS
        while "Myelin is ready" not in (self.data / "out").read_text(encoding="utf-8"):
            if self.process.poll() is not None or time.monotonic() > gives_up_at:
                sys.exit((self.data / "out").read_text(encoding="utf-8"))
            time.sleep(0.2)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.log.close()


def first_sync(client, query=""):
    """Seconds, and the answer."""
    began = time.monotonic()
    answer = client.call("GET", f"{V3}/sync?timeout=0{query}")
    return time.monotonic() - began, answer


def create_rooms(server, user, count):
    def some(share):
        client = Client(server.url, user.token, user.user_id)
        for _ in range(share):
            client.call("POST", f"{V3}/createRoom", {"preset": "private_chat", "name": "a room"})

    with concurrent.futures.ThreadPoolExecutor(CREATORS) as pool:
        shares = [count // CREATORS + (1 if number < count % CREATORS else 0) for number in range(CREATORS)]
        for done in [pool.submit(some, share) for share in shares]:
            done.result()


def cold(arguments, data):
    with Server(data, arguments.port) as server:
        user = Client.register(server.url, "many")
        create_rooms(server, user, arguments.rooms)
    for _ in range(3):
        with Server(data, arguments.port) as server:
            client = Client(server.url, user.token, user.user_id)
            seconds, answer = first_sync(client)
            again, _ = first_sync(client)
            print(f"first /sync of {len(answer['rooms']['join'])} rooms: {seconds:.2f} s after a start, {again:.2f} s again", flush=True)


def send(client, room, content):
    path = f"{V3}/rooms/{quote(room)}/send/m.room.message/{time.monotonic_ns()}"
    return client.call("PUT", path, {"msgtype": "m.text", **content})["event_id"]


def threads(arguments, data):
    """Both windows show the same number of events; in one of them half are roots and half their replies."""
    with Server(data, arguments.port) as server:
        users = {}
        for name in ["with", "without"]:
            user = users[name] = Client.register(server.url, name)
            room = user.call("POST", f"{V3}/createRoom", {"preset": "private_chat"})["room_id"]
            roots = [send(user, room, {"body": f"message {number}"}) for number in range(arguments.threads)]
            for root in roots:
                relation = {"m.relates_to": {"rel_type": "m.thread", "event_id": root}} if name == "with" else {}
                send(user, room, {"body": "a reply", **relation})
        times = {name: [] for name in users}
        for repeat in range(arguments.repeats):
            for name, user in users.items():
                seconds, answer = first_sync(user, f"&filter={FILTER}")
                if repeat >= arguments.repeats // 3:
                    times[name].append(seconds)
                elif repeat == 0:
                    (room,) = answer["rooms"]["join"].values()
                    shown = sum("m.thread" in event.get("unsigned", {}).get("m.relations", {}) for event in room["timeline"]["events"])
                    print(f"{name} threads: {len(room['timeline']['events'])} events, {shown} with a thread", flush=True)
        medians = {name: statistics.median(measured) * 1000 for name, measured in times.items()}
        print(f"/sync: {medians['with']:.2f} ms with, {medians['without']:.2f} ms without, ratio {medians['with'] / medians['without']:.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=["cold", "threads"], default=["cold", "threads"])
    parser.add_argument("--port", type=int, default=18408, help="for clients; the next one is for other servers")
    parser.add_argument("--rooms", type=int, default=3437)
    parser.add_argument("--threads", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=300, help="the first third of them warms up")
    arguments = parser.parse_args()
    for part in arguments.parts:
        with tempfile.TemporaryDirectory(prefix="myelin-syncs-") as data:
            {"cold": cold, "threads": threads}[part](arguments, pathlib.Path(data))


if __name__ == "__main__":
    main()
