#!/usr/bin/env python3
"""What keys of end-to-end encryption cost; starts servers of its own, without limits of rates.

    deploy/scenarios/.venv/bin/python deploy/bench/keys.py [query] [change] [burst] [options]

query     /keys/query for all members of a room, each with a device and cross-signing keys: all in one request, as matrix-nio asks, and 250
          in each request, as matrix-rust-sdk does (Element X and matrix-js-sdk); the target is a second
change    a member changes the keys of a device, components apart: the processor time of each component for each change, in a small room and
          in the large one, with one and with ten members who wait for it in a /sync. What grows with the room is the difference
burst     500 users at once upload a device's keys with 50 one-time keys and a fallback key, query 20 others and claim a key of each
          (`./myelin bench --scenario key-burst`): this server and Synapse in turns, each with a PostgreSQL of its own that syncs to disk

Needs what `./myelin build` has made and what deploy/scenarios/requirements.txt lists (deploy/scenarios/run installs it); change needs
nginx, burst root and a network: it installs Synapse into --synapse, once.
"""

import argparse
import concurrent.futures
import contextlib
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HOME = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(HOME / "deploy/scenarios"), str(HOME / "deploy/bench")]

import vodozemac  # noqa: E402 (the path has to be set first)

import faults  # noqa: E402
import faults_apart  # noqa: E402
from matrix import V3, Client, quote, unique  # noqa: E402
from synapse import Synapse  # noqa: E402

LAUNCHER = HOME / "myelin"
THREADS = 12
IN_ONE_REQUEST = 250
SMALL_ROOM = 11
WAITING_SECONDS = 60
TICKS = os.sysconf("SC_CLK_TCK")
FILTER = {"room": {"timeline": {"limit": 1}, "state": {"lazy_load_members": True}}, "presence": {"types": []}}


def say(text):
    print(text, flush=True)


# --- users and their keys ------------------------------------------------------------------------------------------------


class User:
    """A user with a device, whose keys are real: the server checks signatures of cross-signing keys."""

    def __init__(self, user_id, device_id, token):
        self.user_id, self.device_id, self.token = user_id, device_id, token
        self.account, self.self_signing = vodozemac.Account(), vodozemac.Account()

    def device_keys(self):
        device = {
            "user_id": self.user_id,
            "device_id": self.device_id,
            "algorithms": ["m.olm.v1.curve25519-aes-sha2", "m.megolm.v1.aes-sha2"],
            "keys": {
                f"curve25519:{self.device_id}": self.account.curve25519_key.to_base64(),
                f"ed25519:{self.device_id}": self.account.ed25519_key.to_base64(),
            },
        }
        return self.signed(device, self.account, self.device_id)

    def signed(self, content, account, key_id):
        signature = account.sign(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).to_base64()
        return {**content, "signatures": {self.user_id: {f"ed25519:{key_id}": signature}}}

    def cross_signing_key(self, account, usage):
        key = account.ed25519_key.to_base64()
        return {"user_id": self.user_id, "usage": [usage], "keys": {f"ed25519:{key}": key}}

    def publish(self, client):
        """Uploads the device's keys and cross-signing keys, and signs the device with them."""
        client.token = self.token
        device = self.device_keys()
        client.call("POST", f"{V3}/keys/upload", {"device_keys": device})
        master = vodozemac.Account()
        master_id = master.ed25519_key.to_base64()
        client.call("POST", f"{V3}/keys/device_signing/upload", {
            "master_key": self.cross_signing_key(master, "master"),
            "self_signing_key": self.signed(self.cross_signing_key(self.self_signing, "self_signing"), master, master_id),
            "user_signing_key": self.signed(self.cross_signing_key(vodozemac.Account(), "user_signing"), master, master_id),
        })
        signing_id = self.self_signing.ed25519_key.to_base64()
        device = self.signed({name: value for name, value in device.items() if name != "signatures"}, self.self_signing, signing_id)
        done = client.call("POST", f"{V3}/keys/signatures/upload", {self.user_id: {self.device_id: device}})
        if done.get("failures"):
            sys.exit(f"A signature was refused: {done['failures']}")

    def change_keys(self, client):
        """Another identity key of the same device, which is what others have to learn."""
        client.token = self.token
        self.account = vodozemac.Account()
        client.call("POST", f"{V3}/keys/upload", {"device_keys": self.device_keys()})


def registered(client):
    client.token = None
    request = {"username": unique("member"), "password": "a long password", "auth": {"type": "m.login.dummy"}}
    answer = client.call("POST", f"{V3}/register", request)
    return User(answer["user_id"], answer["device_id"], answer["access_token"])


