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

/** The presence of users, by their shards. Nothing here decides who may see it. */
public final class PresenceCache implements CachedValues<UserPresence> {
    /**
     * @param next the versions, by shard, up to which a client has been told when it has been told of all changes
     * @param changed the presences that changed
     * @param many whether there may be more changes than {@code changed} has
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

    /** @param since by shard; if the number of shards differs, everything counts as changed */
    public Optional<UserPresence> ifChanged(UserId user, List<Version> since) {
        int shard = shardNumber(user);
        return Optional.ofNullable(shards.get(shard).ifChanged(user, told(since, shard)));
    }

    private Version told(List<Version> since, int shard) {
        return since.size() == shards.size() ? since.get(shard) : Version.NONE;
    }

    /**
     * The presences that changed after what a client was told.
     *
     * @param since by shard; if the number of shards differs, everything counts as changed
     * @param most gathers no more when there are more than so many
     */
    public Changes since(List<Version> since, int most) {
        List<UserPresence> changed = new ArrayList<>();
        List<Version> next = new ArrayList<>(shards.size());
        for (int shard = 0; shard < shards.size(); shard++) {
            next.add(shards.get(shard).since(told(since, shard), changed, most));
        }
        return new Changes(next, changed, changed.size() > most);
    }

    /** The newest version of a shard. */
    public Version position(int shard) {
        return shards.get(shard).position();
    }

    /** The newest versions of all shards: up to there a client has been told that was told everything. */
    public List<Version> positions() {
        return shards.stream().map(PresenceShard::position).toList();
    }
}
