"""Four users of matrix-nio in three rooms send, edit, redact, change state, leave and rejoin, all at once.

Then every user's timeline must hold every event exactly once, in one order per room that is the same for all, and
/messages must show it too. At the end they read, type and go to lunch (signs.py).

    python scenario.py [URL]     or MYELIN_URL; default http://localhost:8008
"""

import asyncio
import os
import sys
import time
from collections import defaultdict

import nio

import signs

URL = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("MYELIN_URL", "http://localhost:8008")
MESSAGES = 200
DEADLINE_SECONDS = 60
FILTER = {"room": {"timeline": {"limit": 10}}}


class Broken(Exception):
    """What the server must do and did not; the message says who expected what of which room."""


def expect(condition, message):
    if not condition:
        raise Broken(message)


def expect_same_order(actual, expected, what):
    counted = defaultdict(int)
    for event_id in actual:
        counted[event_id] += 1
    twice = [event_id for event_id, count in counted.items() if count > 1]
    expect(not twice, f"{what} shows {len(twice)} events more than once, first {twice[:1]}")
    missing = [event_id for event_id in expected if event_id not in counted]
    expect(not missing, f"{what} lacks {len(missing)} events, first {missing[:1]}")
    extra = set(actual) - set(expected)
    expect(not extra, f"{what} shows {len(extra)} events that others do not")
    expect(actual == expected, f"{what} has another order")


def done(response, kind, what):
    """The response, if the server did what was asked of it."""
    expect(isinstance(response, kind), f"{what}: {response}")
    return response


class User:
    """A user with a running /sync, who keeps the timeline of each room, gaps filled by pagination."""

    def __init__(self, name):
        self.name = name
        self.client = nio.AsyncClient(URL, f"{name}-{int(time.time() * 1000):x}")
        self.timelines = defaultdict(list)
        self.gaps = 0
        self.listening = asyncio.Event()
        self.listening.set()
        self.signs = signs.Signs()
        self.set_presence = None

    async def register(self):
        response = await self.client.register(self.client.user, f"secret of {self.name}")
        done(response, nio.RegisterResponse, f"registering {self.name}")

    async def follow(self):
        while True:
            await self.listening.wait()
            response = await self.client.sync(
                timeout=10_000, sync_filter=FILTER, set_presence=self.set_presence
            )
            if isinstance(response, nio.SyncError) and response.transport_response.status in (502, 503, 504):
                await asyncio.sleep(1)
                continue
            done(response, nio.SyncResponse, f"{self.name}'s /sync")
            self.signs.take(response)
            for rooms in (response.rooms.leave, response.rooms.join):
                for room_id, room in rooms.items():
                    await self.take(room_id, room.timeline)

    async def take(self, room_id, timeline):
        known = self.timelines[room_id]
        new = [event.event_id for event in timeline.events]
        starts = bool(timeline.events) and isinstance(timeline.events[0], nio.RoomCreateEvent)
        if timeline.limited or (not known and not starts):
            self.gaps += 1
            known += await self.missed(room_id, timeline.prev_batch, set(known))
        known += new

    async def missed(self, room_id, start, known):
        """What lies between the known events and a token, oldest first."""
        between = []
        while start:
            response = await self.client.room_messages(room_id, start, limit=20)
            done(response, nio.RoomMessagesResponse, f"{self.name} fills a gap in {room_id}")
            for event in response.chunk:
                if event.event_id in known:
                    return between[::-1]
                between.append(event.event_id)
            start = response.end
        return between[::-1]

    async def messages(self, room_id, direction):
        """The room's whole history by /messages alone, oldest first, whichever the direction."""
        events = []
        start = ""
        while start is not None:
            response = await self.client.room_messages(
                room_id, start or None, limit=37, direction=direction
            )
            done(response, nio.RoomMessagesResponse, f"{self.name} reads {room_id}")
            events += [event.event_id for event in response.chunk]
            start = response.end or None
        return events[::-1] if direction == nio.MessageDirection.back else events

    async def send(self, room_id, content):
        response = await self.client.room_send(room_id, "m.room.message", content)
        return done(response, nio.RoomSendResponse, f"{self.name} sends into {room_id}").event_id


def text(body):
    return {"msgtype": "m.text", "body": body}


class Ledger:
    """What the senders were told, and what must follow from it."""

    def __init__(self):
        self.acknowledged = defaultdict(list)
        self.redacted = set()
        self.topics = {}

    def add(self, room_id, event_id):
        self.acknowledged[room_id].append(event_id)
        return event_id