def room_of(url, count):
    """A public room, and its members, who all have published keys; a request's connection is used for many of them."""
    connections = threading.local()

    def client():
        if not hasattr(connections, "client"):
            connections.client = Client(url, timeout=120)
        return connections.client

    def member(room):
        user = registered(client())
        user.publish(client())
        if room:
            client().call("POST", f"{V3}/join/{quote(room)}", {})
        return user

    first = member(None)
    room = Client(url, first.token).create_room(preset="public_chat")
    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
        members = [first, *pool.map(lambda _: member(room), range(count - 1))]
    say(f"a room of {count} members with keys, made in {time.monotonic() - began:.0f} s")
    return room, members


# --- servers ----------------------------------------------------------------------------------------------------------------


class Apart(faults_apart.Processes):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.arguments = ["--apart"]


@contextlib.contextmanager
def running(kind, data, port):
    server = kind(LAUNCHER, data, port)
    server.environment.update(MYELIN_BUILD="no", MYELIN_RATE_LIMITS_ENABLED="false")
    server.start()
    try:
        yield server
    finally:
        server.leave()


def processor_seconds(pid):
    """By all threads, ended children included."""
    with contextlib.suppress(OSError):
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return sum(map(int, fields[11:15])) / TICKS
    return 0.0


def family(pid):
    """A process and all its children."""
    found = [pid]
    for parent in found:
        with contextlib.suppress(OSError):
            found += map(int, pathlib.Path(f"/proc/{parent}/task/{parent}/children").read_text().split())
    return found


def by_component(server):
    """Seconds of processor time of each component so far."""
    used = {}
    for process in server.status():
        name = process["instance"].split("#")[0]
        if process.get("pid"):
            used[name] = used.get(name, 0) + sum(map(processor_seconds, family(process["pid"])))
    return used


def difference(after, before):
    return {name: after[name] - before.get(name, 0) for name in after}


# --- the parts --------------------------------------------------------------------------------------------------------------


def asked(client, users):
    """Seconds until the whole answer is there, its size, and for how many users it has a device and a master key."""
    body = json.dumps({"device_keys": {user.user_id: [] for user in users}}).encode()
    began = time.monotonic()
    status, answer = client.raw("POST", f"{V3}/keys/query", body, client.headers())
    took = time.monotonic() - began
    if status != 200:
        sys.exit(f"/keys/query of {len(users)} users: {status} {answer[:300]}")
    keys = json.loads(answer)
    there = sum(bool(keys["device_keys"].get(user.user_id)) and user.user_id in keys["master_keys"] for user in users)
    return took, len(answer), there


def query(server, members, arguments):
    client = Client(server.url, members[0].token, timeout=120)
    for size in (len(members), IN_ONE_REQUEST):
        rounds, processor = [], []
        for _ in range(arguments.repeats):
            before = sum(map(processor_seconds, server.processes()))
            answers = [asked(client, members[start:start + size]) for start in range(0, len(members), size)]
            there = sum(found for _, _, found in answers)
            if there != len(members):
                sys.exit(f"/keys/query has the keys of {there} members, not of {len(members)}")
            rounds.append(sum(took for took, _, _ in answers))
            processor.append(sum(map(processor_seconds, server.processes())) - before)
        megabytes = sum(length for _, length, _ in answers) / 1e6
        say(f"/keys/query of {len(members)} members, {min(size, len(members))} in each request: first {rounds[0]:.2f} s, "
            f"then {statistics.median(rounds[1:]):.2f} s (median of {len(rounds[1:])}), {statistics.median(processor[1:]):.2f} s of processor time, "
            f"{megabytes:.1f} MB")


class Waiting:
    """A member whose /sync is parked until somebody's keys change."""

    def __init__(self, server, user):
        self.client = Client(server.url, user.token, user.user_id, timeout=120)
        self.seen = 0
        self.changed = threading.Condition()
        self.stopped = False
        self.since = self.client.sync(sync_filter=FILTER)["next_batch"]
        self.thread = threading.Thread(target=self.follow, daemon=True)

    def follow(self):
        while not self.stopped:
            answer = self.client.sync(self.since, 5_000, FILTER)
            self.since = answer["next_batch"]
            with self.changed:
                self.seen += self.who in answer.get("device_lists", {}).get("changed", [])
                self.changed.notify_all()

    def start(self, who):
        self.who = who.user_id
        self.thread.start()

    def wait(self, times):
        with self.changed:
            if not self.changed.wait_for(lambda: self.seen >= times, WAITING_SECONDS):
                sys.exit(f"A member was not told of a changed key within {WAITING_SECONDS} s")

    def stop(self):
        self.stopped = True
        self.thread.join()


