#!/usr/bin/env python3
"""Kills a broker of three, and the primary of a replicated database, under load; nothing acknowledged may be missing.

    engines.py [--port 18600] [--work DIR] [--home CLONE] [--strict]

Starts three Kafka brokers, PostgreSQL with a synchronous replica, and Myelin's components as processes on them: two
room-servers, two client-syncs, one of each other; account-server has a database of its own. 16 senders and 16 syncing clients
put load on it (survive.py). Then the
broker that leads most partitions is killed with SIGKILL and started again; and the database's primary is killed, and the
replica promoted. At the end survive.py verifies the clients' view, and rows.py the rows. Prints how long writes stood still,
beside what the engines' own failover took: a producer and a database client of their own measure that. With --strict, more
than 5 s beyond it is a failure.

Needs a build (`./myelin build`), nginx, and root. Installs the brokers' jars and a Python environment under target/.
"""

import argparse
import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
HOME = HERE.parent.parent
CACHE = HOME / "target" / "engines"
BEYOND_FAILOVER_SECONDS = 5.0
# How long whoever watches the database takes until it promotes the replica.
DETECTION_SECONDS = 2.0
UNDER_LOAD_SECONDS = 3
# A database of its own for one service.
ACCOUNTS = "accounts"


def in_own_environment():
    """Runs this script again with the Python packages that it needs, if it has not got them."""
    python = CACHE / "venv" / "bin" / "python"
    if pathlib.Path(sys.executable) == python:
        return
    wanted = (HERE / "engines" / "requirements.txt").read_bytes()
    installed = CACHE / "venv" / "requirements.txt"
    if not installed.exists() or installed.read_bytes() != wanted:
        subprocess.run([sys.executable, "-m", "venv", CACHE / "venv"], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", HERE / "engines" / "requirements.txt"], check=True)
        installed.write_bytes(wanted)
    os.execv(python, [str(python), *sys.argv])


class FaultSequence:
    """The faults, one after the other, under load."""

    def __init__(self, brokers, probe, database, load):
        self.brokers = brokers
        self.probe = probe
        self.database = database
        self.load = load
        self.longest = []

    def run(self):
        number, partitions = self.brokers.busiest()
        self.fault(f"kafka#{number}, leader of {partitions} partitions, killed", lambda: self.kill_broker(number))
        self.fault(f"kafka#{number} started again", lambda: self.start_broker(number))
        self.fault("the database's primary killed, its replica promoted", lambda: self.database.fail_over(DETECTION_SECONDS))

    def fault(self, name, happen):
        self.wait_for_writes(UNDER_LOAD_SECONDS)
        began = time.monotonic()
        own = happen()
        self.wait_for_writes(UNDER_LOAD_SECONDS)
        stalled = max((end - start for start, end, _ in list(self.load.stalls) if end > began), default=0.0)
        say(f"{name}: longest stall of a write {stalled:.1f} s; the engine's own failover {own:.1f} s")
        self.longest.append((name, stalled, own))

    def wait_for_writes(self, seconds):
        """Waits until every sender has been answered once more, and then for `seconds` under load."""
        before = list(self.load.progress)
        wait_until("every sender is answered", lambda: self.load.failures or all(
            now > then for now, then in zip(self.load.progress, before)))
        time.sleep(seconds)
        if self.load.failures:
            raise Broken(self.load.failures[0])

    def kill_broker(self, number):
        began = time.monotonic()
        self.brokers.kill(number)
        wait_until("every partition has another leader", lambda: all(
            partition.leader not in (number, -1) for partition in self.brokers.partitions()))
        time.sleep(1)
        return self.probe.longest_since(began)

    def start_broker(self, number):
        began = time.monotonic()
        self.brokers.run(number)
        say(f"  all replicas in sync again after {self.brokers.await_replicas():.1f} s")
        return self.probe.longest_since(began)


def run(arguments, work, stack):
    build = Build(arguments.home, "this build")
    brokers = Brokers(build.java, jars(CACHE), work, arguments.port + 80)
    stack.callback(brokers.end)
    say(f"three brokers after {brokers.start():.1f} s")
    database = Pair(work, arguments.port + 90)
    stack.callback(database.end)
    database.start()
    database.primary.ask(f"CREATE DATABASE {ACCOUNTS}")
    say("a primary and its synchronous replica")
    deployment = Deployment(work, build, {"room-server": 2, "client-sync": 2}, {
        "MYELIN_DATABASE_URL": database.url, "MYELIN_DATABASE_USER": "myelin", "MYELIN_DATABASE_POOL_SIZE": "4",
        "MYELIN_DATABASES_ACCOUNT_SERVER": database.url_of(ACCOUNTS), "MYELIN_KAFKA_BOOTSTRAP_SERVERS": brokers.addresses,
    }, arguments.port)
    stack.callback(deployment.leave)
    say(f"Myelin is ready after {deployment.start():.1f} s")
    if brokers.replication("room.input") != {3} or brokers.replication("reply") != {3}:
        raise Broken("the topics do not have three replicas")
    probe = Probe(brokers)
    load = survive.Load(work / "load", [deployment.url], arguments.senders, pause=arguments.pause)
    load.start()
    faults = FaultSequence(brokers, probe, database, load)
    faults.run()
    summary = load.stop()
    probe.end()
    say(f"{summary['acknowledged']} acknowledged, {summary['interrupted_sends']} of them after an interruption")
    if summary["failures"]:
        raise Broken(summary["failures"][0])
    say(f"{survive.verify(load.directory, [deployment.url], incarnations=2)} events, each once, in one order for everybody")
    rows.check(psycopg.connect(host="127.0.0.1", port=database.replica.port, user="myelin", dbname="myelin"))
    for name, stalled, own in faults.longest:
        if arguments.strict and stalled > own + BEYOND_FAILOVER_SECONDS:
            raise Broken(f"{name}: a write stood still for {stalled:.1f} s, and the engine's own failover took {own:.1f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=pathlib.Path, default=HOME, help="the clone with the build")
    parser.add_argument("--port", type=int, default=18600, help="for clients; the next 99 are used too")
    parser.add_argument("--work", type=pathlib.Path, help="kept afterwards; else gone if all went well")
    parser.add_argument("--senders", type=int, default=survive.SENDERS)
    parser.add_argument("--pause", type=float, default=0.1, help="seconds between a sender's messages (0.1)")
    parser.add_argument("--strict", action="store_true", help="fail where a write stood still for too long")
    arguments = parser.parse_args()
    work = arguments.work or pathlib.Path(tempfile.mkdtemp(prefix="myelin-engines-"))
    work.mkdir(parents=True, exist_ok=True)
    try:
        with contextlib.ExitStack() as stack:
            run(arguments, work.resolve(), stack)
    except (Broken, survive.Lost, survive.Refused, OSError, subprocess.SubprocessError) as failed:
        sys.exit(f"engines FAILED: {failed}\nWhat everything said is in {work}")
    if not arguments.work:
        shutil.rmtree(work)
    print("engines passed")


if __name__ == "__main__":
    in_own_environment()
    import psycopg

    import rows
    import survive
    from brokers import Brokers, Probe, jars
    from components import Broken, Build, Deployment, end_in_order_when_told_to, say, wait_until
    from replica import Pair

    end_in_order_when_told_to()
    main()
