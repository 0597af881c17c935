// Four users in three rooms send, edit, redact, change state, leave and rejoin, all at once. Then every user's timeline
// must hold every event exactly once, in one order per room that is the same for all, and /messages must show it too.
// At the end they read, type and go to lunch (signs.js).
//
//   node scenario.js [URL]     or MYELIN_URL; default http://localhost:8008
import { complain, print } from "./quiet.js";
import { exchange, Signs } from "./signs.js";
import { setTimeout as sleep } from "node:timers/promises";
import {
    ClientEvent,
    createClient,
    Direction,
    EventType,
    MsgType,
    PendingEventOrdering,
    Preset,
    RelationType,
    RoomEvent,
    SyncState,
} from "matrix-js-sdk";

const URL = process.argv[2] ?? process.env.MYELIN_URL ?? "http://localhost:8008";
const MESSAGES = 200;
const PLACE = "io.myelin.place";
const DEADLINE_MS = 120_000;
const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, getChild: () => silent };

/** What the server must do and did not; the message says who expected what of which room. */
class Broken extends Error {}

function expect(condition, message) {
    if (!condition) throw new Broken(message);
}

function expectSameOrder(actual, expected, what) {
    const twice = actual.find((id, index) => actual.indexOf(id) !== index);
    expect(twice === undefined, `${what} shows ${twice} more than once`);
    const missing = expected.filter((id) => !actual.includes(id));
    expect(missing.length === 0, `${what} lacks ${missing.length} events, first ${missing[0]}`);
    const extra = actual.filter((id) => !expected.includes(id));
    expect(extra.length === 0, `${what} shows ${extra.length} events that others do not, first ${extra[0]}`);
    const at = expected.findIndex((id, index) => actual[index] !== id);
    expect(at === -1, `${what} has another order: event ${at} is ${actual[at]}, for others ${expected[at]}`);
}

async function eventually(condition, what) {
    const end = Date.now() + DEADLINE_MS;
    while (!condition()) {
        expect(Date.now() < end, `not within ${DEADLINE_MS / 1000} s: ${what}`);
        await sleep(20);
    }
}

/** A user with a running client, and what that client told as it happened. */
class User {
    constructor(name, registered) {
        this.name = name;
        this.live = new Map();
        this.client = createClient({
            baseUrl: URL,
            userId: registered.user_id,
            accessToken: registered.access_token,
            deviceId: registered.device_id,
            timelineSupport: true,
            logger: silent,
        });
        this.signs = new Signs(this.client);
        this.client.on(RoomEvent.Timeline, (event, room, toStart, removed, data) => {
            if (!toStart && !removed && data.liveEvent) {
                if (!this.live.has(room.roomId)) this.live.set(room.roomId, []);
                this.live.get(room.roomId).push(event.getId());
            }
        });
    }

    static async register(name) {
        const username = `${name}-${Date.now().toString(36)}`;
        const anonymous = createClient({ baseUrl: URL, logger: silent });
        const auth = { type: "m.login.dummy" };
        return new User(name, await anonymous.registerRequest({ username, password: `secret of ${name}`, auth }));
    }

    async start() {
        const synced = new Promise((resolve) => {
            this.client.on(ClientEvent.Sync, (state) => state === SyncState.Syncing && resolve());
        });
        await this.client.startClient({
            initialSyncLimit: 10,
            pendingEventOrdering: PendingEventOrdering.Detached,
        });
        await synced;
    }

    /** The room's whole timeline as the SDK has it, gaps and history filled by pagination, oldest first. */
    async timeline(roomId) {
        const room = this.client.getRoom(roomId);
        const ids = [];
        for (let part = room.getLiveTimeline(); part; part = part.getNeighbouringTimeline(Direction.Backward)) {
            while (
                !part.getNeighbouringTimeline(Direction.Backward) &&
                part.getPaginationToken(Direction.Backward) !== null &&
                (await this.client.paginateEventTimeline(part, { backwards: true, limit: 50 }))
            );
            ids.unshift(...part.getEvents().map((event) => event.getId()));
        }
        return ids;
    }

    /** The room's whole history by /messages alone, oldest first, whichever the direction. */
    async messages(roomId, direction) {
        const ids = [];
        let from = null;
        do {
            const page = await this.client.createMessagesRequest(roomId, from, 37, direction);
            ids.push(...page.chunk.map((event) => event.event_id));
            expect(page.end !== from || from === null, `${this.name}: /messages went on with the token it was given`);
            from = page.end;
        } while (from);
        return direction === Direction.Backward ? ids.reverse() : ids;
    }
}

/** What the senders were told, and what must follow from it. */
class Ledger {
    acknowledged = new Map();
    edits = new Map();
    redacted = new Set();
    state = new Map();

    add(roomId, response) {
        if (!this.acknowledged.has(roomId)) this.acknowledged.set(roomId, []);
        this.acknowledged.get(roomId).push(response.event_id);
        return response.event_id;
    }
}

