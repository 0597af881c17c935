#!/usr/bin/env python3
"""Installs the Helm chart into a real cluster and does under load what operators do; nothing acknowledged may be missing afterwards.

    kubernetes.py --image NAME:TAG [--next NAME:TAG] [--load-images FILE,...] [--cluster PROGRAM] [--only PART,...]

one         the chart's default shape: one pod with one volume; a message is still there after the pod was deleted
small       each component once, behind the gateway; a message
apart       two of each server, writer and gateway. Then, under the load of 16 senders and 16 syncing clients (survive.py):
autoscale   the autoscaler adds readers, and each takes its share
delete      a pod of each component is deleted
kill        a pod of each component is killed
drain       the node is drained: no eviction goes through that a budget forbids, and the drain goes on when replacements are ready
upgrade     `helm upgrade` to the next version (--next, or the same image with another annotation)

No request may fail in what is planned, which is all but "kill". At the end survive.py verifies. Needs helm and kubectl, and either a cluster
that KUBECONFIG names, with metrics-server, or --cluster, a program with the verbs up, image and down that starts one on this machine. The
images have to be known to the nodes; --load-images gives archives to `PROGRAM image`. All requests go through `kubectl port-forward`.
"""

import argparse
import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

import faults
import survive
from conversation import require_message, talk
from faults import Broken, say
from matrix import Client
from port_forwards import PortForwards, serves

HERE = pathlib.Path(__file__).resolve().parent
CHART = HERE.parent / "helm/myelin"
METRICS = str(HERE / "kubernetes/metrics-server")
NAMESPACE, RELEASE = "myelin-scenario", "myelin"
READY_SECONDS = 900
SCALE_SECONDS = 300
SECONDS_CLOSED = 20
POLL_SECONDS = 1.5
OF_RELEASE = f"app.kubernetes.io/instance={RELEASE}"
COMPONENT = "app.kubernetes.io/component"
PARTS = ["one", "small", "apart", "autoscale", "delete", "kill", "drain", "upgrade"]
UNDER_LOAD = set(PARTS[3:])
REFUSED = "Cannot evict pod as it would violate the pod's disruption budget"


def run(*words, given=None, check=True):
    done = subprocess.run(words, input=given, capture_output=True, text=True, timeout=READY_SECONDS, check=False)
    if check and done.returncode != 0:
        raise Broken(f"{' '.join(words)}: {done.stdout}{done.stderr}")
    return done.stdout


def kubectl(*words, **options):
    return run("kubectl", "--namespace", NAMESPACE, *words, **options)


def pods(component=None):
    """The pods of the release that are not about to stop."""
    selector = OF_RELEASE + (f",{COMPONENT}={component}" if component else "")
    items = json.loads(kubectl("get", "pods", "--selector", selector, "--output", "json"))["items"]
    return [pod for pod in items if not pod["metadata"].get("deletionTimestamp")]


def is_cordoned(node):
    return json.loads(run("kubectl", "get", "node", node, "--output", "json"))["spec"].get("unschedulable", False)


def await_that(what, condition, seconds=READY_SECONDS):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise Broken(f"{what}: not within {seconds} s")
        time.sleep(POLL_SECONDS)


