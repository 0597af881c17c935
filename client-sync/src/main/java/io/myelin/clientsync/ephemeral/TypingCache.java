package io.myelin.clientsync.ephemeral;

import io.myelin.clientsync.token.TypingPoint;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.typing.RoomTyping;
import io.myelin.engine.ephemeral.Version;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The users who type, by room. All rooms of a room shard are in one shard here, since both numbers of shards are powers
 * of two.
 */
public final class TypingCache implements CachedValues<RoomTyping> {
    /**
     * @param next the point up to which the client has been told when it has been told of these
     * @param told whole lists, also those that became empty
     */
    public record Typing(TypingPoint next, List<RoomTyping> told) {}

    private final List<TypingShard> shards;
    private final Consumer<RoomId> news;

    /**
     * @param shardCount a power of two, not more than there are room shards
     * @param news is told of each room whose list has changed
     */
    public TypingCache(int shardCount, Consumer<RoomId> news) {
        this.shards = Stream.generate(TypingShard::new).limit(shardCount).toList();
        this.news = news;
    }

    @Override
    public void changed(int shard, Version version, RoomTyping typing) {
        if (shards.get(shard).changed(version, typing)) {
            news.accept(typing.room());
        }
    }

    @Override
    public void reset(int shard, Version asOf) {
        shards.get(shard).reset(asOf);
    }

    @Override
    public void settled(int shard) {
        shards.get(shard).settled().forEach(news);
    }

    private TypingShard shardOf(RoomId room) {
        return shards.get(Partitions.of(room.value(), shards.size()));
    }

    /** Whether a user types in a room, as far as is known here. */
    boolean isTyping(RoomId room, UserId user) {
        return shardOf(room).isTyping(room, user);
    }

    /** The rooms in which a user types. */
    List<RoomId> whereTyping(UserId user) {
        return shards.stream()
                .flatMap(shard -> shard.whereTyping(user).stream())
                .toList();
    }

    /**
     * The typing that a client has to be told of a room shard.
     *
     * @param joined all rooms of the shard that the client wants to hear of; asked only if anything has changed
     * @param newly those of them of which the client knows nothing
     */
    public Typing since(int roomShard, TypingPoint since, Supplier<List<RoomId>> joined, Set<RoomId> newly) {
        return shards.get(roomShard % shards.size()).since(since, joined, newly);
    }
}
