package io.myelin.bench.kernel;

import static io.myelin.bench.kernel.LargeRoom.member;
import static io.myelin.bench.kernel.LargeRoom.moderator;

import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.resolution.StateResolution;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.state.StateMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A large room with two forks that have not seen each other's events for a while. Their states differ in 1,000 places, and
 * each fork has an event of its own in each: the steps that {@link Kind} counts, and the power levels, which each fork has
 * changed ten times. The steps are shuffled; at each step the left fork comes first, the right one a second later.
 */
record ForkedRoom(Branch left, Branch right) {

    private static final int SIDES = 2;
    private static final int STEPS_BETWEEN_PROMOTIONS = 100;

    /** All step numbers are below this. */
    private static final int BYSTANDERS = 1_000;

    /** The kinds of steps that happen on both forks, and how often. */
    private enum Kind {
        RENAME(700),
        /** On one fork, alternating; on the other fork the same member changes their name. */
        BAN(200),
        /** As for {@link #BAN}. */
        KICK(50),
        WIDGET(47),
        TOPIC(1),
        CLOSE(1);

        private final int times;

        Kind(int times) {
            this.times = times;
        }
    }

    /** @param number unique over all kinds */
    private record Step(Kind kind, int number) {}

    private enum Side {
        LEFT(0, "invite"),
        RIGHT(1, "knock");

        /** 0 for the fork whose events come first. */
        private final int turn;

        private final String joinRule;

        Side(int turn, String joinRule) {
            this.turn = turn;
            this.joinRule = joinRule;
        }

        private UserId administrator() {
            return LargeRoom.administrator(turn);
        }

        private boolean hasItsTurn(int number) {
            return number % SIDES == turn;
        }
    }

    static ForkedRoom of(RoomVersion version) {
        var left = LargeRoom.of(version);
        var right = left;
        var steps = mixedSteps();
        for (var done = 0; done < steps.size(); done++) {
            if (done % STEPS_BETWEEN_PROMOTIONS == 0) {
                left = promotion(left, Side.LEFT, done);
                right = promotion(right, Side.RIGHT, done);
            }
            left = after(steps.get(done), left, Side.LEFT);
            right = after(steps.get(done), right, Side.RIGHT);
        }
        return new ForkedRoom(left, right);
    }

    /** The state after a merge of the forks. */
    StateMap<EventId> resolve() {
        var history = left.history();
        return StateResolution.resolve(history.version(), List.of(left.state(), right.state()), history.events());
    }

    private static List<Step> mixedSteps() {
        var steps = new ArrayList<Step>();
        for (var kind : Kind.values()) {
            for (var time = 0; time < kind.times; time++) {
                steps.add(new Step(kind, steps.size()));
            }
        }
        Collections.shuffle(steps, new Random(1));
        return steps;
    }

    private static Branch after(Step step, Branch fork, Side side) {
        var number = step.number();
        return switch (step.kind()) {
            case RENAME -> renamed(fork, side, number);
            case BAN -> side.hasItsTurn(number) ? removed(fork, number, "ban") : renamed(fork, side, number);
            case KICK -> side.hasItsTurn(number) ? removed(fork, number, "leave") : renamed(fork, side, number);
            case WIDGET ->
                fork.with(
                        moderator(number),
                        "im.vector.modular.widgets",
                        "widget" + number,
                        JsonObject.of("name", "Placed on the " + side));
            case TOPIC ->
                fork.with(moderator(number), EventTypes.TOPIC, "", JsonObject.of("topic", "As seen on the " + side));
            case CLOSE ->
                fork.with(side.administrator(), EventTypes.JOIN_RULES, "", JsonObject.of("join_rule", side.joinRule));
        };
    }

    private static Branch renamed(Branch fork, Side side, int number) {
        var content = JsonObject.of("membership", "join").with("displayname", "Number " + number + " on the " + side);
        return fork.withMember(member(number), member(number), content);
    }

    private static Branch removed(Branch fork, int number, String membership) {
        return fork.withMember(moderator(number), member(number), JsonObject.of("membership", membership));
    }

    /** Makes one more bystander a moderator; the other fork promotes a different one. */
    private static Branch promotion(Branch fork, Side side, int done) {
        var promoted = IntStream.rangeClosed(0, done / STEPS_BETWEEN_PROMOTIONS)
                .mapToObj(earlier -> member(BYSTANDERS + SIDES * earlier + side.turn));
        var levels = LargeRoom.powerLevels(fork.history().version(), promoted);
        return fork.with(side.administrator(), EventTypes.POWER_LEVELS, "", levels);
    }
}
