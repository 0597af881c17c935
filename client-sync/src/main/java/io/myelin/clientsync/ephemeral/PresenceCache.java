package io.myelin.clientsync.ephemeral;

import io.myelin.contracts.Partitions;
import io.myelin.contracts.presence.UserPresence;
import io.myelin.engine.ephemeral.Version;
import io.myelin.matrix.id.UserId;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Who is online, by the users' shards. Nothing here knows who may see it. */
public final class PresenceCache implements CachedValues<UserPresence> {
    /**
     * @param next what a client has been told, by shard, when it has been told of all that changed
     * @param changed what changed
     * @param many whether there is more than {@code changed} has
     */
    public record Changes(List<Version> next, List<UserPresence> changed, boolean many) {}

    private final List<PresenceShard> shards;
    private final Clock clock;
    private final Consumer<UserId> news;

    /** @param news is told of each user whose presence has changed */
    public PresenceCache(int shardCount, Clock clock, Consumer<UserId> news) {
        this.shards = Stream.generate(PresenceShard::new).limit(shardCount).toList();
        this.clock = clock;
        this.news = news;
    }

    @Override
    public void changed(int shard, Version version, UserPresence presence) {
        shards.get(shard).changed(version, presence, clock.millis()).forEach(news);
    }

    @Override
    public void reset(int shard, Version asOf) {
        shards.get(shard).reset(asOf);
    }

    @Override
    public void settled(int shard) {
        shards.get(shard).settled(clock.millis()).forEach(news);
    }

    private PresenceShard shardOf(UserId user) {
        return shards.get(shardNumber(user));
    }

    public int shardNumber(UserId user) {
        return Partitions.of(user.value(), shards.size());
    }

    public Optional<UserPresence> of(UserId user) {
        return Optional.ofNullable(shardOf(user).of(user));
    }

    /** @param since by shard; of another number of shards, it says nothing */
    public Optional<UserPresence> ifChanged(UserId user, List<Version> since) {
        int shard = shardNumber(user);
        return Optional.ofNullable(shards.get(shard).ifChanged(user, told(since, shard)));
    }

    private Version told(List<Version> since, int shard) {
        return since.size() == shards.size() ? since.get(shard) : Version.NONE;
    }

    /**
     * What changed after what a client was told.
     *
     * @param since by shard; of another number of shards, it says nothing
     * @param most how many to gather
     */
    public Changes since(List<Version> since, int most) {
        List<UserPresence> changed = new ArrayList<>();
        List<Version> next = new ArrayList<>(shards.size());
        for (int shard = 0; shard < shards.size(); shard++) {
            next.add(shards.get(shard).since(told(since, shard), changed, most));
        }
        return new Changes(next, changed, changed.size() > most);
    }

    /** Where a shard is now. */
    public Version position(int shard) {
        return shards.get(shard).position();
    }

    /** Where the shards are now: what a client has been told that was told everything. */
    public List<Version> positions() {
        return shards.stream().map(PresenceShard::position).toList();
    }
}
