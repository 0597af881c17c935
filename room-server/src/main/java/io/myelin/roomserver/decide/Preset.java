package io.myelin.roomserver.decide;

import io.myelin.contracts.MatrixError;
import io.myelin.matrix.auth.Creators;
import io.myelin.matrix.auth.JoinRule;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonObjectBuilder;
import io.myelin.roomserver.room.Refusal;
import io.myelin.roomserver.room.Room;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a new room is like unless its creator says otherwise. Client-server API, {@code preset} of createRoom. */
enum Preset {
    PRIVATE_CHAT(JoinRule.INVITE, "can_join", 0),
    TRUSTED_PRIVATE_CHAT(JoinRule.INVITE, "can_join", 0),
    PUBLIC_CHAT(JoinRule.PUBLIC, null, 50);

    private static final long ADMIN = 100;
    private static final long MODERATOR = 50;

    /**
     * Above every level that a member has by default. In versions where creators have infinite power, only they can send a
     * tombstone.
     */
    private static final long ABOVE_ADMIN = 150;

    private final JoinRule joinRule;
    /** Null for none, which forbids guests; as with Synapse, there is no event then. */
    private final @Nullable String guestAccess;

    private final long invite;

    Preset(JoinRule joinRule, @Nullable String guestAccess, long invite) {
        this.joinRule = joinRule;
        this.guestAccess = guestAccess;
        this.invite = invite;
    }

    /** @throws Refusal if there is no such preset */
    static Preset parse(String name) {
        for (Preset preset : values()) {
            if (preset.name().toLowerCase(Locale.ROOT).equals(name)) {
                return preset;
            }
        }
        throw new Refusal(MatrixError.invalidParam("There is no preset '" + name + "'."));
    }

    /** Contents by type, in order. */
    Map<String, JsonObject> state() {
        Map<String, JsonObject> state = new LinkedHashMap<>();
        state.put(EventTypes.JOIN_RULES, JsonObject.of("join_rule", joinRule.value()));
        state.put(EventTypes.HISTORY_VISIBILITY, JsonObject.of("history_visibility", "shared"));
        if (guestAccess != null) {
            state.put(EventTypes.GUEST_ACCESS, JsonObject.of("guest_access", guestAccess));
        }
        return state;
    }

    /** @param asked the power levels that the creator gives, which replace the preset's; null for none */
    JsonObject powerLevels(Room room, @Nullable JsonObject asked, List<UserId> invitees) {
        if (asked != null) {
            return asked;
        }
        boolean standAbove = room.version().creatorsHaveInfinitePower();
        Set<UserId> creators = Creators.all(room.create());
        JsonObjectBuilder users = JsonObject.builder();
        if (!standAbove) {
            creators.forEach(creator -> users.put(creator.value(), ADMIN));
        }
        if (this == TRUSTED_PRIVATE_CHAT) {
            invitees.stream()
                    .filter(invitee -> !creators.contains(invitee))
                    .forEach(invitee -> users.put(invitee.value(), ADMIN));
        }
        JsonObject events = JsonObject.builder()
                .put(EventTypes.NAME, MODERATOR)
                .put(EventTypes.AVATAR, MODERATOR)
                .put(EventTypes.CANONICAL_ALIAS, MODERATOR)
                .put(EventTypes.POWER_LEVELS, ADMIN)
                .put(EventTypes.HISTORY_VISIBILITY, ADMIN)
                .put(EventTypes.SERVER_ACL, ADMIN)
                .put(EventTypes.ENCRYPTION, ADMIN)
                .put(EventTypes.TOMBSTONE, standAbove ? ABOVE_ADMIN : ADMIN)
                .build();
        return JsonObject.builder()
                .put("users", users.build())
                .put("users_default", 0)
                .put("events", events)
                .put("events_default", 0)
                .put("state_default", MODERATOR)
                .put("ban", MODERATOR)
                .put("kick", MODERATOR)
                .put("redact", MODERATOR)
                .put("invite", invite)
                .build();
    }
}
