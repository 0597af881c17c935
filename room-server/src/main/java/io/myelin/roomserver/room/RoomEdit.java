package io.myelin.roomserver.room;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Position;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomFact;
import io.myelin.engine.shard.Moment;
import io.myelin.matrix.auth.AuthResult;
import io.myelin.matrix.auth.AuthRules;
import io.myelin.matrix.event.EventTemplate;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.RoomId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A room within one decision: events are appended one by one, each checked against the state before it. */
public final class RoomEdit {

    private final EventSigner signer;
    private final Moment moment;
    private final List<RoomFact> facts = new ArrayList<>();
    private Room room;

    public RoomEdit(Room room, EventSigner signer, Moment moment) {
        this.room = room;
        this.signer = signer;
        this.moment = moment;
    }

    /**
     * A room with its create event.
     *
     * @throws Refusal if the rules do not take the event, or it does not have the ID
     */
    public static RoomEdit create(
            RoomId id, Requester requester, EventTemplate template, EventSigner signer, Moment moment) {
        Pdu create = signer.sign(template);
        if (!create.roomId().equals(id)) {
            throw new Refusal(MatrixError.invalidParam("The create event makes the room " + create.roomId() + "."));
        }
        check(AuthRules.check(create, (type, stateKey) -> null));
        RoomEdit edit = new RoomEdit(Room.begin(id, moment.seq(), create), signer, moment);
        edit.facts.add(edit.fact(requester, create, null, 0, 0));
        return edit;
    }

    public Room room() {
        return room;
    }

    public EventSigner signer() {
        return signer;
    }

    public List<RoomFact> facts() {
        return List.copyOf(facts);
    }

    /** The place of the newest fact, or of the last one before this decision. */
    public Position position() {
        return at(nextSeq() - 1);
    }

    public Position at(long seq) {
        return new Position(moment.shard(), moment.incarnation(), seq);
    }

    /**
     * The next event of the room.
     *
     * @throws Refusal if the rules do not take it
     * @throws io.myelin.matrix.event.EventTooLarge if it, or one of its fields, is too large
     */
    public Pdu append(Requester requester, EventDraft draft) {
        return append(requester, draft, null);
    }

    /** As above; the event prunes another one. */
    public Pdu append(Requester requester, EventDraft draft, @Nullable EventEntity redacted) {
        Pdu event = signer.sign(room.next(draft, moment.now()));
        check(AuthRules.check(event, room));
        StateEvent replaced = event.isState() ? room.state().get(event.key()) : null;
        long seq = nextSeq();
        facts.add(fact(requester, event, redacted, replaced == null ? 0 : replaced.seq(), room.newestState()));
        room = room.after(seq, event);
        if (redacted != null) {
            room = room.redacted(redacted);
        }
        return event;
    }

    public void publish(boolean published) {
        if (room.published() != published) {
            room = room.published(published);
            facts.add(new RoomFact.DirectoryVisibilityChanged(room.id(), published));
        }
    }

    private long nextSeq() {
        return moment.seq() + facts.size();
    }

    private RoomFact fact(
            Requester requester, Pdu event, @Nullable EventEntity redacted, long replaces, long stateBefore) {
        boolean isRequesters = requester.user().equals(event.sender());
        return new RoomFact.RoomEvent(
                room.id(),
                room.version().id(),
                event.eventId(),
                event.type(),
                event.stateKey(),
                event.sender(),
                event.originServerTs(),
                isRequesters ? requester.device() : null,
                isRequesters ? requester.transactionId() : null,
                redacted == null ? null : redacted.id(),
                replaces,
                stateBefore,
                room.created(),
                event.bytes());
    }

    private static void check(AuthResult result) {
        if (result instanceof AuthResult.Rejected(var _, String reason)) {
            throw new Refusal(MatrixError.forbidden(reason));
        }
    }
}