class Operations(faults.Story):
    """What operators do, one after the other, under load."""

    def __init__(self, load, arguments):
        super().__init__(None, load, None, False)
        self.arguments = arguments

    def tell(self):
        if self.chosen("autoscale"):
            self.planned("the autoscaler adds readers", self.scale_up)
        components = sorted({pod["metadata"]["labels"][COMPONENT] for pod in pods()})
        for component in components if self.chosen("delete") else []:
            self.planned(f"a pod of {component} deleted", lambda name=component: self.delete(name))
        for component in components if self.chosen("kill") else []:
            self.fault(f"a pod of {component} killed", lambda name=component: self.kill(name))
        if self.chosen("drain"):
            self.planned("the node drained", self.drain)
        if self.chosen("upgrade"):
            self.planned("helm upgrade", self.upgrade)

    def chosen(self, part):
        return part in self.arguments.only

    def fault(self, name, happen):
        self.wait_for_writes(3)
        began = time.monotonic()
        happen()
        self.wait_for_writes(0)
        longest = max((self.load.stalled(one) for one in self.load.stalls if one[1] > began), default=0.0)
        say(f"{name}: over after {time.monotonic() - began:.0f} s, longest stall of a write {longest:.1f} s")

    def planned(self, name, happen):
        """The same, and no request may fail."""
        before = self.failed()
        self.fault(name, happen)
        failed = self.failed() - before
        if failed:
            raise Broken(f"{name}: {failed} requests failed; {self.load.forwards.lost} port-forwards were lost so far")

    def failed(self):
        return sum(interrupted for _, _, interrupted in self.load.stalls)

    def scale_up(self):
        for reader in autoscaled():
            self.two_serve(reader)
            names = [pod["metadata"]["name"] for pod in pods(reader)]
            before = {name: self.requests(name) for name in names}
            self.wait_for_writes(10)
            took = {name: self.requests(name) - before[name] for name in names}
            say(f"  requests of each {reader} in 10 s: {took}")
            if min(took.values()) == 0:
                raise Broken(f"one {reader} gets no requests: {took}")

    def requests(self, pod):
        text = figures(pod)
        counts = re.findall(r'^http_server_requests_seconds_count\{.*service="(?!none").*\} ([0-9.e+]+)$', text, re.MULTILINE)
        return sum(map(float, counts))

    def two_serve(self, component):
        await_that(f"two of {component}", lambda: sum(map(serves, pods(component))) >= 2, SCALE_SECONDS)

    def delete(self, component):
        self.two_serve(component)
        kubectl("delete", "pod", pods(component)[0]["metadata"]["name"])
        self.all_ready()

    def kill(self, component):
        """Gives the pod no time to stop."""
        kubectl("delete", "pod", pods(component)[0]["metadata"]["name"], "--grace-period=0", "--force")
        self.all_ready()

    def drain(self):
        """
        Evicts every pod of the release, as far as the budgets allow. Where there is one node, replacements have no place while it is
        closed: then one pod of each component goes, and the budgets hold the others. Opened again, it takes the replacements, and the drain goes on.
        """
        for component in {pod["metadata"]["labels"][COMPONENT] for pod in pods()}:
            self.two_serve(component)
        node = pods()[0]["spec"]["nodeName"]
        before = {pod["metadata"]["uid"]: pod["metadata"]["labels"][COMPONENT] for pod in pods()}
        output = tempfile.TemporaryFile("w+")
        drain = subprocess.Popen(
            ["kubectl", "drain", node, "--pod-selector", OF_RELEASE, "--ignore-daemonsets", "--delete-emptydir-data",
             f"--timeout={READY_SECONDS}s"], stdout=output, stderr=subprocess.STDOUT, text=True)
        await_that(f"{node} is closed", lambda: is_cordoned(node) or drain.poll() is not None, 60)
        time.sleep(SECONDS_CLOSED)
        serving = {component: 0 for component in before.values()}
        for pod in pods():
            serving[pod["metadata"]["labels"][COMPONENT]] += serves(pod)
        run("kubectl", "uncordon", node)
        say(f"  {SECONDS_CLOSED} s after the node was closed there serve {serving}")
        drain.wait(READY_SECONDS)
        output.seek(0)
        said = output.read()
        if drain.returncode != 0:
            raise Broken(f"kubectl drain: {said}")
        say(f"  {said.count(REFUSED)} evictions were refused, {said.count('evicting pod')} tried")
        if min(serving.values()) == 0 or REFUSED not in said:
            raise Broken(f"the budgets have not held: {serving}\n{said}")
        self.all_ready()
        left = set(before) & {pod["metadata"]["uid"] for pod in pods()}
        if left:
            raise Broken(f"{len(left)} pods are on the drained node as before")

    def upgrade(self):
        install(self.arguments.next or self.arguments.image, "--set-string", "pods.annotations.upgraded=yes")
        for deployment in kubectl("get", "deployments", "--selector", OF_RELEASE, "--output", "name").split():
            kubectl("rollout", "status", deployment, f"--timeout={READY_SECONDS}s")
        self.all_ready()

    def all_ready(self):
        await_that("every pod is ready", all_ready)


def figures(pod):
    return kubectl("get", "--raw", f"/api/v1/namespaces/{NAMESPACE}/pods/{pod}:8009/proxy/actuator/prometheus", check=False)


def autoscaled():
    """The components that have an autoscaler, and the replicas that it wants."""
    items = json.loads(kubectl("get", "horizontalpodautoscalers", "--selector", OF_RELEASE, "--output", "json"))["items"]
    return {one["metadata"]["labels"][COMPONENT]: one["status"].get("desiredReplicas", 0) for one in items}


