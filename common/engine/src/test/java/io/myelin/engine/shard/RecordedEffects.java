package io.myelin.engine.shard;

import io.myelin.engine.LogPosition;
import io.myelin.engine.Numbered;
import io.myelin.engine.ownership.OwnershipEffects;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Records the effects and carries none of them out. */
final class RecordedEffects implements Effects<String>, OwnershipEffects {

    final List<String> loads = new ArrayList<>();
    final List<String> replies = new ArrayList<>();
    final List<UUID> orders = new ArrayList<>();
    /** The order after which each requested page of the outbox begins. */
    final List<@Nullable UUID> pages = new ArrayList<>();

    int life;

    @Override
    public void look(int lifeOfLease, Set<Integer> wanted) {
        life = lifeOfLease;
    }

    @Override
    public void load(int shard, long epoch, String key) {
        loads.add(key);
    }

    @Override
    public void reply(ReplyTo to, UUID command, byte[] answer) {
        replies.add(new String(answer, StandardCharsets.UTF_8));
    }

    @Override
    public void release(int shard, long epoch, long published) {}

    @Override
    public void seek(int shard, long epoch, LogPosition position) {}

    @Override
    public void pause(int shard, boolean paused) {}

    @Override
    public void prepare(int shard, long epoch, Preparation<?, ?> preparation) {}

    @Override
    public void publish(int shard, long epoch, long incarnation, List<Numbered<byte[]>> facts) {}

    @Override
    public byte[] encode(String fact) {
        return fact.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void readLog(int shard, long epoch, long after) {}

    @Override
    public void readOutbox(int shard, long epoch, @Nullable UUID after, long bytes) {
        pages.add(after);
    }

    @Override
    public void turnAway(ReplyTo.LocalCaller localCaller) {}

    @Override
    public void send(StoredOrder order) {
        orders.add(order.id());
    }

    @Override
    public void warn(String message) {}
}
