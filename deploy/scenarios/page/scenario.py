"""The page that shows the wiring, in a real browser: every component well, records that move while somebody sends, and
the door for those who come from elsewhere.

    python3 deploy/scenarios/page/scenario.py [--screenshots DIR] [URL]
"""

import argparse
import contextlib
import os
import sys
import threading
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

from browser import Browser  # noqa: E402
from matrix import V3, Client, Refused, quote, unique  # noqa: E402


class Talker(threading.Thread):
    """Sends a message now and then, until told to stop."""

    def __init__(self, url):
        super().__init__(daemon=True)
        self.client = Client.register(url, "wiring")
        self.stopped = threading.Event()

    def run(self):
        room = self.client.call("POST", f"{V3}/createRoom", {"preset": "public_chat"})["room_id"]
        while not self.stopped.wait(0.05):
            with contextlib.suppress(Refused):
                self.client.call("PUT", f"{V3}/rooms/{quote(room)}/send/m.room.message/{unique('t')}",
                                 {"msgtype": "m.text", "body": "Look!"})


def shows_the_wiring(browser, url, screenshots):
    browser.open(url)
    browser.until("every component", """
        const components = pictures.at(-1)?.components ?? [];
        return ['writer', 'server', 'reader'].every(role => components.some(part => part.role === role))
            && components.every(part => document.querySelector(`.part.good[data-part="${part.name}"]`))""")
    browser.until("the verdict", "return document.querySelector('#verdict').innerText.includes('Everything works')")
    for engine in ("PostgreSQL", "Kafka"):
        browser.until(engine, "return document.querySelector(`[data-engine=\"${arguments[0]}\"] .dot.good`)", engine)
    for figure in ("rooms", "users", "parked"):
        browser.until(figure, "return document.querySelector(`[data-figure=\"${arguments[0]}\"]`)", figure)
    if screenshots:
        browser.screenshot(os.path.join(screenshots, "idle.png"))
    rate = "return Number(document.querySelector(`[data-topic-name=\"${arguments[0]}\"]`).dataset.rate) > 0"
    talker = Talker(url)
    talker.start()
    try:
        for topic in ("room.input", "room.output"):
            browser.until(f"records in {topic}", rate, topic)
        browser.until("a wire that moves", "return document.querySelector('.pulse.on[data-topic=\"room.output\"]')")
        if screenshots:
            for scheme in ("light", "dark"):
                browser.dark(scheme == "dark")
                browser.until("rates", "return pictures.length >= 5")
                browser.screenshot(os.path.join(screenshots, scheme + ".png"))
    finally:
        talker.stopped.set()
        talker.join(30)
    return talker.client.token


def asks_who_comes_from_elsewhere(browser, url, token, screenshots):
    """A name that is not this machine's, though it leads here: browsers take every name below localhost for loopback."""
    port = urllib.parse.urlsplit(url).port
    browser.open(f"http://elsewhere.localhost:{port}/")
    browser.until("the door", "return !document.querySelector('#door').hidden")
    if screenshots:
        browser.screenshot(os.path.join(screenshots, "door.png"))
    browser.run("""
        document.querySelector('#token').value = arguments[0];
        document.querySelector('#door button').click()""", token)
    browser.until("a refusal", "return document.querySelector('#door .refusal').textContent.includes('administrators')")
    assert browser.run("return document.querySelectorAll('.part').length") == 0, "shown to somebody who may not see it"
    assert browser.run("return sessionStorage.length") == 0, "a token is kept that is good for nothing"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--screenshots")
    arguments.add_argument("url", nargs="?", default=os.environ.get("MYELIN_URL", "http://localhost:8008"))
    options = arguments.parse_args()
    with Browser() as browser:
        token = shows_the_wiring(browser, options.url, options.screenshots)
        asks_who_comes_from_elsewhere(browser, options.url, token, options.screenshots)
        complaints = browser.complaints()
        assert not complaints, "\n".join(complaints)
    print("The page shows the wiring.")


if __name__ == "__main__":
    main()
