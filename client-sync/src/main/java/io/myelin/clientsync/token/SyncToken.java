package io.myelin.clientsync.token;

import io.myelin.engine.Committed;
import io.myelin.engine.ephemeral.Version;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a client has been told: {@code since} and {@code next_batch}. It is a vector of the positions in every room
 * shard, in the user's own account shard and in every receipt shard, of the versions of typing, by room shard, and
 * of presence, by the shards of presence-server, and of the place in the device's inbox. It names no Kafka offsets, so
 * it survives the loss of the broker. Each position has its shard's incarnation, so that numbers of a restored database
 * are not mistaken for newer ones.
 *
 * <p>Its text is {@code s1_} and sections of (tag, length, numbers). A reader skips tags that it does not know, and a
 * missing section was never told.
 *
 * @param rooms by room shard
 * @param account of the user's account shard
 * @param receipts by shard
 * @param typing by room shard
 * @param presence by the presence-server's shards, however many there were; none if it was never told
 * @param devices of device lists, by account shard
 * @param toDevice the last to-device message that the device was sent
 */
public record SyncToken(
        List<Committed> rooms,
        Committed account,
        List<Committed> receipts,
        List<TypingPoint> typing,
        List<Version> presence,
        List<Committed> devices,
        Committed toDevice) {
    static final String PREFIX = "s1_";
    private static final int ROOMS = 1;
    private static final int ACCOUNT = 2;
    private static final int RECEIPTS = 3;
    private static final int TYPING = 4;
    private static final int PRESENCE = 5;
    private static final int TO_DEVICE = 16;
    private static final int DEVICES = 6;
    private static final int MOST_SHARDS = 1024;

    /** A position of an incarnation that no shard has. */
    public static final Committed NOWHERE = new Committed(0, 0);

    public SyncToken {
        rooms = List.copyOf(rooms);
        receipts = List.copyOf(receipts);
        typing = List.copyOf(typing);
        presence = List.copyOf(presence);
        devices = List.copyOf(devices);
    }

    /** The token of a client that was told of no device lists and sent no to-device messages. */
    public SyncToken(
            List<Committed> rooms,
            Committed account,
            List<Committed> receipts,
            List<TypingPoint> typing,
            List<Version> presence) {
        this(rooms, account, receipts, typing, presence, Collections.nCopies(rooms.size(), NOWHERE), NOWHERE);
    }

    /** The token of a client that was told of rooms and account data only. */
    public static SyncToken ofLogs(List<Committed> rooms, Committed account) {
        int shards = rooms.size();
        return new SyncToken(
                rooms,
                account,
                Collections.nCopies(shards, NOWHERE),
                Collections.nCopies(shards, TypingPoint.NONE),
                List.of());
    }

    public Committed room(int shard) {
        return rooms.get(shard);
    }

    public String encode() {
        Packed.Writer out =
                new Packed.Writer().put(ROOMS).put(vector(rooms)).put(ACCOUNT).put(vector(List.of(account)));
        putIfTold(out, RECEIPTS, receipts);
        putIfTold(out, TYPING, typing.stream().map(SyncToken::packed).toList());
        putIfTold(
                out,
                PRESENCE,
                presence.stream()
                        .map(version -> new Committed(version.epoch(), version.n()))
                        .toList());
        putIfTold(out, TO_DEVICE, List.of(toDevice));
        putIfTold(out, DEVICES, devices);
        return PREFIX + out.toText();
    }

    private static void putIfTold(Packed.Writer out, int tag, List<Committed> components) {
        if (components.stream().anyMatch(component -> !component.equals(NOWHERE))) {
            out.put(tag).put(vector(components));
        }
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

    /** The point as a position: the epoch as its incarnation, and the number doubled to hold {@code shown}. */
    private static Committed packed(TypingPoint point) {
        return new Committed(point.version().epoch(), point.version().n() << 1 | (point.shown() ? 1 : 0));
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
        Committed account = NOWHERE;
        List<Committed> receipts = List.of();
        List<Committed> typing = List.of();
        List<Committed> presence = List.of();
        Committed toDevice = NOWHERE;
        List<Committed> devices = List.of();
        while (reader.hasMore()) {
            long tag = reader.count();
            var section = reader.section();
            if (tag == ROOMS) {
                rooms = vector(section);
            } else if (tag == ACCOUNT) {
                account = vector(section).getFirst();
            } else if (tag == RECEIPTS) {
                receipts = vector(section);
            } else if (tag == TYPING) {
                typing = vector(section);
            } else if (tag == PRESENCE) {
                presence = vector(section);
            } else if (tag == TO_DEVICE) {
                toDevice = vector(section).getFirst();
            } else if (tag == DEVICES) {
                devices = vector(section);
            }
        }
        return new SyncToken(
                complete(rooms, shards),
                account,
                orNever(receipts, shards),
                orNever(typing, shards).stream().map(SyncToken::unpacked).toList(),
                presence.stream()
                        .map(point -> new Version(point.incarnation(), point.seq()))
                        .toList(),
                orNever(devices, shards),
                toDevice);
    }

    private static TypingPoint unpacked(Committed point) {
        return new TypingPoint(new Version(point.incarnation(), point.seq() >>> 1), (point.seq() & 1) == 1);
    }

    /** A token of an earlier release does not have the section: then nothing of it was told. */
    private static List<Committed> orNever(List<Committed> section, int shards) {
        return section.size() == shards ? section : Collections.nCopies(shards, NOWHERE);
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
