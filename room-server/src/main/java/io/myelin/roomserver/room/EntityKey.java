package io.myelin.roomserver.room;

import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The key by which the engine knows an entity: {@code kind:identifier}. */
public sealed interface EntityKey {

    /** A {@link Room}, or a {@link PurgedRoom}. */
    record OfRoom(RoomId room) implements EntityKey {}

    /** An {@link AliasEntity}. */
    record OfAlias(RoomAlias alias) implements EntityKey {}

    /** A {@link UserEntity}, which exists for every user. */
    record OfUser(UserId user) implements EntityKey {}

    /**
     * A {@link NumberedEvent}.
     *
     * @param number the number of the event
     */
    record OfNumber(long number) implements EntityKey {}

    /** An {@link EventEntity}. */
    record OfEvent(EventId event) implements EntityKey {}

    /**
     * A {@link RelativeState}.
     *
     * @param room the number of the room's create event
     * @param states names the states that are to be resolved into one, in ascending order
     * @param other names the state that the changes are relative to
     */
    record OfState(long room, List<Long> states, long other) implements EntityKey {}

    /**
     * A {@link HistoryBefore}.
     *
     * @param room the number of the room's create event
     */
    record OfHistory(long room, long anchor) implements EntityKey {}

    /**
     * A {@link StagedState}.
     *
     * @param state names the staged state
     */
    record OfStage(long state) implements EntityKey {}

    /**
     * {@link EventsBehind}.
     *
     * @param room the number of the room's create event
     * @param events the numbers of the events from which the walk begins, in ascending order
     */
    record OfBehind(long room, List<Long> events) implements EntityKey {}

    /**
     * {@link PurgeSlice}.
     *
     * @param room the number of the room's create event
     * @param step how many slices have been deleted
     */
    record OfRemains(long room, int step) implements EntityKey {}

    /** A {@link HistoryPurge}. */
    record OfHistoryPurge(RoomId room) implements EntityKey {}

    /**
     * {@link HistorySlice}.
     *
     * @param room the number of the room's create event
     * @param purge the number of the purge
     * @param step how many slices have been deleted
     */
    record OfHistorySlice(long room, long purge, int step) implements EntityKey {}

    /** A {@link BlockedRoom}. */
    record OfBlock(RoomId room) implements EntityKey {}

    /**
     * {@link Unpruned}.
     *
     * @param until the time by which the events were redacted, in milliseconds since the epoch
     * @param step how many slices have been pruned
     */
    record OfUnpruned(long until, int step) implements EntityKey {}

    /**
     * {@link GuestsOfRoom}.
     *
     * @param room the number of the room's create event
     * @param since the number of the fact that makes them leave
     * @param after only guests with greater IDs than this user; empty for all
     */
    record OfGuests(long room, long since, String after) implements EntityKey {}

    /**
     * {@link PendingRooms}.
     *
     * @param since the number of the fact that closed the user's account
     * @param after only rooms with greater IDs than this one; empty for all
     */
    record OfPending(UserId user, long since, String after) implements EntityKey {}

    /**
     * An {@link OwnAnnotation}.
     *
     * @param type of the annotating event, such as {@code m.reaction}
     * @param key of the annotation, such as a thumb
     */
    record OfAnnotation(EventId target, UserId sender, String type, String key) implements EntityKey {}

    /** The key for a command that is not understood. Its entity is always {@link Absent}. */
    String NOTHING = "nothing:";

    static String of(RoomId room) {
        return "room:" + room.value();
    }

    static String of(RoomAlias alias) {
        return "alias:" + alias.value();
    }

    static String of(UserId user) {
        return "user:" + user.value();
    }

    static String of(EventId event) {
        return "event:" + event.value();
    }

    static String ofNumber(long event) {
        return "pdu:" + event;
    }

    static String ofAnnotation(EventId target, UserId sender, String type, String key) {
        return "annotation:" + target.value().length() + ":" + sender.value().length() + ":" + type.length() + ":"
                + target.value() + sender.value() + type + key;
    }

    static boolean isOfNumber(String key) {
        return key.startsWith("pdu:");
    }

    static boolean isOfEvent(String key) {
        return key.startsWith("event:");
    }

