package io.myelin.clientroomsend.web;

import static io.myelin.clientroomsend.RunningWriter.ALICE;
import static io.myelin.clientroomsend.RunningWriter.BOB;
import static io.myelin.clientroomsend.RunningWriter.GUEST;
import static io.myelin.clientroomsend.RunningWriter.ROOM;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientroomsend.FakeRooms;
import io.myelin.clientroomsend.RunningWriter;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.Position;
import io.myelin.contracts.receipt.Receipt;
import io.myelin.matrix.id.RoomId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiptControllerTest {
    private static final String IN_ROOM = "rooms/!room:localhost/";
    private static final RunningWriter writer = RunningWriter.shared();

    @BeforeEach
    void roomOfAlice() {
        writer.receipts().reset();
        writer.rooms().reset();
        writer.rooms().room(ROOM, ALICE).message(ROOM, "$one", "{\"body\":\"one\"}");
    }

    @Test
    void aThreadThatIsNullIsNone() {
        writer.post(IN_ROOM + "receipt/m.read/$one", "{\"thread_id\":null}").ok();
        assertThat(writer.receipts().only().thread()).isNull();
    }

    @Test
    void aReceiptHasThePlaceOfItsEventAndNow() {
        long before = System.currentTimeMillis();
        assertThat(writer.post(IN_ROOM + "receipt/m.read/$one", "{}").ok().isEmpty())
                .isTrue();
        Receipt receipt = writer.receipts().only();
        assertThat(receipt.user()).isEqualTo(ALICE);
        assertThat(receipt.type()).isEqualTo("m.read");
        assertThat(receipt.thread()).isNull();
        assertThat(receipt.event().value()).isEqualTo("$one");
        assertThat(receipt.at())
                .isEqualTo(new Position(
                        Partitions.of(ROOM.value(), 16), 1, writer.rooms().lastSeq()));
        assertThat(receipt.timestamp()).isBetween(before, System.currentTimeMillis());
        assertThat(writer.receipts().received().getFirst().room()).isEqualTo(ROOM);
    }

    @ParameterizedTest
    @ValueSource(strings = {"m.read", "m.read.private", "m.fully_read"})
    void everyTypeOfReceiptNeedsNoBody(String type) {
        writer.post(IN_ROOM + "receipt/" + type + "/$one", "").ok();
        assertThat(writer.receipts().only().type()).isEqualTo(type);
    }

    @Test
    void whatIsNotAReceiptIsRefused() {
        writer.post(IN_ROOM + "receipt/m.seen/$one", "{}").isRefused(400, "M_INVALID_PARAM");
        writer.post(IN_ROOM + "receipt/m.read/one", "{}").isRefused(400, "M_INVALID_PARAM");
        writer.post("rooms/room/receipt/m.read/$one", "{}").isRefused(400, "M_INVALID_PARAM");
        assertThat(writer.receipts().received()).isEmpty();
    }

    @Test
    void onlyMembersHaveReceipts() {
        writer.as(BOB, "POST", IN_ROOM + "receipt/m.read/$one", "{}").isRefused(403, "M_FORBIDDEN");
        writer.post("rooms/!other:localhost/receipt/m.read/$one", "{}").isRefused(403, "M_FORBIDDEN");
        writer.rooms().state(ROOM, ALICE, "m.room.member", BOB.value(), "{\"membership\":\"invite\"}");
        writer.as(BOB, "POST", IN_ROOM + "receipt/m.read/$one", "{}").isRefused(403, "M_FORBIDDEN");
        writer.as(GUEST, "POST", IN_ROOM + "receipt/m.read/$one", "{}").isRefused(403, "M_GUEST_ACCESS_FORBIDDEN");
        writer.as(null, "POST", IN_ROOM + "receipt/m.read/$one", "{}").isRefused(401, "M_MISSING_TOKEN");
        assertThat(writer.receipts().received()).isEmpty();
    }

    @Test
    void anEventMustBeInTheRoom() {
        RoomId other = RoomId.parse("!other:localhost");
        writer.rooms().room(other, ALICE).message(other, "$elsewhere", "{}");
        writer.post(IN_ROOM + "receipt/m.read/$none", "{}").isRefused(404, "M_NOT_FOUND");
        writer.post(IN_ROOM + "receipt/m.read/$elsewhere", "{}").isRefused(404, "M_NOT_FOUND");
    }

    @Test
    void whatReceiptServerRefusesIsPassedOn() {
        writer.receipts().refuse();
        writer.post(IN_ROOM + "receipt/m.read/$one", "{}").isRefused(403, "M_FORBIDDEN");
    }

    @Nested
    class WhereHistoryIsHidden {
        private FakeRooms visibility(String visibility) {
            return writer.rooms()
                    .state(
                            ROOM,
                            ALICE,
                            "m.room.history_visibility",
                            "",
                            "{\"history_visibility\":\"" + visibility + "\"}");
        }

        private void bob(String membership) {
            writer.rooms().state(ROOM, ALICE, "m.room.member", BOB.value(), "{\"membership\":\"" + membership + "\"}");
        }

        private RunningWriter.Answer bobReads(String event) {
            return writer.as(BOB, "POST", IN_ROOM + "receipt/m.read/" + event, "{}");
        }

        @Test
        void whatWasSentBeforeTheyJoinedDoesNotExist() {
            visibility("joined").message(ROOM, "$before", "{}");
            bob("join");
            writer.rooms().message(ROOM, "$after", "{}");
            bobReads("$before").isRefused(404, "M_NOT_FOUND");
            bobReads("$after").ok();
        }

        @Test
        void theirOwnTimeBeforeTheyLeftIsStillTheirs() {
            visibility("joined");
            bob("join");
            writer.rooms().message(ROOM, "$then", "{}");
            bob("leave");
            writer.rooms().message(ROOM, "$meanwhile", "{}");
            bob("join");
            bobReads("$then").ok();
            bobReads("$meanwhile").isRefused(404, "M_NOT_FOUND");
        }

        @Test
        void theInvitedSeeFromTheirInvitationOn() {
            visibility("invited").message(ROOM, "$before", "{}");
            bob("invite");
            writer.rooms().message(ROOM, "$invited", "{}");
            bob("join");
            bobReads("$before").isRefused(404, "M_NOT_FOUND");
            bobReads("$invited").ok();
        }

        @Test
        void anEventOfAForkIsThereForWhoIsInTheRoomOnThatFork() {
            visibility("joined");
            bob("leave");
            long out = writer.rooms().lastSeq();
            bob("join");
            long in = writer.rooms().lastSeq();
            writer.rooms().forkedMessage(ROOM, "$without", out).forkedMessage(ROOM, "$with", in);
            bobReads("$without").isRefused(404, "M_NOT_FOUND");
            bobReads("$with").ok();
        }

        @Test
        void theirOwnInvitationIsThereThoughTheStateDidNotGoOnWithIt() {
            visibility("invited");
            writer.rooms().memberAside(ROOM, "$invitation", BOB, "invite").message(ROOM, "$without", "{}");
            bob("join");
            bobReads("$invitation").ok();
            bobReads("$without").isRefused(404, "M_NOT_FOUND");
        }

        @Test
        void sharedHistoryIsThereForWhoeverJoins() {
            bob("join");
            bobReads("$one").ok();
        }
    }

    @Nested
    class Threaded {
        @BeforeEach
        void threadOfTheFirstMessage() {
            writer.rooms()
                    .message(ROOM, "$two", relatesTo("m.thread", "$one"))
                    .message(ROOM, "$reaction", relatesTo("m.annotation", "$two"))
                    .message(ROOM, "$onRoot", relatesTo("m.annotation", "$one"))
                    .redactedMessage(ROOM, "$gone");
        }

        private static String relatesTo(String type, String event) {
            return "{\"m.relates_to\":{\"rel_type\":\"" + type + "\",\"event_id\":\"" + event + "\"}}";
        }

        private RunningWriter.Answer read(String type, String event, String thread) {
            return writer.post(IN_ROOM + "receipt/" + type + "/" + event, "{\"thread_id\":" + thread + "}");
        }

        @Test
        void aReceiptSaysItsThread() {
            read("m.read.private", "$two", "\"$one\"").ok();
            assertThat(writer.receipts().only().thread()).isEqualTo("$one");
        }

        @ParameterizedTest
        @ValueSource(strings = {"$two", "$reaction", "$one", "$onRoot", "$gone"})
        void theRootAndWhatIsRelatedToItOrToTheThreadIsInTheThread(String event) {
            read("m.read", event, "\"$one\"").ok();
        }

        @ParameterizedTest
        @ValueSource(strings = {"$one", "$onRoot", "$gone"})
        void theRootAndWhatIsRelatedToItIsInTheMainTimelineToo(String event) {
            read("m.read", event, "\"main\"").ok();
            assertThat(writer.receipts().only().thread()).isEqualTo("main");
        }

        @ParameterizedTest
        @ValueSource(strings = {"$two", "$reaction"})
        void whatIsInAThreadIsNotInTheMainTimeline(String event) {
            read("m.read", event, "\"main\"").isRefused(400, "M_INVALID_PARAM");
        }

        @Test
        void whatIsInNoThreadIsNotInThatOne() {
            writer.rooms().message(ROOM, "$three", "{}");
            read("m.read", "$three", "\"$one\"").isRefused(400, "M_INVALID_PARAM");
        }

        @ParameterizedTest
        @ValueSource(strings = {"\"\"", "5", "{}", "\"elsewhere\""})
        void aThreadMustBeOne(String thread) {
            read("m.read", "$two", thread).isRefused(400, "M_INVALID_PARAM");
        }

        @Test
        void aFullyReadMarkerHasNoThread() {
            read("m.fully_read", "$one", "\"main\"").isRefused(400, "M_INVALID_PARAM");
        }
    }

    @Nested
    class ReadMarkers {
        @Test
        void allAreSetByOneCommand() {
            writer.rooms().message(ROOM, "$two", "{}");
            writer.post(
                            IN_ROOM + "read_markers",
                            "{\"m.fully_read\":\"$one\",\"m.read\":\"$two\",\"m.read.private\":\"$two\",\"other\":1.5}")
                    .ok();
            assertThat(writer.receipts().received()).hasSize(1);
            assertThat(writer.receipts().received().getFirst().receipts())
                    .extracting(receipt -> receipt.type() + " " + receipt.event() + " " + receipt.thread())
                    .containsExactlyInAnyOrder(
                            "m.fully_read $one null", "m.read $two null", "m.read.private $two null");
        }

        @Test
        void oneThatIsWrongSpoilsAll() {
            String markers = IN_ROOM + "read_markers";
            writer.post(markers, "{\"m.fully_read\":\"$one\",\"m.read\":\"$none\"}")
                    .isRefused(404, "M_NOT_FOUND");
            writer.post(markers, "{\"m.fully_read\":\"$one\",\"m.read\":7}").isRefused(400, "M_BAD_JSON");
            writer.post(markers, "{\"m.fully_read\":\"one\"}").isRefused(400, "M_INVALID_PARAM");
            writer.as(BOB, "POST", markers, "{\"m.fully_read\":\"$one\"}").isRefused(403, "M_FORBIDDEN");
            assertThat(writer.receipts().received()).isEmpty();
        }

        @Test
        void noneIsNothingToDo() {
            writer.post(IN_ROOM + "read_markers", "{}").ok();
            assertThat(writer.receipts().received()).isEmpty();
        }
    }
}
