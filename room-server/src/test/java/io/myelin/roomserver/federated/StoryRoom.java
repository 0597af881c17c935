package io.myelin.roomserver.federated;

import io.myelin.matrix.auth.JoinRule;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A room of other servers that a test builds event by event. Each event comes after the last one, or after those that the
 * test names.
 */
public final class StoryRoom {
    private final RoomVersion version;
    private final long seed;
    private final ReferenceRoom room;
    private final Map<ServerName, RemoteServer> servers = new LinkedHashMap<>();
    private final Composition composition;
    private List<EventId> ends = List.of();

    /** A public room that its creator has joined. Another seed makes another room. */
    public StoryRoom(RoomVersion version, long seed, UserId creator, RemoteServer... servers) {
        this.version = version;
        this.seed = seed;
        this.room = new ReferenceRoom(version);
        for (RemoteServer server : servers) {
            this.servers.put(server.name(), server);
        }
        this.composition = new Composition(version, room, this.servers, new Random(seed));
        happens(composition.create(creator));
        joins(creator);
        happens(Draft.joinRule(creator, DraftGenerator.joinRule(JoinRule.PUBLIC)));
    }

    /** Makes the next event come after these events. */
    public StoryRoom after(Pdu... events) {
        ends = Stream.of(events).map(Pdu::eventId).toList();
        return this;
    }

    public Pdu says(UserId sender, String text) {
        return happens(Draft.message(sender, text));
    }

    public Pdu joins(UserId user) {
        return happens(Draft.joins(user));
    }

    public Pdu leaves(UserId user) {
        return happens(Draft.member(user, user, Membership.LEAVE));
    }

    public Pdu invites(UserId sender, UserId invited) {
        return happens(Draft.member(sender, invited, Membership.INVITE));
    }

    public Pdu bans(UserId sender, UserId banned) {
        return happens(Draft.member(sender, banned, Membership.BAN));
    }

    public Pdu redacts(UserId sender, Pdu event) {
        return happens(Draft.redaction(sender, event.eventId()));
    }

    public Pdu setsVisibility(UserId sender, String visibility) {
        return sets(sender, EventTypes.HISTORY_VISIBILITY, JsonObject.of("history_visibility", visibility));
    }

    /** Sets state of this type, with an empty state key. */
    public Pdu sets(UserId sender, String type, JsonObject content) {
        return happens(Draft.state(sender, type, "", content));
    }

    /** Adds an event of the tested server. */
    public Pdu receives(Pdu event) {
        return happens(event);
    }

    /** The room as built so far. */
    public FederatedRoom told() {
        return new FederatedRoom(version, seed, Map.copyOf(servers), room.events());
    }

    private Pdu happens(Draft draft) {
        return happens(composition.event(draft, ends));
    }

    private Pdu happens(Pdu event) {
        room.receive(event);
        ends = List.of(event.eventId());
        return event;
    }
}
