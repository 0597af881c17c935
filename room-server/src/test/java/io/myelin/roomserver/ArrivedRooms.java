package io.myelin.roomserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.roomserver.federated.FederatedRoom;
import io.myelin.roomserver.federated.RemoteServer;
import io.myelin.roomserver.federated.Shuffle;
import io.myelin.roomserver.federated.StoryRoom;
import java.util.ArrayList;
import java.util.List;

/** Rooms of other servers, whose events have arrived in the order in which they were sent or in another. */
final class ArrivedRooms {
    private static final int ROOMS = Integer.getInteger("graph.rooms", 12);

    /** The seed of the first room. */
    private static final long SEED = 10_000;

    private final RunningRoomServer server;
    final List<Arrived> generated = new ArrayList<>();

    /** A room with more events than one answer has. */
    final Arrived longRoom;

    final Arrived restless;

    ArrivedRooms(RunningRoomServer server) {
        this.server = server;
        List<RoomVersion> versions = RoomVersions.supported();
        for (int i = 0; i < ROOMS; i++) {
            FederatedRoom room = FederatedRoom.generated(versions.get(i % versions.size()), SEED + i);
            generated.add(arrive(room, i % 2 == 0 ? room.events() : Shuffle.of(room.events(), room.seed())));
        }
        RemoteServer one = RemoteServer.named("one.example");
        StoryRoom story = new StoryRoom(RoomVersions.V11, SEED, one.user("alice"), one);
        for (int i = 0; i < 600; i++) {
            story.says(one.user("alice"), "message " + i);
        }
        longRoom = arrive(story.told());
        restless = arrive(restless(one));
    }

    /** A room in which one user joins hundreds of times. Each join cites the one before, which makes a long auth chain. */
    private static FederatedRoom restless(RemoteServer server) {
        StoryRoom story = new StoryRoom(RoomVersions.V12, SEED, server.user("alice"), server);
        for (int i = 0; i < 100; i++) {
            story.joins(server.user("alice"));
            story.joins(server.user("bob"));
            story.leaves(server.user("bob"));
        }
        return story.told();
    }

    private Arrived arrive(FederatedRoom room) {
        return arrive(room, room.events());
    }

    private Arrived arrive(FederatedRoom room, List<Pdu> order) {
        Arrivals arrivals = new Arrivals(server, room);
        for (int from = 0; from < order.size(); from += 50) {
            arrivals.arrive(order.subList(from, Math.min(order.size(), from + 50)));
        }
        assertThat(arrivals.missing()).as(room.toString()).isEmpty();
        ServerName first = room.events().getFirst().sender().serverName();
        return new Arrived(room, room.reference(), arrivals, first);
    }
}
