package io.myelin.matrix.auth;

import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;

/** A user of the fixtures, who says what they send: {@code BOB.joins()}, {@code ALICE.bans(BOB)}. */
record TestUser(UserId id) {
    static final TestUser ALICE = new TestUser(new UserId("@alice:one.example"));
    static final TestUser BOB = new TestUser(new UserId("@bob:one.example"));
    static final TestUser CAROL = new TestUser(new UserId("@carol:two.example"));

    Draft joined() {
        return joins();
    }

    Draft invited() {
        return ALICE.invites(this);
    }

    Draft banned() {
        return ALICE.bans(this);
    }

    Draft knocked() {
        return knocks();
    }

    Draft left() {
        return leaves();
    }

    Draft joins() {
        return member(this, "join");
    }

    Draft joinsAuthorisedBy(TestUser user) {
        return joins().withContent("join_authorised_via_users_server", user.id().value());
    }

    Draft knocks() {
        return member(this, "knock");
    }

    Draft leaves() {
        return member(this, "leave");
    }

    Draft invites(TestUser target) {
        return member(target, "invite");
    }

    Draft kicks(TestUser target) {
        return member(target, "leave");
    }

    Draft bans(TestUser target) {
        return member(target, "ban");
    }

    Draft member(TestUser target, String membership) {
        return sets("m.room.member", target.id().value(), JsonObject.of("membership", membership));
    }

    Draft sends(String type) {
        return new Draft(id, type, null, JsonObject.EMPTY);
    }

    Draft sets(String type, String stateKey, JsonObject content) {
        return new Draft(id, type, stateKey, content);
    }

    Draft setsJoinRule(String rule) {
        return sets("m.room.join_rules", "", JsonObject.of("join_rule", rule));
    }

    /** The content as JSON with single quotes. */
    Draft setsPowerLevels(String content) {
        return sets("m.room.power_levels", "", TestRoom.json(content));
    }
}
