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

/** How the whole engine treats commands whose entities do not fit into memory. */
class TooHeavyTest {

    private static final long BUDGET = 10_000;
    private static final long DEADLINE = 30_000;

    private final RecordedEffects effects = new RecordedEffects();
    private final ShardRuntime<Long, String, String> runtime = new ShardRuntime<>(
            1, new Weights(), effects, effects, UUID::randomUUID, ShardLimits.DEFAULT.withMemory(BUDGET));
    private long commands;

    @BeforeEach
    void ownTheShard() {
        runtime.ownership().lookForShards(0);
        ShardRow row = new ShardRow(0, 1, 0, 0, 0, 1, LogPosition.START);
        runtime.ownership()
                .looked(
                        effects.life,
                        new OwnerScan(List.of(row), Balance.of("me", 1, Set.of("me"), Map.of(0, "me"))),
                        0);
    }

    private void ask(String key) {
        commands++;
        runtime.asked(0, new Request<>(new UUID(0, commands), DEADLINE, new ReplyTo.LocalCaller(commands), null, key));
    }

    private void decide() {
        if (runtime.step(0) instanceof Step.Commit<String>) {
            runtime.committed(new CommitOutcome.Committed(), 0);
        }
    }

    @Test
    void isAnsweredWithAnErrorThatSaysSoWhileOthersAreDone() {
        ask("heavy");
        ask("light");
        runtime.loaded(0, 1, "light", 10L, 0);
        runtime.loaded(0, 1, "heavy", BUDGET + 1, 0);

        decide();

        assertThat(effects.replies)
                .hasSize(2)
                .anySatisfy(answer -> assertThat(answer).contains("10001 bytes").contains("10000"))
                .contains("light done");
    }

    @Test
    void isNotLoadedAgainForTheNextOne() {
        ask("heavy");
        runtime.loaded(0, 1, "heavy", BUDGET + 1, 0);
        decide();

        ask("heavy");
        decide();

        assertThat(effects.replies).hasSize(2);
        assertThat(effects.loads).containsExactly("heavy");
    }

    /** Commands name their entity, whose state is its weight. */
    private static final class Weights implements Decider<Long, String, String> {

        @Override
        public List<String> keys(String command) {
            return List.of(command);
        }

        @Override
        public Decision<Long, String> decide(Entities<Long> entities, String command, Moment moment) {
            return Decision.unchanged((command + " done").getBytes(UTF_8));
        }

        @Override
        public long weight(Long weight) {
            return weight;
        }

        @Override
        public byte[] failed(String reason) {
            return reason.getBytes(UTF_8);
        }
    }
}
