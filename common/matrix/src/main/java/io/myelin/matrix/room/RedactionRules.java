package io.myelin.matrix.room;

import java.util.Map;
import java.util.Set;

/**
 * What a redaction leaves of an event.
 *
 * @param topLevel the members of the event that stay
 * @param content by event type, the members of the content that stay; nothing stays for other types
 * @param contentKeptWhole types whose content stays as it is
 * @param thirdPartyInviteSigned whether a member event keeps {@code signed} of its {@code third_party_invite}
 */
public record RedactionRules(
        Set<String> topLevel,
        Map<String, Set<String>> content,
        Set<String> contentKeptWhole,
        boolean thirdPartyInviteSigned) {

    /** Versions 9 and 10. */
    public static final RedactionRules V9 = new RedactionRules(
            Set.of(
                    "event_id",
                    "type",
                    "room_id",
                    "sender",
                    "state_key",
                    "content",
                    "hashes",
                    "signatures",
                    "depth",
                    "prev_events",
                    "prev_state",
                    "auth_events",
                    "origin",
                    "origin_server_ts",
                    "membership"),
            Map.of(
                    "m.room.member", Set.of("membership", "join_authorised_via_users_server"),
                    "m.room.create", Set.of("creator"),
                    "m.room.join_rules", Set.of("join_rule", "allow"),
                    "m.room.power_levels",
                            Set.of(
                                    "ban",
                                    "events",
                                    "events_default",
                                    "kick",
                                    "redact",
                                    "state_default",
                                    "users",
                                    "users_default"),
                    "m.room.history_visibility", Set.of("history_visibility")),
            Set.of(),
            false);

    /** Versions 11 and 12. */
    public static final RedactionRules V11 = new RedactionRules(
            Set.of(
                    "event_id",
                    "type",
                    "room_id",
                    "sender",
                    "state_key",
                    "content",
                    "hashes",
                    "signatures",
                    "depth",
                    "prev_events",
                    "auth_events",
                    "origin_server_ts"),
            Map.of(
                    "m.room.member", Set.of("membership", "join_authorised_via_users_server"),
                    "m.room.join_rules", Set.of("join_rule", "allow"),
                    "m.room.power_levels",
                            Set.of(
                                    "ban",
                                    "events",
                                    "events_default",
                                    "invite",
                                    "kick",
                                    "redact",
                                    "state_default",
                                    "users",
                                    "users_default"),
                    "m.room.history_visibility", Set.of("history_visibility"),
                    "m.room.redaction", Set.of("redacts")),
            Set.of("m.room.create"),
            true);
}
