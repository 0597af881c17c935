package io.myelin.roomserver.federated;

import io.myelin.matrix.event.EventHashes;
import io.myelin.matrix.event.EventSignatures;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Changes events of a room, then hashes and signs them again, so that the change is their only flaw. */
final class Forgery {
    private final RoomVersion version;
    private final Map<ServerName, RemoteServer> servers;

    Forgery(FederatedRoom room) {
        this.version = room.version();
        this.servers = room.servers();
    }

    RoomVersion version() {
        return version;
    }

    /** The changed event, hashed, and signed by the servers that signed the original. */
    JsonObject sealed(Pdu original, JsonObject changed) {
        return signed(original, EventHashes.withContentHash(changed));
    }

    /** The changed event, signed by the servers that signed the original. */
    JsonObject signed(Pdu original, JsonObject changed) {
        JsonObject event = changed.without("signatures");
        for (RemoteServer server : signers(original)) {
            event = signed(event, server);
        }
        return event;
    }

    JsonObject signed(JsonObject event, RemoteServer server) {
        return EventSignatures.sign(version, event, server.name(), server.key());
    }

    RemoteServer serverOf(Pdu event) {
        return server(event.sender().serverName());
    }

    RemoteServer anotherThan(ServerName name, Random random) {
        List<RemoteServer> others = servers.values().stream()
                .filter(server -> !server.name().equals(name))
                .toList();
        return others.get(random.nextInt(others.size()));
    }

    private List<RemoteServer> signers(Pdu event) {
        return event.json().object("signatures").orElseThrow().names().stream()
                .map(name -> server(new ServerName(name)))
                .toList();
    }

    private RemoteServer server(ServerName name) {
        RemoteServer server = servers.get(name);
        if (server == null) {
            throw new IllegalArgumentException("Server " + name + " is not in the room.");
        }
        return server;
    }
}
