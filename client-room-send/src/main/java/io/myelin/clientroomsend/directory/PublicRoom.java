package io.myelin.clientroomsend.directory;

import io.myelin.clientroomsend.lookup.RoomState;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.state.StateKey;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A room as the directory shows it. Client-server API, {@code GET /publicRooms}.
 *
 * @param type of {@code m.room.create}; null for an ordinary room
 */
record PublicRoom(
        RoomId id,
        long joinedMembers,
        @Nullable String name,
        @Nullable String topic,
        @Nullable String canonicalAlias,
        @Nullable String avatarUrl,
        @Nullable String joinRule,
        @Nullable String type,
        boolean worldReadable,
        boolean guestCanJoin) {

    /** The state that {@link #of} reads. */
    static final List<StateKey> STATE = Stream.of(
                    EventTypes.NAME,
                    EventTypes.TOPIC,
                    EventTypes.CANONICAL_ALIAS,
                    EventTypes.AVATAR,
                    EventTypes.JOIN_RULES,
                    EventTypes.HISTORY_VISIBILITY,
                    EventTypes.GUEST_ACCESS)
            .map(eventType -> new StateKey(eventType, ""))
            .toList();

    /** The directory entry of a room; the members are not counted yet. */
    static PublicRoom of(RoomId id, RoomState state) {
        return new PublicRoom(
                id,
                0,
                state.text(EventTypes.NAME, "name").orElse(null),
                state.text(EventTypes.TOPIC, "topic").orElse(null),
                state.text(EventTypes.CANONICAL_ALIAS, "alias").orElse(null),
                state.text(EventTypes.AVATAR, "url").orElse(null),
                state.text(EventTypes.JOIN_RULES, "join_rule").orElse(null),
                state.text(EventTypes.CREATE, "type").orElse(null),
                Aliases.isWorldReadable(state),
                state.text(EventTypes.GUEST_ACCESS, "guest_access")
                        .filter("can_join"::equals)
                        .isPresent());
    }

    PublicRoom withJoinedMembers(long count) {
        return new PublicRoom(
                id, count, name, topic, canonicalAlias, avatarUrl, joinRule, type, worldReadable, guestCanJoin);
    }

    /** Whether the name, topic or alias contains the term, ignoring case. */
    boolean mentions(String term) {
        String wanted = term.toLowerCase(Locale.ROOT);
        return Stream.of(name, topic, canonicalAlias)
                .flatMap(text -> Optional.ofNullable(text).stream())
                .anyMatch(text -> text.toLowerCase(Locale.ROOT).contains(wanted));
    }

    JsonObject json() {
        return JsonObject.builder()
                .put("room_id", id.value())
                .put("num_joined_members", joinedMembers)
                .putIfPresent("name", name)
                .putIfPresent("topic", topic)
                .putIfPresent("canonical_alias", canonicalAlias)
                .putIfPresent("avatar_url", avatarUrl)
                .putIfPresent("join_rule", joinRule)
                .putIfPresent("room_type", type)
                .put("world_readable", worldReadable)
                .put("guest_can_join", guestCanJoin)
                .build();
    }
}