def cost(server, members, parked, changes):
    """Milliseconds of processor time of each component for each change of a member's keys, beyond what the same time takes without one."""
    who, client = members[0], Client(server.url, timeout=120)
    waiting = [Waiting(server, user) for user in members[1:parked + 1]]
    for each in waiting:
        each.start(who)
    who.change_keys(client)
    for each in waiting:
        each.wait(1)
    time.sleep(2)
    before, began = by_component(server), time.monotonic()
    for number in range(changes):
        who.change_keys(client)
        for each in waiting:
            each.wait(number + 2)
        time.sleep(0.1)
    took, after = time.monotonic() - began, by_component(server)
    time.sleep(took)
    idle = difference(by_component(server), after)
    for each in waiting:
        each.stop()
    return {name: (seconds - idle.get(name, 0)) * 1000 / changes for name, seconds in difference(after, before).items()}


def change(server, small, large, arguments):
    say(f"a changed key, ms of processor time each ({arguments.changes} changes; what the time takes without them is subtracted):")
    columns = {}
    for parked in map(int, arguments.syncs.split(",")):
        for members in (small, large):
            cost(server, members, parked, max(3, arguments.changes // 4))  # warms up
            columns[f"{len(members)}, {parked} parked"] = cost(server, members, parked, arguments.changes)
    say(f"{'members of the room':20}" + "".join(f"{head:>20}" for head in columns))
    for name in sorted(next(iter(columns.values()))):
        say(f"{name:20}" + "".join(f"{column[name]:20.1f}" for column in columns.values()))
    say(f"{'all':20}" + "".join(f"{sum(column.values()):20.1f}" for column in columns.values()))


def made(directory):
    directory.mkdir(parents=True)
    return directory


def rooms(arguments, work):
    """Parts that need a room share one."""
    data = work / "data"
    with running(faults.Server, data, arguments.port) as server:
        _, small = room_of(server.url, SMALL_ROOM)
        _, large = room_of(server.url, arguments.members)
        if "query" in arguments.parts:
            query(server, large, arguments)
    if "change" in arguments.parts:
        with running(Apart, data, arguments.port) as server:
            change(server, small, large, arguments)


def burst(arguments, work):
    """The same bursts on both servers, alternating; the first pairs only warm up."""
    report = work / "report.json"
    with running(faults.Server, work / "data", arguments.port) as server, Synapse(arguments.synapse, work / "synapse", arguments.port + 10) as synapse:
        subprocess.run(
            [LAUNCHER, "bench", "--url", server.url, "--url", synapse.url, "--users", str(arguments.users), "--json", str(report),
             "--scenario", ",".join(["key-burst"] * (arguments.warmup + arguments.rounds))],
            check=True, env={**os.environ, "MYELIN_BUILD": "no"})
    results = json.loads(report.read_text())
    pairs = list(zip(results[::2], results[1::2]))[arguments.warmup:]
    for side, name in enumerate(("Myelin", "Synapse")):
        wrong = [pair[side] for pair in pairs if pair[side]["errors"]]
        if wrong:
            say(f"{name}: {sum(each['errors'] for each in wrong)} errors in {len(wrong)} bursts, the first: {wrong[0]['first_error']}")
    for what, unit in (("seconds", "s"), ("upload_seconds", "s"), ("query_seconds", "s"), ("claim_seconds", "s"),
                       ("server_cpu_ms_per_operation", "ms of processor time a request")):
        ours, theirs = ([pair[side][what] for pair in pairs] for side in (0, 1))
        ratio = statistics.median(theirs_once / ours_once for ours_once, theirs_once in zip(ours, theirs))
        say(f"{what}: Myelin {statistics.median(ours):.2f}, Synapse {statistics.median(theirs):.2f} {unit}; "
            f"Synapse takes {ratio:.1f} times as much (median of {len(pairs)} pairs)")
    if any(ours["errors"] for ours, _ in pairs):
        sys.exit("Myelin's errors make these figures worthless")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=["query", "change", "burst"], default=["query", "change", "burst"])
    parser.add_argument("--port", type=int, default=18508, help="for clients; the next one is for other servers, the tenth after it Synapse's")
    parser.add_argument("--members", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=6, help="of the query; the first one is reported apart")
    parser.add_argument("--syncs", default="1,10", help="how many members wait in a /sync")
    parser.add_argument("--changes", type=int, default=40)
    parser.add_argument("--users", type=int, default=500, help="of a burst")
    parser.add_argument("--rounds", type=int, default=5, help="of the burst")
    parser.add_argument("--warmup", type=int, default=3, help="rounds before these, since a young JVM compiles what it runs")
    parser.add_argument("--synapse", type=pathlib.Path, default=HOME / "target/synapse", help="where Synapse is, or will be installed")
    parser.add_argument("--work", type=pathlib.Path, help="kept afterwards; else a temporary directory")
    arguments = parser.parse_args()
    with contextlib.ExitStack() as stack:
        work = arguments.work or pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="myelin-keys-")))
        if {"query", "change"} & set(arguments.parts):
            rooms(arguments, made(work / "rooms"))
        if "burst" in arguments.parts:
            burst(arguments, made(work / "burst"))


if __name__ == "__main__":
    main()
