package io.myelin.roomserver.federated;

import io.myelin.matrix.auth.AuthEvents;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTemplate;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.event.RequiredSignatures;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.state.StateKey;
import io.myelin.matrix.state.StateMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes events of drafts: hashed, signed by the servers that must sign, with timestamps of clocks that differ a little. */
final class Composition {
    private static final long BEGINNING = 1_700_000_000_000L;
    private static final int LONGEST_PAUSE = 60_000;
    private static final int CLOCKS_DIFFER = 5_000;

    private final RoomVersion version;
    private final ReferenceRoom room;
    private final Map<ServerName, RemoteServer> servers;
    private final Random random;
    private @Nullable RoomId roomId;
    private long now = BEGINNING;

    Composition(RoomVersion version, ReferenceRoom room, Map<ServerName, RemoteServer> servers, Random random) {
        this.version = version;
        this.room = room;
        this.servers = servers;
        this.random = random;
    }

    /** For an existing room, whose events the reference has. */
    Composition(FederatedRoom generated, ReferenceRoom room, Random random) {
        this(generated.version(), room, generated.servers(), random);
        this.roomId = generated.id();
        this.now = generated.events().getLast().originServerTs();
    }

    /** For a room of which only the ID is known. */
    Composition(RoomVersion version, RoomId id, ReferenceRoom room, Map<ServerName, RemoteServer> servers) {
        this(version, room, servers, new Random(id.hashCode()));
        this.roomId = id;
    }

    /** The first event, which makes the room. */
    Pdu create(UserId creator) {
        JsonObject content = JsonObject.of("room_version", version.id());
        if (version.creatorInContent()) {
            content = content.with("creator", creator.value());
        }
        if (version.eventFormat().roomIdOnCreateEvent()) {
            roomId = new RoomId("!room" + random.nextInt(1_000_000) + ":" + creator.serverName());
        }
        Pdu create = compose(Draft.state(creator, EventTypes.CREATE, "", content), List.of(), List.of());
        roomId = create.roomId();
        return create;
    }

    /** An event that cites what it should. */
    Pdu event(Draft draft, List<EventId> prevEvents) {
        return event(draft, prevEvents, selected(draft, room.stateAfter(prevEvents)));
    }

    /** An event that cites these auth events. */
    Pdu event(Draft draft, List<EventId> prevEvents, List<EventId> authEvents) {
        return compose(draft, prevEvents, authEvents);
    }

    /** The auth events that the draft has to cite of this state. */
    List<EventId> selected(Draft draft, StateMap<EventId> state) {
        return keys(draft).stream()
                .flatMap(key -> Stream.ofNullable(state.get(key)))
                .toList();
    }

    List<StateKey> keys(Draft draft) {
        return AuthEvents.select(draft.type(), draft.stateKey(), draft.sender(), draft.content(), version);
    }

    private Pdu compose(Draft draft, List<EventId> prevEvents, List<EventId> authEvents) {
        now += random.nextInt(1, LONGEST_PAUSE);
        var template = new EventTemplate(version, draft.sender(), draft.type(), draft.content())
                .stateKey(draft.stateKey())
                .prevEvents(prevEvents)
                .authEvents(authEvents)
                .referenceHashes(id -> room.event(id).referenceHash())
                .depth(1 + deepest(prevEvents))
                .originServerTs(now + random.nextInt(-CLOCKS_DIFFER, CLOCKS_DIFFER));
        if (roomId != null) {
            template.roomId(roomId);
        }
        if (draft.redacts() != null) {
            template.redacts(draft.redacts());
        }
        Pdu event = template.unsigned();
        for (ServerName signer : signers(event)) {
            event = event.signedBy(signer, server(signer).key());
        }
        return event;
    }

    /** The servers that must sign the event, and the server of an invited user, which signs as well. */
    private static Set<ServerName> signers(Pdu event) {
        Set<ServerName> signers = new LinkedHashSet<>(RequiredSignatures.of(event));
        boolean isInvitation = event.type().equals(EventTypes.MEMBER) && Membership.of(event) == Membership.INVITE;
        if (isInvitation) {
            signers.add(new UserId(event.key().stateKey()).serverName());
        }
        return signers;
    }

    private RemoteServer server(ServerName name) {
        RemoteServer server = servers.get(name);
        if (server == null) {
            throw new IllegalArgumentException("Server " + name + " does not play.");
        }
        return server;
    }

    private long deepest(List<EventId> prevEvents) {
        return prevEvents.stream().mapToLong(id -> room.event(id).depth()).max().orElse(0);
    }
}
