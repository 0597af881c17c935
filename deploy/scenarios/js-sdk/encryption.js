// End-to-end encryption as matrix-js-sdk's Rust crypto has it: two people with two devices each write to each other in an encrypted room; cross-signing,
// a device verified by short authentication string, secret storage, and a key backup that gives a device that comes later what was said before.
//
//   node encryption.js [URL]     or MYELIN_URL; default http://localhost:8008
import { complain, print } from "./quiet.js";
import { Broken, eventually, expect, silent } from "./expectations.js";
import { ClientEvent, createClient, EventType, MsgType, Preset, SyncState } from "matrix-js-sdk";
import { CryptoEvent, VerificationPhase, VerificationRequestEvent, VerifierEvent } from "matrix-js-sdk/lib/crypto-api/index.js";

const URL = process.argv[2] ?? process.env.MYELIN_URL ?? "http://localhost:8008";
const ALGORITHM = "m.megolm.v1.aes-sha2";

/** A person, their password and the key of their secret storage, which each of their devices can be given. */
class Person {
    /** The devices that have no network now. */
    away = new Set();

    constructor(name) {
        this.name = `${name}-${Date.now().toString(36)}`;
        this.password = `secret of ${name}`;
    }

    async register() {
        const anonymous = createClient({ baseUrl: URL, logger: silent });
        const auth = { type: "m.login.dummy" };
        await anonymous.registerRequest({ username: this.name, password: this.password, auth, inhibit_login: true });
    }

    /** A new device, logged in and syncing. */
    async device() {
        const anonymous = createClient({ baseUrl: URL, logger: silent });
        const identifier = { type: "m.id.user", user: this.name };
        const session = await anonymous.loginRequest({ type: "m.login.password", identifier, password: this.password });
        this.userId = session.user_id;
        const client = createClient({
            baseUrl: URL,
            userId: session.user_id,
            accessToken: session.access_token,
            deviceId: session.device_id,
            logger: silent,
            fetchFn: (...request) => (this.away.has(session.device_id) ? Promise.reject(new TypeError("away")) : fetch(...request)),
            cryptoCallbacks: { getSecretStorageKey: async ({ keys }) => [Object.keys(keys)[0], this.storageKey] },
        });
        await client.initRustCrypto({ useIndexedDB: false });
        const synced = new Promise((resolve) => client.on(ClientEvent.Sync, (state) => state === SyncState.Syncing && resolve()));
        await client.startClient({ initialSyncLimit: 20 });
        await synced;
        return client;
    }

    /** Proves who asks, as the user-interactive authentication demands it. */
    get proof() {
        return (ask) => ask({ type: "m.login.password", identifier: { type: "m.id.user", user: this.name }, password: this.password });
    }
}

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

    // Nobody writes to a device that is gone, and a new one has its history from the backup.
    await couch.logout(true);
    await eventually(
        async () => (await pocket.getCrypto().getUserDeviceInfo([alice.userId], true)).get(alice.userId)?.size === 1,
        "bob's client forgets the device that logged out",
    );
    const again = await alice.device();
    await eventually(async () => {
        await restore(again);
        return canRead(again, room, [hello, answer, all]);
    }, "alice's new device reads what was said before it was there");
    const last = await say(again, room, "from my new device");
    await reads(pocket, room, last, "from my new device", "bob");
    return [desk, pocket, watch, again];
}

try {
    const clients = await talk();
    clients.forEach((client) => client.stopClient());
    print("An encrypted room, cross-signing, verification, secret storage and key backup are as they have to be");
    process.exit(0);
} catch (error) {
    complain(`encryption FAILED: ${error instanceof Broken ? error.message : error.stack}`);
    process.exit(1);
}
