package io.myelin.roomserver.federated;

import io.myelin.matrix.auth.AuthState;
import io.myelin.matrix.auth.JoinRule;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Makes up what users do in a room: drafts that make sense in its state, though the rules may still forbid them. */
final class DraftGenerator {
    private static final List<Integer> LEVELS = List.of(0, 10, 50, 99);
    private static final Set<String> REDACTED = Set.of(EventTypes.MESSAGE, EventTypes.TOPIC, EventTypes.MEMBER);

    private final RoomVersion version;
    private final UserId creator;
    private final List<UserId> users;
    private final Random random;

    DraftGenerator(RoomVersion version, UserId creator, List<UserId> users, Random random) {
        this.version = version;
        this.creator = creator;
        this.users = users;
        this.random = random;
    }

    /**
     * @param seen what the sender may refer to
     * @param unseen events that the sender may have heard of, though their server has not received them yet
     */
    Draft next(UserId sender, AuthState state, List<Pdu> seen, List<Pdu> unseen) {
        if (state.membership(sender) != Membership.JOIN) {
            return enters(sender, state);
        }
        UserId target = users.get(random.nextInt(users.size()));
        return switch (random.nextInt(22)) {
            case 0, 1 -> changesProfile(sender);
            case 2, 3 -> Draft.topic(sender, "topic " + random.nextInt(1_000));
            case 4, 5 -> Draft.powerLevels(sender, otherLevels(state));
            case 6, 7 -> Draft.member(sender, target, Membership.INVITE);
            case 8, 9 -> kicks(sender, target, state);
            case 10 -> Draft.member(sender, target, Membership.BAN);
            case 11 -> Draft.joinRule(sender, otherJoinRule());
            case 12 -> sender.equals(creator) ? changesProfile(sender) : Draft.member(sender, sender, Membership.LEAVE);
            case 13, 14 -> redacts(sender, seen);
            case 15, 16 -> redacts(sender, unseen);
            default -> says(sender);
        };
    }

    Draft says(UserId sender) {
        return Draft.message(sender, "message " + random.nextInt(1_000));
    }

    /** The power levels that the room begins with. */
    JsonObject firstLevels() {
        JsonObject levelsOfUsers = JsonObject.of(users.get(1).value(), Json.of(50));
        if (!version.creatorsHaveInfinitePower()) {
            levelsOfUsers = levelsOfUsers.with(creator.value(), 100);
        }
        return JsonObject.of("users", levelsOfUsers)
                .with("redact", random.nextBoolean() ? 0 : 50)
                .with("events", JsonObject.of(EventTypes.TOPIC, Json.of(random.nextBoolean() ? 0 : 50)));
    }

    private Draft enters(UserId sender, AuthState state) {
        JoinRule rule = state.joinRule();
        if (rule.allowsKnocking(version) && state.membership(sender) == Membership.LEAVE) {
            return Draft.member(sender, sender, Membership.KNOCK);
        }
        if (!rule.isRestricted(version)) {
            return Draft.joins(sender);
        }
        JsonObject content = JsonObject.of("membership", Membership.JOIN.value())
                .with("join_authorised_via_users_server", creator.value());
        return Draft.state(sender, EventTypes.MEMBER, sender.value(), content);
    }

    private Draft changesProfile(UserId sender) {
        JsonObject content = JsonObject.of("membership", Membership.JOIN.value())
                .with("displayname", sender.localpart() + " " + random.nextInt(1_000));
        return Draft.state(sender, EventTypes.MEMBER, sender.value(), content);
    }

    /** Removes a member, or lifts a ban. */
    private Draft kicks(UserId sender, UserId target, AuthState state) {
        boolean isUntouched = target.equals(sender) || target.equals(creator);
        Membership current = state.membership(target);
        boolean isThere = current == Membership.JOIN || current == Membership.BAN;
        return isUntouched || !isThere ? says(sender) : Draft.member(sender, target, Membership.LEAVE);
    }

    private Draft redacts(UserId sender, List<Pdu> known) {
        List<Pdu> redactable =
                known.stream().filter(event -> REDACTED.contains(event.type())).toList();
        return redactable.isEmpty()
                ? says(sender)
                : Draft.redaction(
                        sender,
                        redactable.get(random.nextInt(redactable.size())).eventId());
    }

    /**
     * The current power levels with one user's level changed; sometimes to a string, in versions where levels may be
     * strings.
     */
    private JsonObject otherLevels(AuthState state) {
        Pdu current = state.get(EventTypes.POWER_LEVELS, "");
        JsonObject levels = current == null ? firstLevels() : current.content();
        UserId target = users.get(random.nextInt(1, users.size()));
        int level = LEVELS.get(random.nextInt(LEVELS.size()));
        boolean isString = !version.integerPowerLevelsStrict() && random.nextInt(4) == 0;
        Json written = isString ? Json.of(Integer.toString(level)) : Json.of(level);
        JsonObject levelsOfUsers = levels.object("users").orElse(JsonObject.EMPTY);
        return levels.with("users", levelsOfUsers.with(target.value(), written));
    }

    private JsonObject otherJoinRule() {
        List<JoinRule> rules = List.of(JoinRule.PUBLIC, JoinRule.PUBLIC, JoinRule.INVITE, JoinRule.KNOCK);
        if (version.restricted() && random.nextInt(3) == 0) {
            JsonObject allowed =
                    JsonObject.of("type", "m.room_membership").with("room_id", "!other:" + creator.serverName());
            return joinRule(JoinRule.RESTRICTED).with("allow", JsonArray.of(allowed));
        }
        JoinRule chosen = rules.get(random.nextInt(rules.size()));
        return joinRule(chosen == JoinRule.KNOCK && !version.knock() ? JoinRule.INVITE : chosen);
    }

    static JsonObject joinRule(JoinRule rule) {
        return JsonObject.of("join_rule", rule.value());
    }
}
