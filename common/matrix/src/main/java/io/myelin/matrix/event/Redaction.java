package io.myelin.matrix.event;

import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RedactionRules;
import io.myelin.matrix.room.RoomVersion;
import java.util.Set;

/**
 * The redaction algorithm: removes all members of an event that its room version does not protect. Room versions,
 * "Redactions".
 */
public final class Redaction {
    private static final String CONTENT = "content";
    private static final String THIRD_PARTY_INVITE = "third_party_invite";

    private Redaction() {}

    /** The redacted event; {@code unsigned} is removed too. */
    public static JsonObject redact(RoomVersion version, JsonObject event) {
        RedactionRules rules = version.redactionRules();
        JsonObject stripped = event.retain(rules.topLevel()::contains);
        String type = event.string("type").orElse("");
        if (!stripped.has(CONTENT) || rules.contentKeptWhole().contains(type)) {
            return stripped;
        }
        JsonObject content = stripped.object(CONTENT).orElse(JsonObject.EMPTY);
        return stripped.with(CONTENT, redactContent(rules, type, content));
    }

    private static JsonObject redactContent(RedactionRules rules, String type, JsonObject content) {
        Set<String> kept = rules.content().getOrDefault(type, Set.of());
        JsonObject stripped = content.retain(kept::contains);
        boolean keepsSigned = rules.thirdPartyInviteSigned() && type.equals(EventTypes.MEMBER);
        if (keepsSigned && content.get(THIRD_PARTY_INVITE) instanceof JsonObject invite) {
            Json signed = invite.retain("signed"::equals);
            return stripped.with(THIRD_PARTY_INVITE, signed);
        }
        return stripped;
    }
}
