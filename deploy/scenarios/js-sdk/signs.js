// Receipts, typing and presence: what a user does there, the others see, and what is private, nobody else.
import { EventType, Method, MsgType, ReceiptType, RoomEvent, SetPresence } from "matrix-js-sdk";

/** What a user's client has told of the others. */
export class Signs {
    receipts = new Map();

    constructor(client) {
        client.on(RoomEvent.Receipt, (event, room) => {
            for (const [eventId, byType] of Object.entries(event.getContent())) {
                for (const [type, byUser] of Object.entries(byType)) {
                    for (const [user, { thread_id: thread }] of Object.entries(byUser)) {
                        this.receipts.set(key(room.roomId, user, type, thread), eventId);
                    }
                }
            }
        });
    }
}

function key(roomId, user, type, thread) {
    return [roomId, user, type, thread ?? "-"].join(" ");
}

/** Bob and carol do something in a room, alice watches; `eventually` and `expect` are the scenario's. */
export async function exchange(alice, bob, carol, roomId, { eventually, expect }) {
    const [bobId, carolId] = [bob, carol].map(({ client }) => client.getUserId());
    const event = async (user, eventId) => {
        const find = () => user.client.getRoom(roomId).findEventById(eventId);
        await eventually(find, `${user.name} sees ${eventId}`);
        return find();
    };
    const say = async (user, more = {}) =>
        (await user.client.sendEvent(roomId, EventType.RoomMessage, { msgtype: MsgType.Text, body: "so", ...more }))
            .event_id;
    const sees = (user, eventId, ...receipt) =>
        eventually(
            () => user.signs.receipts.get(key(roomId, ...receipt)) === eventId,
            `${user.name} sees the receipt ${receipt.join(" ")}`,
        );
    const types = async (is) => {
        await bob.client.sendTyping(roomId, is, 30_000);
        // The room knows. After a gap in its timeline the SDK's clients no longer hear of it by RoomMemberEvent.Typing.
        const seen = () => alice.client.getRoom(roomId).getMember(bobId).typing === is;
        await eventually(seen, `alice sees that bob types: ${is}`);
    };

    await types(true);
    await types(false);

    const message = await say(alice);
    await bob.client.sendReceipt(await event(bob, message), ReceiptType.Read, {}, true);
    await sees(alice, message, bobId, ReceiptType.Read);

    const root = await say(carol);
    const reply = await say(carol, { "m.relates_to": { rel_type: "m.thread", event_id: root } });
    // The SDK itself sends threaded receipts only where it shows threads.
    const path = `/rooms/${encodeURIComponent(roomId)}/receipt/m.read/${encodeURIComponent(reply)}`;
    await bob.client.http.authedRequest(Method.Post, path, undefined, { thread_id: root });
    await sees(alice, reply, bobId, ReceiptType.Read, root);
    const kept = alice.signs.receipts.get(key(roomId, bobId, ReceiptType.Read));
    expect(kept === message, `a threaded receipt moved the one without a thread to ${kept}`);

    await carol.client.sendReceipt(await event(carol, root), ReceiptType.ReadPrivate, {}, true);
    await sees(carol, root, carolId, ReceiptType.ReadPrivate);
    await carol.client.setRoomReadMarkersHttpRequest(roomId, message);
    await eventually(
        () => carol.client.getRoom(roomId).getAccountData(EventType.FullyRead)?.getContent().event_id === message,
        "carol's own fully-read marker",
    );
    // What comes after the private ones is there, so they would be too.
    await carol.client.sendReceipt(await event(carol, root), ReceiptType.Read, {}, true);
    await sees(alice, root, carolId, ReceiptType.Read);
    expect(
        !alice.signs.receipts.has(key(roomId, carolId, ReceiptType.ReadPrivate)),
        "alice sees carol's private receipt",
    );

    await carol.client.setSyncPresence(SetPresence.Unavailable);
    await carol.client.setPresence({ presence: "unavailable", status_msg: "at lunch" });
    const seen = () => alice.client.getUser(carolId);
    await eventually(
        () => seen()?.presence === "unavailable" && seen()?.presenceStatusMsg === "at lunch",
        "alice sees that carol is at lunch",
    );
}
