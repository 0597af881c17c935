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

/** A room of the server that is tested, in which others take part by what they know of it. */
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

    /** What all of them know. */
    public ReferenceRoom reference() {
        return reference;
    }

    /** An event that they have heard of: those that it cites they know. */
    public void hears(Pdu event) {
        reference.receive(event);
    }

    /** An event of one of them after these, which all of them know from now on. */
    public Pdu says(Draft draft, EventId... prevEvents) {
        Pdu event = composition.event(draft, List.of(prevEvents));
        reference.receive(event);
        return event;
    }
}
