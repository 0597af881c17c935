package io.myelin.roomserver.decide;

import static io.myelin.roomserver.TestRoom.aRoom;
import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.BOB;
import static io.myelin.roomserver.TestShard.CAROL;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.Placement;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomCommand;
import io.myelin.contracts.room.RoomCommand.ChangeMembership;
import io.myelin.contracts.room.RoomCommand.ReceivePdus;
import io.myelin.contracts.room.RoomCommand.SendEvent;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Entities;
import io.myelin.engine.shard.Moment;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.UserId;
import io.myelin.roomserver.TestRoom;
import io.myelin.roomserver.TestShard;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.room.UserEntity;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A room is loaded without its events. This tests how many of them a decision asks for, and how often it is broken off for
 * that.
 */
class StateToReadTest {

    private final TestRoom room = aRoom().create().with(BOB);
    private final Set<String> loaded = new HashSet<>();

    /** Loads entities as the engine would: the decision is broken off and made anew. */
    private final class Loading implements Entities<RoomEntity> {

        @Override
        @SuppressWarnings("NullAway") // a block is null where there is none, as what is loaded for it
        public RoomEntity get(String key) {
            require(List.of(key));
            return room.shard.entities.get(key);
        }

        @Override
        public void require(Collection<String> keys) {
            List<String> missing = keys.stream()
                    .filter(EntityKey::isOfNumber)
                    .filter(key -> !loaded.contains(key))
                    .toList();
            loaded.addAll(missing);
            if (!missing.isEmpty()) {
                throw new BrokenOff();
            }
        }
    }

    private static final class BrokenOff extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private int timesBrokenOff(RoomCommand command) {
        for (int times = 0; ; times++) {
            try {
                Decision<?, ?> decision =
                        room.shard.decider.decide(new Loading(), command, new Moment(0, 1, 1_000, room.shard.now));
                assertThat(decision.accepted()).isTrue();
                return times;
            } catch (BrokenOff again) {
                assertThat(times).isLessThan(10);
            }
        }
    }

    private SendEvent send(UserId sender, String type, @Nullable String stateKey, String content) {
        return new SendEvent(
                room.id,
                new Requester(sender, "DEVICE", null),
                type,
                stateKey,
                content.getBytes(UTF_8),
                null,
                null,
                null);
    }

    @Test
    void aMessageReadsThreeEventsInOneGoAndTheNextNone() {
        SendEvent message = send(BOB, EventTypes.MESSAGE, null, "{\"body\":\"hello\"}");

        assertThat(timesBrokenOff(message)).isEqualTo(1);
        assertThat(loaded).hasSize(3); // creation, power levels, the sender's membership
        assertThat(timesBrokenOff(message)).isZero();
    }

    @Test
    void anotherTopicReadsTheOneBeforeToo() {
        TestShard.sent(room.set(ALICE, EventTypes.TOPIC, "", "{\"topic\":\"old\"}"));

        assertThat(timesBrokenOff(send(ALICE, EventTypes.TOPIC, "", "{\"topic\":\"new\"}")))
                .isEqualTo(1);
        assertThat(loaded).hasSize(4);
    }

    @Test
    void anInviteReadsWhatPermitsItInOneGo() {
        ChangeMembership invite = ChangeMembership.of(
                room.id, new Requester(ALICE, "DEVICE", null), MembershipAction.INVITE, CAROL, null, null, null);
        room.shard.entities.putIfAbsent(EntityKey.of(CAROL), new UserEntity(CAROL, null, Set.of()));

        assertThat(timesBrokenOff(invite)).isEqualTo(1);
        assertThat(loaded).hasSize(4); // and the join rules
    }

    @Test
    void anEventOfAnotherServerReadsWhatPermitsItHoweverDeepItIs() {
        String nested = "[".repeat(150) + "]".repeat(150);
        String body =
                "{\"type\":\"m.room.message\",\"sender\":\"" + BOB + "\",\"content\":{\"nested\":" + nested + "}}";

        timesBrokenOff(new ReceivePdus(
                room.id, room.now().version().id(), List.of(body.getBytes(UTF_8)), List.of(), Placement.LIVE));

        assertThat(loaded).hasSize(3);
    }
}
