#!/usr/bin/env python3
"""Upgrades a server under load, component by component, with two builds side by side; no request may fail.

    upgrade.py [--before REF] [--one-by-one] [--quick] [--port 18600] [--work DIR] [--build-only]

Builds the commit REF in a worktree (kept under target/upgrade; without REF the newest commit of origin/main that is not this
one) and starts two instances of each of its components as processes of their own, on a broker and a database, behind nginx.
16 senders and 16 syncing clients put load on them (survive.py), and two users read, join and set things. Then:

1. the servers are stopped as planned and started from this build: new servers work with old writers and readers;
2. the writers and readers likewise;
3. when all are new, the servers go back to the build before: old servers work with new writers and readers, on the schema
   of this build;
4. they are upgraded again.

Each step replaces the first instances of its components and then the second ones, while the others serve; with --one-by-one it
replaces one after the other. --quick leaves out the last step.

Not one request may fail meanwhile. At the end survive.py verifies the clients' view, and rows.py the rows.

Needs a build of this clone (`./myelin build`), git, nginx, and root. Installs what it needs under target/engines.
"""

import argparse
import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

from engines import CACHE, HOME, in_own_environment

BUILD = ["-q", "-B", "-Dmaven.test.skip=true", "-Dspotless.check.skip=true", "-P!quality", "-pl", "deploy/apart", "-am", "package"]
INSTANCES = 2
# How long instances that were just started serve before others are stopped, so that their code is compiled.
UNDER_LOAD_SECONDS = 5


def git(*words):
    return subprocess.run(["git", "-C", HOME, *words], capture_output=True, text=True, check=True).stdout.strip()


def before(ref):
    """The commit to upgrade from."""
    if ref:
        return git("rev-parse", f"{ref}^{{commit}}")
    this = git("rev-parse", "HEAD")
    with contextlib.suppress(subprocess.CalledProcessError):
        landed = git("rev-parse", "origin/main")
        if landed != this:
            return landed
    return git("rev-parse", "HEAD~1")


def build_of(commit):
    """The build of a commit, made in a worktree unless it is there."""
    clone = HOME / "target" / "upgrade" / commit[:12]
    if not clone.exists():
        git("worktree", "prune")
        git("worktree", "add", "--detach", "--force", str(clone), commit)
    done = clone / "target" / "upgrade.built"
    if not done.exists():
        say(f"building {commit[:12]}")
        maven = os.environ.get("MYELIN_MAVEN") or str(clone / "mvnw")
        subprocess.run([maven, *BUILD], cwd=clone, check=True, stdout=subprocess.DEVNULL)
        done.parent.mkdir(exist_ok=True)
        done.touch()
    return Build(clone, f"{commit[:12]}, the build before")


class OtherRequests:
    """Two users who do what the load of survive.py does not; each request is made once and must be answered with 200."""

    def __init__(self, url):
        self.user = Client.register([url], "planned", timeout=60, patience=0)
        self.other = Client.register([url], "guest", timeout=60, patience=0)
        self.room = self.user.create_room(preset="public_chat")
        self.made = 0
        self.failures = []
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.repeat, daemon=True)
        self.thread.start()

    def repeat(self):
        for count in range(1 << 40):
            if self.stopping.is_set():
                return
            for request in (self.read, self.join_and_leave, self.settings, self.profile):
                self.attempt(request, count)
                time.sleep(0.05)

    def attempt(self, request, count):
        self.made += 1
        try:
            request(count)
        except (OSError, http.client.HTTPException, Refused) as failed:
            self.failures.append(f"{request.__name__}: {failed!r}")

    def read(self, count):
        self.user.sync(timeout=0)
        self.user.messages(self.room)
        self.user.call("GET", f"{V3}/account/whoami")

    def join_and_leave(self, count):
        room = quote(self.room)
        self.other.call("PUT", f"{V3}/rooms/{room}/state/m.room.member/{quote(self.other.user_id)}", {"membership": "join"})
        self.other.call("PUT", f"{V3}/rooms/{room}/typing/{quote(self.other.user_id)}", {"typing": True, "timeout": 1000})
        self.other.call("PUT", f"{V3}/rooms/{room}/state/m.room.member/{quote(self.other.user_id)}", {"membership": "leave"})

    def settings(self, count):
        path = f"{V3}/user/{quote(self.user.user_id)}/account_data/org.example.count"
        self.user.call("PUT", path, {"count": count})
        if self.user.call("GET", path) != {"count": count}:
            raise Broken("account data that was set is not there")

    def profile(self, count):
        path = f"{V3}/profile/{quote(self.user.user_id)}/displayname"
        self.user.call("PUT", path, {"displayname": f"planned {count}"})

    def end(self):
        self.stopping.set()
        self.thread.join()


