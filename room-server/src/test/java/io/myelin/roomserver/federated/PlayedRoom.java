package io.myelin.roomserver.federated;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.room.RoomVersion;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A room of the tested server in which other servers take part, knowing only the events that they were given. */
public final class PlayedRoom {
    private final ReferenceRoom reference;
    private final Composition composition;
    private final Map<ServerName, RemoteServer> servers;

    public PlayedRoom(RoomVersion version, RoomId id, RemoteServer... others) {
        servers = List.of(others).stream().collect(Collectors.toMap(RemoteServer::name, Function.identity()));
        reference = new ReferenceRoom(version);
        composition = new Composition(version, id, reference, servers);
    }

    public Map<ServerName, RemoteServer> servers() {
        return servers;
    }

    /** The room as all other servers know it. */
    public ReferenceRoom reference() {
        return reference;
    }

    /** Gives the other servers an event. They must know the events that it cites. */
    public void receives(Pdu event) {
        reference.receive(event);
    }

    /** Makes an event of one of the other servers after these. All of them know it from now on. */
    public Pdu says(Draft draft, EventId... prevEvents) {
        Pdu event = composition.event(draft, List.of(prevEvents));
        reference.receive(event);
        return event;
    }
}
