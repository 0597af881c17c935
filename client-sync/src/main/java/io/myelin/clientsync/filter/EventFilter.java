package io.myelin.clientsync.filter;

import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.matrix.event.PduBytes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonBoolean;
import io.myelin.matrix.json.JsonNumber;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonString;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which events of one kind a client wants: the specification's {@code EventFilter} and {@code RoomEventFilter}. A list
 * that is null is absent and lets everything pass; an exclusion wins over an inclusion.
 *
 * @param limit how many; null for the server's choice
 * @param types in which {@code *} stands for any characters
 * @param containsUrl whether {@code content.url} has to be there, or has to be missing; null for either
 */
public record EventFilter(
        @Nullable Integer limit,
        @Nullable List<TypePattern> types,
        List<TypePattern> notTypes,
        @Nullable Set<String> senders,
        Set<String> notSenders,
        @Nullable Set<String> rooms,
        Set<String> notRooms,
        @Nullable Boolean containsUrl,
        boolean lazyLoadMembers,
        boolean includeRedundantMembers) {

    /** How many texts a list has at most. */
    static final int MOST_TEXTS = 5_000;

    public static final EventFilter ALL =
            new EventFilter(null, null, List.of(), null, Set.of(), null, Set.of(), null, false, false);

    /** @throws InvalidFilter if a field is not of its type */
    public static EventFilter parse(JsonObject filter) {
        Set<String> types = strings(filter, "types");
        Set<String> notTypes = strings(filter, "not_types");
        Set<String> notSenders = strings(filter, "not_senders");
        Set<String> notRooms = strings(filter, "not_rooms");
        return new EventFilter(
                limit(filter.get("limit")),
                types == null ? null : TypePattern.of(types),
                notTypes == null ? List.of() : TypePattern.of(notTypes),
                strings(filter, "senders"),
                notSenders == null ? Set.of() : notSenders,
                strings(filter, "rooms"),
                notRooms == null ? Set.of() : notRooms,
                filter.get("contains_url") == null ? null : flag(filter, "contains_url"),
                flag(filter, "lazy_load_members"),
                flag(filter, "include_redundant_members"));
    }

    /** A filter that is part of another one; {@link #ALL} if it is absent. */
    static EventFilter within(JsonObject filter, String name) {
        Json value = filter.get(name);
        if (value == null) {
            return ALL;
        }
        if (value instanceof JsonObject object) {
            return parse(object);
        }
        throw new InvalidFilter("In a filter, '" + name + "' must be an object.");
    }

    private static @Nullable Integer limit(@Nullable Json value) {
        return switch (value) {
            case null -> null;
            case JsonNumber(long number) when number >= 0 -> (int) Math.min(number, 1_000_000);
            default -> throw new InvalidFilter("In a filter, 'limit' must be a positive integer.");
        };
    }

    static boolean flag(JsonObject filter, String name) {
        return switch (filter.get(name)) {
            case null -> false;
            case JsonBoolean flag -> flag.value();
            default -> throw new InvalidFilter("In a filter, '" + name + "' must be true or false.");
        };
    }

    static @Nullable Set<String> strings(JsonObject filter, String name) {
        Json value = filter.get(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof JsonArray array)) {
            throw new InvalidFilter("In a filter, '" + name + "' must be an array of strings.");
        }
        if (array.size() > MOST_TEXTS) {
            throw new InvalidFilter("In a filter, '" + name + "' has at most " + MOST_TEXTS + " entries.");
        }
        Set<String> strings = new HashSet<>();
        for (Json element : array) {
            if (!(element instanceof JsonString(String text))) {
                throw new InvalidFilter("In a filter, '" + name + "' must be an array of strings.");
            }
            strings.add(text);
        }
        return strings;
    }

    public boolean acceptsRoom(RoomId room) {
        return !notRooms.contains(room.value()) && (rooms == null || rooms.contains(room.value()));
    }

    public boolean acceptsType(String type) {
        return TypePattern.noneMatches(notTypes, type) && (types == null || !TypePattern.noneMatches(types, type));
    }

    public boolean acceptsSender(UserId sender) {
        return !notSenders.contains(sender.value()) && (senders == null || senders.contains(sender.value()));
    }

    /** Whether the event may pass, its room aside. */
    public boolean accepts(RoomEvent event) {
        if (this == ALL) {
            return true;
        }
        return acceptsType(event.type())
                && acceptsSender(event.sender())
                && (containsUrl == null || containsUrl == hasUrl(event));
    }

    private static boolean hasUrl(RoomEvent event) {
        return PduBytes.find(PduBytes.content(event.body()), "url") != null;
    }
}
