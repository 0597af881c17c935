"""Headless Chromium, driven through chromedriver by the W3C WebDriver protocol and nothing but the standard library."""

import base64
import json
import os
import re
import subprocess
import tempfile
import time
import urllib.request


class Browser:
    def __init__(self, width=1440, height=900):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.driver = subprocess.Popen(
            ["chromedriver", "--port=0", "--allowed-ips="],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.session = None
        try:
            self.base = f"http://127.0.0.1:{self._port()}/session"
            options = {
                "binary": "/usr/bin/chromium",
                "args": ["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                         "--disable-background-networking", f"--user-data-dir={self.profile.name}",
                         f"--window-size={width},{height}"] + (["--no-sandbox"] if os.geteuid() == 0 else [])}
            self.session = self._ask("POST", "", {"capabilities": {"alwaysMatch": {
                "browserName": "chrome", "goog:chromeOptions": options,
                "goog:loggingPrefs": {"browser": "ALL"}}}})["sessionId"]
        except BaseException:
            self.close()
            raise

    def _port(self):
        for line in self.driver.stdout:
            found = re.search(r"started successfully on port (\d+)", line)
            if found:
                return int(found.group(1))
        raise RuntimeError("chromedriver does not start")

    def _ask(self, method, path, body=None):
        session = "/" + self.session if self.session else ""
        request = urllib.request.Request(
            self.base + session + path, method=method,
            data=None if body is None else json.dumps(body).encode(), headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)["value"]

    def open(self, url):
        self._ask("POST", "/url", {"url": url})

    def run(self, script, *arguments):
        """What a script returns, that is the body of a function."""
        return self._ask("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def until(self, what, script, *arguments, seconds=30):
        """Waits until a script returns something true, and returns that."""
        give_up = time.monotonic() + seconds
        while True:
            found = self.run(script, *arguments)
            if found:
                return found
            if time.monotonic() > give_up:
                raise AssertionError(f"Waited {seconds} s in vain for {what}; the page says:\n"
                                     + self.run("return document.body.innerText"))
            time.sleep(0.1)

    def complaints(self):
        """What the console has said since this was last asked, other than refused requests."""
        return [entry["message"] for entry in self._ask("POST", "/se/log", {"type": "browser"})
                if entry["level"] == "SEVERE" and "status of 40" not in entry["message"]]

    def dark(self, wanted):
        self._ask("POST", "/goog/cdp/execute", {"cmd": "Emulation.setEmulatedMedia", "params": {
            "features": [{"name": "prefers-color-scheme", "value": "dark" if wanted else "light"}]}})

    def screenshot(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self._ask("GET", "/screenshot")))

    def close(self):
        try:
            if self.session:
                self._ask("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait(10)
            self.profile.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.close()
