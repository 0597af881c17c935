package io.myelin.roomserver.federated;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.event.RequiredSignatures;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import java.util.List;
import java.util.Map;

/**
 * A room of two to four other servers, of some dozens of events. Each server sees the others' events only now and then, so
 * that the room forks and merges. Some events break the authorisation rules on purpose, and are cited by later ones all the
 * same; all are correctly hashed and signed. The same seed makes the same room.
 *
 * @param servers by name; the first one made the room
 * @param events in an order in which none cites a later one
 */
public record FederatedRoom(RoomVersion version, long seed, Map<ServerName, RemoteServer> servers, List<Pdu> events) {

    public static FederatedRoom generated(RoomVersion version, long seed) {
        return new RoomGenerator(version, seed).generate();
    }

    public RoomId id() {
        return events.getFirst().roomId();
    }

    /** The room as a server has to see it. */
    public ReferenceRoom reference() {
        return ReferenceRoom.of(version, events);
    }

    /** Whether all servers that must sign the event have done so, with their known keys. */
    public boolean isSigned(Pdu event) {
        return RequiredSignatures.of(event).stream().allMatch(name -> {
            RemoteServer server = servers.get(name);
            return server != null && server.hasSigned(event);
        });
    }

    /** The event as its server sends it, with additions that are not part of the event. */
    public static byte[] wire(Pdu event) {
        return event.json()
                .with("unsigned", JsonObject.of("age", Json.of(event.depth() % 1_000)))
                .toString()
                .getBytes(UTF_8);
    }

    @Override
    public String toString() {
        return "room of version " + version + ", seed " + seed;
    }
}
