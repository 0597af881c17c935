#!/usr/bin/env python3
"""Kills each component of a server apart under load; afterwards nothing acknowledged may be missing.

    faults_apart.py [--launcher ./myelin] [--port 8398] [--work DIR] [--only TEXT] [--quick] [--first COMMAND]

Starts `./myelin run --apart` with two room-servers and two client-syncs on data of its own and puts 16 senders and 16
syncing clients on it (survive.py). Then: SIGKILL of each kind of component, of the broker and of the database, each
started again; a room-server paused by SIGSTOP for longer than its lease, and continued; a planned stop of a room-server,
during which no request may fail; the broker down for a minute, while reads go on; `data/kafka` deleted between two
starts; a power cut (if there are root and a loop device). Clients carry on by themselves. At the end survive.py verifies
the clients' view, rows.py that the events of each room are one chain, and ./myelin check what always holds of the rows.

--quick is for every commit: the components are killed together and the database once, the broker is down for little
longer than a write is retried, and the power cut deletes `data/kafka` as well.

--first runs a command while the server is whole, before anything is killed; it must succeed. It finds the server at
$MYELIN_URL and its data in $MYELIN_DATA.
"""

import argparse
import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import faults
import survive
from faults import Broken, say
from matrix import Client

INSTANCES = "room-server=2,client-sync=2"
START_SECONDS = 300
STOP_SECONDS = 120
WITH_A_SECOND = 5.0
WITHOUT = 8.0
BROKER_DOWN_SECONDS = 60
# A write fails after 30 s.
QUICK_BROKER_DOWN_SECONDS = 35
SIGSTOP_SECONDS = 6


