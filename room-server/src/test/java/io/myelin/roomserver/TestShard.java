package io.myelin.roomserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Position;
import io.myelin.contracts.account.Profile;
import io.myelin.contracts.room.RoomAdminCommand.ShutDownRoom;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand;
import io.myelin.contracts.room.RoomCommand.PurgeRoom;
import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.RoomTopics;
import io.myelin.engine.Numbered;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Moment;
import io.myelin.engine.shard.Order;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.roomserver.decide.RoomDecider;
import io.myelin.roomserver.room.Absent;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.EventEntity;
import io.myelin.roomserver.room.EventSigner;
import io.myelin.roomserver.room.NumberedEvent;
import io.myelin.roomserver.room.OwnAnnotation;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.room.RoomLimits;
import io.myelin.roomserver.room.StateEvents;
import io.myelin.roomserver.room.UserEntity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One shard in memory. Commands are decided one after another, and each decision takes effect at once. */
public final class TestShard {

    public static final ServerName SERVER = new ServerName("example.org");
    public static final UserId ALICE = new UserId("@alice:example.org");
    public static final UserId BOB = new UserId("@bob:example.org");
    public static final UserId CAROL = new UserId("@carol:example.org");
    public static final EventSigner SIGNER = new EventSigner(SERVER, SigningKey.generate("ed25519:a", new Random(1)));

    public final RoomDecider decider;
    public final Map<String, RoomEntity> entities = new HashMap<>();
    public final List<Numbered<RoomFact>> facts = new ArrayList<>();

    /** The same facts, with the parts that are not published. */
    public final List<RoomChange> changes = new ArrayList<>();

    public final List<Order> orders = new ArrayList<>();

    /**
     * The keys that decisions have asked for besides those that their commands name. For each, the engine would have made
     * the decision anew.
     */
    public final List<String> besides = new ArrayList<>();

    public long now = 1_700_000_000_000L;
    private long seq;

    public TestShard() {
        this(RoomLimits.DEFAULT);
    }

    public TestShard(RoomLimits limits) {
        decider = new RoomDecider(SIGNER, 1, () -> limits);
    }

    public RoomAnswer execute(RoomCommand command) {
        return Cbor.decode(decide(command).answer(), RoomAnswer.class);
    }

    /** Encodes and decodes a command, decides it and applies the decision. */
    public Decision<RoomEntity, RoomChange> decide(RoomCommand command) {
        RoomCommand travelled = Cbor.decode(Cbor.encode(command), RoomCommand.class);
        List<String> keys = decider.keys(travelled);
        Decision<RoomEntity, RoomChange> decision = decider.decide(
                key -> {
                    if (key.startsWith("behind:")) {
                        besides.add(key);
                        return new Absent();
                    }
                    // Which of a room's members are concerned is not known before the room is loaded.
                    assertThat(keys.contains(key)
                                    || key.startsWith("pdu:")
                                    || key.startsWith("event:")
                                    || ((travelled instanceof PurgeRoom || travelled instanceof ShutDownRoom)
                                            && key.startsWith("user:")))
                            .as(key)
                            .isTrue();
                    return entity(key);
                },
                travelled,
                new Moment(0, 1, seq + 1, now++));
        decision.changes().forEach((key, changed) -> {
            // An entity that is dropped need not have been asked for.
            assertThat(changed instanceof Absent
                            || changed instanceof UserEntity
                            || changed instanceof NumberedEvent
                            || changed instanceof OwnAnnotation
                            || keys.contains(key))
                    .as(key)
                    .isTrue();
        });
        entities.putAll(decision.changes());
        changes.addAll(decision.facts());
        for (RoomChange change : decision.facts()) {
            RoomFact fact = change.published();
            byte[] travelling = Cbor.encode(fact);
            assertThat(Cbor.encode(Cbor.decode(travelling, RoomFact.class))).isEqualTo(travelling);
            facts.add(new Numbered<>(++seq, fact));
            if (fact instanceof RoomFact.RoomEvent event) {
                entities.put(
                        EntityKey.of(event.id()),
                        new EventEntity(
                                event.room(),
                                seq,
                                null,
                                event.state(),
                                RoomPlace.live(seq),
                                event.redactedBy(),
                                Pdu.stored(
                                        RoomVersions.find(event.version()).orElseThrow(), event.id(), event.body())));
            }
        }
        orders.addAll(decision.orders());
        return decision;
    }

    /** Carries out the orders given so far, and the orders that these give. Orders for other services are kept. */
    public void obey() {
        List<Order> forOthers = new ArrayList<>();
        while (!orders.isEmpty()) {
            Order order = orders.removeFirst();
            if (order.topic().equals(RoomTopics.INPUT.name())) {
                decide(Cbor.decode(order.command(), RoomCommand.class));
            } else {
                forOthers.add(order);
            }
        }
        orders.addAll(forOthers);
    }

    private RoomEntity entity(String key) {
        return entities.getOrDefault(key, unknown(key));
    }

    /** A room as it is now, with readable state events. */
    public Room room(RoomId id) {
        return ((Room) entity(EntityKey.of(id))).readBy(new StateEvents(this::entity));
    }

    private static RoomEntity unknown(String key) {
        return key.startsWith("user:")
                ? new UserEntity(new UserId(key.substring("user:".length())), null, Set.of())
                : new Absent();
    }

    public static Profile profile(UserId user, long at, @Nullable String name) {
        return new Profile(user, new Position(0, 1, at), name, null, Map.of(), false);
    }

    public static EventId sent(RoomAnswer answer) {
        assertThat(answer).isInstanceOf(RoomAnswer.EventSent.class);
        return ((RoomAnswer.EventSent) answer).event();
    }

    public static MatrixError refused(RoomAnswer answer) {
        assertThat(answer).isInstanceOf(RoomAnswer.Refused.class);
        return ((RoomAnswer.Refused) answer).error();
    }
}
