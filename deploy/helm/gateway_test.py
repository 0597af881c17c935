#!/usr/bin/env python3
"""The chart's gateway, with a real nginx and a name service that this test plays: no user's requests change their instance for no
reason, and a change of the instances, or the gateway's own end, fails no request. NGINX names another nginx than that of the PATH."""

import collections
import http.client
import http.server
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
NGINX = os.environ.get("NGINX") or shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
PORT, BACKEND = int(os.environ.get("GATEWAY_TEST_PORT", "18570")), int(os.environ.get("GATEWAY_TEST_PORT", "18570")) + 1
PATIENCE = 20


class Instance(http.server.BaseHTTPRequestHandler):
    """Says at which address it was asked; a request that is to be parked is answered when `released` is set."""

    protocol_version = "HTTP/1.1"
    released = threading.Event()
    parked = threading.Semaphore(0)

    def do_GET(self):
        if "parked" in self.path:
            Instance.parked.release()
            Instance.released.wait(PATIENCE)
        body = self.connection.getsockname()[0].encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


def rendered():
    """nginx.conf of the chart, with ports and files of this test."""
    import yaml

    text = sys.stdin.read()
    for document in yaml.safe_load_all(text):
        if document and document["kind"] == "ConfigMap" and "nginx.conf" in document["data"]:
            return document["data"]["nginx.conf"], document["data"]["gateway.sh"]
    sys.exit("Give the rendered chart to the standard input.")


class GatewayTest(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp())
        self.known = self.directory / "known"
        self.know("127.0.0.2", "127.0.0.3")
        getent = self.directory / "bin/getent"
        getent.parent.mkdir()
        getent.write_text(f'#!/bin/sh\n[ -s {self.known} ] && sed "s/$/ STREAM name/" {self.known}\n')
        getent.chmod(0o755)
        (self.directory / "bin/nginx").symlink_to(NGINX)
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost",
             "-keyout", self.directory / "tls.key", "-out", self.directory / "tls.crt"],
            check=True, capture_output=True)
        configuration = self.directory / "nginx.conf"
        configuration.write_text(
            CONFIGURATION.replace("0.0.0.0:8008", f"127.0.0.1:{PORT}")
            .replace("0.0.0.0:8448", f"127.0.0.1:{PORT + 2}")
            .replace("0.0.0.0:8010", f"127.0.0.1:{PORT + 3}")
            .replace("/run/gateway", str(self.directory))
            .replace("/run/secrets/tls", str(self.directory)))
        script = self.directory / "gateway.sh"
        script.write_text(SCRIPT)
        services = [f"{name}={name}:{BACKEND}" for name in re.findall(r"upstream ([a-z-]+) \{", CONFIGURATION)]
        self.errors = open(self.directory / "errors", "w")
        self.gateway = subprocess.Popen(
            ["sh", script, configuration, self.directory, *services],
            env={**os.environ, "PATH": f"{self.directory}/bin:{os.environ['PATH']}"},
            stderr=self.errors)
        Instance.released.clear()
        self.await_that("the gateway answers", lambda: self.ask("nobody"))

    def tearDown(self):
        Instance.released.set()
        self.gateway.terminate()
        self.gateway.wait(PATIENCE)
        self.errors.close()
        shutil.rmtree(self.directory)

    def know(self, *addresses):
        new = self.directory / "known.new"
        new.write_text("".join(address + "\n" for address in addresses))
        new.rename(self.known)

    def ask(self, user, path="/_matrix/client/v3/sync"):
        """The address of the instance that answered."""
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=PATIENCE)
        try:
            connection.request("GET", path, headers={"Authorization": f"Bearer {user}"})
            answer = connection.getresponse()
            body = answer.read().decode()
            return body if answer.status == 200 else None
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def await_that(self, what, condition):
        end = time.monotonic() + PATIENCE
        while not condition():
            self.assertLess(time.monotonic(), end, f"{what}: not within {PATIENCE} s; {(self.directory / 'errors').read_text()}")
            time.sleep(0.1)

    def test_keeps_users_where_they_are(self):
        before = {f"user{number}": self.ask(f"user{number}") for number in range(60)}
        self.assertEqual(set(before.values()), {"127.0.0.2", "127.0.0.3"})
        self.assertEqual(before, {user: self.ask(user) for user in before})

        self.know("127.0.0.2", "127.0.0.3", "127.0.0.4")
        self.await_that("the new instance is asked", lambda: "127.0.0.4" in map(self.ask, before))
        after = {user: self.ask(user) for user in before}
        moved = [user for user in before if before[user] != after[user]]
        self.assertEqual({after[user] for user in moved}, {"127.0.0.4"})
        share = collections.Counter(after.values())["127.0.0.4"]
        self.assertTrue(5 <= share <= 40, f"the new instance has {share} of 60 users")

    def test_answers_parked_requests_though_the_instances_change(self):
        answers = []
        waiting = threading.Thread(target=lambda: answers.append(self.ask("user", "/_matrix/client/v3/sync?parked")))
        waiting.start()
        self.assertTrue(Instance.parked.acquire(timeout=PATIENCE))
        self.know("127.0.0.4")
        self.await_that("only the new instance is asked", lambda: {self.ask(f"user{n}") for n in range(20)} == {"127.0.0.4"})
        Instance.released.set()
        waiting.join(PATIENCE)
        self.assertIn(answers, [["127.0.0.2"], ["127.0.0.3"]])

    def test_keeps_what_it_knew_while_the_name_service_is_silent(self):
        self.know()
        end = time.monotonic() + 3
        while time.monotonic() < end:
            self.assertIn(self.ask("user"), {"127.0.0.2", "127.0.0.3"})

    def test_answers_parked_requests_before_it_ends(self):
        answers = []
        waiting = threading.Thread(target=lambda: answers.append(self.ask("user", "/_matrix/client/v3/sync?parked")))
        waiting.start()
        self.assertTrue(Instance.parked.acquire(timeout=PATIENCE))
        self.gateway.send_signal(signal.SIGTERM)
        self.await_that("it accepts no more", lambda: self.ask("another") is None)
        self.assertIsNone(self.gateway.poll())
        Instance.released.set()
        waiting.join(PATIENCE)
        self.assertIn(answers, [["127.0.0.2"], ["127.0.0.3"]])
        self.assertEqual(self.gateway.wait(PATIENCE), 0)


if __name__ == "__main__":
    if not NGINX:
        print("There is no nginx here: THE GATEWAY IS NOT TESTED")
        sys.exit(0)
    CONFIGURATION, SCRIPT = rendered()
    for address in ("127.0.0.2", "127.0.0.3", "127.0.0.4"):
        server = http.server.ThreadingHTTPServer((address, BACKEND), Instance)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
    unittest.main(argv=sys.argv[:1], verbosity=2)
