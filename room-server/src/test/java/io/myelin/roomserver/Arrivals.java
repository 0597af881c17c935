package io.myelin.roomserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.room.Placement;
import io.myelin.contracts.room.ReceivedPdu;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.ReceivePdus;
import io.myelin.contracts.room.RoomCommand.ServerKey;
import io.myelin.contracts.room.RoomCommand.StageState;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.roomserver.federated.FederatedRoom;
import io.myelin.roomserver.federated.RemoteServer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sends a room's events to room-server as they arrive, and sends again those that came too early. */
final class Arrivals {

    private final RunningRoomServer server;
    private final RoomId room;
    private final RoomVersion version;
    private final List<ServerKey> keys;

    /** What became of the events. */
    final Map<EventId, ReceivedPdu> received = new HashMap<>();

    private final Map<EventId, Pdu> early = new HashMap<>();

    Arrivals(RunningRoomServer server, FederatedRoom room) {
        this(server, room.id(), room.version(), room.servers().values());
    }

    Arrivals(RunningRoomServer server, RoomId room, RoomVersion version, Collection<RemoteServer> servers) {
        this.server = server;
        this.room = room;
        this.version = version;
        this.keys = servers.stream()
                .map(from -> new ServerKey(
                        from.name(), from.key().keyId(), from.verifyKey().toBytes(), Long.MAX_VALUE))
                .toList();
    }

    /** Sends several events at once, as in a transaction. */
    void arrive(List<Pdu> events) {
        List<Pdu> open = events;
        while (!open.isEmpty()) {
            open = send(open);
            if (open.isEmpty() && !early.isEmpty()) {
                open = early.values().stream().filter(this::hasAllThatItCites).toList();
            }
        }
    }

    /** The events that wait for events which have not arrived. */
    List<Pdu> missing() {
        return List.copyOf(early.values());
    }

    private boolean hasAllThatItCites(Pdu event) {
        return received.keySet().containsAll(event.prevEvents())
                && received.keySet().containsAll(event.authEvents());
    }

    /** Sends events, and returns those that are to be sent again. */
    private List<Pdu> send(List<Pdu> events) {
        List<ReceivedPdu> answers =
                answers(events.stream().map(FederatedRoom::wire).toList());
        List<Pdu> again = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            Pdu event = events.get(i);
            switch (answers.get(i)) {
                case ReceivedPdu.Missing _ -> early.put(event.eventId(), event);
                case ReceivedPdu.Postponed _ -> again.add(event);
                case ReceivedPdu.Accepted _, ReceivedPdu.SoftFailed _, ReceivedPdu.Rejected _ -> {
                    early.remove(event.eventId());
                    ReceivedPdu before = received.put(event.eventId(), answers.get(i));
                    assertThat(before == null
                                    || before.getClass() == answers.get(i).getClass())
                            .as("%s was %s and is %s", event, before, answers.get(i))
                            .isTrue();
                }
            }
        }
        return again;
    }

    /** Sends one event, and returns the answer for it. */
    ReceivedPdu answer(Pdu event) {
        return answers(List.of(FederatedRoom.wire(event))).getFirst();
    }

    /** Sends events as outliers. */
    List<ReceivedPdu> asOutliers(List<Pdu> events) {
        return answers(wire(events), Placement.OUTLIER, null, Map.of());
    }

    /** As above, for an event that comes with the state before it. */
    ReceivedPdu answer(Pdu event, long state) {
        return answers(List.of(FederatedRoom.wire(event)), Placement.LIVE, null, Map.of(event.eventId(), state))
                .getFirst();
    }

    /** As above, for a command that may be refused. */
    RoomAnswer tryToTake(Pdu event, long state) {
        List<byte[]> pdus = List.of(FederatedRoom.wire(event));
        return server.execute(
                room.value(),
                new ReceivePdus(room, version.id(), pdus, keys, Placement.LIVE, null, Map.of(event.eventId(), state)));
    }

    /** Stages a state piece by piece, and returns its name. */
    long staged(List<EventId> events, int piece) {
        long state = 0;
        for (int from = 0; from < events.size(); from += piece) {
            RoomAnswer answer = stage(state, events.subList(from, Math.min(events.size(), from + piece)));
            assertThat(answer).isInstanceOf(RoomAnswer.StateStaged.class);
            state = ((RoomAnswer.StateStaged) answer).state();
        }
        return state;
    }

    RoomAnswer stage(long base, List<EventId> events) {
        return server.execute(room.value(), new StageState(room, version.id(), base, events));
    }

    List<ReceivedPdu> answers(List<byte[]> pdus) {
        return answers(pdus, Placement.LIVE, null, Map.of());
    }

    /** Sends live events, some of them with the state before them. */
    List<ReceivedPdu> live(List<Pdu> events, Map<EventId, Long> given) {
        return settled(events, Placement.LIVE, null, given);
    }

    /** Sends events as history before an event, until no more of them can be decided. */
    List<ReceivedPdu> asHistory(List<Pdu> events, EventId before, Map<EventId, Long> given) {
        return settled(events, Placement.HISTORY, before, given);
    }

    private List<ReceivedPdu> settled(
            List<Pdu> events, Placement placement, @Nullable EventId before, Map<EventId, Long> given) {
        List<ReceivedPdu> answers = answers(wire(events), placement, before, given);
        while (answers.stream().anyMatch(ReceivedPdu.Postponed.class::isInstance)
                && answers.stream().noneMatch(ReceivedPdu.Missing.class::isInstance)) {
            answers = answers(wire(events), placement, before, given);
        }
        return answers;
    }

    /** The answer to the command. */
    RoomAnswer historyBefore(EventId before, List<Pdu> events) {
        return server.execute(
                room.value(),
                new ReceivePdus(room, version.id(), wire(events), keys, Placement.HISTORY, before, Map.of()));
    }

    private static List<byte[]> wire(List<Pdu> events) {
        return events.stream().map(FederatedRoom::wire).toList();
    }

    private List<ReceivedPdu> answers(
            List<byte[]> pdus, Placement placement, @Nullable EventId before, Map<EventId, Long> given) {
        RoomAnswer answer =
                server.execute(room.value(), new ReceivePdus(room, version.id(), pdus, keys, placement, before, given));
        assertThat(answer).isInstanceOf(RoomAnswer.PdusReceived.class);
        List<ReceivedPdu> answers = ((RoomAnswer.PdusReceived) answer).pdus();
        assertThat(answers).hasSize(pdus.size());
        return answers;
    }
}
