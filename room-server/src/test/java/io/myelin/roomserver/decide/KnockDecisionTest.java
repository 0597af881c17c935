package io.myelin.roomserver.decide;

import static io.myelin.contracts.room.MembershipAction.INVITE;
import static io.myelin.contracts.room.MembershipAction.JOIN;
import static io.myelin.contracts.room.MembershipAction.KICK;
import static io.myelin.contracts.room.MembershipAction.KNOCK;
import static io.myelin.roomserver.TestRoom.aRoom;
import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.BOB;
import static io.myelin.roomserver.TestShard.sent;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.roomserver.TestRoom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Knocking, which came with room version 7. */
@ParameterizedClass
@MethodSource("versionsWithKnocking")
class KnockDecisionTest {

    private final TestRoom closed;

    KnockDecisionTest(RoomVersion version) {
        this.closed = aRoom().version(version)
                .initially(EventTypes.JOIN_RULES, "{\"join_rule\":\"knock\"}")
                .create();
    }

    static List<RoomVersion> versionsWithKnocking() {
        return RoomVersions.supported().stream().filter(RoomVersion::knock).toList();
    }

    @Test
    void strangersKnockAndAreLetIn() {
        sent(closed.change(KNOCK, BOB, BOB));
        assertThat(closed.membership(BOB)).isEqualTo(Membership.KNOCK);
        sent(closed.change(INVITE, ALICE, BOB));
        sent(closed.change(JOIN, BOB, BOB));
    }

    @Test
    void aKnockMayBeTurnedDown() {
        sent(closed.change(KNOCK, BOB, BOB));
        sent(closed.change(KICK, ALICE, BOB));
        assertThat(closed.membership(BOB)).isEqualTo(Membership.LEAVE);
    }
}