def all_ready():
    items = json.loads(kubectl("get", "deployments", "--selector", OF_RELEASE, "--output", "json"))["items"]
    return all(
        d["status"].get("readyReplicas", 0) >= d["spec"]["replicas"] == d["status"].get("replicas", 0)
        and d["status"].get("observedGeneration") == d["metadata"]["generation"] for d in items)


def install(image, *more, values="values.yaml"):
    repository, _, tag = image.rpartition(":")
    gateway, _, gateway_tag = os.environ.get("GATEWAY_IMAGE", "nginx:1.29.4").rpartition(":")
    began = time.monotonic()
    run("helm", "upgrade", "--install", RELEASE, str(CHART), "--namespace", NAMESPACE, "--create-namespace",
        "--values", str(HERE / "kubernetes" / values), "--set", f"image.repository={repository}", "--set-string", f"image.tag={tag}",
        "--set", f"gateway.image.repository={gateway}", "--set-string", f"gateway.image.tag={gateway_tag}", *more)
    return began


def engines():
    text = (HERE / "kubernetes/engines.yaml").read_text()
    text = text.replace("${POSTGRESQL_IMAGE}", os.environ.get("POSTGRESQL_IMAGE", "postgres:18"))
    text = text.replace("${KAFKA_IMAGE}", os.environ.get("KAFKA_IMAGE", "apache/kafka:4.2.1"))
    run("kubectl", "create", "namespace", NAMESPACE, check=False)
    kubectl("apply", "--filename", "-", given=text)
    for name in ("postgresql", "kafka"):
        kubectl("rollout", "status", f"deployment/{name}", f"--timeout={READY_SECONDS}s")


def start_cluster(arguments, work, stack):
    stack.callback(lambda: run(arguments.cluster, "down", check=False))
    for name, value in re.findall(r"(\w+)=(\S+)", run(arguments.cluster, "up")):
        os.environ[name] = value.replace("$PATH", os.environ["PATH"])
    for archive in filter(None, arguments.load_images.split(",")):
        run(arguments.cluster, "image", archive)
    stack.callback(lambda: run(METRICS, "down", str(work), check=False))
    run(METRICS, "up", str(work))
    say("the cluster is up, and has the images and metrics")


def local_volume(work):
    """A cluster that --cluster starts provisions no volumes; this one is a directory of this machine."""
    directory = work / "volume"
    directory.mkdir(exist_ok=True)
    node = json.loads(run("kubectl", "get", "nodes", "--output", "json"))["items"][0]["metadata"]["name"]
    run("kubectl", "apply", "--filename", "-", given=json.dumps({
        "apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "myelin"},
        "spec": {
            "capacity": {"storage": "20Gi"}, "accessModes": ["ReadWriteOnce"], "local": {"path": str(directory)},
            "nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [
                {"key": "kubernetes.io/hostname", "operator": "In", "values": [node]}]}]}},
        }}))


def add_user(workload):
    said = kubectl("exec", workload, "--", "java", "@myelin", "user", "add", "carol")
    if "Added @carol" not in said:
        raise Broken(f"user add says: {said}")


@contextlib.contextmanager
def entrance(arguments, component):
    """The way to all pods of a component, once one of them answers."""
    forwards = PortForwards(arguments.port, 8008, NAMESPACE, f"{OF_RELEASE},{COMPONENT}={component}")
    try:
        forwards.url = f"http://127.0.0.1:{arguments.port}"
        await_that("an answer", lambda: reachable(forwards.url), 60)
        yield forwards
    finally:
        forwards.close()


def one(arguments, work):
    """The chart's default shape."""
    if arguments.cluster:
        local_volume(work)
    def ready():
        return sum(map(serves, pods("all-in-one"))) == 1
    began = install(arguments.image, values="one.yaml")
    await_that("the pod is ready", ready)
    say(f"one pod: installed and ready after {time.monotonic() - began:.0f} s")
    with entrance(arguments, "all-in-one") as forwards:
        reader, room, event = talk(forwards.url)
    add_user("statefulset/myelin")
    began = time.monotonic()
    kubectl("delete", "pod", pods("all-in-one")[0]["metadata"]["name"])
    await_that("the pod is ready again", ready)
    say(f"  deleted, and ready again after {time.monotonic() - began:.0f} s")
    with entrance(arguments, "all-in-one"):
        require_message(reader, room, event)
    run("helm", "uninstall", RELEASE, "--namespace", NAMESPACE, "--wait")
    kubectl("delete", "secrets,persistentvolumeclaims", "--selector", OF_RELEASE)


