package io.myelin.clientsync.token;

import io.myelin.engine.Committed;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Up to where a client has seen each log: {@code since} and {@code next_batch}. A vector of what was applied in every
 * room shard, and in the user's own account shard. It names no offsets, so it survives the broker, and each component
 * has its shard's incarnation, so that numbers of a database that was restored are not mistaken for newer ones.
 *
 * <p>Its text is {@code s1_} and sections of (tag, length, numbers); a reader passes over tags it does not know.
 *
 * @param rooms by room shard
 * @param account of the user's account shard
 */
public record SyncToken(List<Committed> rooms, Committed account) {
    static final String PREFIX = "s1_";
    private static final int ROOMS = 1;
    private static final int ACCOUNT = 2;
    private static final int MOST_SHARDS = 1024;

    public SyncToken {
        rooms = List.copyOf(rooms);
    }

    public Committed room(int shard) {
        return rooms.get(shard);
    }

    public String encode() {
        return PREFIX
                + new Packed.Writer()
                        .put(ROOMS)
                        .put(vector(rooms))
                        .put(ACCOUNT)
                        .put(vector(List.of(account)))
                        .toText();
    }

    /** The first incarnation, then each number doubled; odd ones are followed by an incarnation of their own. */
    private static Packed.Writer vector(List<Committed> components) {
        long usual = components.getFirst().incarnation();
        Packed.Writer out = new Packed.Writer().put(usual);
        for (Committed component : components) {
            boolean other = component.incarnation() != usual;
            out.put(component.seq() << 1 | (other ? 1 : 0));
            if (other) {
                out.put(component.incarnation());
            }
        }
        return out;
    }

    /**
     * @param shards how many room shards there are
     * @throws InvalidToken if it is not a token of this server
     */
    public static SyncToken parse(String text, int shards) {
        if (!text.startsWith(PREFIX)) {
            throw new InvalidToken("The token is not one of this server's.");
        }
        var reader = Packed.Reader.of(text.substring(PREFIX.length()));
        List<Committed> rooms = null;
        Committed account = null;
        while (reader.hasMore()) {
            long tag = reader.count();
            var section = reader.section();
            if (tag == ROOMS) {
                rooms = vector(section);
            } else if (tag == ACCOUNT) {
                account = vector(section).getFirst();
            }
        }
        return new SyncToken(complete(rooms, shards), account == null ? new Committed(0, 0) : account);
    }

    private static List<Committed> complete(@Nullable List<Committed> rooms, int shards) {
        if (rooms == null || rooms.size() != shards) {
            throw new InvalidToken("The token is of a server with another number of shards.");
        }
        return rooms;
    }

    private static List<Committed> vector(Packed.Reader section) {
        long usual = section.count();
        List<Committed> components = new ArrayList<>();
        while (section.hasMore() && components.size() <= MOST_SHARDS) {
            long number = section.count();
            components.add(new Committed((number & 1) == 0 ? usual : section.count(), number >>> 1));
        }
        if (components.isEmpty()) {
            throw new InvalidToken("The token ends too early.");
        }
        return components;
    }
}
