package io.myelin.roomserver.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.PruneRedacted;
import io.myelin.roomserver.TestShard;
import io.myelin.roomserver.room.Absent;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.PrunedBody;
import io.myelin.roomserver.room.RoomChange.Pruned;
import io.myelin.roomserver.room.Unpruned;
import java.util.List;
import org.junit.jupiter.api.Test;

class PruneRedactedDecisionTest {

    private static final List<PrunedBody> BODIES = List.of(new PrunedBody(7, new byte[] {1}));

    private final TestShard shard = new TestShard();

    private void unpruned(int step, Unpruned some) {
        shard.entities.put(EntityKey.ofUnpruned(1000, step), some);
    }

    @Test
    void whereNothingIsRedactedNothingHappens() {
        unpruned(0, Unpruned.NOTHING);
        assertThat(shard.execute(new PruneRedacted(0, 1000, 0))).isInstanceOf(RoomAnswer.RedactedPruned.class);
        assertThat(shard.facts).isEmpty();
        assertThat(shard.orders).isEmpty();
    }

    @Test
    void whatIsMoreThanASliceIsPrunedInTheNext() {
        unpruned(0, new Unpruned(BODIES, List.of(8L), false));
        unpruned(1, new Unpruned(List.of(), List.of(9L), true));
        shard.execute(new PruneRedacted(0, 1000, 0));
        shard.obey();
        assertThat(shard.changes).containsExactly(new Pruned(BODIES, List.of(8L)), new Pruned(List.of(), List.of(9L)));
        assertThat(shard.entities.get(EntityKey.ofUnpruned(1000, 0))).isInstanceOf(Absent.class);
    }
}
