// End-to-end encryption as matrix-js-sdk's Rust crypto has it: two people with two devices each write to each other in an encrypted room;
// cross-signing, a device verified by short authentication string, secret storage, and a key backup that gives a device that comes later
// what was said before; a third person who may read shared history; a device whose one-time keys are used up, one that is removed, and
// somebody who signs out everywhere and comes back.
//
//   node encryption.js [URL]     or MYELIN_URL; default http://localhost:8008
import { complain, print } from "./quiet.js";
import { Broken, eventually, expect } from "./expectations.js";
import { Person } from "./people.js";
import { EventType, Method, MsgType, Preset } from "matrix-js-sdk";
import { CryptoEvent, VerificationPhase, VerificationRequestEvent, VerifierEvent } from "matrix-js-sdk/lib/crypto-api/index.js";

const ALGORITHM = "m.megolm.v1.aes-sha2";

async function say(client, roomId, body) {
    return (await client.sendEvent(roomId, EventType.RoomMessage, { msgtype: MsgType.Text, body })).event_id;
}

/** Waits until the client shows the event decrypted. */
async function reads(client, roomId, eventId, body, who) {
    await eventually(async () => {
        const event = client.getRoom(roomId)?.findEventById(eventId);
        return event?.isEncrypted() && event.getContent().body === body;
    }, `${who} reads "${body}"`);
}

async function setUp(person, client) {
    const crypto = client.getCrypto();
    await crypto.bootstrapCrossSigning({ authUploadDeviceSigningKeys: person.proof });
    await crypto.bootstrapSecretStorage({
        createSecretStorageKey: async () => {
            const key = await crypto.createRecoveryKeyFromPassphrase();
            person.storageKey = key.privateKey;
            return key;
        },
        setupNewSecretStorage: true,
        setupNewKeyBackup: true,
    });
    await eventually(() => crypto.isCrossSigningReady(), `${person.name} has cross-signing keys`);
    await eventually(() => crypto.getActiveSessionBackupVersion(), `${person.name} has a key backup`);
}

/** One device verifies another of the same user; both people compare what they are shown. */
async function verify(older, newer) {
    const asked = new Promise((resolve) => older.once(CryptoEvent.VerificationRequestReceived, resolve));
    const outgoing = await newer.getCrypto().requestOwnUserVerification();
    const incoming = await asked;
    await incoming.accept();
    await eventually(() => outgoing.phase === VerificationPhase.Ready, "the request for verification is accepted");
    const shown = (verifier) =>
        new Promise((resolve, reject) => {
            verifier.on(VerifierEvent.ShowSas, resolve);
            verifier.on(VerifierEvent.Cancel, reject);
        });
    const started = new Promise((resolve) => {
        incoming.on(VerificationRequestEvent.Change, () => incoming.verifier && resolve(incoming.verifier));
    });
    const one = await outgoing.startVerification("m.sas.v1");
    const shownToOne = shown(one);
    const doneOne = one.verify();
    const other = await started;
    const shownToOther = shown(other);
    const doneOther = other.verify();
    const [sas, otherSas] = await Promise.all([shownToOne, shownToOther]);
    expect(sas.sas.decimal.join() === otherSas.sas.decimal.join(), "both devices show the same numbers");
    await Promise.all([sas.confirm(), otherSas.confirm()]);
    await Promise.all([doneOne, doneOther]);
}

async function isVerified(client, userId, deviceId) {
    return (await client.getCrypto().getDeviceVerificationStatus(userId, deviceId))?.signedByOwner === true;
}

/** Gives a device the keys of the backup, which the other devices fill little by little. */
async function restore(client) {
    await client.getCrypto().loadSessionBackupPrivateKeyFromSecretStorage();
    await client.getCrypto().restoreKeyBackup();
}

async function canRead(client, roomId, eventIds) {
    const events = eventIds.map((id) => client.getRoom(roomId)?.findEventById(id));
    await Promise.all(events.map((event) => event && client.decryptEventIfNeeded(event)));
    return events.every((event) => event && !event.isDecryptionFailure());
}

