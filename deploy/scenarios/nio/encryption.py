"""End-to-end encryption as matrix-nio has it: alice and bob, with two devices each, in an encrypted room.

Both write and all devices read; a device is verified by short authentication strings; a device that was away, and one whose client was
started again from its store, read what they missed; a device of which all one-time keys are claimed is reached by its fallback key; a
device that is removed gets no more keys. matrix-nio has no cross-signing, no key backup and no fallback keys of its own:
js-sdk/encryption.js has the first two, and the fallback key is made here.

    python encryption.py [URL]     or MYELIN_URL; default http://localhost:8008
"""

import asyncio
import json
import os
import sys
import tempfile
import time

import nio

URL = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("MYELIN_URL", "http://localhost:8008")
V3 = "/_matrix/client/v3"
DEADLINE_SECONDS = 60
ALGORITHM = "m.megolm.v1.aes-sha2"


class Broken(Exception):
    """What the server must do and did not."""


def expect(condition, message):
    if not condition:
        raise Broken(message)


def done(response, kind, what):
    """The response, if the server did what was asked of it."""
    expect(isinstance(response, kind), f"{what}: {response}")
    return response


class Person:
    def __init__(self, name):
        self.name = f"{name}-{int(time.time() * 1000):x}"
        self.password = f"secret of {name}"
        self.user_id = None


class Device:
    """A device and its store. It talks to the server only in `step`, and in what it is told to do."""

    def __init__(self, person, name, store, device_id=""):
        self.person = person
        self.name = name
        self.store = store
        self.client = self.new_client(device_id)
        self.events = {}
        self.counts = {}
        self.unused_fallback = None

    def new_client(self, device_id):
        os.makedirs(self.store, exist_ok=True)
        config = nio.AsyncClientConfig(store_sync_tokens=True, encryption_enabled=True)
        return nio.AsyncClient(URL, self.person.user_id or self.person.name, device_id, store_path=self.store, config=config)

    async def register(self):
        done(await self.client.register(self.person.name, self.person.password), nio.RegisterResponse, f"registering {self.name}")
        self.person.user_id = self.client.user_id
        return self

    async def log_in(self):
        done(await self.client.login(self.person.password), nio.LoginResponse, f"logging in {self.name}")
        return self

    @property
    def id(self):
        return self.client.device_id

    async def start_again(self):
        """Ends the client, and makes a new one from what is in the store."""
        session = self.client.user_id, self.client.device_id, self.client.access_token
        await self.client.close()
        self.client = self.new_client(session[1])
        self.client.restore_login(*session)
        # The store does not keep rooms.
        await self.sync(full_state=True)

    async def step(self):
        """Does once what nio's own loop does over and over: keys as far as something is due, messages that wait, a /sync."""
        client = self.client
        if client.should_upload_keys:
            done(await client.keys_upload(), nio.KeysUploadResponse, f"{self.name} uploads keys")
        if client.should_query_keys:
            done(await client.keys_query(), nio.KeysQueryResponse, f"{self.name} queries keys")
        if client.should_claim_keys:
            claimed = await client.keys_claim(client.get_users_for_key_claiming())
            done(claimed, nio.KeysClaimResponse, f"{self.name} claims keys")
        for sent in await client.send_to_device_messages():
            done(sent, nio.ToDeviceResponse, f"{self.name} writes to a device")
        await self.sync()

    async def sync(self, full_state=None):
        response = done(await self.client.sync(full_state=full_state), nio.SyncResponse, f"{self.name}'s /sync")
        body = await response.transport_response.json()
        self.counts = body.get("device_one_time_keys_count", self.counts)
        self.unused_fallback = body.get("device_unused_fallback_key_types", self.unused_fallback)
        for room in response.rooms.join.values():
            for event in room.timeline.events:
                self.events[event.event_id] = event
        return response

    def reads(self, event_id, body):
        """Whether the device shows this text, which it was sent encrypted."""
        event = self.events.get(event_id)
        if isinstance(event, nio.MegolmEvent):
            try:
                event = self.events[event_id] = self.client.decrypt_event(event)
            except nio.EncryptionError:
                return False
        return isinstance(event, nio.RoomMessageText) and event.decrypted and event.body == body

    async def say(self, room, body):
        sent = await self.client.room_send(
            room, "m.room.message", {"msgtype": "m.text", "body": body}, ignore_unverified_devices=True)
        return done(sent, nio.RoomSendResponse, f"{self.name} sends").event_id

    async def ask(self, method, path, content=None):
        """A request that nio has no method for: its status and its answer's body."""
        headers = {"Authorization": f"Bearer {self.client.access_token}", "Content-Type": "application/json"}
        response = await self.client.send(method, V3 + path, None if content is None else json.dumps(content), headers)
        return response.status, await response.json()

    async def call(self, method, path, content=None):
        status, body = await self.ask(method, path, content)
        expect(status == 200, f"{self.name}: {method} {path}: {status} {body}")
        return body

    def knows(self, other):
        """The other device as this one has it from /keys/query; None if it does not know it, or knows that it is gone."""
        device = self.client.device_store[other.person.user_id].get(other.id)
        return None if device is None or device.deleted else device


