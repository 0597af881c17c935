package io.myelin.roomserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.room.Placement;
import io.myelin.contracts.room.ReceivedPdu;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.ReceivePdus;
import io.myelin.contracts.room.RoomCommand.ServerKey;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.RoomId;
import io.myelin.roomserver.federated.CrowdedRoom;
import io.myelin.roomserver.federated.FederatedRoom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Makes a room grow event by event, and sends its events to room-server, many at once. */
final class RoomGrowth {

    private static final int AT_ONCE = 200;

    /** One in this many events begins a fork. */
    private static final int FORK = 100;

    private static final int PROGRESS = 10_000;

    private final RunningRoomServer server;
    private final CrowdedRoom room;
    private final List<ServerKey> keys;
    private final Random random = new Random(1);
    private final List<Pdu> unsent = new ArrayList<>();
    private final long begin = System.nanoTime();

    /** How many nanoseconds each fork took until its states were resolved and it was merged. */
    final List<Long> forks = new ArrayList<>();

    int events;

    RoomGrowth(RunningRoomServer server, CrowdedRoom room) {
        this.server = server;
        this.room = room;
        this.keys = room.servers().stream()
                .map(from -> new ServerKey(
                        from.name(), from.key().keyId(), from.verifyKey().toBytes(), Long.MAX_VALUE))
                .toList();
        room.beginning().forEach(this::add);
    }

    RoomId room() {
        return room.id();
    }

    void joins(int members) {
        grow(members, room::join);
    }

    void changes(int changes) {
        grow(changes, room::change);
    }

    private void grow(int howMany, Supplier<Pdu> next) {
        for (int i = 0; i < howMany; i++) {
            if (room.canFork() && random.nextInt(FORK) == 0) {
                forkAndMerge(next);
            } else {
                add(next.get());
            }
        }
        send();
    }

    /** Makes a fork and leaves both of its ends as forward extremities. */
    void forkWithoutMerge() {
        while (!room.canFork()) {
            add(room.change());
        }
        send();
        add(room.fork());
        send();
    }

    private void forkAndMerge(Supplier<Pdu> next) {
        send();
        long before = System.nanoTime();
        add(room.fork());
        send();
        add(next.get());
        send();
        forks.add(System.nanoTime() - before);
    }

    private void add(Pdu event) {
        unsent.add(event);
        if (unsent.size() == AT_ONCE) {
            send();
        }
    }

    private void send() {
        while (!unsent.isEmpty()) {
            RoomAnswer answer = server.execute(
                    room.id().value(),
                    new ReceivePdus(
                            room.id(),
                            room.version().id(),
                            unsent.stream().map(FederatedRoom::wire).toList(),
                            keys,
                            Placement.LIVE));
            assertThat(answer).isInstanceOf(RoomAnswer.PdusReceived.class);
            List<ReceivedPdu> answers = ((RoomAnswer.PdusReceived) answer).pdus();
            int taken = 0;
            while (taken < answers.size() && answers.get(taken) instanceof ReceivedPdu.Accepted) {
                taken++;
            }
            assertThat(answers.subList(taken, answers.size())).hasOnlyElementsOfType(ReceivedPdu.Postponed.class);
            unsent.subList(0, taken).clear();
            taken(taken);
        }
    }

    private void taken(int howMany) {
        if (events / PROGRESS < (events + howMany) / PROGRESS) {
            System.out.printf(
                    "%,d events, %d forks after %d s%n",
                    events + howMany, forks.size(), (System.nanoTime() - begin) / 1_000_000_000);
        }
        events += howMany;
    }
}
