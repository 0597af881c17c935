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

/** What the events of a command may cite: those before them in the command, and all that were known before it. */
final class CitedEvents {

    private final Known known;
    private final RoomId room;
    private final Map<EventId, EventEntity> taken = new HashMap<>();
    private final Map<EventId, AwaitedEvent> awaited = new HashMap<>();

    /** All events of the command that can be read. */
    private final List<Pdu> expected;

    /** Null as long as nobody has asked. */
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
     * Whether one of these is none of the room, and comes after an event that is not known, or is an outlier. It came with
     * the state before it then.
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

    /** For all events of the command by one question, since a decision is made anew for each. */
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

    /** What an event redacts, if it is there and may be redacted. */
    Optional<EventEntity> redacted(Pdu event, RoomState before) {
        return redacts(event)
                .flatMap(this::find)
                .filter(target -> target.isOfRoom() && target.room().equals(room))
                .filter(target -> PowerLevels.mayRedact(event, hasPower(event, before), target.pdu()));
    }

    /**
     * Whether an event is a redaction that has no effect, or none as long as nobody knows what it redacts. Its body says
     * that it has: clients that believe it would hide what everybody else sees. So it is kept and shown to nobody; if what
     * it redacts comes later, and may be redacted by it, it comes redacted. Room version 3, "Handling redactions".
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

    /** What an event that is new here was redacted by before it came. */
    @Nullable
    RedactedBy redactedBy(Pdu event, Room into) {
        return awaited(event.eventId()).redactedBy(into.created(), event).orElse(null);
    }

    private AwaitedEvent awaited(EventId id) {
        AwaitedEvent just = awaited.get(id);
        return just == null ? known.awaited(id) : just;
    }

    /** An event has been taken that redacts another, which will be shown only later, or is not even known. */
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
