#!/usr/bin/env python3
"""The archive, the image and compose, on a Docker engine of its own; as root.

    containers.py [--only PART,PART] [--steps STEP,STEP] [--port 18308] [--work DIR] [--next DIR]

Archive, together and apart get a message through, and the clients' scenarios (SCENARIOS) unless --without-scenarios is said.

image     its size
archive   unpacked on a root file system with a libc and a shell and no Java: run, status, user add, stop
together  docker compose up: one container, one volume; its idle memory; what it knew is there after "down" and "up"
apart     docker compose --profile apart up with 2 room-servers and 3 client-syncs
load      under 16 senders, in the order of --steps: readers 3 -> 1 -> 3 ("readers"), a rolling restart of every service ("restart"), the
          next version in place of every service ("next"), and each container killed in turn ("kill"); no request may fail in what
          is planned, and survive.py verifies that nothing is lost, doubled or reordered

The next version is what --next names, the target/dist/image of another build; else it is the same files in another image.

Needs what `./myelin dist` has made. deploy/scenarios/containers has what it runs on.
"""

import argparse
import contextlib
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time

import survive
from conversation import require_message, talk
from faults import Broken, say
from matrix import Client

HERE = pathlib.Path(__file__).resolve().parent
HOME = HERE.parent.parent
TOOLS = HERE / "containers"
DIST = HOME / "target" / "dist"
PARTS = ["image", "archive", "together", "apart", "load"]
STEPS = ["readers", "restart", "next", "kill"]
IMAGE = "myelin:scenario"
NEXT_IMAGE = "myelin:scenario-next"
READY_SECONDS = 300
INSTANCES = {"room-server": 2, "client-sync": 3}
SCENARIOS = "js-sdk conversations encryption nio read-your-writes room-versions"
READ_YOUR_WRITES_ROUNDS = 200
# Idle is what it is when what it has begun is over, and connections that the start needed are closed.
IDLE_SECONDS = 100
# As PSS: what its processes have mapped, and of what several map the same part for each.
TOGETHER_MEGABYTES = 400
# As a registry keeps it and a node fetches it, and as it is on the node's disk.
FETCHED_MEGABYTES = 250
UNPACKED_MEGABYTES = 300
# Of requests that failed in what is planned.
MOST_REASONS = 5


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        raise Broken(f"{' '.join(str(word) for word in command[:12])}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


class Engine:
    """The Docker engine that this test has started."""

    def __init__(self, directory):
        self.directory = directory
        self.client = directory / "docker"

    def __enter__(self):
        run(TOOLS / "docker", "up", self.directory)
        return self

    def __exit__(self, *_):
        run(TOOLS / "docker", "down", self.directory)

    def docker(self, *words, **options):
        return run(self.client, *words, **options)

    def build(self):
        run(TOOLS / "images", self.client)
        version = self.build_image(DIST / "image", IMAGE)
        say(f"the image's version is {version}")

    def require_small_image(self):
        unpacked = int(self.docker("image", "inspect", "-f", "{{.Size}}", IMAGE)) / 1e6
        fetched = int(run("sh", "-c", f"{self.client} save {IMAGE} | gzip -6 | wc -c")) / 1e6
        say(f"the image has {unpacked:.0f} MB, {fetched:.0f} MB to fetch")
        for how, size, limit in [("unpacked", unpacked, UNPACKED_MEGABYTES), ("to fetch", fetched, FETCHED_MEGABYTES)]:
            if size > limit:
                raise Broken(f"the image has {size:.0f} MB {how}, and may have {limit}")

    def build_image(self, context, name, revision=""):
        version = (context / "opt/myelin/VERSION").read_text().strip()
        self.docker("build", "-q", "-f", HOME / "deploy/image/Dockerfile", "--build-arg", "BASE=scenario/base", "--build-arg",
                    f"VERSION={version}", "--build-arg", f"REVISION={revision}", "-t", name, context)
        return version

    def proportional_megabytes(self, container):
        """The PSS of a container's processes by their names, without the health check that comes and goes."""
        megabytes = {}
        for pid in self.docker("top", container, "-eo", "pid").split()[1:]:
            process = pathlib.Path("/proc", pid)
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                if b"HealthCommand" in (process / "cmdline").read_bytes():
                    continue
                pss = next(line for line in (process / "smaps_rollup").read_text().splitlines() if line.startswith("Pss:"))
                name = (process / "comm").read_text().strip()
                megabytes[name] = megabytes.get(name, 0) + int(pss.split()[1]) / 1024
        return megabytes

    def megabytes(self, *containers):
        """What the control group counts, without files that nobody has used lately; of all containers if none is named."""
        units = {"KiB": 1 / 1024, "MiB": 1, "GiB": 1024, "B": 1 / 1048576}
        used = {}
        for line in self.docker("stats", "--no-stream", "--format", "{{.Name}} {{.MemUsage}}", *containers).splitlines():
            name, amount = line.split()[:2]
            unit = next(unit for unit in units if amount.endswith(unit))
            used[name] = float(amount.removesuffix(unit)) * units[unit]
        return used


class Compose:
    """One project of deploy/compose."""

    def __init__(self, engine, profile, port, secrets):
        self.engine = engine
        self.profile = profile
        self.url = f"http://127.0.0.1:{port}"
        self.environment = dict(
            os.environ,
            MYELIN_IMAGE=IMAGE,
            MYELIN_POSTGRESQL_IMAGE="scenario/postgresql",
            MYELIN_KAFKA_IMAGE="scenario/kafka",
            MYELIN_GATEWAY_IMAGE="scenario/nginx",
            MYELIN_CLIENT_PORT=str(port),
            MYELIN_FEDERATION_PORT=str(port + 1),
            MYELIN_PUBLIC_BASE_URL=self.url,
            MYELIN_SECRETS=str(secrets),
            MYELIN_RATE_LIMITS_ENABLED="false",
            # A machine like the developers' lets nobody have more than it has itself.
            MYELIN_OPEN_FILES=str(resource.getrlimit(resource.RLIMIT_NOFILE)[1]),
        )

    def __call__(self, *words):
        return self.engine.docker(
            "compose", "-p", f"scenario-{self.profile}", "--project-directory", HOME / "deploy/compose",
            "--profile", self.profile, *words, env=self.environment)

    def up(self, **instances):
        began = time.monotonic()
        scale = [word for name, count in instances.items() for word in ("--scale", f"{name}={count}")]
        try:
            self("up", "-d", "--wait", "--wait-timeout", READY_SECONDS, *scale)
        except Broken:
            print(self("ps", "-a"), self("logs", "--tail", "30"), sep="\n", file=sys.stderr)
            raise
        return time.monotonic() - began

    def containers(self, service):
        return self("ps", "-a", "-q", service).split()

    def down(self, *words):
        self("down", *words)


def run_scenarios(url, arguments):
    if arguments.without_scenarios:
        return
    environment = dict(os.environ, ONLY=SCENARIOS, READ_YOUR_WRITES_ROUNDS=str(READ_YOUR_WRITES_ROUNDS))
    for line in run(HERE / "run", url, env=environment).splitlines():
        say(f"  {line}")


def wait_until_ready(url):
    give_up_at = time.monotonic() + READY_SECONDS
    client = Client(url)
    while True:
        with contextlib.suppress(OSError, survive.http.client.HTTPException):
            if client.raw("GET", "/_matrix/client/versions", timeout=2)[0] == 200:
                return
        if time.monotonic() > give_up_at:
            raise Broken(f"no server at {url} after {READY_SECONDS} s")
        time.sleep(0.2)


def archive(engine, arguments):
    """Runs the archive where there is neither Java nor anything else but a libc and busybox."""
    packed = next(DIST.glob("myelin-*-linux-x64.tar.gz"))
    name = packed.name.removesuffix(".tar.gz")
    port = arguments.port
    url = f"http://127.0.0.1:{port}"
    container = engine.docker(
        "run", "-d", "--user", "10001:10001", "--entrypoint", "sh", "-v", f"{packed}:/{packed.name}:ro", "-w", "/tmp",
        "-p", f"127.0.0.1:{port}:8008", "-e", "MYELIN_LISTENERS_ADDRESS=0.0.0.0", "-e", f"MYELIN_PUBLIC_BASE_URL={url}",
        "-e", "MYELIN_RATE_LIMITS_ENABLED=false",
        "-e", "HOME=/tmp", "scenario/clean", "-c", f"tar xzf /{packed.name} && cd {name} && exec ./myelin run").strip()
    try:
        began = time.monotonic()
        wait_until_ready(url)
        say(f"  ready {time.monotonic() - began:.1f} s after the archive was given, unpacking included")
        talk(url)
        run_scenarios(url, arguments)
        inside = ["exec", "-w", "/", container, f"/tmp/{name}/bin/myelin"]
        for verb, expected in [
            (["version"], "."),
            (["status", "--data", f"/tmp/{name}/data"], "is up"),
            (["user", "add", "carol", "--data", f"/tmp/{name}/data"], "Added @carol"),
            (["services"], "room-server"),
        ]:
            said = engine.docker(*inside, *verb)
            if expected not in said:
                raise Broken(f"./myelin {' '.join(verb)} says: {said}")
        engine.docker("stop", "-t", "30", container)
        status = engine.docker("inspect", "-f", "{{.State.ExitCode}}", container).strip()
        if status not in ("0", "143"):
            raise Broken(f"the server ended with status {status}")
    except Broken:
        print(engine.docker("logs", "--tail", "40", container), file=sys.stderr)
        raise
    finally:
        engine.docker("rm", "-f", "-v", container)


def together(engine, arguments, work):
    """One container."""
    compose = Compose(engine, "together", arguments.port, work / "secrets")
    try:
        say(f"  healthy after {compose.up():.1f} s")
        reader, room, event = talk(compose.url)
        container = compose.containers("myelin")[0]
        if engine.docker("exec", container, "java", "@myelin", "user", "add", "carol").find("Added @carol") < 0:
            raise Broken("user add says something else")
        time.sleep(IDLE_SECONDS)
        by_name = engine.proportional_megabytes(container)
        used = sum(by_name.values())
        counted = sum(engine.megabytes(container).values())
        parts = ", ".join(f"{name} {amount:.0f}" for name, amount in sorted(by_name.items()))
        say(f"  idle, its processes take {used:.0f} MB (PSS: {parts}); the control group counts {counted:.0f} MB, with cached files")
        run_scenarios(compose.url, arguments)
        compose.down()
        say(f"  healthy again after {compose.up():.1f} s")
        require_message(reader, room, event)
        return used
    finally:
        compose.down("-v")


class Apart:
    """The compose apart, and the promises that hold while its containers come and go."""

    def __init__(self, engine, arguments, work):
        self.engine = engine
        self.work = work
        self.next = arguments.next
        self.compose = Compose(engine, "apart", arguments.port, work / "secrets")
        self.services = json.loads(engine.docker("run", "--rm", IMAGE, "services", "--json"))
        self.broken = []
        self.counts = {service["name"]: INSTANCES.get(service["name"], 1) for service in self.services}

    def start(self):
        (self.work / "secrets").mkdir(exist_ok=True)
        say("  " + self.compose("run", "--rm", "secrets").strip())
        say(f"  healthy after {self.compose.up(**self.counts):.1f} s")
        talk(self.compose.url)
        used = self.engine.megabytes()
        for name, amount in sorted(used.items()):
            say(f"  {name}: {amount:.0f} MB")
        say(f"  all of them: {sum(used.values()):.0f} MB")

    def scale(self, service, count):
        self.compose("up", "-d", "--wait", "--wait-timeout", READY_SECONDS, "--no-deps", "--no-recreate",
                     "--scale", f"{service}={count}", service)

    def replace(self, service):
        """Starts as many new instances as there are, and then stops the old ones one after the other."""
        old = self.compose.containers(service)
        self.scale(service, 2 * len(old))
        for container in old:
            self.engine.docker("stop", container)
            self.engine.docker("rm", "-v", container)

    def kill(self, service):
        container = self.compose.containers(service)[0]
        self.engine.docker("kill", container)
        self.engine.docker("start", container)

    def under_load(self, arguments):
        load = survive.Load(self.work / "load", [self.compose.url], arguments.senders, pause=arguments.pause)
        load.start()
        for step in arguments.steps:
            getattr(self, f"step_{step}")(load)
        summary = load.stop()
        say(f"  {summary['acknowledged']} acknowledged, {summary['interrupted_sends']} of them after an interruption, "
            f"longest stall {summary['longest_stall_seconds']} s, {load.failed_syncs} syncs failed")
        if summary["failures"]:
            raise Broken(summary["failures"][0])
        say(f"  {survive.verify(load.directory, [self.compose.url])} events, each once, in one order for everybody")
        if self.broken:
            raise Broken("; ".join(self.broken))

    def step_readers(self, load):
        for count in (1, 3):
            self.planned(load, f"client-sync to {count}", lambda count=count: self.scale("client-sync", count))

    def step_restart(self, load):
        for service in self.services:
            self.planned(load, f"{service['name']} replaced", lambda name=service["name"]: self.replace(name))

    def step_next(self, load):
        version = self.engine.build_image(self.next or DIST / "image", NEXT_IMAGE, revision="next")
        self.compose.environment["MYELIN_IMAGE"] = NEXT_IMAGE
        for service in self.services:
            name = service["name"]
            self.planned(load, f"{name} replaced by {version} of {NEXT_IMAGE}", lambda name=name: self.replace(name))
            for container in self.compose.containers(name):
                image = self.engine.docker("inspect", "-f", "{{.Config.Image}}", container).strip()
                if image != NEXT_IMAGE:
                    raise Broken(f"{name} runs {image}")

    def step_kill(self, load):
        for name in [service["name"] for service in self.services] + ["kafka", "postgresql", "gateway"]:
            self.step(load, f"{name} killed", lambda name=name: self.kill(name))

    def planned(self, load, name, happen):
        failed_before = failed_requests(load)
        interruptions_before = len(load.interruptions)
        self.step(load, name, happen)
        failed = failed_requests(load) - failed_before
        if failed:
            self.broken.append(f"{name}: {failed} requests failed")
            say(f"    {failed} requests failed: " + "; ".join(load.interruptions[interruptions_before:][:MOST_REASONS]))

    def step(self, load, name, happen):
        wait_for_writes(load)
        began = time.monotonic()
        happen()
        wait_for_writes(load)
        stalled = max((load.stalled(stall) for stall in load.stalls if stall[1] > began), default=0.0)
        say(f"  {name}: over after {time.monotonic() - began:.1f} s, longest stall of a write {stalled:.1f} s")


def failed_requests(load):
    return sum(interrupted for _, _, interrupted in load.stalls) + load.failed_syncs


def wait_for_writes(load):
    """Waits until every sender has been answered once more."""
    before = list(load.progress)
    give_up_at = time.monotonic() + READY_SECONDS
    while any(now == then for now, then in zip(load.progress, before)):
        if load.failures:
            raise Broken(load.failures[0])
        if time.monotonic() > give_up_at:
            raise Broken(f"not every sender had been answered within {READY_SECONDS} s")
        time.sleep(0.02)


def everything(arguments, work, stack):
    engine = stack.enter_context(Engine(work / "engine"))
    engine.build()
    idle = None
    if "image" in arguments.only:
        engine.require_small_image()
    if "archive" in arguments.only:
        say("the archive")
        archive(engine, arguments)
    if "together" in arguments.only:
        say("one container")
        idle = together(engine, arguments, work)
    if "apart" in arguments.only or "load" in arguments.only:
        say("apart")
        apart = Apart(engine, arguments, work)
        stack.callback(apart.compose.down, "-v")
        apart.start()
        if "apart" in arguments.only:
            run_scenarios(apart.compose.url, arguments)
        if "load" in arguments.only:
            say("apart, under load")
            apart.under_load(arguments)
    if idle and idle > TOGETHER_MEGABYTES:
        raise Broken(f"one container takes {idle:.0f} MB, and may take {TOGETHER_MEGABYTES}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", type=lambda text: text.split(","), default=PARTS, help=",".join(PARTS))
    parser.add_argument("--steps", type=lambda text: text.split(","), default=STEPS, help=",".join(STEPS))
    parser.add_argument("--next", type=pathlib.Path, help="target/dist/image of the next version")
    parser.add_argument("--port", type=int, default=18308, help="for clients; the next one is for federation")
    parser.add_argument("--work", type=pathlib.Path, help="kept afterwards; else gone if all went well")
    parser.add_argument("--without-scenarios", action="store_true")
    parser.add_argument("--senders", type=int, default=survive.SENDERS)
    parser.add_argument("--pause", type=float, default=0.1, help="seconds between a sender's messages (0.1)")
    arguments = parser.parse_args()
    work = (arguments.work or pathlib.Path(tempfile.mkdtemp(prefix="myelin-containers-"))).resolve()
    work.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(work / "load", ignore_errors=True)
    try:
        with contextlib.ExitStack() as stack:
            everything(arguments, work, stack)
    except (Broken, survive.Lost, survive.Refused, OSError, StopIteration) as failed:
        sys.exit(f"containers FAILED: {failed}\nWhat there is to see is in {work}")
    if not arguments.work:
        shutil.rmtree(work)
    print("containers passed")


if __name__ == "__main__":
    main()
