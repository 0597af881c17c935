package io.myelin.roomserver;

import static io.myelin.roomserver.TestShard.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.ReceivedPdu;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.ChangeMembership;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.RoomQueries.Wanted;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.roomserver.federated.Draft;
import io.myelin.roomserver.federated.PlayedRoom;
import io.myelin.roomserver.federated.RemoteServer;
import io.myelin.roomserver.federated.RemoteUsers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A public room of ours in which users of other servers take part, and its state on our server. */
final class SharedRoom {

    private final RunningRoomServer server;
    private final RoomId id;
    private final RoomVersion version;
    private final PlayedRoom others;
    private final Arrivals arrivals;

    /** A room that Alice makes in version 11, with nobody else in it yet. */
    private SharedRoom(RunningRoomServer server, RemoteServer... servers) {
        this(server, server.create(server.aRoom().version(RoomVersions.V11).preset("public_chat")), servers);
    }

    /** A room that Alice makes and these {@link RemoteUsers} join, one after the other. */
    static SharedRoom joinedBy(RunningRoomServer server, UserId... users) {
        SharedRoom room = new SharedRoom(server, RemoteUsers.ONE, RemoteUsers.TWO);
        for (UserId user : users) {
            room.says(Draft.joins(user), room.newest());
        }
        return room;
    }

    /** An existing room, all of whose events the other servers get. */
    SharedRoom(RunningRoomServer server, RoomId id, RemoteServer... servers) {
        this.server = server;
        this.id = id;
        version = RoomVersions.find(server.queries().room(id, 1).orElseThrow().version())
                .orElseThrow();
        others = new PlayedRoom(version, id, servers);
        arrivals = new Arrivals(server, id, version, List.of(servers));
        othersHear();
    }

    RoomId id() {
        return id;
    }

    PlayedRoom others() {
        return others;
    }

    Arrivals arrivals() {
        return arrivals;
    }

    /** Gives the other servers all events of the room that they do not have yet. */
    void othersHear() {
        everything()
                .forEach(stored ->
                        others.receives(Pdu.parse(version, stored.event().body())));
    }

    /** Sends an event of another server, which must be accepted here. */
    EventId says(Draft draft, EventId... prevEvents) {
        Pdu event = others.says(draft, prevEvents);
        comes(event);
        return event.eventId();
    }

    /** Sends events, which must be accepted. */
    void comes(Pdu... events) {
        for (Pdu event : events) {
            assertThat(arrivals.answer(event)).isEqualTo(new ReceivedPdu.Accepted(event.eventId()));
        }
    }

    /** Sends redactions, which must have no effect yet and be shown to nobody. */
    void comesInVain(Pdu... redactions) {
        for (Pdu redaction : redactions) {
            assertThat(arrivals.answer(redaction)).isInstanceOf(ReceivedPdu.SoftFailed.class);
        }
    }

    void comesAsOutlier(Pdu event) {
        assertThat(arrivals.asOutliers(List.of(event))).containsExactly(new ReceivedPdu.Accepted(event.eventId()));
    }

    EventId weSay(String type, @Nullable String stateKey, String content) {
        EventId event = server.send(id, type, stateKey, content);
        othersHear();
        return event;
    }

    void alicesLevelsBecome(UserId user, int level) {
        JsonObject levels = content(EventTypes.POWER_LEVELS, "");
        JsonObject users = levels.object("users").orElse(JsonObject.EMPTY).with(user.value(), Json.of(level));
        weSay(EventTypes.POWER_LEVELS, "", levels.with("users", users).toString());
    }

    RoomAnswer aliceBans(UserId user) {
        return server.execute(
                id.value(),
                ChangeMembership.of(
                        id, new Requester(ALICE, null, null), MembershipAction.BAN, user, null, null, null));
    }

    /** The only forward extremity. */
    EventId newest() {
        EventId[] extremities = extremities();
        assertThat(extremities).hasSize(1);
        return extremities[0];
    }

    EventId[] extremities() {
        return server.graph().forwardExtremities(id).toArray(EventId[]::new);
    }

    List<StoredEvent> everything() {
        return server.queries()
                .events(id, RoomPlace.BEGINNING, RoomPlace.END, false, 1_000)
                .events();
    }

    StoredEvent stored(Pdu event) {
        return server.queries().event(id, event.eventId()).orElseThrow();
    }

    StoredEvent current(String type, String stateKey) {
        return server.queries()
                .stateAt(id, Long.MAX_VALUE, List.of(new Wanted(type, stateKey)))
                .getFirst();
    }

    JsonObject content(String type, String stateKey) {
        return JsonParser.parseObject(current(type, stateKey).event().body())
                .object("content")
                .orElseThrow();
    }
}
