"""A Matrix client of nothing but the standard library: one keep-alive connection, for one thread at a time."""

import http.client
import json
import random
import time
import urllib.parse

V3 = "/_matrix/client/v3"


# The statuses of a server that is unavailable. A client repeats the request if that does no harm.
NOT_NOW = (502, 503, 504)
NOT_NOW_SECONDS = 60


class Refused(Exception):
    """The answer was not 200; has its status and errcode."""

    def __init__(self, what, status, body):
        super().__init__(f"{what}: {status} {body}")
        self.status = status
        self.errcode = body.get("errcode") if isinstance(body, dict) else None


def quote(text):
    return urllib.parse.quote(text, safe="")


def unique(name):
    return f"{name}-{int(time.time() * 1000):x}-{random.randrange(1 << 32):x}"


class Client:
    """A user with an access token. Requests go to `urls` in turn; GETs go to `readers` in turn, if there are any."""

    def __init__(self, urls, token=None, user_id=None, timeout=60, readers=(), patience=NOT_NOW_SECONDS):
        self.urls = [urls] if isinstance(urls, str) else list(urls)
        self.readers = list(readers) or self.urls
        self.token = token
        self.user_id = user_id
        self.timeout = timeout
        self.patience = patience
        self.asked = 0
        self.connections = {}

    @classmethod
    def register(cls, urls, name, **options):
        client = cls(urls, **options)
        request = {"username": unique(name), "password": f"secret of {name}", "auth": {"type": "m.login.dummy"}}
        status, body = client.ask("POST", f"{V3}/register", request)
        if status == 401 and "session" in body:
            request["auth"]["session"] = body["session"]
            status, body = client.ask("POST", f"{V3}/register", request)
        if status != 200:
            raise Refused("register", status, body)
        client.token, client.user_id = body["access_token"], body["user_id"]
        return client

    def raw(self, method, path, body=b"", headers=None, timeout=None):
        """The answer's status, and its body as bytes. Raises connection errors and time-outs; waits out 429."""
        urls = self.readers if method == "GET" else self.urls
        url = urls[self.asked % len(urls)]
        self.asked += 1
        while True:
            try:
                status, answer = self.exchange(url, method, path, body, headers or {}, timeout)
            except (OSError, http.client.HTTPException):
                self.close()
                raise
            if status != 429:
                return status, answer
            time.sleep(parsed(answer).get("retry_after_ms", 100) / 1000)

    def exchange(self, url, method, path, body, headers, timeout):
        kept = self.connections.get(url)
        connection = kept or self.connect(url)
        connection.timeout = timeout or self.timeout
        if connection.sock:
            connection.sock.settimeout(connection.timeout)
        try:
            connection.request(method, path, body or None, headers)
            response = connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            if not kept:
                raise
            # The server had closed the idle connection, which is no failure of this request.
            self.close()
            return self.exchange(url, method, path, body, headers, timeout)
        return response.status, response.read()

    def connect(self, url):
        parts = urllib.parse.urlsplit(url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self.connections[url] = kind(parts.hostname, parts.port)
        return self.connections[url]

    def close(self):
        for connection in self.connections.values():
            connection.close()
        self.connections.clear()

    def headers(self):
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return headers

    def ask(self, method, path, content=None, timeout=None):
        """The answer's status and its parsed body, for any status."""
        body = b"" if content is None else json.dumps(content).encode()
        status, answer = self.raw(method, path, body, self.headers(), timeout)
        return status, parsed(answer)

    def call(self, method, path, content=None, timeout=None):
        """The body of a 200; raises Refused for other statuses. Repeats NOT_NOW for a while, except for POST."""
        give_up_at = time.monotonic() + (0 if method == "POST" else self.patience)
        status, body = self.ask(method, path, content, timeout)
        while status in NOT_NOW and time.monotonic() < give_up_at:
            time.sleep(0.2)
            status, body = self.ask(method, path, content, timeout)
        if status != 200:
            raise Refused(f"{method} {path}", status, body)
        return body

    def create_room(self, **options):
        return self.call("POST", f"{V3}/createRoom", options or {"preset": "public_chat"})["room_id"]

    def join(self, room_id):
        return self.call("POST", f"{V3}/join/{quote(room_id)}", {})

    def send(self, room_id, transaction, body, timeout=None):
        path = f"{V3}/rooms/{quote(room_id)}/send/m.room.message/{quote(transaction)}"
        return self.call("PUT", path, {"msgtype": "m.text", "body": body}, timeout)["event_id"]

    def sync(self, since=None, timeout=0, sync_filter=None):
        query = {"timeout": timeout}
        if since:
            query["since"] = since
        if sync_filter:
            query["filter"] = json.dumps(sync_filter)
        path = f"{V3}/sync?{urllib.parse.urlencode(query)}"
        return self.call("GET", path, timeout=timeout / 1000 + self.timeout)

    def messages(self, room_id, direction="b", limit=100, start=None, timeout=None):
        query = {"dir": direction, "limit": limit}
        if start:
            query["from"] = start
        return self.call("GET", f"{V3}/rooms/{quote(room_id)}/messages?{urllib.parse.urlencode(query)}", timeout=timeout)

    def history(self, room_id, limit=100):
        """All events of a room, oldest first, by paginating /messages backwards."""
        events, start = [], None
        while True:
            page = self.messages(room_id, limit=limit, start=start)
            events += page["chunk"]
            start = page.get("end")
            if not start:
                return events[::-1]


def parsed(answer):
    try:
        return json.loads(answer)
    except ValueError:
        return {"not JSON": answer[:200].decode("utf-8", "replace")}
