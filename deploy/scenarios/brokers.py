"""Several Kafka brokers as processes, and a client that measures how long their own failover takes."""

import pathlib
import shutil
import subprocess
import threading
import time
import uuid

from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from components import Broken, Process, say, wait_until

HERE = pathlib.Path(__file__).resolve().parent
PROBE = "failover.probe"
PROBE_SECONDS = 0.1
PROPERTIES = """\
process.roles=broker,controller
node.id={node}
controller.quorum.voters={voters}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs={directory}
auto.create.topics.enable=false
offsets.topic.replication.factor=3
transaction.state.log.replication.factor=3
num.network.threads=2
num.io.threads=4
"""


def jars(cache):
    """The directory with the broker's jars, downloaded once."""
    libraries = cache / "kafka"
    if not any(libraries.glob("kafka_2.13-*.jar")):
        maven = shutil.which("mvn") or str(HERE.parent.parent / "mvnw")
        subprocess.run([maven, "-q", "-B", "-f", HERE / "engines" / "pom.xml", "dependency:copy-dependencies",
                        f"-DoutputDirectory={libraries}"], check=True)
    return libraries


class Brokers:
    """Brokers that are their own controllers."""

    def __init__(self, java, libraries, work, port, count=3):
        self.command = [java, "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                        f"-Dlog4j2.configurationFile={HERE / 'engines' / 'log4j2.properties'}", "-cp", f"{libraries}/*"]
        self.work = work
        self.ports = [port + 2 * number for number in range(count)]
        self.addresses = ",".join(f"127.0.0.1:{port}" for port in self.ports)
        self.processes = [Process(f"kafka#{number}", work / f"kafka-{number}.out") for number in range(1, count + 1)]

    def start(self):
        cluster = uuid.uuid4().hex[:22]
        voters = ",".join(f"{number}@127.0.0.1:{port + 1}" for number, port in enumerate(self.ports, 1))
        for number, port in enumerate(self.ports, 1):
            directory = self.work / f"kafka-{number}"
            self.file(number).write_text(PROPERTIES.format(
                node=number, voters=voters, port=port, controller=port + 1, directory=directory))
            subprocess.run([*self.command, "kafka.tools.StorageTool", "format", "-t", cluster, "-c", self.file(number)],
                           check=True, capture_output=True)
            self.run(number)
        self.admin = AdminClient({"bootstrap.servers": self.addresses, "log_level": 0})
        return wait_until("all brokers are there", lambda: len(self.brokers()) == len(self.ports))

    def file(self, number):
        return self.work / f"kafka-{number}.properties"

    def run(self, number):
        self.processes[number - 1].run([*self.command, "kafka.Kafka", self.file(number)])

    def brokers(self):
        try:
            return self.admin.list_topics(timeout=2).brokers
        except Exception:  # No broker answers yet.
            return {}

    def partitions(self):
        """Of every topic."""
        topics = self.admin.list_topics(timeout=10).topics
        return [partition for topic in topics.values() for partition in topic.partitions.values()]

    def busiest(self):
        """The broker that leads most partitions, and how many those are."""
        led = [partition.leader for partition in self.partitions()]
        number = max(set(led), key=led.count)
        return number, led.count(number)

    def kill(self, number):
        self.processes[number - 1].kill()

    def await_replicas(self):
        """Waits until every partition has all its replicas in sync again."""
        return wait_until("all replicas are in sync", lambda: all(
            partition.leader > 0 and len(partition.isrs) == len(partition.replicas) for partition in self.partitions()))

    def replication(self, topic):
        return {len(partition.replicas) for partition in self.admin.list_topics(topic, timeout=10).topics[topic].partitions.values()}

    def end(self):
        for process in self.processes:
            if process.is_alive():
                process.running.terminate()
        for process in self.processes:
            process.end()


class Probe:
    """An ordinary producer, acks=all, that writes to each partition of a topic of its own ten times a second."""

    def __init__(self, brokers, partitions=12):
        created = brokers.admin.create_topics(
            [NewTopic(PROBE, partitions, len(brokers.ports), config={"min.insync.replicas": "2"})])
        created[PROBE].result(30)
        self.partitions = partitions
        self.producer = Producer({
            "bootstrap.servers": brokers.addresses, "acks": "all", "linger.ms": 0, "log_level": 0,
            "retry.backoff.ms": 20, "reconnect.backoff.ms": 20, "reconnect.backoff.max.ms": 500,
        })
        self.stalls = []
        self.written = [None] * partitions
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.write, daemon=True)
        self.thread.start()

    def write(self):
        """Keeps one record of each partition under way."""
        while not self.stopping.is_set():
            for partition, since in enumerate(self.written):
                if since is None:
                    self.written[partition] = time.monotonic()
                    self.producer.produce(PROBE, b"x", partition=partition, callback=self.acknowledged)
            until = time.monotonic() + PROBE_SECONDS
            while time.monotonic() < until:
                self.producer.poll(PROBE_SECONDS)

    def acknowledged(self, failure, record):
        if failure is None:
            self.stalls.append((self.written[record.partition()], time.monotonic()))
        self.written[record.partition()] = None

    def longest_since(self, moment):
        """The longest time between a write and its acknowledgement, of those acknowledged after the moment."""
        return max((ended - began for began, ended in list(self.stalls) if ended > moment), default=0.0)

    def end(self):
        self.stopping.set()
        self.thread.join()
        if self.producer.flush(30):
            raise Broken("the probe's last records were not acknowledged")
        say(f"the probe wrote {len(self.stalls)} records")
