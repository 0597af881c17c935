package io.myelin.roomserver.decide;

import static io.myelin.roomserver.TestRoom.aRoom;
import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.BOB;
import static io.myelin.roomserver.TestShard.CAROL;
import static io.myelin.roomserver.TestShard.refused;
import static io.myelin.roomserver.TestShard.sent;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.room.RoomAnswer;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import io.myelin.roomserver.TestRoom;
import org.junit.jupiter.api.Test;

/** What an event may relate to. */
class RelationCheckTest {
    private final TestRoom room = aRoom().create().with(BOB);
    private final EventId message = sent(room.says(ALICE, "Hello"));

    private static String relation(String type, EventId target, String more) {
        return "{\"m.relates_to\":{\"rel_type\":\"" + type + "\",\"event_id\":\"" + target + "\"" + more + "}}";
    }

    private RoomAnswer react(UserId user, String key) {
        return room.send(user, "m.reaction", relation("m.annotation", message, ",\"key\":\"" + key + "\""));
    }

    private RoomAnswer reply(EventId root) {
        return room.send(BOB, "m.room.message", relation("m.thread", root, ""));
    }

    @Test
    void aUserReactsOnceInEachWay() {
        sent(react(BOB, "👍"));
        assertThat(refused(react(BOB, "👍")).errcode()).isEqualTo("M_DUPLICATE_ANNOTATION");
        sent(react(BOB, "👎"));
        sent(react(ALICE, "👍"));
        sent(room.send(BOB, "org.example.reaction", relation("m.annotation", message, ",\"key\":\"👍\"")));
    }

    @Test
    void aReactionThatWasWithdrawnMayComeAgain() {
        EventId reaction = sent(react(BOB, "👍"));
        sent(room.redact(BOB, reaction));
        sent(react(BOB, "👍"));
        assertThat(refused(react(BOB, "👍")).errcode()).isEqualTo("M_DUPLICATE_ANNOTATION");
    }

    @Test
    void aReactionThatAModeratorRedactedMayComeAgain() {
        sent(room.redact(ALICE, sent(react(BOB, "👍"))));
        sent(react(BOB, "👍"));
    }

    @Test
    void anAnnotationHasAKeyOfModestLength() {
        assertThat(refused(room.send(BOB, "m.reaction", relation("m.annotation", message, "")))
                        .status())
                .isEqualTo(400);
        assertThat(refused(react(BOB, "k".repeat(501))).status()).isEqualTo(400);
        sent(react(BOB, "k".repeat(500)));
        sent(react(BOB, "\\u0000"));
        assertThat(refused(react(BOB, "\\u0000")).errcode()).isEqualTo("M_DUPLICATE_ANNOTATION");
    }

    @Test
    void anEventRelatesToAnEventOfItsOwnRoom() {
        TestRoom other = aRoom(room.shard).createdBy(BOB).create();
        EventId elsewhere = sent(other.says(BOB, "Elsewhere"));
        assertThat(refused(reply(elsewhere)).status()).isEqualTo(400);
        assertThat(refused(reply(new EventId("$nothing"))).status()).isEqualTo(400);
    }

    @Test
    void aThreadDoesNotBeginInAThread() {
        EventId inThread = sent(reply(message));
        assertThat(refused(reply(inThread)).status()).isEqualTo(400);
        EventId edit = sent(room.send(ALICE, "m.room.message", relation("m.replace", message, "")));
        assertThat(refused(reply(edit)).status()).isEqualTo(400);
        sent(reply(message));
    }

    @Test
    void aStrangerIsToldNothingOfTheEvent() {
        assertThat(refused(react(CAROL, "👍")).status()).isEqualTo(403);
    }

    @Test
    void aReplyAloneIsNoRelation() {
        sent(room.send(BOB, "m.room.message", "{\"m.relates_to\":{\"m.in_reply_to\":{\"event_id\":\"$nothing\"}}}"));
    }
}
