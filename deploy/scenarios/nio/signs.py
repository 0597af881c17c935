"""Receipts, typing and presence: what a user does there, the others see, and what is private, nobody else."""

import asyncio
import time

import nio

DEADLINE_SECONDS = 120
READ = "m.read"


class Signs:
    """What a user's /sync has told of the others."""

    def __init__(self):
        self.typing = {}
        self.receipts = {}
        self.presence = {}
        self.fully_read = {}

    def take(self, response):
        for room_id, room in response.rooms.join.items():
            for event in room.ephemeral:
                if isinstance(event, nio.TypingNoticeEvent):
                    self.typing[room_id] = event.users
                elif isinstance(event, nio.ReceiptEvent):
                    for receipt in event.receipts:
                        key = (room_id, receipt.user_id, receipt.receipt_type, receipt.thread_id)
                        self.receipts[key] = receipt.event_id
            for event in room.account_data:
                if isinstance(event, nio.FullyReadEvent):
                    self.fully_read[room_id] = event.event_id
        for event in response.presence_events:
            self.presence[event.user_id] = event


async def eventually(condition, what):
    end = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {DEADLINE_SECONDS} s: {what}")
        await asyncio.sleep(0.02)


async def exchange(alice, bob, carol, room_id, text):
    """Bob and carol do something in a room, alice watches; each is a scenario's User with `signs`."""
    bobs, carols = bob.client.user_id, carol.client.user_id
    await typing(alice, bob, room_id)

    message = await alice.send(room_id, text("read this"))
    await marked(bob.client.update_receipt_marker(room_id, message, nio.ReceiptType.read, None))
    await sees(alice, (room_id, bobs, READ, None), message)

    root = await carol.send(room_id, text("a thread"))
    relation = {"m.relates_to": {"rel_type": "m.thread", "event_id": root}}
    reply = await carol.send(room_id, text("in it") | relation)
    await marked(bob.client.update_receipt_marker(room_id, reply, nio.ReceiptType.read, root))
    await sees(alice, (room_id, bobs, READ, root), reply)
    kept = alice.signs.receipts[(room_id, bobs, READ, None)]
    assert kept == message, f"a threaded receipt moved the one without a thread to {kept}"

    private = (room_id, carols, "m.read.private", "main")
    await marked(carol.client.update_receipt_marker(room_id, root, nio.ReceiptType.read_private))
    await sees(carol, private, root)
    await marked(carol.client.room_read_markers(room_id, message))
    await eventually(lambda: carol.signs.fully_read.get(room_id) == message, "carol's own fully-read marker")
    # What comes after the private ones is there, so they would be too.
    await marked(carol.client.update_receipt_marker(room_id, root, nio.ReceiptType.read))
    await sees(alice, (room_id, carols, READ, "main"), root)
    assert private not in alice.signs.receipts, "alice sees carol's private receipt"
    assert room_id not in alice.signs.fully_read, "alice sees carol's fully-read marker"

    # A receipt does not go back.
    await marked(bob.client.update_receipt_marker(room_id, root, nio.ReceiptType.read, None))
    await sees(alice, (room_id, bobs, READ, None), root)
    await marked(bob.client.update_receipt_marker(room_id, message, nio.ReceiptType.read, None))
    await typing(alice, bob, room_id)
    kept = alice.signs.receipts[(room_id, bobs, READ, None)]
    assert kept == root, f"a receipt went back to {kept}"

    await presence(alice, carol)


async def typing(alice, bob, room_id):
    await marked(bob.client.room_typing(room_id, True, 30_000))
    await eventually(lambda: alice.signs.typing.get(room_id) == [bob.client.user_id], "alice sees bob type")
    await marked(bob.client.room_typing(room_id, False))
    await eventually(lambda: alice.signs.typing.get(room_id) == [], "alice sees that bob no longer types")


async def presence(alice, carol):
    user_id = carol.client.user_id
    await eventually(lambda: user_id in alice.signs.presence, "alice sees that carol is there")
    carol.set_presence = "unavailable"
    await marked(carol.client.set_presence("unavailable", "at lunch"))

    def at_lunch():
        event = alice.signs.presence[user_id]
        return (event.presence, event.status_msg) == ("unavailable", "at lunch")

    await eventually(at_lunch, "alice sees that carol is at lunch")
    asked = await alice.client.get_presence(user_id)
    assert isinstance(asked, nio.PresenceGetResponse), f"asking for carol's presence: {asked}"
    assert asked.status_msg == "at lunch", f"asked for, carol's status is {asked.status_msg}"


async def marked(request):
    response = await request
    assert not isinstance(response, nio.ErrorResponse), str(response)


async def sees(user, key, event_id):
    await eventually(lambda: user.signs.receipts.get(key) == event_id, f"{user.name} sees the receipt {key[1:]}")
