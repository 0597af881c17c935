package io.myelin.clientroomsend.membership;

import static io.myelin.clientroomsend.RunningWriter.ALICE;
import static io.myelin.clientroomsend.RunningWriter.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientroomsend.RunningWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InvitePermissionsTest {
    private static final String STABLE = "m.invite_permission_config";
    private static final String IGNORED = "m.ignored_user_list";
    private static final String LISTS = "org.matrix.msc4155.invite_permission_config";
    private static final String INVITE = "{\"user_id\":\"@bob:localhost\"}";
    private static final RunningWriter writer = RunningWriter.shared();

    @BeforeEach
    void emptyServer() {
        writer.rooms().reset();
    }

    @AfterEach
    void bobWantsEverybody() {
        writer.accountData(BOB, STABLE, null);
        writer.accountData(BOB, LISTS, null);
        writer.accountData(BOB, IGNORED, null);
    }

    @Test
    void aUserWhoBlocksInvitationsGetsNone() {
        writer.accountData(BOB, STABLE, "{\"default_action\":\"block\"}");
        writer.post("rooms/!room:localhost/invite", INVITE).isRefused(403, "M_INVITE_BLOCKED");
        writer.put("rooms/!room:localhost/state/m.room.member/@bob:localhost", "{\"membership\":\"invite\"}")
                .isRefused(403, "M_INVITE_BLOCKED");
        writer.post("createRoom", "{\"invite\":[\"@bob:localhost\"]}").isRefused(403, "M_INVITE_BLOCKED");
        assertThat(writer.rooms().received()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"default_action\":\"allow\"}", "{\"default_action\":1}"})
    void otherContentsBlockNobody(String content) {
        writer.accountData(BOB, STABLE, content);
        writer.post("rooms/!room:localhost/invite", INVITE).ok();
    }

    @Test
    void whoIsIgnoredDoesNotLearnThatTheyAreBlocked() {
        writer.accountData(BOB, LISTS, "{\"blocked_users\":[\"*\"]}");
        writer.accountData(BOB, IGNORED, "{\"ignored_users\":{\"@alice:localhost\":{}}}");
        writer.post("rooms/!room:localhost/invite", INVITE).ok();
    }

    @Test
    void anAccountServerOfTheReleaseBeforeIsAskedForEverything() {
        writer.accountData(BOB, STABLE, "{\"default_action\":\"block\"}");
        writer.olderAccountServer(true);
        try {
            writer.post("rooms/!room:localhost/invite", INVITE).isRefused(403, "M_INVITE_BLOCKED");
        } finally {
            writer.olderAccountServer(false);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"blocked_users\":[\"@alice:*\"]} | true",
                "{\"blocked_servers\":[\"*\"]} | true",
                "{\"blocked_servers\":[\"elsewhere\"]} | false",
                "{\"blocked_servers\":[\"*\"],\"allowed_servers\":[\"localhost\"]} | false",
                "{\"blocked_users\":[\"@alice:localhost\"],\"allowed_servers\":[\"localhost\"]} | true",
                "{\"blocked_users\":[\"*\"],\"allowed_users\":[\"@alice:localhost\"]} | false",
                "{\"blocked_users\":[\"*\"],\"ignored_users\":[\"@alice:localhost\"]} | false",
                "{\"enabled\":false,\"blocked_users\":[\"*\"]} | false",
                "{\"blocked_users\":\"*\"} | false",
                "{\"blocked_users\":[\"*\"],\"allowed_servers\":1} | false"
            })
    void theFirstListThatNamesTheInviterDecides(String content, boolean blocked) {
        writer.accountData(BOB, LISTS, content);
        RunningWriter.Answer answer = writer.as(ALICE, "POST", "rooms/!room:localhost/invite", INVITE);
        if (blocked) {
            answer.isRefused(403, "M_INVITE_BLOCKED");
        } else {
            answer.ok();
        }
    }
}
