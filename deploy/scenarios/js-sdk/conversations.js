// Conversations as matrix-js-sdk has them: threads, reactions and edits, as they are told and as they are asked for; spaces, knocking, users
// who are ignored, and events that are sent later.
//
//   node conversations.js [URL]     or MYELIN_URL; default http://localhost:8008
import { complain, print } from "./quiet.js";
import { Broken, eventually, expect, silent } from "./expectations.js";
import { ClientEvent, createClient, Direction, EventType, MsgType, Preset, RelationType, SyncState, Visibility } from "matrix-js-sdk";

const URL = process.argv[2] ?? process.env.MYELIN_URL ?? "http://localhost:8008";
const DELAY_MS = 1_500;

async function started(name) {
    const username = `${name}-${Date.now().toString(36)}`;
    const anonymous = createClient({ baseUrl: URL, logger: silent });
    const auth = { type: "m.login.dummy" };
    const registered = await anonymous.registerRequest({ username, password: `secret of ${name}`, auth });
    const client = createClient({
        baseUrl: URL,
        userId: registered.user_id,
        accessToken: registered.access_token,
        deviceId: registered.device_id,
        timelineSupport: true,
        logger: silent,
    });
    const synced = new Promise((resolve) => {
        client.on(ClientEvent.Sync, (state) => state === SyncState.Syncing && resolve());
    });
    await client.startClient({ initialSyncLimit: 20, threadSupport: true });
    await synced;
    return client;
}

async function say(client, roomId, content) {
    return (await client.sendEvent(roomId, EventType.RoomMessage, { msgtype: MsgType.Text, body: "so", ...content })).event_id;
}

function relation(type, eventId, more = {}) {
    return { "m.relates_to": { rel_type: type, event_id: eventId, ...more } };
}

/** What stands in `unsigned` of an event as its room tells it. */
async function bundled(client, roomId, eventId, type) {
    return (await client.fetchRoomEvent(roomId, eventId)).unsigned?.["m.relations"]?.[type];
}

async function relations(alice, bob, roomId) {
    const root = await say(alice, roomId, { body: "root" });
    await say(bob, roomId, { body: "first", ...relation(RelationType.Thread, root) });
    const last = await say(alice, roomId, { body: "last", ...relation(RelationType.Thread, root) });
    const thread = await eventually(async () => {
        const found = await bundled(bob, roomId, root, RelationType.Thread);
        return found?.count === 2 && found;
    }, "a thread of two is bundled");
    expect(thread.latest_event.event_id === last, "the thread's latest event is another");
    expect(thread.current_user_participated === true, "bob took part in the thread");
    await eventually(() => bob.getRoom(roomId).getThread(root)?.length === 2, "bob's client has the thread");
    const inThread = await bob.relations(roomId, root, RelationType.Thread, EventType.RoomMessage, { dir: Direction.Backward });
    expect(inThread.events[0].getId() === last && inThread.events.length === 2, "/relations has the thread, newest first");

    const edited = await say(alice, roomId, { body: "wrogn" });
    await say(alice, roomId, {
        body: "* wrong",
        "m.new_content": { msgtype: MsgType.Text, body: "wrong" },
        ...relation(RelationType.Replace, edited),
    });
    await eventually(
        () => bob.getRoom(roomId).findEventById(edited)?.getContent().body === "wrong",
        "bob's client shows the edit",
    );
    const edit = await bundled(bob, roomId, edited, RelationType.Replace);
    expect(edit?.content["m.new_content"].body === "wrong", "the edit is bundled");

    const reaction = await bob.sendEvent(roomId, EventType.Reaction, relation(RelationType.Annotation, edited, { key: "👍" }));
    const reactions = await alice.relations(roomId, edited, RelationType.Annotation, EventType.Reaction);
    expect(reactions.events.map((event) => event.getId()).join() === reaction.event_id, "/relations has the reaction");
    await bob.redactEvent(roomId, reaction.event_id);
    const none = await alice.relations(roomId, edited, RelationType.Annotation, EventType.Reaction);
    expect(none.events.length === 0, "a reaction that was redacted is gone");
}