class Processes(faults.Server):
    """One server apart."""

    def __init__(self, launcher, data, port):
        super().__init__(launcher, data, port)
        self.arguments = ["--apart", "--instances", INSTANCES]
        self.ready_seconds = START_SECONDS
        self.stop_seconds = STOP_SECONDS

    def start(self):
        """Waits also until the supervisor takes commands, which it does last."""
        began = time.monotonic()
        super().start()
        while not self.takes_commands():
            if time.monotonic() - began > self.ready_seconds:
                raise Broken(f"the supervisor takes no commands, see {self.output}")
            time.sleep(0.05)
        return time.monotonic() - began

    def takes_commands(self):
        with contextlib.suppress(Broken):
            return (self.data / "apart" / "control.port").exists() and bool(self.status())
        return False

    def verb(self, *words):
        done = subprocess.run(
            [self.launcher, *words, "--data", str(self.data)],
            env=self.environment, capture_output=True, text=True, timeout=START_SECONDS, check=False,
        )
        if done.returncode != 0:
            raise Broken(f"./myelin {' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout

    def status(self):
        return json.loads(self.verb("status", "--json"))["processes"]

    def pid(self, name):
        return next(process["pid"] for process in self.status() if process["instance"] == name)

    def processes(self):
        found = super().processes() + [process["pid"] for process in self.status() if process.get("pid")]
        for parent in found:
            with contextlib.suppress(OSError):
                children = pathlib.Path(f"/proc/{parent}/task/{parent}/children").read_text()
                found += [int(child) for child in children.split()]
        return list(dict.fromkeys(found))


class Story(faults.Story):
    """The faults, one after the other, each with a limit for the longest stall of a write."""

    def __init__(self, server, load, disk, only, quick):
        super().__init__(server, load, disk, quick)
        self.only = only
        self.longest = []

    def tell(self):
        # The order in which they can be started: a reader is ready only after the servers that it reads from.
        killed = ["room-server#1", "account-server#1", "receipt-server#1", "client-room-send#1", "client-sync#1"]
        for names in [killed] if self.quick else [[name] for name in killed]:
            has_a_second = all(name.startswith(("room-server", "client-sync")) for name in names)
            seconds = WITH_A_SECOND if has_a_second else WITHOUT
            self.fault(f"{', '.join(names)} killed", lambda names=names: self.kill(*names), seconds)
        self.fault("kafka#1 killed", lambda: self.kill("kafka#1"), WITHOUT)
        times = 1 if self.quick else 3
        for count in range(times):
            self.fault(f"postgresql killed, {count + 1} of {times}", lambda: self.kill("postgresql#1"), WITHOUT)
        self.fault("room-server#2 stands still, and goes on", self.stand_still, WITH_A_SECOND)
        self.fault("room-server#1 stopped as planned", self.stop_as_planned, WITH_A_SECOND)
        self.fault(f"the broker down for {self.broker_down_seconds()} s", self.broker_down,
                   self.broker_down_seconds() + WITHOUT)
        if self.disk and self.quick:
            self.fault("power cut, and data/kafka deleted", self.cut_power, None)
            return
        self.fault("data/kafka deleted", self.lose_kafka, None)
        if self.disk:
            self.fault("power cut", self.cut_power, None)

    def fault(self, name, happen, allowed):
        if self.only not in name:
            return
        self.wait_for_writes(faults.UNDER_LOAD_SECONDS)
        began = time.monotonic()
        happen()
        self.wait_for_writes(0)
        stalled = max((self.load.stalled(stall) for stall in self.load.stalls if stall[1] > began), default=0.0)
        say(f"{name}: over after {time.monotonic() - began:.1f} s, longest stall of a write {stalled:.1f} s"
            + (f" (at most {allowed:.0f} s)" if allowed else ""))
        self.longest.append((name, stalled, allowed))

    def kill(self, *names):
        for verb in ("kill", "start"):
            for name in names:
                self.server.verb(verb, name)

    def stand_still(self):
        """Pauses a room-server for longer than its lease: another takes over, and the paused one must commit nothing more."""
        zombie = self.server.pid("room-server#2")
        os.kill(zombie, signal.SIGSTOP)
        try:
            self.wait_for_writes(SIGSTOP_SECONDS)
        finally:
            os.kill(zombie, signal.SIGCONT)

    def stop_as_planned(self):
        before = sum(interrupted for _, _, interrupted in self.load.stalls)
        self.server.verb("stop", "room-server#1")
        self.wait_for_writes(1)
        self.server.verb("start", "room-server#1")
        self.wait_for_writes(1)
        failed = sum(interrupted for _, _, interrupted in self.load.stalls) - before
        if failed:
            raise Broken(f"{failed} requests failed while room-server#1 was stopped as planned")

    def broker_down_seconds(self):
        return QUICK_BROKER_DOWN_SECONDS if self.quick else BROKER_DOWN_SECONDS

    def broker_down(self):
        accounts = json.loads((self.load.directory / "accounts.json").read_text())
        user = accounts["users"][0]
        reader = Client(self.load.urls, user["token"], user["user_id"], timeout=survive.ANSWER_SECONDS, patience=5)
        self.server.verb("kill", "kafka#1")
        end = time.monotonic() + self.broker_down_seconds()
        reads = 0
        while time.monotonic() < end:
            if not reader.messages(accounts["rooms"][0], limit=10)["chunk"]:
                raise Broken("/messages was empty while the broker was down")
            reads += 1
            time.sleep(0.5)
        say(f"  {reads} reads answered while the broker was down")
        self.server.verb("start", "kafka#1")

    def cut_power(self):
        began = time.monotonic()
        self.disk.cut(self.server.processes())
        self.server.process.wait()
        if self.quick:
            shutil.rmtree(self.server.data / "kafka")
        self.load.machine_was_off(began, time.monotonic())
        say(f"  ready after {self.server.start():.1f} s")


def run(arguments, work, stack):
    disk = faults.disk_for(work / "disk", stack)
    data = work / ("disk" if disk else "plain") / "data"
    data.parent.mkdir(parents=True, exist_ok=True)
    server = Processes(arguments.launcher, data, arguments.port)
    server.output = work / "server.out"
    say(f"ready after {server.start():.1f} s")
    stack.callback(server.leave)
    if arguments.first:
        environment = dict(os.environ, MYELIN_URL=server.url, MYELIN_DATA=str(server.data))
        subprocess.run(arguments.first, shell=True, check=True, env=environment)
        say("the first command has succeeded")
    load = survive.Load(work / "load", [server.url], arguments.senders, pause=arguments.pause)
    load.start()
    story = Story(server, load, disk, arguments.only, arguments.quick)
    story.tell()
    summary = load.stop()
    say(f"{summary['acknowledged']} acknowledged, {summary['interrupted_sends']} of them after an interruption")
    if summary["failures"]:
        raise Broken(summary["failures"][0])
    say(f"{survive.verify(load.directory, [server.url])} events, each once, in one order for everybody")
    rows = subprocess.run([sys.executable, str(faults.HERE / "rows.py"), str(server.data)], check=False)
    if rows.returncode != 0:
        raise Broken("the events of a room are not one chain")
    say(server.verb("check").strip())
    if arguments.strict:
        for name, stalled, allowed in story.longest:
            if allowed and stalled > allowed:
                raise Broken(f"{name}: a write stood still for {stalled:.1f} s")
    say(f"stopped after {server.stop():.1f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--launcher", default=str(faults.HERE.parent.parent / "myelin"))
    parser.add_argument("--port", type=int, default=8398, help="for clients; the next one is for federation")
    parser.add_argument("--work", type=pathlib.Path, help="kept afterwards; else gone if all went well")
    parser.add_argument("--senders", type=int, default=survive.SENDERS)
    parser.add_argument("--pause", type=float, default=0.1, help="seconds between a sender's messages (0.1)")
    parser.add_argument("--only", default="", help="only the faults whose name contains this")
    parser.add_argument("--quick", action="store_true", help="what takes long is shorter: see above")
    parser.add_argument("--first", metavar="COMMAND", help="run by a shell before anything is killed")
    parser.add_argument("--strict", action="store_true", help="fail where a write stood still for too long")
    arguments = parser.parse_args()
    work = arguments.work or pathlib.Path(tempfile.mkdtemp(prefix="myelin-faults-apart-"))
    work.mkdir(parents=True, exist_ok=True)
    try:
        with contextlib.ExitStack() as stack:
            run(arguments, work.resolve(), stack)
    except (Broken, survive.Lost, survive.Refused, OSError, subprocess.SubprocessError) as failed:
        sys.exit(f"faults apart FAILED: {failed}\nWhat the server said is in {work}")
    if not arguments.work:
        shutil.rmtree(work)
    print("faults apart passed")


if __name__ == "__main__":
    main()