async def eventually(devices, condition, what):
    """Lets these devices go on, and nobody else, until the condition holds."""
    end = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        expect(time.monotonic() < end, f"not within {DEADLINE_SECONDS} s: {what}")
        await asyncio.gather(*(device.step() for device in devices))


async def all_read(devices, event_id, body):
    for device in devices:
        await eventually([device], lambda: device.reads(event_id, body), f'{device.name} reads "{body}"')


async def create_room(desk, pocket, devices):
    created = await desk.client.room_create(
        preset=nio.RoomPreset.private_chat,
        invite=[pocket.person.user_id],
        initial_state=[{"type": "m.room.encryption", "state_key": "", "content": {"algorithm": ALGORITHM}}],
    )
    room = done(created, nio.RoomCreateResponse, "creating a room").room_id
    done(await pocket.client.join(room), nio.JoinResponse, f"{pocket.name} joins")

    def all_there():
        return all(
            len(device.client.rooms[room].users) == 2 and all(device.knows(other) for other in devices if other is not device)
            for device in devices
            if room in device.client.rooms
        ) and all(room in device.client.rooms for device in devices)

    await eventually(devices, all_there, "every device knows the room and the three other devices")
    return room


async def verify(one, other):
    """Two devices verify each other: both people compare what they are shown."""
    await eventually([one, other], lambda: one.knows(other) and other.knows(one), f"{one.name} and {other.name} know each other")
    done(await one.client.start_key_verification(one.knows(other)), nio.ToDeviceResponse, f"{one.name} asks for a verification")
    transaction = one.client.get_active_sas(other.person.user_id, other.id).transaction_id
    await eventually([other], lambda: transaction in other.client.key_verifications, f"{other.name} is asked to verify")
    done(await other.client.accept_key_verification(transaction), nio.ToDeviceResponse, f"{other.name} accepts")
    both = [device.client.key_verifications[transaction] for device in (one, other)]
    await eventually(
        [one, other],
        lambda: all(sas.established_sas for sas in both) or any(sas.canceled for sas in both),
        f"{one.name} and {other.name} see the short authentication string",
    )
    expect(not any(sas.canceled for sas in both), f"the verification was cancelled: {[sas.cancel_reason for sas in both]}")
    expect(both[0].get_emoji() == both[1].get_emoji(), "both devices show the same emoji")
    for device in (one, other):
        done(await device.client.confirm_short_auth_string(transaction), nio.ToDeviceResponse, f"{device.name} confirms")
    await eventually(
        [one, other],
        lambda: one.knows(other).verified and other.knows(one).verified,
        f"{one.name} and {other.name} have verified each other",
    )


