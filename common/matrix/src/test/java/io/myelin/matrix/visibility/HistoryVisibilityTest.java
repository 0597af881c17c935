package io.myelin.matrix.visibility;

import static io.myelin.matrix.auth.Membership.INVITE;
import static io.myelin.matrix.auth.Membership.JOIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.event.EventTemplate;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersions;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryVisibilityTest {
    private static final ServerName SERVER = new ServerName("one.example");
    private static final SigningKey KEY = SigningKey.generate("ed25519:1", new Random(1));

    @ParameterizedTest
    @EnumSource
    void isWhatTheEventSays(HistoryVisibility visibility) {
        assertThat(HistoryVisibility.of(event(JsonObject.of("history_visibility", visibility.value()))))
                .isEqualTo(visibility);
    }

    @Test
    void isSharedWhereNothingIsSaid() {
        assertThat(HistoryVisibility.of(null)).isEqualTo(HistoryVisibility.SHARED);
        assertThat(HistoryVisibility.of(event(JsonObject.EMPTY))).isEqualTo(HistoryVisibility.SHARED);
        assertThat(HistoryVisibility.of(event(JsonObject.of("history_visibility", Json.of(1)))))
                .isEqualTo(HistoryVisibility.SHARED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "JOINED", "world-readable"})
    void isSharedWhereNothingKnownIsSaid(String value) {
        assertThat(HistoryVisibility.of(event(JsonObject.of("history_visibility", value))))
                .isEqualTo(HistoryVisibility.SHARED);
    }

    /** The table of results of the five rules of the specification. */
    @ParameterizedTest(name = "{0}, {1}, joined later: {2} → {3}")
    @CsvSource({
        "world_readable, leave, false, true",
        "world_readable, ban, false, true",
        "world_readable, join, false, true",
        "shared, join, false, true",
        "shared, leave, true, true",
        "shared, leave, false, false",
        "shared, invite, false, false",
        "shared, invite, true, true",
        "shared, knock, false, false",
        "shared, ban, true, true",
        "invited, invite, false, true",
        "invited, join, false, true",
        "invited, leave, true, false",
        "invited, knock, true, false",
        "joined, join, false, true",
        "joined, invite, true, false",
        "joined, leave, true, false",
        "joined, ban, false, false",
        "nonsense, leave, true, true",
        "nonsense, leave, false, false",
    })
    void allowsWhatTheRulesAllow(String visibility, String membership, boolean joinedLater, boolean visible) {
        assertThat(HistoryVisibility.parse(visibility).allows(membership, joinedLater))
                .isEqualTo(visible);
    }

    @Test
    void asksForWhatAUserWasOnlyWhereLaterMembersAreNotToSeeIt() {
        assertThat(HistoryVisibility.WORLD_READABLE.neededThen()).isEmpty();
        assertThat(HistoryVisibility.SHARED.neededThen()).isEmpty();
        assertThat(HistoryVisibility.INVITED.neededThen()).containsExactlyInAnyOrder(INVITE, JOIN);
        assertThat(HistoryVisibility.JOINED.neededThen()).containsExactly(JOIN);
    }

    private static Pdu event(JsonObject content) {
        return new EventTemplate(RoomVersions.V11, UserId.of("alice", SERVER), EventTypes.HISTORY_VISIBILITY, content)
                .roomId(new RoomId("!room:one.example"))
                .stateKey("")
                .sign(SERVER, KEY);
    }
}
