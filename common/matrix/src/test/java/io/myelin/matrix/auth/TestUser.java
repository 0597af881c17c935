package io.myelin.matrix.auth;

import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;

/** A user of the fixtures, whose methods name what the user sends: {@code BOB.joins()}, {@code ALICE.bans(BOB)}. */
public record TestUser(UserId id) {
    public static final TestUser ALICE = new TestUser(new UserId("@alice:one.example"));
    public static final TestUser BOB = new TestUser(new UserId("@bob:one.example"));
    public static final TestUser CAROL = new TestUser(new UserId("@carol:two.example"));
    public static final TestUser DAVE = new TestUser(new UserId("@dave:two.example"));
    public static final TestUser EVE = new TestUser(new UserId("@eve:three.example"));

    public Draft joined() {
        return joins();
    }

    public Draft invited() {
        return ALICE.invites(this);
    }

    public Draft banned() {
        return ALICE.bans(this);
    }

    public Draft knocked() {
        return knocks();
    }

    public Draft left() {
        return leaves();
    }

    public Draft joins() {
        return member(this, "join");
    }

    public Draft joinsAuthorisedBy(TestUser user) {
        return joins().withContent("join_authorised_via_users_server", user.id().value());
    }

    public Draft knocks() {
        return member(this, "knock");
    }

    public Draft leaves() {
        return member(this, "leave");
    }

    public Draft invites(TestUser target) {
        return member(target, "invite");
    }

    public Draft kicks(TestUser target) {
        return member(target, "leave");
    }

    public Draft bans(TestUser target) {
        return member(target, "ban");
    }

    public Draft member(TestUser target, String membership) {
        return sets("m.room.member", target.id().value(), JsonObject.of("membership", membership));
    }

    public Draft sends(String type) {
        return new Draft(id, type, null, JsonObject.EMPTY);
    }

    public Draft sets(String type, String stateKey, JsonObject content) {
        return new Draft(id, type, stateKey, content);
    }

    public Draft setsJoinRule(String rule) {
        return sets("m.room.join_rules", "", JsonObject.of("join_rule", rule));
    }

    /** The content as JSON with single quotes. */
    public Draft setsPowerLevels(String content) {
        return sets("m.room.power_levels", "", TestRoom.json(content));
    }
}
