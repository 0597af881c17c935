package io.myelin.engine.shard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.engine.LogPosition;
import io.myelin.engine.ownership.Balance;
import io.myelin.engine.ownership.OwnerScan;
import io.myelin.engine.ownership.ShardRow;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A repetition of a transaction that would be refused by now. */
class RepeatedTransactionTest {
    private static final long DEADLINE = 30_000;
    private static final TransactionKey TRANSACTION = new TransactionKey(1, 2);

    private final RecordedEffects effects = new RecordedEffects();
    private final ShardRuntime<Long, String, String> runtime =
            new ShardRuntime<>(1, new Refusing(), effects, effects, UUID::randomUUID, ShardLimits.DEFAULT);

    @BeforeEach
    void ownTheShard() {
        runtime.ownership().lookForShards(0);
        ShardRow row = new ShardRow(0, 1, 0, 0, 0, 1, LogPosition.START);
        runtime.ownership()
                .looked(
                        effects.life,
                        new OwnerScan(List.of(row), Balance.of("me", 1, Set.of("me"), Map.of(0, "me"))),
                        0);
        runtime.asked(0, new Request<>(new UUID(0, 1), DEADLINE, new ReplyTo.LocalCaller(1), TRANSACTION, "command"));
        runtime.loaded(0, 1, "command", 0L, 0);
    }

    @Test
    void hasItsFirstAnswer() {
        assertThat(runtime.step(0)).isInstanceOf(Step.LookUp.class);
        runtime.found(new KeptAnswers(Map.of(), Map.of(TRANSACTION, "done".getBytes(UTF_8))));
        assertThat(runtime.step(0)).isInstanceOf(Step.Commit.class);
        runtime.committed(new CommitOutcome.Committed(), 0);
        assertThat(effects.replies).containsExactly("done");
    }

    @Test
    void isRefusedIfTheFirstWasRefusedToo() {
        assertThat(runtime.step(0)).isInstanceOf(Step.LookUp.class);
        runtime.found(KeptAnswers.NOTHING);
        assertThat(runtime.step(0)).isInstanceOf(Step.Commit.class);
        runtime.committed(new CommitOutcome.Committed(), 0);
        assertThat(effects.replies).containsExactly("refused");
        assertThat(runtime.step(0)).isInstanceOf(Step.Nothing.class);
    }

    private static final class Refusing implements Decider<Long, String, String> {

        @Override
        public List<String> keys(String command) {
            return List.of(command);
        }

        @Override
        public Decision<Long, String> decide(Entities<Long> entities, String command, Moment moment) {
            return Decision.refused("refused".getBytes(UTF_8));
        }

        @Override
        public long weight(Long weight) {
            return 1;
        }

        @Override
        public byte[] failed(String reason) {
            return reason.getBytes(UTF_8);
        }
    }
}
