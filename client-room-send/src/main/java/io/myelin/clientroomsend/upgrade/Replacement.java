package io.myelin.clientroomsend.upgrade;

import io.myelin.clientroomsend.create.RoomRequest;
import io.myelin.clientroomsend.lookup.RoomState;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.room.StateEntry;
import io.myelin.matrix.auth.JoinRule;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.state.StateKey;
import io.myelin.web.MatrixException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The room that will replace another one.
 *
 * @param creationContent without the fields that the server adds, and without {@code predecessor.event_id}
 * @param state by type and state key, with the first power levels
 * @param powerLevels null if the replaced room has none
 */
record Replacement(
        UserId creator,
        RoomVersion version,
        JsonObject creationContent,
        Map<StateKey, JsonObject> state,
        @Nullable CopiedPowerLevels powerLevels) {
    private static final String PREDECESSOR = "predecessor";
    /** A command has room for twice as much. */
    private static final int MAX_STATE_BYTES = 1_000_000;

    private static final Set<String> OWN_FIELDS = Set.of(PREDECESSOR, "type", "m.federate", "additional_creators");

    /** @param children of a space; none for any other room */
    static Replacement of(RoomId replaced, RoomState old, List<Pdu> children, UpgradeRequest request, UserId user) {
        Set<UserId> creators = new LinkedHashSet<>(request.additionalCreators());
        creators.remove(user);
        JsonObject creationContent = creationContent(replaced, old.create().content(), creators);
        creators.add(user);
        Map<StateKey, JsonObject> state = new LinkedHashMap<>(CopiedState.of(old, children));
        List<String> types = state.keySet().stream().map(StateKey::type).toList();
        CopiedPowerLevels powerLevels = CopiedPowerLevels.of(old, request.version(), user, creators, types)
                .orElse(null);
        if (powerLevels != null) {
            state.put(new StateKey(EventTypes.POWER_LEVELS, ""), powerLevels.atCreation());
        }
        return new Replacement(user, request.version(), creationContent, state, powerLevels);
    }

    private static JsonObject creationContent(RoomId replaced, JsonObject old, Set<UserId> additionalCreators) {
        JsonObject content = JsonObject.of(PREDECESSOR, JsonObject.of("room_id", replaced.value()));
        if (!old.bool("m.federate").orElse(true)) {
            content = content.with("m.federate", false);
        }
        String type = old.string("type").orElse(null);
        if (type != null) {
            content = content.with("type", type);
        }
        return additionalCreators.isEmpty()
                ? content
                : content.with(
                        "additional_creators",
                        JsonArray.ofStrings(
                                additionalCreators.stream().map(UserId::value).toList()));
    }

    /**
     * Checks the replacement before the old room ends; room-server would refuse it only afterwards.
     *
     * @throws MatrixException 400 if the version does not have the room's join rule, 413 if the state is too large to be
     *     set at once
     */
    void requirePossible() {
        state.getOrDefault(new StateKey(EventTypes.JOIN_RULES, ""), JsonObject.EMPTY)
                .string("join_rule")
                .flatMap(JoinRule::parse)
                .filter(rule -> !isOfVersion(rule))
                .ifPresent(rule -> {
                    throw new MatrixException(MatrixError.invalidParam(
                            "Rooms of version " + version + " have no join rule '" + rule.value() + "'."));
                });
        long bytes = state.values().stream()
                .mapToLong(content -> CanonicalJson.encode(content).length)
                .sum();
        if (bytes > MAX_STATE_BYTES) {
            throw new MatrixException(413, "M_TOO_LARGE", "The room has more state than can be set at once.");
        }
    }

    private boolean isOfVersion(JoinRule rule) {
        return switch (rule) {
            case PUBLIC, INVITE, PRIVATE -> true;
            case KNOCK -> version.knock();
            case RESTRICTED -> version.restricted();
            case KNOCK_RESTRICTED -> version.knockRestricted();
        };
    }

    /**
     * @param last newest known event of the replaced room; null if the predecessor must not name an event, because the
     *     tombstone does not exist yet
     */
    RoomRequest request(@Nullable EventId last) {
        JsonObject predecessor = creationContent.object(PREDECESSOR).orElseThrow();
        List<StateEntry> entries = state.entrySet().stream()
                .map(entry -> new StateEntry(
                        entry.getKey().type(), entry.getKey().stateKey(), CanonicalJson.encode(entry.getValue())))
                .toList();
        return new RoomRequest(
                version,
                false,
                "private_chat",
                null,
                null,
                null,
                last == null
                        ? creationContent
                        : creationContent.with(PREDECESSOR, predecessor.with("event_id", last.value())),
                entries,
                List.of(),
                null,
                false);
    }

    /** Whether this create event is that of such a replacement. */
    boolean isMadeBy(Pdu create) {
        JsonObject content = create.content().retain(OWN_FIELDS::contains);
        JsonObject predecessor = content.object(PREDECESSOR).orElse(JsonObject.EMPTY);
        return create.sender().equals(creator)
                && create.version().equals(version)
                && content.with(PREDECESSOR, predecessor.without("event_id")).equals(creationContent);
    }
}
