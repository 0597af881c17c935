package io.myelin.roomserver.decide;

import io.myelin.contracts.room.RoomFact.RedactedBy;
import io.myelin.matrix.auth.PowerLevels;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.roomserver.receive.AuthEventsCheck;
import io.myelin.roomserver.receive.FormatCheck;
import io.myelin.roomserver.room.AwaitedEvent;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.EventEntity;
import io.myelin.roomserver.room.EventsBehind;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomEdit;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.room.RoomState;
import io.myelin.roomserver.room.WaitingRedaction;
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
import org.jspecify.annotations.Nullable;

/** The events that the events of a command may cite: those before them in the command, and all that were known before it. */
final class CitedEvents {

    private final Known known;
    private final RoomId room;
    private final Map<EventId, EventEntity> taken = new HashMap<>();
    private final Map<EventId, AwaitedEvent> awaited = new HashMap<>();

    /** All events of the command that can be read. */
    private final List<Pdu> expected;

    /** Null until it is first needed. */
    private @Nullable EventsBehind behind;

    CitedEvents(Known known, RoomId room, List<Pdu> expected) {
        this.known = known;
        this.room = room;
        this.expected = expected;
    }

    void take(EventEntity event) {
        taken.put(event.id(), event);
    }

    Map<String, RoomEntity> changes() {
        Map<String, RoomEntity> changes = new HashMap<>();
        awaited.forEach((id, event) -> changes.put(EntityKey.of(id), event));
        taken.values().forEach(event -> changes.put(EntityKey.of(event.id()), event));
        return changes;
    }

    Optional<EventEntity> find(EventId id) {
        EventEntity just = taken.get(id);
        return just == null ? known.event(id) : Optional.of(just);
    }

    /** These events, all of which must be known. */
    List<EventEntity> all(Collection<EventId> ids) {
        return ids.stream().map(this::find).map(Optional::orElseThrow).toList();
    }

    /** The known events among these that are not outliers, so that the state before them is known. */
    List<EventEntity> withState(Collection<EventId> ids) {
        return ids.stream()
                .map(this::find)
                .flatMap(Optional::stream)
                .filter(event -> !event.isOutlier())
                .toList();
    }

    /** The numbers of the events that permit an event, without those of other rooms. */
    List<Long> authEvents(Pdu event) {
        return all(AuthEventsCheck.authEvents(event)).stream()
                .filter(cited -> cited.room().equals(room))
                .map(EventEntity::seq)
                .toList();
    }

    /**
     * The events that an event comes after: those that it cites, and those that are cited by cited events without a place in
     * the room. The walk does not go beyond an outlier, since all of another server's history may be behind it.
     *
     * @param into the room
     */
    Set<EventId> covered(List<EventEntity> prevEvents, Room into) {
        Set<EventId> covered = new HashSet<>();
        Deque<EventEntity> open = new ArrayDeque<>(prevEvents);
        while (!open.isEmpty()) {
            EventEntity prev = open.remove();
            if (!covered.add(prev.id()) || !isPassed(prev)) {
                continue;
            }
            if (taken.containsKey(prev.id())) {
                all(prev.pdu().prevEvents().stream()
                                .filter(id -> find(id).isPresent())
                                .toList())
                        .forEach(open::add);
            } else {
                covered.addAll(behind(into).of(prev.seq()));
            }
        }
        return covered;
    }

    /**
     * Whether one of these events has no place in the room and comes after an unknown event or an outlier. Such an event
     * came with the state before it.
     *
     * @param into the room
     */
    boolean isUnknownBehind(List<EventEntity> prevEvents, Room into) {
        Set<EventId> seen = new HashSet<>();
        Deque<EventEntity> open = new ArrayDeque<>(prevEvents);
        while (!open.isEmpty()) {
            EventEntity prev = open.remove();
            if (prev.isUnplaced() || !isPassed(prev) || !seen.add(prev.id())) {
                continue;
            }
            if (!taken.containsKey(prev.id())) {
                if (behind(into).beforeUnknown().contains(prev.seq())) {
                    return true;
                }
                continue;
            }
            for (EventId id : prev.pdu().prevEvents()) {
                Optional<EventEntity> further = find(id);
                if (further.isEmpty() || further.get().isOutlier()) {
                    return true;
                }
                open.add(further.get());
            }
        }
        return false;
    }

