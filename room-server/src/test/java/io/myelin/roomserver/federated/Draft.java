package io.myelin.roomserver.federated;

import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What a user wants to send, before their server makes an event of it.
 *
 * @param stateKey null for an event that is not state
 */
public record Draft(
        UserId sender,
        String type,
        @Nullable String stateKey,
        JsonObject content,
        @Nullable EventId redacts) {

    public static Draft state(UserId sender, String type, String stateKey, JsonObject content) {
        return new Draft(sender, type, stateKey, content, null);
    }

    public static Draft member(UserId sender, UserId target, Membership membership) {
        return state(sender, EventTypes.MEMBER, target.value(), JsonObject.of("membership", membership.value()));
    }

    public static Draft joins(UserId user) {
        return member(user, user, Membership.JOIN);
    }

    public static Draft message(UserId sender, String text) {
        JsonObject content = JsonObject.of("msgtype", "m.text").with("body", text);
        return new Draft(sender, EventTypes.MESSAGE, null, content, null);
    }

    public static Draft topic(UserId sender, String topic) {
        return state(sender, EventTypes.TOPIC, "", JsonObject.of("topic", topic));
    }

    public static Draft joinRule(UserId sender, JsonObject content) {
        return state(sender, EventTypes.JOIN_RULES, "", content);
    }

    public static Draft powerLevels(UserId sender, JsonObject content) {
        return state(sender, EventTypes.POWER_LEVELS, "", content);
    }

    public static Draft redaction(UserId sender, EventId redacted) {
        return new Draft(sender, EventTypes.REDACTION, null, JsonObject.of("reason", "spam"), redacted);
    }
}
