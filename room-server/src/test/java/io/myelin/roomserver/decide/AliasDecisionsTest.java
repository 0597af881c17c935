package io.myelin.roomserver.decide;

import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.BOB;
import static io.myelin.roomserver.TestShard.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.ClaimAlias;
import io.myelin.contracts.room.RoomCommand.ConfirmAlias;
import io.myelin.contracts.room.RoomCommand.DeleteAlias;
import io.myelin.contracts.room.RoomCommand.MoveAlias;
import io.myelin.contracts.room.RoomFact;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.roomserver.TestShard;
import org.junit.jupiter.api.Test;

class AliasDecisionsTest {

    private static final RoomAlias PUB = new RoomAlias("#pub:example.org");
    private static final RoomId ONE = new RoomId("!one:example.org");
    private static final RoomId TWO = new RoomId("!two:example.org");

    private final TestShard shard = new TestShard();

    private RoomAnswer claim(RoomId room) {
        return shard.execute(new ClaimAlias(PUB, room, ALICE, false, shard.now + 60_000));
    }

    @Test
    void aClaimKeepsOthersOutUntilItLapses() {
        assertThat(claim(ONE)).isInstanceOf(RoomAnswer.Done.class);
        assertThat(refused(claim(TWO)).errcode()).isEqualTo("M_ROOM_IN_USE");
        shard.now += 120_000;
        assertThat(claim(TWO)).isInstanceOf(RoomAnswer.Done.class);
    }

    @Test
    void aConfirmedAliasDoesNotLapse() {
        claim(ONE);
        shard.execute(new ConfirmAlias(PUB, ONE, ALICE));
        assertThat(shard.facts.getLast().fact()).isEqualTo(new RoomFact.AliasChanged(PUB, ONE, ALICE));
        shard.now += 120_000;
        assertThat(refused(claim(TWO)).errcode()).isEqualTo("M_ROOM_IN_USE");
        assertThat(refused(shard.execute(new ClaimAlias(PUB, TWO, BOB, true, 0)))
                        .status())
                .isEqualTo(409);
    }

    @Test
    void confirmingTwiceChangesNothing() {
        claim(ONE);
        shard.execute(new ConfirmAlias(PUB, ONE, ALICE));
        int before = shard.facts.size();
        assertThat(shard.execute(new ConfirmAlias(PUB, ONE, ALICE))).isInstanceOf(RoomAnswer.Done.class);
        assertThat(shard.facts).hasSize(before);
    }

    @Test
    void anAliasMovesWithItsRoomAndKeepsItsCreator() {
        shard.execute(new ClaimAlias(PUB, ONE, BOB, true, 0));
        assertThat(shard.execute(new MoveAlias(PUB, ONE, TWO))).isInstanceOf(RoomAnswer.Done.class);
        assertThat(shard.facts.getLast().fact()).isEqualTo(new RoomFact.AliasChanged(PUB, TWO, BOB));
    }

    @Test
    void anAliasThatPointsElsewhereDoesNotMove() {
        shard.execute(new MoveAlias(PUB, ONE, TWO));
        claim(ONE);
        shard.execute(new MoveAlias(PUB, ONE, TWO));
        shard.execute(new ConfirmAlias(PUB, ONE, ALICE));
        shard.execute(new MoveAlias(PUB, ONE, TWO));
        int before = shard.facts.size();

        assertThat(shard.execute(new MoveAlias(PUB, ONE, TWO))).isInstanceOf(RoomAnswer.Done.class);

        assertThat(shard.facts).hasSize(before).hasSize(3);
    }

    @Test
    void itsMakerOrThePermittedMayDeleteAnAlias() {
        assertThat(refused(shard.execute(new DeleteAlias(PUB, ALICE, true))).status())
                .isEqualTo(404);
        shard.execute(new ClaimAlias(PUB, ONE, ALICE, true, 0));
        assertThat(refused(shard.execute(new DeleteAlias(PUB, BOB, false))).status())
                .isEqualTo(403);
        shard.execute(new DeleteAlias(PUB, BOB, true));
        assertThat(shard.facts.getLast().fact()).isEqualTo(new RoomFact.AliasChanged(PUB, null, ALICE));
        assertThat(claim(TWO)).isInstanceOf(RoomAnswer.Done.class);
    }
}