    private static boolean isPassed(EventEntity event) {
        return !event.isAccepted() && !event.isOutlier();
    }

    /**
     * Looks for all events of the command at once, since the decision is made anew after each entity that has to be loaded.
     */
    private EventsBehind behind(Room into) {
        EventsBehind known = behind;
        if (known == null) {
            List<Long> from = expected.stream()
                    .flatMap(event -> event.prevEvents().stream())
                    .distinct()
                    .flatMap(id -> this.known.event(id).stream())
                    .filter(CitedEvents::isPassed)
                    .map(EventEntity::seq)
                    .sorted()
                    .limit(EventsBehind.MOST_EVENTS)
                    .toList();
            known = from.isEmpty() ? EventsBehind.NONE : this.known.behind(into.created(), from);
            behind = known;
        }
        return known;
    }

    /** The event that an event redacts, if it is known and may be redacted. */
    Optional<EventEntity> redacted(Pdu event, RoomState before) {
        return redacts(event)
                .flatMap(this::find)
                .filter(target -> target.isOfRoom() && target.room().equals(room))
                .filter(target -> PowerLevels.mayRedact(event, hasPower(event, before), target.pdu()));
    }

    /**
     * Whether an event is a redaction that has no effect, at least as long as the event that it redacts is unknown. Clients
     * would believe the redaction's body and hide what everybody else sees. So the redaction is kept but shown to nobody. If
     * the redacted event arrives later and the redaction may redact it, the event is taken as redacted. Room version 3,
     * "Handling redactions".
     */
    boolean isRedactionInVain(Pdu event, RoomState before) {
        if (!event.type().equals(EventTypes.REDACTION)) {
            return false;
        }
        Optional<EventId> id = redacts(event);
        if (id.isEmpty()) {
            return event.json().has("redacts") || event.content().has("redacts");
        }
        Optional<EventEntity> target = find(id.get());
        return target.map(known -> !known.room().equals(room)
                        || !PowerLevels.mayRedact(event, hasPower(event, before), known.pdu()))
                .orElseGet(() -> !hasPower(event, before));
    }

    private static Optional<EventId> redacts(Pdu event) {
        return Optional.ofNullable(event.redacts()).flatMap(id -> EventId.tryParse(id.value()));
    }

    private static boolean hasPower(Pdu event, RoomState before) {
        PowerLevels levels = PowerLevels.of(
                Objects.requireNonNull(before.get(EventTypes.CREATE, "")), before.get(EventTypes.POWER_LEVELS, ""));
        return levels.mayRedactAny(event);
    }

    /** The redaction that arrived before an event that is new here; null for none. */
    @Nullable
    RedactedBy redactedBy(Pdu event, Room into) {
        return awaited(event.eventId()).redactedBy(into.created(), event).orElse(null);
    }

    private AwaitedEvent awaited(EventId id) {
        AwaitedEvent just = awaited.get(id);
        return just == null ? known.awaited(id) : just;
    }

    /** Applies a taken redaction to an event that is not shown yet, or has it wait for an event that is not known. */
    void redact(RoomEdit edit, EventEntity redaction, @Nullable EventEntity redacted, RoomState before) {
        if (redacted != null && !redacted.isAccepted()) {
            Pdu event = redaction.pdu();
            take(redacted.redacted(new RedactedBy(redaction.seq(), event.eventId(), event.bytes())));
        }
        redacts(redaction.pdu())
                .filter(target ->
                        FormatCheck.canBe(target, redaction.pdu().version().eventFormat()))
                .filter(target -> find(target).isEmpty())
                .ifPresent(target -> await(edit, target, redaction, before));
    }

    private void await(RoomEdit edit, EventId target, EventEntity redaction, RoomState before) {
        WaitingRedaction waiting = new WaitingRedaction(
                edit.room().created(), redaction.seq(), hasPower(redaction.pdu(), before), redaction.pdu());
        AwaitedEvent already = awaited(target);
        if (already.needs(waiting)) {
            awaited.put(target, already.with(waiting));
            edit.waits(target, waiting);
        }
    }
}