/** One user's part: 200 messages over the rooms, with edits, redactions and topics between them. */
async function act(user, rooms, ledger) {
    const { client, name } = user;
    const mine = new Map(rooms.map((roomId) => [roomId, []]));
    let left = null;
    for (let number = 0; number < MESSAGES; number++) {
        if (number === 80 && (name === "bob" || name === "carol")) {
            left = name === "bob" ? rooms[1] : rooms[2];
            await client.leave(left);
        }
        if (number === 130 && left) {
            await client.joinRoom(left);
            left = null;
        }
        const open = rooms.filter((roomId) => roomId !== left);
        const roomId = open[number % open.length];
        const body = `${name} ${number}`;
        const sent = mine.get(roomId);
        const eventId = ledger.add(roomId, await client.sendTextMessage(roomId, body));
        sent.push(eventId);
        if (number % 10 === 5) {
            const edited = sent.at(-2) ?? eventId;
            const text = `${body}, edited`;
            const content = {
                "msgtype": MsgType.Text,
                "body": `* ${text}`,
                "m.new_content": { msgtype: MsgType.Text, body: text },
                "m.relates_to": { rel_type: RelationType.Replace, event_id: edited },
            };
            ledger.add(roomId, await client.sendMessage(roomId, content));
            if (!ledger.redacted.has(edited)) ledger.edits.set(edited, { roomId, text });
        }
        if (number % 20 === 17) {
            const doomed = sent[sent.length - 3];
            ledger.add(roomId, await client.redactEvent(roomId, doomed));
            ledger.redacted.add(doomed);
            ledger.edits.delete(doomed);
        }
        if (number % 25 === 11) {
            // One user for each piece of state, so that there is no doubt which event was the last.
            const [type, key] = name === "alice" ? [EventType.RoomTopic, ""] : [PLACE, client.getUserId()];
            const eventId = ledger.add(roomId, await client.sendStateEvent(roomId, type, { topic: body }, key));
            ledger.state.set(`${roomId} ${type} ${key}`, { roomId, type, key, eventId });
        }
    }
}

/** Stops listening for as long as another sees more than a page of each room, and starts again. */
async function nap(user, another, rooms) {
    const seen = (who, count) => rooms.every((roomId) => (who.live.get(roomId)?.length ?? 0) >= count);
    await eventually(() => seen(user, 20), `${user.name} sees messages live`);
    user.client.stopClient();
    await eventually(() => seen(another, 60), `${another.name} sees messages live`);
    await user.start();
}

async function check(user, roomId, order, ledger) {
    const whose = (what) => `${user.name}'s ${what} of room ${roomId}`;
    expectSameOrder(await user.messages(roomId, Direction.Backward), order, whose("/messages backwards"));
    expectSameOrder(await user.messages(roomId, Direction.Forward), order, whose("/messages forwards"));
    expectSameOrder(await user.timeline(roomId), order, whose("timeline"));

    const live = user.live.get(roomId) ?? [];
    const inOrder = order.filter((id) => live.includes(id));
    expectSameOrder(live, inOrder, whose("live events"));

    const room = user.client.getRoom(roomId);
    for (const [eventId, edit] of ledger.edits) {
        if (edit.roomId !== roomId) continue;
        const shown = room.findEventById(eventId)?.getContent().body;
        expect(shown === edit.text, `${whose("view")} shows "${shown}" where ${eventId} was edited to "${edit.text}"`);
    }
    for (const eventId of ledger.redacted) {
        const event = room.findEventById(eventId);
        expect(!event || event.isRedacted(), `${whose("view")} still shows the redacted ${eventId}`);
    }
}

/** Everybody's view of the state, and the server's, is what was set last. */
async function checkState(users, roomId, ledger) {
    const stored = await users[0].client.roomState(roomId);
    for (const { type, key, eventId } of [...ledger.state.values()].filter((state) => state.roomId === roomId)) {
        const current = stored.find((event) => event.type === type && event.state_key === key)?.event_id;
        expect(current === eventId, `${type} "${key}" of ${roomId} is ${current}, last set was ${eventId}`);
        for (const { name, client } of users) {
            const seen = client.getRoom(roomId).currentState.getStateEvents(type, key)?.getId();
            expect(seen === eventId, `${name} sees ${type} "${key}" of ${roomId} as ${seen}, last set was ${eventId}`);
        }
    }
}

async function run() {
    const users = await Promise.all(["alice", "bob", "carol", "dave"].map(User.register));
    await Promise.all(users.map((user) => user.start()));
    const [alice, ...others] = users;
    const rooms = [];
    for (let number = 0; number < 3; number++) {
        const { room_id: roomId } = await alice.client.createRoom({
            preset: number === 0 ? Preset.PrivateChat : Preset.PublicChat,
            name: `room ${number}`,
            topic: "at first",
            invite: number === 0 ? others.map(({ client }) => client.getUserId()) : [],
            power_level_content_override: { events: { [PLACE]: 0 } },
        });
        rooms.push(roomId);
        await Promise.all(others.map(({ client }) => client.joinRoom(roomId)));
    }
    const ledger = new Ledger();
    const dave = users[3];
    await Promise.all([...users.map((user) => act(user, rooms, ledger)), nap(dave, alice, rooms)]);

    for (const roomId of rooms) {
        const last = ledger.add(roomId, await alice.client.sendTextMessage(roomId, "the end"));
        await eventually(
            () => users.every((user) => user.live.get(roomId)?.includes(last)),
            `everybody sees the last message ${last} of ${roomId}`,
        );
        const order = await alice.messages(roomId, Direction.Backward);
        for (const eventId of ledger.acknowledged.get(roomId)) {
            const times = order.filter((id) => id === eventId).length;
            expect(times === 1, `the acknowledged ${eventId} is ${times} times in /messages of ${roomId}`);
        }
        await checkState(users, roomId, ledger);
        await Promise.all(users.map((user) => check(user, roomId, order, ledger)));
        print(`${roomId}: ${order.length} events, the same for ${users.length} users`);
    }
    await exchange(...users.slice(0, 3), rooms[1], { eventually, expect });
    print("receipts, typing and presence: as they have to be");
    users.forEach(({ client }) => client.stopClient());
}

const began = Date.now();
try {
    await run();
    print(`matrix-js-sdk scenario passed in ${((Date.now() - began) / 1000).toFixed(1)} s`);
    process.exit(0);
} catch (failure) {
    complain("matrix-js-sdk scenario FAILED:", failure instanceof Broken ? failure.message : failure);
    process.exit(1);
}
