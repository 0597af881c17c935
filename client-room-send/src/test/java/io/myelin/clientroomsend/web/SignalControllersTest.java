package io.myelin.clientroomsend.web;

import static io.myelin.clientroomsend.RunningWriter.ALICE;
import static io.myelin.clientroomsend.RunningWriter.BOB;
import static io.myelin.clientroomsend.RunningWriter.GUEST;
import static io.myelin.clientroomsend.RunningWriter.ROOM;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientroomsend.RunningWriter;
import io.myelin.contracts.presence.PresenceInput.SetPresence;
import io.myelin.contracts.presence.PresenceState;
import io.myelin.contracts.typing.SetTyping;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignalControllersTest {
    private static final RunningWriter writer = RunningWriter.shared();

    @BeforeEach
    void roomOfAlice() {
        writer.signals().reset();
        writer.rooms().reset();
        writer.rooms().room(ROOM, ALICE);
    }

    @Nested
    class WhoTypes {
        private static final String PATH = "rooms/!room:localhost/typing/@alice:localhost";

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "{\"typing\":true,\"timeout\":5000} | 5000",
                    "{\"typing\":true} | 30000",
                    "{\"typing\":true,\"timeout\":0} | 0",
                    "{\"typing\":false,\"timeout\":5000} | 0",
                    "{\"typing\":false} | 0"
                })
        void isSaidWithItsTimeOut(String body, long timeout) {
            assertThat(writer.put(PATH, body).ok().isEmpty()).isTrue();
            assertThat(writer.signals().sent()).containsExactly(new SetTyping(ROOM, ALICE, timeout));
        }

        @Test
        void isSaidByNobodyElse() {
            writer.as(BOB, "PUT", PATH, "{\"typing\":true}").isRefused(403, "M_FORBIDDEN");
            writer.as(BOB, "PUT", "rooms/!room:localhost/typing/@bob:localhost", "{\"typing\":true}")
                    .isRefused(403, "M_FORBIDDEN");
            writer.put("rooms/!none:localhost/typing/@alice:localhost", "{\"typing\":true}")
                    .isRefused(403, "M_FORBIDDEN");
            writer.as(GUEST, "PUT", "rooms/!room:localhost/typing/@guest:localhost", "{\"typing\":true}")
                    .isRefused(403, "M_GUEST_ACCESS_FORBIDDEN");
            assertThat(writer.signals().sent()).isEmpty();
        }

        @Test
        void thatTheyNoLongerDoIsSaidByThoseWhoHaveLeftToo() {
            writer.as(BOB, "PUT", "rooms/!room:localhost/typing/@bob:localhost", "{\"typing\":false}")
                    .ok();
            assertThat(writer.signals().sent()).containsExactly(new SetTyping(ROOM, BOB, 0));
        }

        @Test
        void mustBeSaidClearly() {
            writer.put(PATH, "{}").isRefused(400, "M_MISSING_PARAM");
            writer.put(PATH, "{\"typing\":\"yes\"}").isRefused(400, "M_BAD_JSON");
            writer.put(PATH, "{\"typing\":true,\"timeout\":\"long\"}").isRefused(400, "M_BAD_JSON");
            writer.put(PATH, "{\"typing\":true,\"timeout\":-1}").isRefused(400, "M_INVALID_PARAM");
            writer.put("rooms/!room:localhost/typing/alice", "{\"typing\":true}")
                    .isRefused(400, "M_INVALID_PARAM");
            assertThat(writer.signals().sent()).isEmpty();
        }

        @Test
        void isNotSaidWhileItCannotBeSent() {
            writer.signals().fail();
            writer.put(PATH, "{\"typing\":true}").isRefused(503, "M_UNKNOWN");
        }
    }

    @Nested
    class HowSomebodyWantsToBeShown {
        private static final String PATH = "presence/@alice:localhost/status";

        @Test
        void isSaidWithAMessageOrWithout() {
            writer.put(PATH, "{\"presence\":\"unavailable\",\"status_msg\":\"Lunch\"}")
                    .ok();
            writer.put(PATH, "{\"presence\":\"online\",\"status_msg\":null}").ok();
            assertThat(writer.signals().sent())
                    .containsExactly(
                            new SetPresence(ALICE, PresenceState.UNAVAILABLE, "Lunch"),
                            new SetPresence(ALICE, PresenceState.ONLINE, null));
        }

        @Test
        void isSaidByNobodyElse() {
            writer.as(BOB, "PUT", PATH, "{\"presence\":\"online\"}").isRefused(403, "M_FORBIDDEN");
            writer.as(GUEST, "PUT", "presence/@guest:localhost/status", "{\"presence\":\"online\"}")
                    .isRefused(403, "M_GUEST_ACCESS_FORBIDDEN");
            assertThat(writer.signals().sent()).isEmpty();
        }

        @Test
        void mustBeOneOfThree() {
            writer.put(PATH, "{}").isRefused(400, "M_MISSING_PARAM");
            writer.put(PATH, "{\"presence\":\"busy\"}").isRefused(400, "M_INVALID_PARAM");
            writer.put(PATH, "{\"presence\":\"ONLINE\"}").isRefused(400, "M_INVALID_PARAM");
            writer.put(PATH, "{\"presence\":1}").isRefused(400, "M_BAD_JSON");
            writer.put(PATH, "{\"presence\":\"online\",\"status_msg\":\"" + "x".repeat(1025) + "\"}")
                    .isRefused(400, "M_INVALID_PARAM");
            assertThat(writer.signals().sent()).isEmpty();
        }
    }
}