    static String ofState(long room, Set<Long> states, long other) {
        return "state:" + room + ":" + other + ":"
                + states.stream().sorted().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** Whether the key names several states, which are resolved when the entity is loaded. */
    static boolean isOfResolution(String key) {
        return key.startsWith("state:") && key.indexOf(',') >= 0;
    }

    /** @param events in ascending order, at least one */
    static String ofBehind(long room, List<Long> events) {
        return "behind:" + room + ":" + events.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    static String ofHistory(long room, long anchor) {
        return "history:" + room + ":" + anchor;
    }

    static String ofStage(long state) {
        return "stage:" + state;
    }

    static String ofRemains(long room, int step) {
        return "remains:" + room + ":" + step;
    }

    static String ofHistoryPurge(RoomId room) {
        return "purge:" + room.value();
    }

    static String ofHistorySlice(long room, long purge, int step) {
        return "purged:" + room + ":" + purge + ":" + step;
    }

    static String ofBlock(RoomId room) {
        return "block:" + room.value();
    }

    static String ofUnpruned(long until, int step) {
        return "unpruned:" + until + ":" + step;
    }

    static String ofGuests(long room, long since, String after) {
        return "guests:" + room + ":" + since + ":" + after;
    }

    static String ofPending(UserId user, long since, String after) {
        return "pending:" + since + ":" + user.value().length() + ":" + user.value() + after;
    }

    /** @throws IllegalArgumentException if nothing above made the key */
    static EntityKey parse(String key) {
        int colon = key.indexOf(':');
        String identifier = key.substring(colon + 1);
        return switch (key.substring(0, Math.max(colon, 0))) {
            case "room", "nothing" -> new OfRoom(new RoomId(identifier));
            case "alias" -> new OfAlias(new RoomAlias(identifier));
            case "user" -> new OfUser(new UserId(identifier));
            case "event" -> new OfEvent(new EventId(identifier));
            case "pdu" -> new OfNumber(Long.parseLong(identifier));
            case "state" -> parseState(identifier);
            case "history" -> parseHistory(identifier);
            case "behind" -> parseBehind(identifier);
            case "stage" -> new OfStage(Long.parseLong(identifier));
            case "remains" -> parseRemains(identifier);
            case "purge" -> new OfHistoryPurge(new RoomId(identifier));
            case "purged" -> parseHistorySlice(identifier);
            case "block" -> new OfBlock(new RoomId(identifier));
            case "guests" -> parseGuests(identifier);
            case "pending" -> parsePending(identifier);
            case "unpruned" -> parseUnpruned(identifier);
            case "annotation" -> parseAnnotation(identifier);
            default -> throw new IllegalArgumentException("No entity has the key " + key);
        };
    }

    private static OfHistory parseHistory(String identifier) {
        String[] parts = identifier.split(":", -1);
        return new OfHistory(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }

    private static OfBehind parseBehind(String identifier) {
        int colon = identifier.indexOf(':');
        return new OfBehind(Long.parseLong(identifier.substring(0, colon)), numbers(identifier.substring(colon + 1)));
    }

    private static List<Long> numbers(String text) {
        return Arrays.stream(text.split(",", -1)).map(Long::valueOf).toList();
    }

    private static OfState parseState(String identifier) {
        String[] parts = identifier.split(":", -1);
        return new OfState(Long.parseLong(parts[0]), numbers(parts[2]), Long.parseLong(parts[1]));
    }

    private static OfRemains parseRemains(String identifier) {
        int between = identifier.indexOf(':');
        return new OfRemains(
                Long.parseLong(identifier.substring(0, between)), Integer.parseInt(identifier.substring(between + 1)));
    }

    private static OfHistorySlice parseHistorySlice(String identifier) {
        String[] parts = identifier.split(":", -1);
        return new OfHistorySlice(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Integer.parseInt(parts[2]));
    }

    private static OfGuests parseGuests(String identifier) {
        String[] parts = identifier.split(":", 3);
        return new OfGuests(Long.parseLong(parts[0]), Long.parseLong(parts[1]), parts[2]);
    }

    private static OfPending parsePending(String identifier) {
        String[] parts = identifier.split(":", 3);
        int length = Integer.parseInt(parts[1]);
        UserId user = new UserId(parts[2].substring(0, length));
        return new OfPending(user, Long.parseLong(parts[0]), parts[2].substring(length));
    }

    private static OfAnnotation parseAnnotation(String identifier) {
        String[] parts = identifier.split(":", 4);
        int sender = Integer.parseInt(parts[0]);
        int type = sender + Integer.parseInt(parts[1]);
        int key = type + Integer.parseInt(parts[2]);
        return new OfAnnotation(
                new EventId(parts[3].substring(0, sender)),
                new UserId(parts[3].substring(sender, type)),
                parts[3].substring(type, key),
                parts[3].substring(key));
    }

    private static OfUnpruned parseUnpruned(String identifier) {
        int between = identifier.indexOf(':');
        return new OfUnpruned(
                Long.parseLong(identifier.substring(0, between)), Integer.parseInt(identifier.substring(between + 1)));
    }
}
