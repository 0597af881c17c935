package io.myelin.roomserver;

import io.myelin.contracts.room.ReceivedPdu;
import io.myelin.contracts.room.RoomGraphQueries;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.ServerName;
import io.myelin.roomserver.federated.FederatedRoom;
import io.myelin.roomserver.federated.ReferenceRoom;
import java.util.Collection;
import java.util.List;

/** A room as it arrived, and one of its servers. */
record Arrived(FederatedRoom room, ReferenceRoom reference, Arrivals arrivals, ServerName asking) {

    List<Pdu> accepted() {
        return room.events().stream()
                .filter(event -> arrivals.received.get(event.eventId()) instanceof ReceivedPdu.Accepted)
                .toList();
    }

    List<EventId> extremities(RoomGraphQueries graph) {
        return graph.forwardExtremities(room.id());
    }

    List<Pdu> parsed(Collection<byte[]> bodies) {
        return bodies.stream().map(body -> Pdu.parse(room.version(), body)).toList();
    }
}