async function spaces(alice, bob, roomId) {
    const space = (
        await alice.createRoom({ name: "Space", creation_content: { type: "m.space" }, preset: Preset.PublicChat })
    ).room_id;
    const via = [alice.getDomain()];
    await alice.sendStateEvent(space, EventType.SpaceChild, { via, suggested: true }, roomId);
    const closed = (await alice.createRoom({ name: "Closed", preset: Preset.PrivateChat })).room_id;
    await alice.sendStateEvent(space, EventType.SpaceChild, { via }, closed);
    await bob.joinRoom(space);
    const rooms = (await bob.getRoomHierarchy(space, 50, 3)).rooms.map((room) => room.room_id);
    expect(rooms.join() === [space, roomId].join(), `bob sees ${rooms} in the space`);
    expect((await bob.getRoomSummary(space)).room_type === "m.space", "the summary says that it is a space");
}

async function knocking(alice, bob) {
    const roomId = (
        await alice.createRoom({
            visibility: Visibility.Private,
            initial_state: [{ type: EventType.RoomJoinRules, state_key: "", content: { join_rule: "knock" } }],
        })
    ).room_id;
    await bob.knockRoom(roomId, { reason: "Let me in" });
    await eventually(
        () => alice.getRoom(roomId)?.getMember(bob.getUserId())?.membership === "knock",
        "alice sees that bob knocks",
    );
    await alice.invite(roomId, bob.getUserId());
    await eventually(() => bob.getRoom(roomId)?.getMyMembership() === "invite", "bob is invited");
    await bob.joinRoom(roomId);
}

async function ignoring(alice, bob, roomId) {
    await alice.setIgnoredUsers([bob.getUserId()]);
    await eventually(() => alice.isUserIgnored(bob.getUserId()), "alice's client knows whom she ignores");
    const unheard = await say(bob, roomId, { body: "Can you hear me?" });
    const after = await say(alice, roomId, { body: "Silence" });
    await eventually(() => alice.getRoom(roomId).findEventById(after), "alice sees her own message");
    expect(!alice.getRoom(roomId).findEventById(unheard), "alice is shown what she ignores");
    await alice.setIgnoredUsers([]);
}

async function later(alice, bob, roomId) {
    const content = { msgtype: MsgType.Text, body: "later" };
    const send = (delay) => alice._unstable_sendDelayedEvent(roomId, { delay }, null, EventType.RoomMessage, content);
    await send(DELAY_MS);
    await alice._unstable_updateDelayedEvent((await send(DELAY_MS)).delay_id, "cancel");
    const scheduled = await send(600_000);
    expect((await alice._unstable_getDelayedEvents()).delayed_events.length >= 1, "the scheduled events are listed");
    const told = () =>
        bob
            .getRoom(roomId)
            .getLiveTimeline()
            .getEvents()
            .filter((event) => event.getContent().body === "later").length;
    await eventually(() => told() === 1, "bob gets the delayed event");
    await alice._unstable_updateDelayedEvent(scheduled.delay_id, "send");
    await eventually(() => told() === 2, "bob gets the event that was sent before its time, and not the cancelled one");
}

async function run() {
    const [alice, bob] = await Promise.all(["alice", "bob"].map(started));
    const roomId = (await alice.createRoom({ name: "Room", preset: Preset.PublicChat })).room_id;
    await bob.joinRoom(roomId);
    await eventually(() => alice.getRoom(roomId) && bob.getRoom(roomId), "both have the room");
    await relations(alice, bob, roomId);
    await spaces(alice, bob, roomId);
    await knocking(alice, bob);
    await ignoring(alice, bob, roomId);
    await later(alice, bob, roomId);
}

try {
    await run();
    print("Threads, edits, reactions, a space, knocking, ignoring and delayed events are as they have to be");
    process.exit(0);
} catch (failure) {
    complain("conversations FAILED:", failure instanceof Broken ? failure.message : failure);
    process.exit(1);
}
