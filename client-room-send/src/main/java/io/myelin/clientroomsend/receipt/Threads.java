package io.myelin.clientroomsend.receipt;

import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import java.util.Optional;

/** Which events belong to which thread. Client-server API, "Threaded read receipts". */
public final class Threads {
    /** The main timeline: the events outside of any thread. */
    public static final String MAIN = "main";

    private static final String THREAD = "m.thread";
    private static final int MOST_HOPS = 3;

    private final RoomQueries rooms;

    public Threads(RoomQueries rooms) {
        this.rooms = rooms;
    }

    private record Relation(String type, EventId target) {}

    /**
     * Whether an event may have a receipt in a thread. It may if the event is in the thread, is the thread's root, or is
     * related to the root; the root and events related to it belong to the main timeline too. If a redaction may have
     * removed the relation, the answer is true.
     *
     * @param thread {@link #MAIN} or the ID of a root
     */
    public boolean contains(RoomId room, String thread, StoredEvent event) {
        StoredEvent current = event;
        for (int hop = 0; hop <= MOST_HOPS; hop++) {
            if (current.redactedBecause() != null
                    || current.event().id().value().equals(thread)) {
                return true;
            }
            Optional<Relation> relation = relation(current);
            if (relation.isEmpty()) {
                break;
            }
            EventId target = relation.get().target();
            if (target.value().equals(thread)) {
                return true;
            }
            if (relation.get().type().equals(THREAD)) {
                return false;
            }
            Optional<StoredEvent> parent = hop == MOST_HOPS ? Optional.empty() : rooms.event(room, target);
            if (parent.isEmpty()) {
                break;
            }
            current = parent.get();
        }
        return thread.equals(MAIN);
    }

    private static Optional<Relation> relation(StoredEvent event) {
        JsonObject relation = JsonParser.parseObject(event.event().body(), JsonRules.LENIENT_EVENTS)
                .object("content")
                .flatMap(content -> content.object("m.relates_to"))
                .orElse(JsonObject.EMPTY);
        return relation.string("rel_type")
                .flatMap(type -> relation.string("event_id")
                        .flatMap(EventId::tryParse)
                        .map(target -> new Relation(type, target)));
    }
}
