"""One port of this machine in front of all pods of a kind, as a load balancer in front of a cluster would be.

Connections go through `kubectl port-forward`, on 127.0.0.1 only. A new connection goes to a pod that is ready and was not told to stop;
those that a pod has already are left to it until it ends them.
"""

import contextlib
import itertools
import json
import random
import socket
import subprocess
import threading

POLL_SECONDS = 1.0
STARTED_SECONDS = 20


class PortForwards:
    """Listens on `port`; the ports after it are for the pods, up to `PORTS` at a time."""

    PORTS = 50

    def __init__(self, port, pod_port, namespace, selector):
        self.pod_port = pod_port
        self.namespace = namespace
        self.selector = selector
        self.ports = itertools.cycle(range(port + 1, port + 1 + self.PORTS))
        self.forwards = {}
        self.ready = []
        self.lost = 0
        self.stopping = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", port), backlog=256)
        threading.Thread(target=self.watch, daemon=True).start()
        threading.Thread(target=self.accept, daemon=True).start()

    def close(self):
        self.stopping.set()
        # Ends the accept that waits, which would keep the port.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for process, _ in self.forwards.values():
            process.terminate()

    def watch(self):
        while not self.stopping.wait(POLL_SECONDS):
            with contextlib.suppress(OSError, ValueError, subprocess.SubprocessError):
                self.look()

    def look(self):
        answer = subprocess.run(
            ["kubectl", "--namespace", self.namespace, "get", "pods", "--selector", self.selector, "--output", "json"],
            capture_output=True, text=True, timeout=30, check=True)
        serving = [pod["metadata"]["name"] for pod in json.loads(answer.stdout)["items"] if serves(pod)]
        # kubectl gives up all connections to a pod when one of them was reset, whoever reset it.
        self.lost += sum(one[0].poll() is not None and name in serving for name, one in self.forwards.items())
        self.forwards = {name: one for name, one in self.forwards.items() if one[0].poll() is None}
        for name in serving:
            if name not in self.forwards:
                self.forward(name)
        self.ready = [self.forwards[name][1] for name in serving if name in self.forwards]

    def forward(self, pod):
        port = next(self.ports)
        process = subprocess.Popen(
            ["kubectl", "--namespace", self.namespace, "port-forward", "--address", "127.0.0.1", f"pod/{pod}", f"{port}:{self.pod_port}"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        if "Forwarding from" not in process.stdout.readline():
            process.terminate()
            return
        threading.Thread(target=read, args=(process.stdout,), daemon=True).start()
        self.forwards[pod] = (process, port)

    def accept(self):
        while not self.stopping.is_set():
            with contextlib.suppress(OSError):
                client, _ = self.listener.accept()
                threading.Thread(target=self.connect, args=(client,), daemon=True).start()

    def connect(self, client):
        with client, contextlib.suppress(OSError, IndexError), socket.create_connection(
                ("127.0.0.1", random.choice(self.ready)), timeout=5) as pod:
            for end in (client, pod):
                end.settimeout(None)
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            back = threading.Thread(target=copy, args=(pod, client), daemon=True)
            back.start()
            copy(client, pod)
            back.join()


def serves(pod):
    conditions = pod["status"].get("conditions", [])
    return not pod["metadata"].get("deletionTimestamp") and any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def read(output):
    """kubectl prints a line for each connection."""
    for _ in output:
        pass


def copy(source, target):
    """Copies until the source ends, and then tells the target."""
    with contextlib.suppress(OSError):
        while some := source.recv(65536):
            target.sendall(some)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