def small(arguments):
    """Each component once."""
    began = install(arguments.image, "--set", "pods.replicas=1", "--set", "gateway.replicas=1",
                    "--set", "roles.reader.autoscaling.enabled=false")
    await_that("every pod is ready", all_ready)
    say(f"one of each: installed and ready after {time.monotonic() - began:.0f} s")
    with entrance(arguments, "gateway") as forwards:
        talk(forwards.url)
    add_user("deployment/myelin-account-server")


def apart(arguments, work):
    began = install(arguments.image)
    await_that("every pod is ready", all_ready)
    say(f"two of each: installed and ready after {time.monotonic() - began:.0f} s")
    with entrance(arguments, "gateway") as forwards:
        talk(forwards.url)
        if UNDER_LOAD.isdisjoint(arguments.only):
            return
        if "autoscale" in arguments.only:
            await_that("the autoscalers want one of each", lambda: set(autoscaled().values()) == {1} and all_ready(), SCALE_SECONDS)
            say(f"before the load the autoscalers want {autoscaled()}")
        load = survive.Load(work / "load", [forwards.url], arguments.senders, pause=arguments.pause)
        load.forwards = forwards
        load.start()
        Operations(load, arguments).tell()
        summary = load.stop()
        say(f"{summary['acknowledged']} acknowledged, {summary['interrupted_sends']} of them after an interruption, "
            f"longest stall {summary['longest_stall_seconds']} s, {forwards.lost} port-forwards lost")
        if summary["failures"]:
            raise Broken(summary["failures"][0])
        say(f"{survive.verify(load.directory, [forwards.url])} events, each once, in one order for everybody")


def scenario(arguments, work, stack):
    if arguments.cluster:
        start_cluster(arguments, work, stack)
    stack.callback(keep_what_pods_say, work)
    if "one" in arguments.only:
        one(arguments, work)
    if arguments.only != ["one"]:
        engines()
    if "small" in arguments.only:
        small(arguments)
    if not {"apart", *UNDER_LOAD}.isdisjoint(arguments.only):
        apart(arguments, work)


def keep_what_pods_say(work):
    """Writes what there is to see in the cluster, before it is gone."""
    for name, words in {
        "pods": ("get", "pods,horizontalpodautoscalers,poddisruptionbudgets,endpointslices", "--output", "wide"),
        "descriptions": ("describe", "pods"),
        "events": ("get", "events", "--sort-by=.lastTimestamp"),
    }.items():
        (work / f"{name}.txt").write_text(kubectl(*words, check=False))
    for pod in kubectl("get", "pods", "--output", "name", check=False).split():
        name = pod.rpartition("/")[2]
        (work / f"{name}.log").write_text(kubectl("logs", name, "--tail=2000", check=False))
        if text := figures(name):
            (work / f"{name}.prometheus").write_text(text)


def reachable(url):
    with contextlib.suppress(*survive.SERVER_TROUBLE):
        return Client(url, patience=0).ask("GET", "/_matrix/client/versions")[0] == 200
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--image", required=True, help="of Myelin, with its tag")
    parser.add_argument("--next", help="the image to upgrade to")
    parser.add_argument("--load-images", default="", help="archives that the cluster's program loads, with commas between")
    parser.add_argument("--cluster", help="a program that starts a cluster: up, image FILE, down")
    parser.add_argument("--port", type=int, default=8398, help="of this machine, for the load; port-forwards take the 50 after it")
    parser.add_argument("--work", type=pathlib.Path, help="kept afterwards; else gone if all went well")
    parser.add_argument("--senders", type=int, default=survive.SENDERS)
    parser.add_argument("--pause", type=float, default=0.1, help="seconds between a sender's messages (0.1)")
    parser.add_argument("--only", type=lambda text: text.split(","), default=PARTS, help=",".join(PARTS))
    arguments = parser.parse_args()
    if unknown := set(arguments.only) - set(PARTS):
        parser.error(f"there is no part {', '.join(unknown)}: there are {', '.join(PARTS)}")
    work = arguments.work or pathlib.Path(tempfile.mkdtemp(prefix="myelin-kubernetes-"))
    work.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(work / "load", ignore_errors=True)
    try:
        with contextlib.ExitStack() as stack:
            scenario(arguments, work.resolve(), stack)
    except (Broken, survive.Lost, survive.Refused, OSError, subprocess.TimeoutExpired) as failed:
        sys.exit(f"kubernetes FAILED: {failed}\nWhat there is to see is in {work}")
    if not arguments.work:
        shutil.rmtree(work)
    print("kubernetes passed")


if __name__ == "__main__":
    main()
