package io.myelin.roomserver.decide;

import io.myelin.matrix.auth.PowerLevels;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.roomserver.receive.AuthEventsCheck;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.EventEntity;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.room.RoomState;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the events of a command may cite: those before them in the command, and all that were known before it. */
final class CitedEvents {

    private final Known known;
    private final RoomId room;
    private final Map<EventId, EventEntity> taken = new HashMap<>();

    CitedEvents(Known known, RoomId room) {
        this.known = known;
        this.room = room;
    }

    void take(EventEntity event) {
        taken.put(event.id(), event);
    }

    Map<String, RoomEntity> changes() {
        return taken.values().stream().collect(Collectors.toMap(event -> EntityKey.of(event.id()), event -> event));
    }

    Optional<EventEntity> find(EventId id) {
        EventEntity just = taken.get(id);
        return just == null ? known.event(id) : Optional.of(just);
    }

    /** All of which are known. */
    List<EventEntity> all(Collection<EventId> ids) {
        return ids.stream().map(this::find).map(Optional::orElseThrow).toList();
    }

    /** Those of which more is known than what they say themselves. */
    List<EventEntity> withState(Collection<EventId> ids) {
        return ids.stream()
                .map(this::find)
                .flatMap(Optional::stream)
                .filter(event -> !event.isOutlier())
                .toList();
    }

    /** The numbers of what an event rests on, as far as that is of this room. */
    List<Long> restsOn(Pdu event) {
        return all(AuthEventsCheck.restsOn(event)).stream()
                .filter(cited -> cited.room().equals(room))
                .map(EventEntity::seq)
                .toList();
    }

    /**
     * What comes before an event: what it cites, and through events that are none of the room what they cite. What is
     * behind an outlier is not looked for: that may be all of another server's history.
     */
    Set<EventId> covered(List<EventEntity> prevEvents) {
        Set<EventId> covered = new HashSet<>();
        Deque<EventEntity> open = new ArrayDeque<>(prevEvents);
        while (!open.isEmpty()) {
            EventEntity prev = open.remove();
            if (covered.add(prev.id()) && !prev.isAccepted() && !prev.isOutlier()) {
                prev.pdu().prevEvents().stream()
                        .map(this::find)
                        .flatMap(Optional::stream)
                        .forEach(open::add);
            }
        }
        return covered;
    }

    /** What an event redacts, if it is there and may be redacted. Room version 3, "Handling redactions". */
    Optional<EventEntity> redacted(Pdu event, RoomState before) {
        EventId redacts = event.redacts();
        if (redacts == null || EventId.tryParse(redacts.value()).isEmpty()) {
            return Optional.empty();
        }
        PowerLevels levels = PowerLevels.of(
                Objects.requireNonNull(before.get(EventTypes.CREATE, "")), before.get(EventTypes.POWER_LEVELS, ""));
        boolean hasPower = event.version().redactionsNeedPower() || levels.user(event.sender()) >= levels.redact();
        return find(redacts)
                .filter(target -> target.isOfRoom()
                        && target.room().equals(room)
                        && !target.type().equals(EventTypes.CREATE))
                .filter(target -> hasPower
                        || target.sender().serverName().equals(event.sender().serverName()));
    }
}