/** Makes a device trusted by what is in secret storage, as somebody does who comes back with their recovery key. */
async function recover(client) {
    expect(await client.getCrypto().userHasCrossSigningKeys(client.getUserId(), true), "a new device finds its owner's cross-signing keys");
    await client.getCrypto().bootstrapCrossSigning({});
    await client.getCrypto().loadSessionBackupPrivateKeyFromSecretStorage();
    await client.getCrypto().checkKeyBackupAndEnable();
}

function claim(client, userId, deviceId) {
    const body = { one_time_keys: { [userId]: { [deviceId]: "signed_curve25519" } } };
    return client.http.authedRequest(Method.Post, "/keys/claim", undefined, body).then((answer) => {
        const [[id, key]] = Object.entries(answer.one_time_keys[userId][deviceId]);
        return { id, fallback: key.fallback === true };
    });
}

/** Claims all one-time keys of a device; each must come once, and the fallback key after the last of them. */
async function useUp(client, userId, deviceId) {
    const ids = new Set();
    for (;;) {
        const { id, fallback } = await claim(client, userId, deviceId);
        if (fallback) break;
        expect(!ids.has(id), `the one-time key ${id} is given once`);
        ids.add(id);
        expect(ids.size <= 200, "the one-time keys are used up at some time");
    }
    expect(ids.size >= 40, `${ids.size} one-time keys were there; the SDK uploads about 50`);
}

/** A third person is invited, and reads what was said before; meanwhile a device that is away has nothing but its fallback key. */
async function carolComes(room, desk, bob, pocket, watch, before) {
    const carol = new Person("carol");
    await carol.register();
    const tablet = await carol.device();
    await setUp(carol, tablet);
    bob.away.add(watch.getDeviceId());
    await useUp(desk, bob.userId, watch.getDeviceId());
    await desk.invite(room, carol.userId);
    await eventually(() => tablet.getRoom(room)?.getMyMembership() === "invite", "carol is invited");
    await tablet.joinRoom(room);
    await eventually(() => tablet.getRoom(room)?.getMyMembership() === "join", "carol has joined");
    await tablet.scrollback(tablet.getRoom(room), 50);
    await eventually(() => canRead(tablet, room, before), "carol reads what was said before she was invited");
    const joined = await say(tablet, room, "what did I miss?");
    await reads(desk, room, joined, "what did I miss?", "alice");
    await reads(pocket, room, joined, "what did I miss?", "bob");
    bob.away.clear();
    await reads(watch, room, joined, "what did I miss?", "bob's second device, by its fallback key,");
    await eventually(async () => !(await claim(desk, bob.userId, watch.getDeviceId())).fallback, "bob's second device has new one-time keys");
    return [tablet, joined];
}

/** Nobody writes to a device that its owner has removed. */
async function remove(room, bob, pocket, watch, others) {
    const deviceId = watch.getDeviceId();
    const asked = await pocket.deleteMultipleDevices([deviceId]).catch((refused) => refused);
    if (asked instanceof Error) await pocket.deleteMultipleDevices([deviceId], bob.proofIn(asked.data?.session));
    const refused = await watch.whoami().catch((error) => error);
    expect(refused.errcode === "M_UNKNOWN_TOKEN", `the removed device is logged out, not told ${JSON.stringify(refused)}`);
    for (const client of others) {
        await eventually(
            async () => !(await client.getCrypto().getUserDeviceInfo([bob.userId], true)).get(bob.userId)?.has(deviceId),
            `${client.getUserId()}'s client forgets the device that bob has removed`,
        );
    }
    const answer = await pocket.http.authedRequest(Method.Post, "/keys/claim", undefined, {
        one_time_keys: { [bob.userId]: { [deviceId]: "signed_curve25519" } },
    });
    expect(!answer.one_time_keys[bob.userId]?.[deviceId], "the removed device has no keys to claim");
    const without = await say(others[0], room, "without your watch");
    await reads(pocket, room, without, "without your watch", "bob");
}

