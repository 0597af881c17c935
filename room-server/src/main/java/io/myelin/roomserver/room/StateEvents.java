package io.myelin.roomserver.room;

import io.myelin.engine.shard.Entities;
import io.myelin.matrix.event.Pdu;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The state events that one decision reads, by their numbers: those that it makes itself, and stored ones, which are loaded
 * when they are asked for. A state has only the numbers of its events.
 */
public final class StateEvents {

    private final Entities<RoomEntity> entities;
    private final Map<Long, Pdu> changed = new HashMap<>();

    public StateEvents(Entities<RoomEntity> entities) {
        this.entities = entities;
    }

    /**
     * The event as it reads now.
     *
     * @throws Refusal if it cannot be read
     */
    public Pdu get(long number) {
        Pdu own = changed.get(number);
        if (own != null) {
            return own;
        }
        if (entities.get(EntityKey.ofNumber(number)) instanceof NumberedEvent(Pdu pdu)) {
            return pdu;
        }
        throw new Refusal(
                500, "M_UNKNOWN", "This server cannot read what it has stored of this room. Its log says why.");
    }

    /** Announces which events are going to be read, so that they are loaded in one go. */
    void require(Collection<Long> numbers) {
        List<String> keys = numbers.stream()
                .filter(number -> !changed.containsKey(number))
                .map(EntityKey::ofNumber)
                .toList();
        if (!keys.isEmpty()) {
            entities.require(keys);
        }
    }

    /** Adds an event that the decision makes or prunes. */
    void put(long number, Pdu event) {
        changed.put(number, event);
    }

    /** The events that the decision has made or pruned, as entities. */
    public Map<String, RoomEntity> changes() {
        Map<String, RoomEntity> changes = new HashMap<>();
        changed.forEach((number, event) -> changes.put(EntityKey.ofNumber(number), new NumberedEvent(event)));
        return changes;
    }
}
