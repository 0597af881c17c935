package io.myelin.matrix.resolution;

import static io.myelin.matrix.auth.TestUser.ALICE;
import static io.myelin.matrix.auth.TestUser.BOB;
import static io.myelin.matrix.auth.TestUser.CAROL;
import static io.myelin.matrix.resolution.Fork.topic;
import static io.myelin.matrix.resolution.Story.aRoom;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.auth.Draft;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersions;
import java.util.List;
import org.junit.jupiter.api.Test;

class PowerEventsTest {
    private final Fork room = aRoom(RoomVersions.V11).createdBy(ALICE).then(ALICE.setsJoinRule("public"), BOB.joins());

    @Test
    void areThoseThatTakePowerAway() {
        assertThat(isPowerEvent(ALICE.setsPowerLevels("{}"))).isTrue();
        assertThat(isPowerEvent(ALICE.setsJoinRule("invite"))).isTrue();
        assertThat(isPowerEvent(ALICE.kicks(BOB))).isTrue();
        assertThat(isPowerEvent(ALICE.bans(BOB))).isTrue();
    }

    @Test
    void areNoOthers() {
        assertThat(isPowerEvent(BOB.leaves())).isFalse();
        assertThat(isPowerEvent(BOB.bans(BOB))).isFalse();
        assertThat(isPowerEvent(BOB.joins())).isFalse();
        assertThat(isPowerEvent(ALICE.member(BOB, "join"))).isFalse();
        assertThat(isPowerEvent(ALICE.member(BOB, "lurk"))).isFalse();
        assertThat(isPowerEvent(ALICE.kicks(BOB).withContent("membership", Json.of(1))))
                .isFalse();
        assertThat(isPowerEvent(ALICE.kicks(BOB).withStateKey(null))).isFalse();
        assertThat(isPowerEvent(ALICE.invites(CAROL))).isFalse();
        assertThat(isPowerEvent(CAROL.knocks())).isFalse();
        assertThat(isPowerEvent(topic(ALICE, "tea"))).isFalse();
        assertThat(isPowerEvent(ALICE.sets("m.room.create", "", JsonObject.EMPTY)))
                .isFalse();
        assertThat(isPowerEvent(ALICE.setsPowerLevels("{}").withStateKey("other")))
                .isFalse();
        assertThat(isPowerEvent(ALICE.setsJoinRule("invite").withStateKey("other")))
                .isFalse();
    }

    @Test
    void areSelectedWithWhatTheyRestOn() {
        Fork left = room.then(BOB.leaves());
        Fork back = left.then(BOB.joins());
        Fork banned = back.then(ALICE.bans(BOB));
        Fork topic = banned.then(topic(ALICE, "aside"));
        assertThat(PowerEvents.select(List.of(topic.last(), banned.last(), left.last(), back.last())))
                .containsExactlyInAnyOrder(banned.last(), back.last(), left.last());
    }

    @Test
    void areFollowedInsideTheSetOnly() {
        Fork left = room.then(BOB.leaves());
        Fork back = left.then(BOB.joins());
        Fork banned = back.then(ALICE.bans(BOB));
        assertThat(PowerEvents.select(List.of(banned.last(), left.last()))).containsExactly(banned.last());
    }

    private boolean isPowerEvent(Draft draft) {
        Pdu event = room.then(draft).last();
        return PowerEvents.isPowerEvent(event);
    }
}
