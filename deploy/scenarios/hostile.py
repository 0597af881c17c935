#!/usr/bin/env python3
"""Runs cheap attacks against a server while two innocent users talk in a room of their own.

    hostile.py [--launcher ./myelin] [--port 8398] [--only NAME[,NAME]] [--heap 300m] [--seconds 4] [--together 1]
               [--restart-every 1] [--work DIR]

Starts `./myelin run` with a small heap on data of its own, with its limits as they are by default. First the innocent
users talk undisturbed; their slowest request then defines what is normal. Then the attacks run one after the other:
those of the package attacks, by ordinary users of this server, and those of hostile/RemoteServers.java, by other
servers, whose events come as `ReceivePdus`. In the middle of each attack, the server is killed (SIGKILL) and started
again; with `--restart-every 8` only in the middle of every eighth attack, with the data of the seven before it. With
`--together 3`, three attacks of different kinds run at the same time.
No request of the innocent users may fail or take a second longer than normal, messages must arrive as fast, the process
must stay alive, nobody may get a 500, and a start must not take longer than one without an attack, within a tolerance.

Attackers run at a lower priority: they are on the same machine as the server, and would otherwise take its processor time.
"""

import argparse
import collections
import contextlib
import http.client
import multiprocessing
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

import faults
from attacks import ATTACKS, RAW
from attacks.mallory import Mallory
from faults import Broken, say
from innocents import TROUBLE, Innocents
from matrix import V3, Client, Refused

HERE = pathlib.Path(__file__).resolve().parent
CONNECTIONS = 8
SOCKETS = 400
CALM_SECONDS = 10
ONE_SECOND_MORE = 1.0
PREPARATION_SECONDS = 30
# The tolerance for the time of a start.
START_FACTOR = 1.6
START_MORE = 2.0
# Attackers have an address of their own, so that limits by address do not affect the innocent users.
ATTACKERS_ADDRESS = "127.0.0.66"


