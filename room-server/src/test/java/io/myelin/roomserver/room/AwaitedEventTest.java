package io.myelin.roomserver.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.room.RoomFact.RedactedBy;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersions;
import org.junit.jupiter.api.Test;

/** Only redactions that could make a difference wait for an event, so that nobody can pile them up. */
class AwaitedEventTest {

    private static final long ROOM = 7;
    private static final long OTHER_ROOM = 8;
    private static final UserId ANN = new UserId("@ann:one.example");
    private static final UserId ALF = new UserId("@alf:one.example");
    private static final UserId BEN = new UserId("@ben:two.example");

    private final Pdu said = event(ANN, EventTypes.MESSAGE);

    private long number = 100;

    private static Pdu event(UserId sender, String type) {
        return Pdu.of(
                RoomVersions.V11,
                JsonObject.builder()
                        .put("auth_events", JsonArray.EMPTY)
                        .put("content", JsonObject.EMPTY)
                        .put("depth", 1)
                        .put("hashes", JsonObject.of("sha256", ""))
                        .put("origin_server_ts", 1)
                        .put("prev_events", JsonArray.EMPTY)
                        .put("room_id", "!room:one.example")
                        .put("sender", sender.value())
                        .put("signatures", JsonObject.EMPTY)
                        .put("type", type)
                        .build());
    }

    private WaitingRedaction redaction(long room, UserId sender, boolean hasPower) {
        return new WaitingRedaction(room, number++, hasPower, event(sender, EventTypes.REDACTION));
    }

    private static AwaitedEvent awaitedBy(WaitingRedaction... redactions) {
        AwaitedEvent awaited = AwaitedEvent.UNHEARD_OF;
        for (WaitingRedaction redaction : redactions) {
            awaited = awaited.with(redaction);
        }
        return awaited;
    }

    @Test
    void isRedactedByTheFirstThatMay() {
        WaitingRedaction mayNot = redaction(ROOM, BEN, false);
        WaitingRedaction ofItsServer = redaction(ROOM, ALF, false);
        WaitingRedaction ofPower = redaction(ROOM, BEN, true);

        assertThat(awaitedBy(mayNot, ofItsServer, ofPower).redactedBy(ROOM, said))
                .map(RedactedBy::number)
                .contains(ofItsServer.number());
        assertThat(awaitedBy(mayNot, ofPower, ofItsServer).redactedBy(ROOM, said))
                .map(RedactedBy::number)
                .contains(ofPower.number());
        assertThat(awaitedBy(mayNot).redactedBy(ROOM, said)).isEmpty();
    }

    @Test
    void isRedactedByNothingOfAnotherRoom() {
        assertThat(awaitedBy(redaction(OTHER_ROOM, BEN, true)).redactedBy(ROOM, said))
                .isEmpty();
    }

    @Test
    void isNotRedactedIfTheRoomBeginsWithIt() {
        assertThat(awaitedBy(redaction(ROOM, ANN, true)).redactedBy(ROOM, event(ANN, EventTypes.CREATE)))
                .isEmpty();
    }

    @Test
    void needsNothingMoreOnceSomebodyOfPowerRedactsIt() {
        AwaitedEvent awaited = awaitedBy(redaction(ROOM, BEN, true));

        assertThat(awaited.needs(redaction(ROOM, ANN, true))).isFalse();
        assertThat(awaited.needs(redaction(ROOM, ANN, false))).isFalse();
        assertThat(awaited.needs(redaction(OTHER_ROOM, ANN, false))).isTrue();
    }

    @Test
    void needsOneRedactionOfEachServer() {
        AwaitedEvent awaited = awaitedBy(redaction(ROOM, ANN, false));

        assertThat(awaited.needs(redaction(ROOM, ALF, false))).isFalse();
        assertThat(awaited.needs(redaction(ROOM, BEN, false))).isTrue();
        assertThat(awaited.needs(redaction(ROOM, ALF, true))).isTrue();
    }

    @Test
    void needsWhoHasPowerHoweverManyWithoutItWait() {
        AwaitedEvent awaited = AwaitedEvent.UNHEARD_OF;
        for (int i = 0; i < AwaitedEvent.MOST_WAITING; i++) {
            awaited = awaited.with(redaction(ROOM, new UserId("@x:server" + i + ".example"), false));
        }

        assertThat(awaited.needs(redaction(ROOM, BEN, false))).isFalse();
        WaitingRedaction ofPower = redaction(ROOM, BEN, true);
        assertThat(awaited.needs(ofPower)).isTrue();
        assertThat(awaited.with(ofPower).redactedBy(ROOM, said))
                .map(RedactedBy::number)
                .contains(ofPower.number());
    }
}
