package io.myelin.roomserver;

import static io.myelin.roomserver.JoiningElsewhere.OURS;
import static io.myelin.roomserver.TestShard.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.room.Placement;
import io.myelin.contracts.room.ReceivedPdu;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.ReceivePdus;
import io.myelin.contracts.room.RoomCommand.ServerKey;
import io.myelin.contracts.room.RoomCommand.StageState;
import io.myelin.matrix.auth.AuthEvents;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTemplate;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.matrix.state.StateMap;
import io.myelin.roomserver.federated.CrowdedRoom;
import io.myelin.roomserver.federated.FederatedRoom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * Measures how long it takes to join a large room of another server, and how long the other rooms of its shard wait
 * meanwhile. The room here is small; {@code docs/performance.md} has the results for a large one.
 */
class LargeStateIT {

    private static final int MEMBERS = Integer.getInteger("staged.members", 600);
    private static final int AT_ONCE = 200;
    private static final long SEED = 20_000;
    private static final long MILLION = 1_000_000;

    private static final CrowdedRoom ROOM = new CrowdedRoom(RoomVersions.V12, SEED);
    private static final RoomId ID = ROOM.id();
    private static final int SHARD = Partitions.of(ID.value(), RunningRoomServer.SHARDS);

    @AutoClose
    private static final RunningRoomServer server = new RunningRoomServer();

    private final List<ServerKey> keys = Stream.concat(ROOM.servers().stream(), Stream.of(OURS))
            .map(from -> new ServerKey(
                    from.name(), from.key().keyId(), from.verifyKey().toBytes(), Long.MAX_VALUE))
            .toList();
    private final List<Pdu> state = new ArrayList<>(ROOM.beginning());

    @Test
    void whoJoinsALargeRoomHasItAndNobodyElseWaits() throws Exception {
        for (int i = 0; i < MEMBERS; i++) {
            state.add(ROOM.join());
        }
        long begin = System.nanoTime();
        arriveAsOutliers();
        System.out.printf("%,d outliers: %,d ms%n", state.size(), since(begin));
        RoomId other = server.createIn(SHARD);
        long staged = stage();
        take(aliceJoins(), staged, other);

        begin = System.nanoTime();
        server.send(ID, EventTypes.MESSAGE, null, "{\"body\":\"hello\"}");
        System.out.printf("the first message: %d ms%n", since(begin));
        begin = System.nanoTime();
        assertThat(server.queries().room(ID, 100).orElseThrow().state()).hasSize(state.size() + 1);
        System.out.printf("read by a reader: %,d ms%n", since(begin));
        begin = System.nanoTime();
        assertThat(server.queries().joinedMembers(ID)).isEqualTo(MEMBERS + 2);
        System.out.printf("its members counted: %,d ms%n", since(begin));
        server.restart();
        begin = System.nanoTime();
        server.send(ID, EventTypes.MESSAGE, null, "{\"body\":\"hello again\"}");
        System.out.printf("the first message after a restart: %,d ms%n", since(begin));
    }

    private void arriveAsOutliers() {
        for (int from = 0; from < state.size(); from += AT_ONCE) {
            List<Pdu> some = state.subList(from, Math.min(state.size(), from + AT_ONCE));
            assertThat(received(server.execute(ID.value(), receive(some, Placement.OUTLIER, Map.of()))))
                    .hasOnlyElementsOfType(ReceivedPdu.Accepted.class);
        }
    }

    private long stage() {
        List<Long> millis = new ArrayList<>();
        long staged = 0;
        for (int from = 0; from < state.size(); from += StageState.MOST_EVENTS) {
            List<EventId> piece = state.subList(from, Math.min(state.size(), from + StageState.MOST_EVENTS)).stream()
                    .map(Pdu::eventId)
                    .toList();
            long begin = System.nanoTime();
            RoomAnswer answer =
                    server.execute(ID.value(), new StageState(ID, ROOM.version().id(), staged, piece));
            millis.add(since(begin));
            assertThat(answer).isInstanceOf(RoomAnswer.StateStaged.class);
            staged = ((RoomAnswer.StateStaged) answer).state();
        }
        List<Long> sorted = millis.stream().sorted().toList();
        System.out.printf(
                "%d pieces: median %d ms, slowest %d ms%n",
                sorted.size(), sorted.get(sorted.size() / 2), sorted.getLast());
        return staged;
    }

    /** Takes the join while messages are sent in another room of the shard. */
    private void take(Pdu join, long staged, RoomId other) {
        long begin = System.nanoTime();
        CompletableFuture<Long> taken = server.send(
                        SHARD, ID.value(), null, receive(List.of(join), Placement.LIVE, Map.of(join.eventId(), staged)))
                .thenApply(answer -> {
                    assertThat(received(Cbor.decode(answer, RoomAnswer.class)))
                            .containsExactly(new ReceivedPdu.Accepted(join.eventId()));
                    return since(begin);
                });
        long longest = 0;
        do {
            long said = System.nanoTime();
            server.send(other, EventTypes.MESSAGE, null, "{\"body\":\"meanwhile\"}");
            longest = Math.max(longest, since(said));
        } while (!taken.isDone());
        System.out.printf("the join: %,d ms, in which others waited %,d ms at most%n", taken.join(), longest);
    }

    private Pdu aliceJoins() {
        StateMap<EventId> places = StateMap.empty();
        for (Pdu event : state) {
            places = places.with(event.key(), event.eventId());
        }
        StateMap<EventId> before = places;
        Pdu last = state.getLast();
        JsonObject content = JsonObject.of("membership", Membership.JOIN.value());
        return OURS.sign(new EventTemplate(ROOM.version(), ALICE, EventTypes.MEMBER, content)
                .roomId(ID)
                .stateKey(ALICE.value())
                .prevEvents(List.of(last.eventId()))
                .authEvents(AuthEvents.select(EventTypes.MEMBER, ALICE.value(), ALICE, content, ROOM.version()).stream()
                        .flatMap(place -> Stream.ofNullable(before.get(place)))
                        .toList())
                .depth(last.depth() + 1)
                .originServerTs(last.originServerTs() + 1));
    }

    private ReceivePdus receive(List<Pdu> events, Placement placement, Map<EventId, Long> given) {
        List<byte[]> bodies = events.stream().map(FederatedRoom::wire).toList();
        return new ReceivePdus(ID, ROOM.version().id(), bodies, keys, placement, null, given);
    }

    private static List<ReceivedPdu> received(RoomAnswer answer) {
        assertThat(answer).isInstanceOf(RoomAnswer.PdusReceived.class);
        return ((RoomAnswer.PdusReceived) answer).pdus();
    }

    private static long since(long begin) {
        return (System.nanoTime() - begin) / MILLION;
    }
}