async def talk(desk, couch, pocket, watch, room):
    hello = await desk.say(room, "hello")
    await all_read([couch, pocket, watch], hello, "hello")
    stored = await watch.call("GET", f"/rooms/{room}/event/{hello}")
    expect(stored["type"] == "m.room.encrypted" and "hello" not in json.dumps(stored), "the server has only the encrypted message")
    answer = await pocket.say(room, "hello yourself")
    await all_read([desk, couch, watch], answer, "hello yourself")
    await verify(desk, pocket)
    await verify(desk, couch)
    sure = await pocket.say(room, "it is me")
    await all_read([desk], sure, "it is me")
    expect(desk.events[sure].verified, "alice's client shows that the message is from a verified device")
    return hello


async def away(desk, pocket, watch, room, hello):
    """Every message has a session of its own, so that each is one to-device message to those who are away."""
    said = []
    for number in range(5):
        desk.client.invalidate_outbound_session(room)
        said.append((await desk.say(room, f"while you were away {number}"), f"while you were away {number}"))
    for event_id, body in said:
        await all_read([pocket], event_id, body)
    await watch.start_again()
    for event_id, body in said:
        await all_read([watch], event_id, body)
    # The store has the keys of what was said before.
    page = done(await watch.client.room_messages(room, limit=50), nio.RoomMessagesResponse, "reading back")
    found = [event for event in page.chunk if event.event_id == hello]
    expect(found and getattr(found[0], "body", None) == "hello", "a client that was started again reads old messages")
    after = await watch.say(room, "started again")
    await all_read([desk, pocket], after, "started again")


async def upload_fallback(device):
    """nio makes no fallback keys, but what it is built on can."""
    account = device.client.olm.account._account
    account.generate_fallback_key()
    ((key_id, key),) = account.fallback_key.items()
    signed = {"key": key.to_base64(), "fallback": True}
    signature = device.client.olm.sign_json(signed)
    signed["signatures"] = {device.client.user_id: {f"ed25519:{device.id}": signature}}
    await device.call("POST", "/keys/upload", {"fallback_keys": {f"signed_curve25519:{key_id}": signed}})
    account.mark_keys_as_published()
    device.client.olm.save_account()
    return signed["key"]


async def claimed_out(desk, couch, pocket, store, room):
    """All one-time keys of a device are claimed while it is away. Two devices then reach it by the same fallback key."""
    tablet = await Device(pocket.person, "bob's tablet", store).log_in()
    await eventually(
        [tablet, desk, couch],
        lambda: tablet.counts.get("signed_curve25519") and tablet.client.rooms.get(room) and desk.knows(tablet) and couch.knows(tablet),
        "alice's devices know bob's third one",
    )
    fallback = await upload_fallback(tablet)
    await tablet.step()
    expect(tablet.unused_fallback == ["signed_curve25519"], f"an unused fallback key is announced, not {tablet.unused_fallback}")
    wanted = {"one_time_keys": {pocket.person.user_id: {tablet.id: "signed_curve25519"}}}
    ids = set()
    for number in range(tablet.counts["signed_curve25519"]):
        claimed = (await desk.call("POST", "/keys/claim", wanted))["one_time_keys"][pocket.person.user_id][tablet.id]
        ((key_id, key),) = claimed.items()
        expect(key_id not in ids and not key.get("fallback"), f"claim {number} gives a one-time key that nobody has: {claimed}")
        ids.add(key_id)
    for device in (desk, couch):
        device.client.invalidate_outbound_session(room)
        body = f"by the fallback key, from {device.name}"
        event_id = await device.say(room, body)
        session = device.client.olm.session_store.get(device.knows(tablet).curve25519)
        expect(session, f"{device.name} has a session with bob's tablet, though its one-time keys are used up")
        await all_read([tablet], event_id, body)
    await tablet.sync(full_state=True)
    expect(tablet.counts.get("signed_curve25519", 0) == 0, f"no one-time key is left, but {tablet.counts}")
    expect(tablet.unused_fallback == [], f"the fallback key is announced as used, not {tablet.unused_fallback}")
    key, = (await desk.call("POST", "/keys/claim", wanted))["one_time_keys"][pocket.person.user_id][tablet.id].values()
    expect(key["key"] == fallback and key["fallback"], "whoever claims once more gets the fallback key again")
    # nio overlooks a count of zero.
    tablet.client.olm.uploaded_key_count = 0
    await eventually([tablet], lambda: tablet.counts.get("signed_curve25519", 0) > 0, "bob's tablet has new one-time keys")
    key, = (await desk.call("POST", "/keys/claim", wanted))["one_time_keys"][pocket.person.user_id][tablet.id].values()
    expect(not key.get("fallback"), "whoever claims after that gets one of the new keys")
    return tablet