class Attackers(multiprocessing.Process):
    """Makes the requests of one attack over several connections, until the process is killed."""

    def __init__(self, name, url, users, answers):
        super().__init__(daemon=True)
        self.attack = name
        self.url = url
        self.users = users
        self.answers = answers
        parts = urllib.parse.urlsplit(url)
        self.host, self.port = parts.hostname, parts.port

    def run(self):
        os.nice(10)
        mallory = Mallory(self.url, self.users)
        work = ATTACKS[self.attack](mallory)
        lock = threading.Lock()
        raw = self.attack in RAW
        part = self.use_sockets if raw else self.ask
        count = SOCKETS if raw else CONNECTIONS
        threads = [threading.Thread(target=part, args=(work, lock, mallory), daemon=True) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def ask(self, work, lock, mallory):
        headers = {"Authorization": f"Bearer {mallory.me.token}", "Content-Type": "application/json"}
        connection = None
        while True:
            with lock:
                method, path, body = next(work)
            try:
                connection = connection or http.client.HTTPConnection(
                    self.host, self.port, timeout=30, source_address=(ATTACKERS_ADDRESS, 0))
                connection.request(method, path, body or None, headers)
                answer = connection.getresponse()
                answer.read()
                self.answers.put(answer.status)
                if answer.status == 429:
                    time.sleep(0.05)
            except TROUBLE:
                self.answers.put(0)
                if connection:
                    connection.close()
                connection = None
                time.sleep(0.1)

    def use_sockets(self, work, lock, _):
        while True:
            with lock:
                deed = next(work)
            try:
                with socket.create_connection(
                        (self.host, self.port), 10, source_address=(ATTACKERS_ADDRESS, 0)) as connection:
                    self.answers.put(0)
                    deed(connection)
            except TROUBLE:
                pass
            time.sleep(0.1)


class RemoteServers:
    """An attack by another server, run by RemoteServers.java; it begins by joining a room of Mallory's."""

    def __init__(self, name, server, users, answers, java):
        self.name = name
        self.server = server
        self.answers = answers
        mallory = Mallory(server.url, users)
        room = mallory.room(room_version="11", power_level_content_override={
            "users": {mallory.me.user_id: 100, "@mallory:evil.example": 100}})
        state = mallory.do("GET", f"{V3}/rooms/{urllib.parse.quote(room)}/state")
        page = mallory.do("GET", f"{V3}/rooms/{urllib.parse.quote(room)}/messages?dir=b&limit=1")
        needed = {event["type"]: event["event_id"] for event in state
                  if event["type"] in ("m.room.create", "m.room.power_levels", "m.room.join_rules")}
        self.arguments = [*java, str(server.data), name, room,
                          page["chunk"][0]["event_id"], *needed.values()]

    def start(self):
        self.process = subprocess.Popen(self.arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                        preexec_fn=lambda: os.nice(10))
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in self.process.stdout:
            word = line.split()[0] if line.split() else ""
            if word.isdigit():
                self.answers.put(int(word))
            else:
                say(f"    {line.rstrip()}")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def join(self):
        self.process.wait()


class Siege:
    """Runs the attacks one after the other, and checks their effect on the innocent users."""

    def __init__(self, server, seconds, patience):
        self.server = server
        self.seconds = seconds
        self.patience = patience
        self.innocents = Innocents(server.url)
        self.mallory = [self.account(name) for name in ("mallory", "trudy")]
        self.failed = []

    def account(self, name):
        client = Client.register([self.server.url], name)
        return {"user_id": client.user_id, "token": client.token}

    def is_calm(self):
        """Waits until the server is idle, and then measures what is normal."""
        time.sleep(3)
        began = time.monotonic()
        time.sleep(CALM_SECONDS)
        (self.normal, what), failures, count = self.innocents.since(began)
        if failures:
            raise Broken(f"without an attack: {failures[0]}")
        self.normal_start = self.restart()
        say(f"without an attack: {count} requests, the longest {self.normal:.2f} s ({what}); "
            f"a start after SIGKILL {self.normal_start:.1f} s")

    def attack(self, name, group, restarts):
        """Runs the attacks of a group, which are pairs of attackers and the queue of the answers that they get."""
        began = time.monotonic()
        for attackers, _ in group:
            attackers.start()
        start = None
        try:
            for _, answers in group:
                self.await_first(answers)
            self.watch(self.seconds)
            if restarts:
                start = self.restart()
                self.watch(self.seconds)
        except Broken as died:
            self.failed.append(f"{name}: {died}")
        finally:
            for attackers, _ in group:
                attackers.kill()
                attackers.join()
        time.sleep(1)
        (longest, what), failures, count = self.innocents.since(began)
        longest, what = max((longest, what), (self.innocents.unheard(), "hearing of one"))
        got = collections.Counter()
        for _, answers in group:
            while not answers.empty():
                got[answers.get()] += 1
        told = " ".join(f"{status or 'none'}:{number}" for status, number in sorted(got.items()))
        say(f"{name}: {count} innocent requests, the longest {longest:.2f} s ({what}), {len(failures)} failed; "
            + (f"start {start:.1f} s; " if start else "") + f"attackers got {told or 'nothing'}")
        if failures:
            self.failed.append(f"{name}: {failures[0]}")
        if longest > (self.normal + ONE_SECOND_MORE) * self.patience:
            self.failed.append(f"{name}: {what} took {longest:.2f} s, {self.normal:.2f} without it")
        if start and start > (self.normal_start * START_FACTOR + START_MORE) * self.patience:
            self.failed.append(f"{name}: the start took {start:.1f} s, {self.normal_start:.1f} without it")
        if got[500]:
            self.failed.append(f"{name}: {got[500]} answers were 500")
        if self.server.process.poll() is not None:
            say(f"  ready after {self.server.start():.1f} s")

    def restart(self):
        """Kills the server and starts it again; returns the seconds that the start took."""
        with self.innocents.server_is_off():
            self.server.kill()
            return self.server.start()

    def await_first(self, answers):
        """Waits until the attack has begun: its first request was answered or has failed, or preparation took too long."""
        until = time.monotonic() + PREPARATION_SECONDS
        while answers.empty() and time.monotonic() < until:
            self.watch(0.1)

    def watch(self, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.server.process.poll() is not None:
                raise Broken(f"the server died of it ({self.server.process.returncode})")
            time.sleep(0.05)


def compiled(launcher, classes):
    """Compiles RemoteServers.java on the class path of the server; returns the command that runs it."""
    home = pathlib.Path(launcher).resolve().parent
    jdk = subprocess.run([str(home / ".mvn" / "find-jdk")], capture_output=True, text=True, check=True).stdout.strip()
    libraries = f"{home}/deploy/all-in-one/target/lib/*"
    source = str(HERE / "hostile" / "RemoteServers.java")
    subprocess.run([f"{jdk}/bin/javac", "-d", str(classes), "-cp", libraries, source], check=True)
    return [f"{jdk}/bin/java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", "-cp",
            f"{classes}:{libraries}", "RemoteServers"]


def grouped(names, together):
    """Groups of so many names each. Names that are close to each other, and so of one kind, come into different groups."""
    count = -(-len(names) // together)
    return [names[first::count] for first in range(count)]


def run(arguments, work, stack):
    data = work / "data"
    server = faults.Server(arguments.launcher, data, arguments.port)
    server.environment["MYELIN_TEST_MODE"] = "false"
    server.environment["MYELIN_RATE_LIMITS_ENABLED"] = "false"
    server.environment["MYELIN_JAVA_OPTIONS"] = f"-Xmx{arguments.heap}"
    server.output = work / "server.out"
    say(f"ready after {server.start():.1f} s")
    stack.callback(server.leave)
    java = compiled(arguments.launcher, work / "classes")
    siege = Siege(server, arguments.seconds, arguments.patience)
    siege.is_calm()
    remote = subprocess.run(java, capture_output=True, text=True, check=True)
    names = [*ATTACKS, *(f"remote-{name}" for name in remote.stdout.split())]
    wanted = [name for name in names if not arguments.only or name in arguments.only.split(",")]
    groups = grouped(wanted, arguments.together)
    for number, group in enumerate(groups, 1):
        attacks = []
        for name in group:
            answers = multiprocessing.Queue()
            if name.startswith("remote-"):
                attackers = RemoteServers(name[len("remote-"):], server, siege.mallory, answers, java)
            else:
                attackers = Attackers(name, server.url, siege.mallory, answers)
            attacks.append((attackers, answers))
        siege.attack(" + ".join(group), attacks, number % arguments.restart_every == 0 or number == len(groups))
    siege.innocents.stopping.set()
    say(f"stopped after {server.stop():.1f} s")
    if siege.failed:
        raise Broken("\n  ".join([f"{len(siege.failed)} failures in {len(wanted)} attacks:", *siege.failed]))
    say(f"{len(wanted)} attacks")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--launcher", default=str(HERE.parent.parent / "myelin"))
    parser.add_argument("--port", type=int, default=8398, help="for clients; the next one is for federation")
    parser.add_argument("--work", type=pathlib.Path, help="kept afterwards; else a temporary directory, gone if all went well")
    parser.add_argument("--only", default="", help="names of attacks, with commas between")
    parser.add_argument("--heap", default="300m")
    parser.add_argument("--patience", type=float, default=1.0,
                        help="by so many times what is demanded of waits and starts is multiplied (1); on a machine that others use, too, only the rest can be demanded")
    parser.add_argument("--seconds", type=float, default=4.0, help="of each attack before and after the restart (4)")
    parser.add_argument("--together", type=int, default=1, metavar="N", help="so many attacks run at the same time (1)")
    parser.add_argument("--restart-every", type=int, default=1, metavar="N",
                        help="the server is killed in the middle of every Nth attack, or group of them, and of the last one (1)")
    arguments = parser.parse_args()
    work = arguments.work or pathlib.Path(tempfile.mkdtemp(prefix="myelin-hostile-"))
    work.mkdir(parents=True, exist_ok=True)
    try:
        with contextlib.ExitStack() as stack:
            run(arguments, work.resolve(), stack)
    except (Broken, Refused, OSError) as failed:
        sys.exit(f"hostile FAILED: {failed}\nWhat the server said is in {work}")
    if not arguments.work:
        shutil.rmtree(work)
    print("hostile passed")


if __name__ == "__main__":
    main()
