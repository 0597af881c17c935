package io.myelin.matrix.resolution;

import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The events that one resolution has loaded so far; each is loaded once. Unknown events are ignored. */
final class LoadedEvents {
    private final ResolutionEvents source;
    private final Set<EventId> asked = new HashSet<>();
    private final Map<EventId, ReceivedEvent> known = new HashMap<>();

    LoadedEvents(ResolutionEvents source) {
        this.source = source;
    }

    /** Loads the events among these that have not been asked for before, in one batch. */
    void load(Collection<EventId> ids) {
        List<EventId> unasked = ids.stream().filter(asked::add).toList();
        if (!unasked.isEmpty()) {
            known.putAll(source.load(unasked));
        }
    }

    @Nullable
    Pdu get(EventId id) {
        ReceivedEvent received = known.get(id);
        return received == null ? null : received.event();
    }

    /** The known events among these. */
    List<Pdu> all(Collection<EventId> ids) {
        List<Pdu> events = new ArrayList<>(ids.size());
        for (EventId id : ids) {
            Pdu event = get(id);
            if (event != null) {
                events.add(event);
            }
        }
        return events;
    }

    /** The event of this type and state key that this one cites, see {@link #citations}. */
    @Nullable
    Pdu cited(Pdu event, String type, String stateKey) {
        for (EventId id : citations(event)) {
            Pdu cited = get(id);
            if (cited != null && cited.is(type, stateKey)) {
                return cited;
            }
        }
        return null;
    }

    /** As {@link #cited}, of events that were not rejected. */
    @Nullable
    Pdu acceptedCited(Pdu event, String type, String stateKey) {
        for (EventId id : citations(event)) {
            ReceivedEvent cited = known.get(id);
            if (cited != null && !cited.wasRejected() && cited.event().is(type, stateKey)) {
                return cited.event();
            }
        }
        return null;
    }

    /**
     * An event's auth events, and from room version 12 on the create event, which events no longer cite since the room ID
     * is its hash.
     */
    static List<EventId> citations(Pdu event) {
        Optional<EventId> create =
                event.version().roomIdIsCreateEventHash() && !event.type().equals(EventTypes.CREATE)
                        ? event.roomId().createEvent()
                        : Optional.empty();
        if (create.isEmpty()) {
            return event.authEvents();
        }
        List<EventId> citations = new ArrayList<>(event.authEvents());
        citations.add(create.get());
        return citations;
    }
}