class Upgrade:
    """Replaces instances one by one, under load."""

    def __init__(self, deployment, load, others, one_by_one):
        self.deployment = deployment
        self.one_by_one = one_by_one
        self.load = load
        self.others = others

    def replace(self, build, concerns):
        concerned = [instance for instance in self.deployment.instances if concerns(instance.service)]
        for number in range(1, INSTANCES + 1):
            together = [instance for instance in concerned if instance.number == number]
            for instances in [[one] for one in together] if self.one_by_one else [together]:
                self.replace_together(build, instances)
        self.check(build.name)

    def replace_together(self, build, instances):
        """Others of the same components serve meanwhile."""
        for instance in instances:
            instance.running.terminate()
        stopped = [instance.stop() for instance in instances]
        for instance in instances:
            instance.start(build)
        ready = [instance.await_readiness() for instance in instances]
        self.await_progress()
        say(f"  {', '.join(instance.name for instance in instances)} of {build.name}: stopped after {sum(stopped):.1f} s, "
            f"ready after {sum(ready):.1f} s")

    def await_progress(self):
        progress = list(self.load.progress)
        wait_until("every sender is answered", lambda: self.load.failures or all(
            now > then for now, then in zip(self.load.progress, progress)))
        time.sleep(UNDER_LOAD_SECONDS)

    def check(self, name):
        failed = [f"a message was sent again after {ended - began:.1f} s"
                  for began, ended, interrupted in list(self.load.stalls) if interrupted]
        failed = self.load.failures + self.others.failures + failed
        slowest = max(ended - began for began, ended, _ in list(self.load.stalls))
        say(f"{name}: {sum(self.load.progress)} messages, {self.others.made} other requests, {len(failed)} failed, "
            f"the slowest message took {slowest:.1f} s")
        if failed:
            raise Broken(f"{len(failed)} requests failed in a planned upgrade, such as: {failed[0]}")


def is_server(service):
    return service.endswith("-server")


def run(arguments, work, stack):
    new = Build(arguments.home, "this build")
    old = build_of(before(arguments.before))
    if arguments.build_only:
        return
    brokers = Brokers(new.java, jars(CACHE), work, arguments.port + 80, count=1)
    stack.callback(brokers.end)
    brokers.start()
    database = Pair(work, arguments.port + 90)
    stack.callback(database.end)
    database.start_alone()
    deployment = Deployment(work, old, {"": INSTANCES}, {
        "MYELIN_DATABASE_URL": database.url, "MYELIN_DATABASE_USER": "myelin", "MYELIN_DATABASE_POOL_SIZE": "4",
        "MYELIN_KAFKA_BOOTSTRAP_SERVERS": brokers.addresses,
    }, arguments.port)
    stack.callback(deployment.leave)
    say(f"{len(deployment.instances)} processes of {old.name} are ready after {deployment.start():.1f} s")
    load = survive.Load(work / "load", [deployment.url], arguments.senders, pause=arguments.pause)
    load.start()
    others = OtherRequests(deployment.url)
    upgrade = Upgrade(deployment, load, others, arguments.one_by_one)
    upgrade.await_progress()
    upgrade.replace(new, is_server)
    upgrade.replace(new, lambda service: not is_server(service))
    upgrade.replace(old, is_server)
    if not arguments.quick:
        upgrade.replace(new, is_server)
    others.end()
    summary = load.stop()
    if summary["failures"]:
        raise Broken(summary["failures"][0])
    say(f"{survive.verify(load.directory, [deployment.url])} events, each once, in one order for everybody")
    rows.check(psycopg.connect(host="127.0.0.1", port=database.primary.port, user="myelin", dbname="myelin"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=pathlib.Path, default=HOME, help="the clone with the build to upgrade to")
    parser.add_argument("--before", help="the commit to upgrade from")
    parser.add_argument("--one-by-one", action="store_true", help="never two instances at once")
    parser.add_argument("--quick", action="store_true", help="leave the servers on the build before")
    parser.add_argument("--build-only", action="store_true", help="only make the build before")
    parser.add_argument("--port", type=int, default=18600, help="for clients; the next 99 are used too")
    parser.add_argument("--work", type=pathlib.Path, help="kept afterwards; else gone if all went well")
    parser.add_argument("--senders", type=int, default=survive.SENDERS)
    parser.add_argument("--pause", type=float, default=0.5, help="seconds between a sender's messages (0.5)")
    arguments = parser.parse_args()
    work = arguments.work or pathlib.Path(tempfile.mkdtemp(prefix="myelin-upgrade-"))
    work.mkdir(parents=True, exist_ok=True)
    try:
        with contextlib.ExitStack() as stack:
            run(arguments, work.resolve(), stack)
    except (Broken, survive.Lost, survive.Refused, OSError, subprocess.SubprocessError) as failed:
        sys.exit(f"upgrade FAILED: {failed}\nWhat everything said is in {work}")
    if not arguments.work:
        shutil.rmtree(work)
    print("upgrade passed")


if __name__ == "__main__":
    in_own_environment()
    import http.client

    import psycopg

    import rows
    import survive
    from brokers import Brokers, jars
    from components import Broken, Build, Deployment, end_in_order_when_told_to, say, wait_until
    from matrix import V3, Client, Refused, quote
    from replica import Pair

    end_in_order_when_told_to()
    main()