/** Alice signs out everywhere, and comes back with nothing but her password and her recovery key. */
async function comeBack(room, alice, devices, pocket, said) {
    for (const client of devices) {
        await client.logout(true);
        client.stopClient();
    }
    await eventually(
        async () => !(await pocket.getCrypto().getUserDeviceInfo([alice.userId], true)).get(alice.userId)?.size,
        "bob's client knows that alice has no device",
    );
    const back = await alice.device();
    await recover(back);
    await eventually(async () => {
        await restore(back);
        if (said.some((id) => !back.getRoom(room)?.findEventById(id))) await back.scrollback(back.getRoom(room), 50);
        return canRead(back, room, said);
    }, "alice reads all that was said, after she had signed out everywhere");
    await eventually(() => isVerified(pocket, alice.userId, back.getDeviceId()), "bob's client sees that alice's new device is hers");
    const here = await say(back, room, "back again");
    await reads(pocket, room, here, "back again", "bob");
    return back;
}

async function talk() {
    const alice = new Person("alice");
    const bob = new Person("bob");
    await Promise.all([alice.register(), bob.register()]);
    const desk = await alice.device();
    const pocket = await bob.device();
    await setUp(alice, desk);
    await setUp(bob, pocket);

    const { room_id: room } = await desk.createRoom({
        preset: Preset.PrivateChat,
        invite: [bob.userId],
        initial_state: [
            { type: EventType.RoomEncryption, state_key: "", content: { algorithm: ALGORITHM } },
        ],
    });
    await pocket.joinRoom(room);
    await eventually(() => desk.getRoom(room)?.getJoinedMemberCount() === 2, "alice sees that bob has joined");
    const hello = await say(desk, room, "hello");
    await reads(pocket, room, hello, "hello", "bob");
    const answer = await say(pocket, room, "hello yourself");
    await reads(desk, room, answer, "hello yourself", "alice");

    // A second device each: what is said now reaches all four.
    const couch = await alice.device();
    const watch = await bob.device();
    await eventually(
        async () => (await desk.getCrypto().getUserDeviceInfo([bob.userId], true)).get(bob.userId)?.size === 2,
        "alice's client knows bob's second device",
    );
    const all = await say(desk, room, "to all four");
    await reads(pocket, room, all, "to all four", "bob");
    await reads(watch, room, all, "to all four", "bob's second device");
    await reads(couch, room, all, "to all four", "alice's second device");

    await verify(desk, couch);
    await eventually(() => isVerified(desk, alice.userId, couch.getDeviceId()), "alice's second device is signed by her");
    await eventually(() => isVerified(pocket, alice.userId, couch.getDeviceId()), "bob's client sees that, too");

    // A device that is away hears everything later.
    bob.away.add(pocket.getDeviceId());
    const missed = [];
    for (let i = 0; i < 3; i++) missed.push(await say(desk, room, `while you were away ${i}`));
    bob.away.clear();
    for (const [i, id] of missed.entries()) await reads(pocket, room, id, `while you were away ${i}`, "bob, back again");

    // Somebody who comes later may read what was said; a device without one-time keys is still reached.
    const [tablet, missedByCarol] = await carolComes(room, desk, bob, pocket, watch, [hello, answer, all, ...missed]);

    // Nobody writes to a device that is gone, and a new one has its history from the backup.
    await remove(room, bob, pocket, watch, [desk, couch, tablet]);
    await couch.logout(true);
    await eventually(
        async () => (await pocket.getCrypto().getUserDeviceInfo([alice.userId], true)).get(alice.userId)?.size === 1,
        "bob's client forgets the device that logged out",
    );
    const again = await alice.device();
    await recover(again);
    const said = [hello, answer, all, ...missed, missedByCarol];
    await eventually(async () => {
        await restore(again);
        if (said.some((id) => !again.getRoom(room)?.findEventById(id))) await again.scrollback(again.getRoom(room), 50);
        return canRead(again, room, said);
    }, "alice's new device reads what was said before it was there");
    const last = await say(again, room, "from my new device");
    await reads(pocket, room, last, "from my new device", "bob");

    const back = await comeBack(room, alice, [desk, again], pocket, said);
    return [pocket, watch, couch, tablet, back];
}

try {
    const clients = await talk();
    clients.forEach((client) => client.stopClient());
    print("An encrypted room, cross-signing, verification, secret storage, key backup, shared history and fallback keys are as they have to be");
    process.exit(0);
} catch (error) {
    complain(`encryption FAILED: ${error instanceof Broken ? error.message : error.stack}`);
    process.exit(1);
}
