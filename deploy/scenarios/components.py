"""Myelin's components as processes of their own, started from one build or from several, with nginx in front of them.

A build is a clone in which `./myelin build` (or `mvnw package`) has run. Which services there are follows from its jars: a
service's jar has the name of the service and says in META-INF/services that it has one.
"""

import base64
import contextlib
import os
import pathlib
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile

READY_SECONDS = 180
STOP_SECONDS = 30
DESCRIPTION = "META-INF/services/io.myelin.server.service.ServiceDescription"
# The path by which a process says that it is ready, now and in earlier releases.
READINESS = ("/actuator/health/readiness", "/_myelin/health")
JAVA_OPTIONS = (
    "-XX:+UseCompactObjectHeaders", "-XX:+ExitOnOutOfMemoryError", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
    "-Xms16m", "-Xmx512m", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-Dfile.encoding=UTF-8",
)


class Broken(Exception):
    """Something has not happened that had to."""


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def end_in_order_when_told_to():
    """SIGTERM ends this script as an exception, so that everything that it has started is ended too."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))


def wait_until(what, happened, seconds=READY_SECONDS, pause=0.05):
    """Waits for a condition; returns the seconds that took."""
    began = time.monotonic()
    while not happened():
        if time.monotonic() - began > seconds:
            raise Broken(f"{what}: not within {seconds} s")
        time.sleep(pause)
    return time.monotonic() - began


class Build:
    """The jars of one clone."""

    def __init__(self, home, name):
        self.home = pathlib.Path(home).resolve()
        self.name = name
        target = self.home / "deploy" / "all-in-one" / "target"
        self.jars = sorted(target.glob("all-in-one-*.jar")) + sorted((target / "lib").glob("*.jar"))
        self.apart = sorted((self.home / "deploy" / "apart" / "target").glob("apart-*.jar"))
        if not self.jars or not self.apart:
            raise Broken(f"{self.home} is not built")
        self.java = subprocess.run(
            [self.home / ".mvn" / "find-jdk"], capture_output=True, text=True, check=True
        ).stdout.strip() + "/bin/java"

    def services(self):
        """The names of all services; those on which the others wait come first."""
        found = [re.sub(r"-[0-9].*", "", jar.name) for jar in self.jars if self.has_service(jar)]
        return sorted(found, key=lambda name: (not name.endswith("-server"), name))

    @staticmethod
    def has_service(jar):
        with zipfile.ZipFile(jar) as content:
            return DESCRIPTION in content.namelist()

    def command(self, service):
        return [self.java, *JAVA_OPTIONS, "-cp", ":".join(map(str, self.jars)),
                "io.myelin.server.process.ComponentProcess", service]

    def gateway_template(self):
        """nginx's configuration with the routes of this build's services."""
        return subprocess.run(
            [self.java, "-cp", ":".join(map(str, self.jars + self.apart)), "io.myelin.apart.GatewayTemplate"],
            capture_output=True, text=True, check=True,
        ).stdout


class Process:
    """One process, with its output in a file."""

    def __init__(self, name, output):
        self.name = name
        self.output = output
        self.running = None

    def run(self, command, environment=None):
        with open(self.output, "ab") as output:
            self.running = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                env=environment, start_new_session=True,
            )

    def is_alive(self):
        return self.running is not None and self.running.poll() is None

    def kill(self):
        self.running.kill()
        self.running.wait()

    def stop(self, seconds=STOP_SECONDS):
        """SIGTERM; returns the seconds until the process has ended."""
        began = time.monotonic()
        self.running.terminate()
        try:
            self.running.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Broken(f"{self.name} had not stopped {seconds} s after SIGTERM") from None
        return time.monotonic() - began

    def end(self):
        """Ends the process if it runs, whatever has happened before."""
        if self.is_alive():
            try:
                self.stop()
            except Broken:
                self.kill()


class Instance(Process):
    """One instance of a service."""

    def __init__(self, deployment, service, number, internal, client):
        super().__init__(f"{service}#{number}", deployment.work / f"{service}-{number}.out")
        self.deployment = deployment
        self.service = service
        self.number = number
        self.internal = internal
        self.client = client
        self.build = None

    def start(self, build):
        """On a machine of its own it would take no processor from those that serve: until it is ready it comes after them."""
        if not self.is_alive():
            self.build = build
            self.run(["nice", *build.command(self.service)], self.deployment.environment(self))

    def is_ready(self):
        if not self.is_alive():
            raise Broken(f"{self.name} of {self.build.name} has ended, see {self.output}")
        for path in READINESS:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.internal}{path}", timeout=2) as answer:
                    return answer.status == 200
            except urllib.error.HTTPError as refused:
                if refused.code != 404:
                    return False
            except OSError:
                return False
        return False

    def await_readiness(self):
        took = wait_until(f"{self.name} of {self.build.name} is ready", self.is_ready)
        for thread in os.listdir(f"/proc/{self.running.pid}/task"):
            with contextlib.suppress(ProcessLookupError):
                os.setpriority(os.PRIO_PROCESS, int(thread), os.getpriority(os.PRIO_PROCESS, 0))
        return took


class Deployment:
    """All instances of all services, on engines that run, and nginx in front of them."""

    def __init__(self, work, build, counts, settings, port):
        """settings: the engines' addresses, by environment variable; port: the first of 100 that are free"""
        self.work = pathlib.Path(work)
        self.build = build
        self.settings = settings
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.data = self.work / "data"
        self.data.mkdir(parents=True, exist_ok=True)
        seed = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        # What all processes of a server share, and none of them makes.
        for name, content in (("internal.secret", secrets.token_hex(32)), ("signing.key", f"ed25519 a_test {seed}")):
            (self.data / name).write_text(content + "\n")
            os.chmod(self.data / name, 0o600)
        self.instances = []
        for service in build.services():
            for number in range(1, counts.get(service, counts.get("", 1)) + 1):
                at = port + 2 + 2 * len(self.instances)
                self.instances.append(Instance(self, service, number, at, at + 1))
        self.gateway = Process("gateway", self.work / "gateway.out")

    def of(self, service):
        return [instance for instance in self.instances if instance.service == service]

    def environment(self, instance):
        settings = {name: value for name, value in os.environ.items() if not name.startswith("MYELIN_")}
        settings |= self.settings
        for service in {one.service for one in self.instances}:
            settings["MYELIN_SERVICES_" + service.upper().replace("-", "_")] = ",".join(
                f"http://127.0.0.1:{one.internal}" for one in self.of(service))
        return settings | {
            "MYELIN_DATA": str(self.data),
            "MYELIN_INSTANCE": instance.name,
            "MYELIN_TEST_MODE": "true",
            "MYELIN_PUBLIC_BASE_URL": self.url,
            "MYELIN_LISTENERS_ADDRESS": "127.0.0.1",
            "MYELIN_LISTENERS_INTERNAL_ADDRESS": "127.0.0.1",
            "MYELIN_LISTENERS_INTERNAL_PORT": str(instance.internal),
            "MYELIN_LISTENERS_CLIENT_PORT": str(instance.client),
        }

    def start(self):
        """Starts everything; returns the seconds until all is ready."""
        began = time.monotonic()
        for group in ([one for one in self.instances if one.service.endswith("-server")], self.instances):
            for instance in group:
                instance.start(self.build)
            for instance in group:
                if group is not self.instances or not instance.service.endswith("-server"):
                    wait_until(f"{instance.name} runs", lambda one=instance: self.has_started(one))
        for instance in self.instances:
            instance.await_readiness()
        self.start_gateway()
        return time.monotonic() - began

    @staticmethod
    def has_started(instance):
        if not instance.is_alive():
            raise Broken(f"{instance.name} has ended, see {instance.output}")
        return f"{instance.name} is ready" in instance.output.read_text(errors="replace") or instance.is_ready()

    def start_gateway(self):
        directory = self.work / "gateway"
        directory.mkdir(exist_ok=True)
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
             "-subj", "/CN=localhost", "-keyout", str(directory / "tls.key"), "-out", str(directory / "tls.crt")],
            check=True, capture_output=True)
        values = {
            "WORKERS": "1", "DIRECTORY": directory, "LOG": self.work / "gateway.log", "REQUEST_SIZE": "1048576",
            "CLIENT_LISTEN": f"127.0.0.1:{self.port}", "FEDERATION_LISTEN": f"127.0.0.1:{self.port + 1}",
            "FEDERATION_SERVES_CLIENTS": "false", "CERTIFICATE": directory / "tls.crt", "PRIVATE_KEY": directory / "tls.key",
        }
        for service in {one.service for one in self.instances}:
            values[service.upper().replace("-", "_")] = " ".join(
                f"server 127.0.0.1:{one.client} max_fails=1 fail_timeout=1s;" for one in self.of(service))
        text = re.sub(r"\$\{MYELIN_GATEWAY_([A-Z_]+)}", lambda found: str(values[found[1]]), self.build.gateway_template())
        (directory / "nginx.conf").write_text(text)
        nginx = shutil.which("nginx") or "/usr/sbin/nginx"
        self.gateway.run([nginx, "-p", directory, "-e", self.work / "gateway.log", "-c", directory / "nginx.conf",
                          "-g", "daemon off;"])
        wait_until("the gateway answers", self.answers)

    def answers(self):
        try:
            with urllib.request.urlopen(f"{self.url}/_matrix/client/versions", timeout=2) as response:
                return response.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def leave(self):
        """Ends every process that this has started."""
        self.gateway.end()
        for instance in reversed(self.instances):
            with contextlib.suppress(ProcessLookupError):
                if instance.is_alive():
                    instance.running.send_signal(signal.SIGTERM)
        for instance in reversed(self.instances):
            instance.end()


