#!/usr/bin/env python3
"""Kills every part of a server under load; afterwards nothing acknowledged may be missing.

    faults.py [--launcher ./myelin] [--port 8298] [--work DIR] [--quick]

Starts `./myelin run` on data of its own and puts 16 senders and 16 syncing clients on it (survive.py). Then the server
is killed with SIGKILL five times, its database twice, `data/kafka` is deleted between two starts, and the
power is cut once (if there are root and a loop device). Clients carry on by themselves. At the end every acknowledged
event must be there exactly once, in the same order for everybody; nobody may be logged out; a request repeated with its
transaction identifier must be one event; and no write may have taken longer than --max-stall seconds, restarts included.

--quick is for every commit: two SIGKILLs, one of the database, and the power cut deletes `data/kafka` as well.
"""

import argparse
import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import power_cut
import survive

HERE = pathlib.Path(__file__).resolve().parent
# A generous limit for a busy machine; --max-stall limits the time that is measured.
READY_SECONDS = 180
STOP_SECONDS = 60
UNDER_LOAD_SECONDS = 3


class Server:
    """One server on one data directory: started, killed, started again."""

    def __init__(self, launcher, data, port):
        self.launcher = launcher
        self.data = pathlib.Path(data).resolve()
        self.url = f"http://127.0.0.1:{port}"
        self.output = self.data.parent / "server.out"
        self.environment = dict(
            os.environ,
            MYELIN_LISTENERS_ADDRESS="127.0.0.1",
            MYELIN_LISTENERS_CLIENT_PORT=str(port),
            MYELIN_LISTENERS_FEDERATION_PORT=str(port + 1),
            MYELIN_TEST_MODE="true",
        )
        self.process = None
        self.arguments = []
        self.ready_seconds = READY_SECONDS
        self.stop_seconds = STOP_SECONDS

    def start(self):
        """Waits until the server is ready; returns the seconds that took."""
        if self.is_ready():
            raise Broken(f"another server answers at {self.url}")
        began = time.monotonic()
        with open(self.output, "ab") as output:
            self.process = subprocess.Popen(
                [self.launcher, "run", *self.arguments, "--data", str(self.data)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=self.environment,
                start_new_session=True,
            )
        while not self.is_ready():
            if self.process.poll() is not None:
                raise Broken(f"the server ended while it started, see {self.output}")
            if time.monotonic() - began > self.ready_seconds:
                raise Broken(f"the server was not ready within {self.ready_seconds} s, see {self.output}")
            time.sleep(0.05)
        return time.monotonic() - began

    def is_ready(self):
        try:
            with urllib.request.urlopen(f"{self.url}/_matrix/client/versions", timeout=2) as response:
                return response.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        """SIGTERM; returns the seconds until the process had ended."""
        began = time.monotonic()
        self.process.terminate()
        try:
            self.process.wait(self.stop_seconds)
        except subprocess.TimeoutExpired:
            raise Broken(f"the server had not stopped {self.stop_seconds} s after SIGTERM") from None
        return time.monotonic() - began

    def leave(self):
        """Stops the server if it runs, whatever has happened before."""
        with contextlib.suppress(Broken):
            if self.process.poll() is None:
                self.stop()

    def postmaster(self):
        """The database's first process; None while there is none."""
        try:
            number = int((self.data / "postgresql" / "postmaster.pid").read_text().split("\n")[0])
            os.kill(number, 0)
            return number
        except (OSError, ValueError):
            return None

    def processes(self):
        """The server and every process of its database."""
        found = [self.process.pid]
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if os.readlink(process / "cwd") == str(self.data / "postgresql"):
                    found.append(int(process.name))
        return found


class Broken(Exception):
    """The server has broken one of its promises."""


class Story:
    """The faults, one after the other; each happens under load, after writes have recovered from the one before."""

    def __init__(self, server, load, disk, quick):
        self.server = server
        self.load = load
        self.disk = disk
        self.quick = quick

    def tell(self):
        kills, deaths = (2, 1) if self.quick else (5, 2)
        for count in range(kills):
            self.fault(f"SIGKILL {count + 1} of {kills}", self.sigkill)
        for count in range(deaths):
            self.fault(f"the database killed, {count + 1} of {deaths}", self.kill_database)
        if self.disk and self.quick:
            self.fault("power cut, and data/kafka deleted", self.cut_power)
            return
        self.fault("data/kafka deleted", self.lose_kafka)
        if self.disk:
            self.fault("power cut", self.cut_power)

    def fault(self, name, happen):
        self.wait_for_writes(UNDER_LOAD_SECONDS)
        began = time.monotonic()
        happen()
        self.wait_for_writes(0)
        say(f"{name}: over after {time.monotonic() - began:.1f} s")

    def wait_for_writes(self, seconds):
        """Waits until every sender has been answered once more, and then for `seconds` under load."""
        before = list(self.load.progress)
        give_up_at = time.monotonic() + READY_SECONDS
        while any(now == then for now, then in zip(self.load.progress, before)):
            self.check()
            if time.monotonic() > give_up_at:
                raise Broken(f"not every sender had been answered within {READY_SECONDS} s")
            time.sleep(0.02)
        time.sleep(seconds)
        self.check()

    def check(self):
        if self.load.failures:
            raise Broken(self.load.failures[0])

    def sigkill(self):
        self.server.kill()
        say(f"  ready after {self.server.start():.1f} s")

    def kill_database(self):
        old = self.server.postmaster()
        os.kill(old, signal.SIGKILL)
        give_up_at = time.monotonic() + READY_SECONDS
        while self.server.postmaster() in (None, old):
            if time.monotonic() > give_up_at:
                raise Broken("the database was not started again")
            time.sleep(0.02)

    def lose_kafka(self):
        say(f"  stopped after {self.server.stop():.1f} s")
        shutil.rmtree(self.server.data / "kafka")
        say(f"  ready after {self.server.start():.1f} s")

    def cut_power(self):
        began = time.monotonic()
        self.disk.cut(self.server.processes())
        self.server.process.wait()
        if self.quick:
            shutil.rmtree(self.server.data / "kafka")
        # The time for copying the disk does not count as a stall of the server.
        self.load.machine_was_off(began, time.monotonic())
        say(f"  ready after {self.server.start():.1f} s")


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def disk_for(data, stack):
    try:
        return stack.enter_context(power_cut.Disk(data))
    except power_cut.NotPossible as why:
        say(f"POWER CUT SKIPPED: {why}")
        return None


def run(arguments, work, stack):
    disk = disk_for(work / "disk", stack)
    data = work / ("disk" if disk else "plain") / "data"
    data.parent.mkdir(parents=True, exist_ok=True)
    server = Server(arguments.launcher, data, arguments.port)
    server.output = work / "server.out"
    say(f"ready after {server.start():.1f} s")
    stack.callback(server.leave)
    load = survive.Load(work / "load", [server.url], arguments.senders, pause=arguments.pause)
    load.start()
    Story(server, load, disk, arguments.quick).tell()
    summary = load.stop()
    say(f"{summary['acknowledged']} acknowledged, {summary['interrupted_sends']} of them after an interruption; "
        f"longest stall {summary['longest_stall_seconds']} s")
    if summary["failures"]:
        raise Broken(summary["failures"][0])
    looked_at = survive.verify(load.directory, [server.url])
    say(f"{looked_at} events, each once, in one order for everybody")
    if summary["longest_stall_seconds"] > arguments.max_stall:
        raise Broken(f"writes stalled {summary['longest_stall_seconds']} s")
    say(f"stopped after {server.stop():.1f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--launcher", default=str(HERE.parent.parent / "myelin"))
    parser.add_argument("--port", type=int, default=8298, help="for clients; the next one is for federation")
    parser.add_argument("--work", type=pathlib.Path, help="kept afterwards; else a temporary directory, gone if all went well")
    parser.add_argument("--senders", type=int, default=survive.SENDERS)
    parser.add_argument("--pause", type=float, default=0.1, help="seconds between a sender's messages (0.1)")
    parser.add_argument("--quick", action="store_true", help="fewer of each fault: see above")
    parser.add_argument("--max-stall", type=float, default=8.0, help="seconds (8)")
    arguments = parser.parse_args()
    work = arguments.work or pathlib.Path(tempfile.mkdtemp(prefix="myelin-faults-"))
    work.mkdir(parents=True, exist_ok=True)
    try:
        with contextlib.ExitStack() as stack:
            run(arguments, work.resolve(), stack)
    except (Broken, survive.Lost, survive.Refused, OSError) as failed:
        sys.exit(f"faults FAILED: {failed}\nWhat the server said is in {work}")
    if not arguments.work:
        shutil.rmtree(work)
    print("faults passed")


if __name__ == "__main__":
    main()
