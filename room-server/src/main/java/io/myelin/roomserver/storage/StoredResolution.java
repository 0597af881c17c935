package io.myelin.roomserver.storage;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.resolution.EventsInMemory;
import io.myelin.matrix.resolution.ReceivedEvent;
import io.myelin.matrix.resolution.ResolutionEvents;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.state.StateMap;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The events of one room for state resolution. Those at which auth chains end are kept once they were read. */
final class StoredResolution implements ResolutionEvents {

    private static final String EVENTS = """
            SELECT event_id, standing, body FROM event WHERE shard = ? AND room = ? AND event_id = ANY (?)""";

    /** The database does not answer while a state is resolved. */
    static final class ReadFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        final transient SQLException problem;

        ReadFailed(SQLException problem) {
            super(problem);
            this.problem = problem;
        }
    }

    private final Connection connection;
    private final int shard;
    private final long room;
    private final RoomVersion version;
    private final Map<EventId, Pdu> events = new HashMap<>();
    private final Set<EventId> rejected = new HashSet<>();
    private final EventsInMemory read = new EventsInMemory(events, rejected);

    StoredResolution(Connection connection, int shard, long room, RoomVersion version) {
        this.connection = connection;
        this.shard = shard;
        this.room = room;
        this.version = version;
    }

    @Override
    public Map<EventId, ReceivedEvent> load(Collection<EventId> ids) {
        read(ids);
        return read.load(ids);
    }

    @Override
    public Set<EventId> authDifference(StateMap<EventId> unconflicted, List<Set<EventId>> conflicted) {
        Set<EventId> all = new HashSet<>();
        conflicted.forEach(all::addAll);
        readChains(all);
        Set<EventId> difference = new HashSet<>(read.authDifference(StateMap.empty(), conflicted));
        Set<EventId> agreed = Set.copyOf(unconflicted.values().toList());
        difference.removeAll(agreed);
        Set<EventId> doubtful = new HashSet<>(difference);
        doubtful.removeAll(all);
        // Only what is neither agreed on nor conflicted makes a difference here, and there is hardly ever any.
        if (!doubtful.isEmpty()) {
            readChains(agreed);
            difference.removeAll(read.authChain(agreed));
        }
        return difference;
    }

    @Override
    public Set<EventId> conflictedSubgraph(Set<EventId> conflicted) {
        readChains(conflicted);
        return read.conflictedSubgraph(conflicted);
    }

    @Override
    public Map<EventId, EventId> previousPowerLevels(Collection<EventId> powerLevels) {
        readChains(powerLevels);
        return read.previousPowerLevels(powerLevels);
    }

    /** Reads these events and all that they rest on. */
    private void readChains(Collection<EventId> ids) {
        Set<EventId> asked = new HashSet<>(ids);
        Collection<EventId> open = List.copyOf(asked);
        while (!open.isEmpty()) {
            read(open);
            Set<EventId> next = new HashSet<>();
            for (EventId id : open) {
                Pdu event = events.get(id);
                if (event != null) {
                    event.authEvents().stream().filter(asked::add).forEach(next::add);
                }
            }
            open = next;
        }
    }

    private void read(Collection<EventId> ids) {
        List<byte[]> unread = new ArrayList<>();
        for (EventId id : ids) {
            if (!events.containsKey(id)) {
                unread.add(EventIds.bytes(id, version.eventFormat()));
            }
        }
        unread.removeIf(Objects::isNull);
        if (unread.isEmpty()) {
            return;
        }
        try {
            new Sql(connection, EVENTS, shard, room, unread.toArray(byte[][]::new)).list(row -> {
                EventId id = EventIds.id(row.getBytes("event_id"), version.eventFormat());
                if (Standings.wasRejected(row.getShort("standing"))) {
                    rejected.add(id);
                }
                return events.put(id, Pdu.stored(version, id, row.getBytes("body")));
            });
        } catch (SQLException problem) {
            throw new ReadFailed(problem);
        }
    }
}