async def removed(desk, couch, pocket, watch, room, store):
    """Bob removes his watch. Nobody writes to it any more, and who logs in with its device ID inherits nothing."""
    desk.client.invalidate_outbound_session(room)
    waiting = await desk.say(room, "waits for the watch")
    user = {"type": "m.id.user", "user": pocket.person.user_id}
    proof = {"type": "m.login.password", "identifier": user, "password": pocket.person.password}
    asked = await pocket.client.delete_devices([watch.id], proof)
    if isinstance(asked, nio.DeleteDevicesAuthResponse):
        asked = await pocket.client.delete_devices([watch.id], proof | {"session": asked.session})
    done(asked, nio.DeleteDevicesResponse, "removing a device")
    status, body = await watch.ask("GET", "/sync")
    expect((status, body.get("errcode")) == (401, "M_UNKNOWN_TOKEN"), f"the removed device is logged out, not {status} {body}")
    await eventually([desk, couch, pocket], lambda: not any(each.knows(watch) for each in (desk, couch, pocket)),
                     "the others forget the removed device")
    secret = await desk.say(room, "not for the watch")
    await all_read([couch, pocket], secret, "not for the watch")
    sent_to = desk.client.olm.outbound_group_sessions[room].users_shared_with
    expect((pocket.person.user_id, watch.id) not in sent_to, "the removed device gets no key")
    claimed = await desk.call("POST", "/keys/claim", {"one_time_keys": {pocket.person.user_id: {watch.id: "signed_curve25519"}}})
    expect(claimed["one_time_keys"].get(pocket.person.user_id, {}) == {}, f"the removed device has no keys to claim, not {claimed}")
    thief = await Device(pocket.person, "a new device with the old ID", store, watch.id).log_in()
    synced = await thief.sync()
    expect(thief.id == watch.id and not synced.to_device_events, "nothing waits for a new device that has the old ID")
    await thief.step()
    for event_id, body in ((waiting, "waits for the watch"), (secret, "not for the watch")):
        expect(event_id in thief.events and not thief.reads(event_id, body), f'it cannot read "{body}"')
    await thief.client.close()


async def scenario(stores):
    alice, bob = Person("alice"), Person("bob")
    devices = []
    try:
        for person, names in ((alice, ("desk", "couch")), (bob, ("pocket", "watch"))):
            for name in names:
                device = Device(person, f"{person.name.split('-')[0]}'s {name}", f"{stores}/{name}")
                devices.append(device)
                await (device.log_in() if person.user_id else device.register())
        desk, couch, pocket, watch = devices
        room = await create_room(desk, pocket, devices)
        hello = await talk(desk, couch, pocket, watch, room)
        await away(desk, pocket, watch, room, hello)
        devices.append(await claimed_out(desk, couch, pocket, f"{stores}/tablet", room))
        await removed(desk, couch, pocket, watch, room, f"{stores}/thief")
    finally:
        for device in devices:
            await device.client.close()


def main():
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="nio-encryption-") as stores:
        try:
            asyncio.run(scenario(stores))
        except (Broken, nio.ProtocolError, nio.EncryptionError) as broken:
            sys.exit(f"matrix-nio encryption FAILED: {broken}")
    print(f"matrix-nio encryption passed in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
