package io.myelin.matrix.room;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The members of an event that a redaction keeps. Each set of rules is named by the version that introduced it and declared
 * by what that version changed.
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

    public static final RedactionRules V1 = new RedactionRules(
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
                    "m.room.member", Set.of("membership"),
                    "m.room.create", Set.of("creator"),
                    "m.room.join_rules", Set.of("join_rule"),
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
                    "m.room.aliases", Set.of("aliases"),
                    "m.room.history_visibility", Set.of("history_visibility")),
            Set.of(),
            false);

    public static final RedactionRules V6 = V1.keepingNothingOf("m.room.aliases");

    public static final RedactionRules V8 = V6.keeping("m.room.join_rules", "allow");

    public static final RedactionRules V9 = V8.keeping("m.room.member", "join_authorised_via_users_server");

    public static final RedactionRules V11 = V9.dropping("prev_state", "origin", "membership")
            .keepingContentOf("m.room.create")
            .keeping("m.room.power_levels", "invite")
            .keeping("m.room.redaction", "redacts")
            .keepingThirdPartyInviteSigned();

    private RedactionRules keeping(String type, String member) {
        Set<String> members = new HashSet<>(content.getOrDefault(type, Set.of()));
        members.add(member);
        Map<String, Set<String>> more = new HashMap<>(content);
        more.put(type, Set.copyOf(members));
        return new RedactionRules(topLevel, Map.copyOf(more), contentKeptWhole, thirdPartyInviteSigned);
    }

    private RedactionRules keepingNothingOf(String type) {
        Map<String, Set<String>> fewer = new HashMap<>(content);
        fewer.remove(type);
        return new RedactionRules(topLevel, Map.copyOf(fewer), contentKeptWhole, thirdPartyInviteSigned);
    }

    private RedactionRules keepingContentOf(String type) {
        Set<String> more = new HashSet<>(contentKeptWhole);
        more.add(type);
        return new RedactionRules(topLevel, content, Set.copyOf(more), thirdPartyInviteSigned).keepingNothingOf(type);
    }

    private RedactionRules keepingThirdPartyInviteSigned() {
        return new RedactionRules(topLevel, content, contentKeptWhole, true);
    }

    private RedactionRules dropping(String... members) {
        Set<String> fewer = new HashSet<>(topLevel);
        fewer.removeAll(Set.of(members));
        return new RedactionRules(Set.copyOf(fewer), content, contentKeptWhole, thirdPartyInviteSigned);
    }
}
