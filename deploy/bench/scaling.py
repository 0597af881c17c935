#!/usr/bin/env python3
"""Measures where a second instance of a component helps, what it costs, and what each component takes when idle.

    scaling.py [--share PERCENT] [--only COMPONENT,…]

Runs the components apart, first with one and then with two room-servers, client-room-sends and client-syncs. On two cores
the broker, the database, the gateway and the load generator leave no processor time in which a second instance could show
its effect. So each of these components in turn is limited to PERCENT of a core an instance (15) by a control group, as
if it were on a small machine of its own, and the rate of the load that it bears is measured: two instances that help reach
twice the rate of one. Then, without limits, the processor time of a message that 50 members see, by component.

Needs root, control groups (tried with version 1), ports 8008 and 8448, and "./myelin build" before. Takes some eight minutes by its waits; it has not run to its end yet.
"""

import argparse
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

HOME = pathlib.Path(__file__).resolve().parents[2]
URL = "http://localhost:8008"
PERIOD = 100_000
START_SECONDS = 240
IDLE_SECONDS = 20
TICKS = os.sysconf("SC_CLK_TCK")
# The load that each component bears; of the rest of the server it needs less than of the component.
LOADS = {"room-server": "send-parallel", "client-room-send": "send-parallel", "client-sync": "sync-nothing"}


def say(text):
    print(text, flush=True)


def component(instance):
    return instance.split("#")[0]


class ControlGroup:
    """Limits processes to a share of a core together."""

    def __init__(self, name, percent):
        first = pathlib.Path("/sys/fs/cgroup/cpu")
        self.root = first if first.is_dir() else pathlib.Path("/sys/fs/cgroup")
        self.directory = self.root / f"myelin-{name}"
        self.directory.mkdir(exist_ok=True)
        quota = PERIOD * percent // 100
        if self.root == first:
            (self.directory / "cpu.cfs_period_us").write_text(str(PERIOD))
            (self.directory / "cpu.cfs_quota_us").write_text(str(quota))
        else:
            (self.directory / "cpu.max").write_text(f"{quota} {PERIOD}")

    def add(self, pid):
        (self.directory / "cgroup.procs").write_text(str(pid))

    def end(self):
        for pid in (self.directory / "cgroup.procs").read_text().split():
            (self.root / "cgroup.procs").write_text(pid)
        self.directory.rmdir()


class Server:
    """Myelin apart, on data of its own."""

    def __init__(self, work, instances):
        self.work = work / str(instances)
        self.work.mkdir()
        self.environment = dict(
            os.environ, MYELIN_BUILD="no", MYELIN_TEST_MODE="true", MYELIN_DATA=str(self.work / "data"))
        counts = ",".join(f"{name}={instances}" for name in LOADS)
        with open(self.work / "out", "wb") as output:
            self.process = subprocess.Popen(
                [HOME / "myelin", "run", "--apart", "--instances", counts],
                env=self.environment, stdout=output, stderr=output, cwd=self.work)
        end = time.monotonic() + START_SECONDS
        while b"Myelin is ready" not in (self.work / "out").read_bytes() or not self.takes_commands():
            if self.process.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"Myelin does not start: see {self.work / 'out'}")
            time.sleep(0.2)
        self.pids = {one["instance"]: one["pid"] for one in json.loads(self.verb("status", "--json"))["processes"]}

    def takes_commands(self):
        return (self.work / "data" / "apart" / "control.port").exists()

    def verb(self, *words):
        return subprocess.run(
            [HOME / "myelin", *words], env=self.environment, check=True, capture_output=True, text=True).stdout

    def stop(self):
        self.process.terminate()
        self.process.wait(60)

    def with_children(self, pid):
        found = [pid]
        for parent in found:
            with contextlib.suppress(OSError):
                children = pathlib.Path(f"/proc/{parent}/task/{parent}/children").read_text()
                found += [int(child) for child in children.split()]
        return found

    def by_component(self, measure):
        """The sums of what is measured of the processes of each component."""
        sums = {}
        for instance, pid in self.pids.items():
            for each in self.with_children(pid):
                with contextlib.suppress(OSError):
                    sums[component(instance)] = sums.get(component(instance), 0) + measure(each)
        return sums

    def bench(self, scenario, seconds, warmup=5):
        report = self.work / "report.json"
        subprocess.run(
            [HOME / "myelin", "bench", "--url", URL, "--scenario", scenario, "--warmup", str(warmup),
             "--seconds", str(seconds), "--json", str(report)],
            env=self.environment, check=True, capture_output=True, cwd=self.work)
        result, = json.loads(report.read_text())
        if result["errors"]:
            raise SystemExit(f"{scenario}: {result['errors']} errors, the first: {result.get('first_error')}")
        return result

    def limited(self, name, percent):
        """The result of a component's load while each of its instances has a share of a core."""
        with contextlib.ExitStack() as stack:
            for instance, pid in self.pids.items():
                if component(instance) == name:
                    group = ControlGroup(instance.replace("#", "-"), percent)
                    stack.callback(group.end)
                    group.add(pid)
            return self.bench(LOADS[name], 20)


def processor_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory(pid):
    """In MB; pages that several processes share are divided among them."""
    lines = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def fan_out(server):
    """Milliseconds of processor time by component, for each delivery of a message to a member."""
    server.bench("fan-out", 5)
    before = server.by_component(processor_seconds)
    report = server.bench("fan-out", 20, warmup=0)
    after = server.by_component(processor_seconds)
    return {name: 1000 * (after[name] - before[name]) / report["operations"] for name in after}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--share", type=int, default=15, help="of a core in percent, for each instance (15)")
    parser.add_argument("--only", default=",".join(LOADS), help="components, separated by commas")
    arguments = parser.parse_args()
    rates, costs = {}, {}
    with tempfile.TemporaryDirectory(prefix="myelin-scaling-") as work:
        for instances in (1, 2):
            server = Server(pathlib.Path(work), instances)
            try:
                time.sleep(IDLE_SECONDS)
                idle = server.by_component(memory)
                say(f"\nIdle, {instances} of each of {', '.join(LOADS)}: " + ", ".join(
                    f"{name} {megabytes:.0f} MB" for name, megabytes in sorted(idle.items())))
                say(f"all together {sum(idle.values()):.0f} MB")
                # Compiles what is measured, before anything is limited.
                for scenario in sorted(set(LOADS.values())):
                    server.bench(scenario, 15)
                for name in arguments.only.split(","):
                    result = server.limited(name, arguments.share)
                    rates.setdefault(name, []).append(result["rate"])
                    say(f"{name}: {instances} with {arguments.share}% of a core each: {LOADS[name]} {result['rate']:.0f}/s, "
                        f"p50 {result['p50_ms']:.0f} ms, p99 {result['p99_ms']:.0f} ms")
                costs[instances] = fan_out(server)
            finally:
                server.stop()
    say("")
    for name, (one, two) in rates.items():
        say(f"{name}: two do {two / one:.2f} times what one does")
    say("\nProcessor time of a delivery (fan-out), with one and with two of each:")
    for name in sorted(costs[1]):
        say(f"  {name:18} {costs[1][name]:7.3f} {costs[2].get(name, 0):7.3f} ms")
    one, two = (sum(costs[instances].values()) for instances in (1, 2))
    say(f"  {'all':18} {one:7.3f} {two:7.3f} ms: {two / one:.2f} times")


if __name__ == "__main__":
    if os.geteuid() != 0:
        sys.exit("scaling.py needs root for control groups")
    main()
