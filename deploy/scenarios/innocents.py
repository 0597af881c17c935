"""The users whom an attack must not disturb; see hostile.py."""

import contextlib
import http.client
import threading
import time

from matrix import Client, Refused

PAUSE = 0.1
READ_EVERY = 10
TROUBLE = (OSError, http.client.HTTPException)


class Innocents:
    """Alice sends a message every tenth of a second, Bob gets it by long polls, and both sometimes read the history."""

    def __init__(self, url):
        self.url = url
        self.alice = Client.register([url], "alice", timeout=30, patience=0)
        self.bob = Client.register([url], "bob", timeout=30, patience=0)
        self.room = self.alice.create_room(preset="public_chat")
        self.bob.join(self.room)
        self.lock = threading.Lock()
        self.waits = []
        self.off = []
        self.sent = {}
        self.stopping = threading.Event()
        for part in (self.talk, self.listen):
            threading.Thread(target=part, daemon=True).start()

    def talk(self):
        for number in range(1 << 40):
            if self.stopping.is_set():
                return
            text = f"message {number}"
            with self.lock:
                self.sent[text] = time.monotonic()
            if not self.timed("a message", lambda: self.alice.send(self.room, f"t{number}-{time.time_ns():x}", text)):
                with self.lock:
                    self.sent.pop(text, None)
            if number % READ_EVERY == 0:
                self.timed("/messages", lambda: self.alice.messages(self.room, limit=20))
            if number % (READ_EVERY * 5) == 0:
                self.timed("a first /sync", lambda: self.alice.sync())
            time.sleep(PAUSE)

    def listen(self):
        since = None
        while not self.stopping.is_set():
            try:
                answer = self.bob.sync(since, timeout=5_000 if since else 0)
            except TROUBLE + (Refused,) as failure:
                self.note("/sync", time.monotonic(), failure)
                time.sleep(PAUSE)
                continue
            since = answer["next_batch"]
            now = time.monotonic()
            timeline = answer.get("rooms", {}).get("join", {}).get(self.room, {}).get("timeline", {})
            with self.lock:
                for event in timeline.get("events", []):
                    began = self.sent.pop(event.get("content", {}).get("body"), None)
                    if began:
                        self.waits.append(("hearing of it", began, now, None))

    def timed(self, what, request):
        began = time.monotonic()
        try:
            request()
        except TROUBLE + (Refused,) as failure:
            self.note(what, began, failure)
            time.sleep(PAUSE)
            return False
        self.note(what, began)
        return True

    def note(self, what, began, failure=None):
        with self.lock:
            self.waits.append((what, began, time.monotonic(), failure))

    @contextlib.contextmanager
    def server_is_off(self):
        began = time.monotonic()
        yield
        # A client that was refused during the start tries again a moment later.
        self.off.append((began, time.monotonic() + 3 * PAUSE))

    def since(self, moment):
        """The requests since `moment`, without those while the server was off: the longest wait, failures, number."""
        with self.lock:
            asked = [wait for wait in self.waits
                     if wait[2] >= moment and not any(wait[1] < until and wait[2] > since for since, until in self.off)]
        failures = [f"{what}: {failure!r}" for what, _, _, failure in asked if failure]
        longest = max(((ended - began, what) for what, began, ended, failure in asked if not failure), default=(0, "nothing"))
        return longest, failures, len(asked)

    def unheard(self):
        """The age of the oldest message that Bob has not received, without those sent around a restart."""
        with self.lock:
            ages = [time.monotonic() - began for began in self.sent.values()
                    if not any(began < until + 1 and began > since - 1 for since, until in self.off)]
        return max(ages, default=0)
