"""The attacker, and the paths of what is sent."""

import time

from matrix import V3, Client, quote

# An event may have 65,536 bytes; its other fields and its signature need some of them.
CONTENT = 60_000


class Mallory:
    """An attacker with two accounts. Requests that prepare an attack are repeated until they succeed or are refused."""

    def __init__(self, url, users):
        self.url = url
        self.users = [Client(url, user["token"], user["user_id"], timeout=30) for user in users]
        self.me, self.friend = self.users
        self.server_name = self.me.user_id.split(":", 1)[1]

    def room(self, **options):
        options.setdefault("preset", "public_chat")
        return self.do("POST", f"{V3}/createRoom", options)["room_id"]

    def do(self, method, path, content=None, user=None):
        """The body of a 200; None if the request is refused. Repeats it while the server is unavailable."""
        while True:
            try:
                status, body = (user or self.me).ask(method, path, content)
            except OSError:
                time.sleep(0.2)
                continue
            if status < 500:
                return body if status == 200 else None
            time.sleep(0.2)

    def state(self, room, event_type, content, key=""):
        return self.do("PUT", f"{V3}/rooms/{quote(room)}/state/{event_type}/{quote(key)}", content)


def state_path(room, event_type, key=""):
    return f"{V3}/rooms/{quote(room)}/state/{event_type}/{quote(key)}"


def send_path(room, transaction, event_type="m.room.message"):
    return f"{V3}/rooms/{quote(room)}/send/{event_type}/{transaction}-{time.time_ns():x}"


def zeros(size):
    return ('{"a":[' + "0," * (size // 2 - 6) + "0]}").encode()