async def act(user, rooms, ledger):
    """One user's part: 200 messages over the rooms, with edits, redactions and topics between them."""
    mine = defaultdict(list)
    left = None
    for number in range(MESSAGES):
        if number == 80 and user.name in ("bob", "carol"):
            left = rooms[1] if user.name == "bob" else rooms[2]
            done(await user.client.room_leave(left), nio.RoomLeaveResponse, f"{user.name} leaves {left}")
        if number == 130 and left:
            done(await user.client.join(left), nio.JoinResponse, f"{user.name} rejoins {left}")
            left = None
        allowed = [room_id for room_id in rooms if room_id != left]
        room_id = allowed[number % len(allowed)]
        body = f"{user.name} {number}"
        sent = mine[room_id]
        sent.append(ledger.add(room_id, await user.send(room_id, text(body))))
        if number % 10 == 5:
            content = text(f"* {body}, edited") | {
                "m.new_content": text(f"{body}, edited"),
                "m.relates_to": {"rel_type": "m.replace", "event_id": sent[-1]},
            }
            ledger.add(room_id, await user.send(room_id, content))
        if number % 20 == 17 and len(sent) > 2:
            response = await user.client.room_redact(room_id, sent[-3])
            done(response, nio.RoomRedactResponse, f"{user.name} redacts {sent[-3]}")
            ledger.add(room_id, response.event_id)
            ledger.redacted.add((room_id, sent[-3]))
        if number % 25 == 11:
            # One user for each piece of state, so that there is no doubt which event was the last.
            if user.name == "alice":
                state = ("m.room.topic", {"topic": body}, "")
                ledger.topics[room_id] = body
            else:
                state = ("io.myelin.place", {"at": number}, user.client.user_id)
            response = await user.client.room_put_state(room_id, *state)
            done(response, nio.RoomPutStateResponse, f"{user.name} changes the state of {room_id}")
            ledger.add(room_id, response.event_id)


async def nap(user, another, rooms):
    """Lets one user not listen for as long as another sees more than a page of each room."""

    def seen(who, count):
        return all(len(who.timelines[room_id]) >= count for room_id in rooms)

    while not seen(user, 20):
        await asyncio.sleep(0.02)
    user.listening.clear()
    while not seen(another, 60):
        await asyncio.sleep(0.02)
    user.listening.set()


async def create_rooms(alice, others):
    rooms = []
    for number in range(3):
        private = number == 0
        response = await alice.client.room_create(
            name=f"room {number}",
            topic="at first",
            preset=nio.RoomPreset.private_chat if private else nio.RoomPreset.public_chat,
            invite=[user.client.user_id for user in others] if private else (),
            power_level_override={"events": {"io.myelin.place": 0}},
        )
        room_id = done(response, nio.RoomCreateResponse, "creating a room").room_id
        rooms.append(room_id)
        for user in others:
            done(await user.client.join(room_id), nio.JoinResponse, f"{user.name} joins {room_id}")
    return rooms


async def check(user, room_id, order, ledger):
    whose = f"{user.name}'s {{}} of room {room_id}"
    back = await user.messages(room_id, nio.MessageDirection.back)
    expect_same_order(back, order, whose.format("/messages backwards"))
    front = await user.messages(room_id, nio.MessageDirection.front)
    expect_same_order(front, order, whose.format("/messages forwards"))
    expect_same_order(user.timelines[room_id], order, whose.format("timeline from /sync"))
    for redacted_in, event_id in ledger.redacted:
        if redacted_in == room_id:
            response = await user.client.room_get_event(room_id, event_id)
            done(response, nio.RoomGetEventResponse, f"{user.name} reads {event_id}")
            expect(
                isinstance(response.event, nio.RedactedEvent),
                f"{user.name} still reads the content of the redacted {event_id}",
            )


async def last_message(users, room_id, ledger):
    """Says good-bye in a room, and waits until everybody has heard it."""
    last = ledger.add(room_id, await users[0].send(room_id, text("the end")))
    end = time.monotonic() + DEADLINE_SECONDS
    while not all(last in user.timelines[room_id] for user in users):
        expect(time.monotonic() < end, f"not everybody saw {last} in {room_id} within {DEADLINE_SECONDS} s")
        await asyncio.sleep(0.02)


async def verify(users, rooms, ledger):
    for room_id in rooms:
        await last_message(users, room_id, ledger)
        order = await users[0].messages(room_id, nio.MessageDirection.back)
        for event_id in ledger.acknowledged[room_id]:
            times = order.count(event_id)
            expect(times == 1, f"the acknowledged {event_id} is {times} times in /messages of {room_id}")
        await asyncio.gather(*(check(user, room_id, order, ledger) for user in users))
        for user in users:
            topic, seen = ledger.topics[room_id], user.client.rooms[room_id].topic
            expect(seen == topic, f"{user.name} sees the topic '{seen}' in {room_id}, it is '{topic}'")
        print(f"{room_id}: {len(order)} events, the same for {len(users)} users")
    print("gaps filled:", ", ".join(f"{user.name} {user.gaps}" for user in users))


async def scenario(users):
    for user in users:
        await user.register()
    following = [asyncio.create_task(user.follow()) for user in users]
    try:
        rooms = await create_rooms(users[0], users[1:])
        ledger = Ledger()
        acting = asyncio.gather(
            *(act(user, rooms, ledger) for user in users), nap(users[3], users[0], rooms)
        )
        await asyncio.wait([acting, *following], return_when=asyncio.FIRST_COMPLETED)
        for task in following:
            if task.done():
                task.result()
        await acting
        await verify(users, rooms, ledger)
        await signs.exchange(*users[:3], rooms[1], text)
        print("receipts, typing and presence: as they have to be")
    finally:
        for task in following:
            task.cancel()
        await asyncio.gather(*following, return_exceptions=True)
        for user in users:
            await user.client.close()


def main():
    began = time.monotonic()
    try:
        asyncio.run(scenario([User(name) for name in ("alice", "bob", "carol", "dave")]))
    except (Broken, AssertionError, TimeoutError) as broken:
        sys.exit(f"matrix-nio scenario FAILED: {broken}")
    print(f"matrix-nio scenario passed in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
