package io.myelin.roomserver.decide;

import static io.myelin.roomserver.TestRoom.aRoom;
import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.BOB;
import static io.myelin.roomserver.TestShard.CAROL;
import static io.myelin.roomserver.TestShard.profile;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountTopics;
import io.myelin.contracts.account.InheritRoom;
import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.ChangeMembership;
import io.myelin.contracts.room.RoomCommand.CreateRoom;
import io.myelin.contracts.room.RoomCommand.HandOver;
import io.myelin.contracts.room.RoomCommand.ReplaceRoom;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.roomserver.TestRoom;
import io.myelin.roomserver.TestShard;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InheritanceDecisionsTest {
    private final TestShard shard = new TestShard();
    private final TestRoom old = aRoom(shard).version("10").create().with(BOB, CAROL);

    private CreateRoom replacement(RoomId predecessor) {
        CreateRoom command = aRoom(shard).version("11").preset("public_chat").command();
        JsonObject content = JsonParser.parseObject(command.creationContent())
                .with("predecessor", JsonObject.of("room_id", predecessor.value()));
        return command.with(content.toString().getBytes(UTF_8));
    }

    private RoomId upgrade() {
        CreateRoom replacement = replacement(old.id);
        String tombstone = "{\"replacement_room\":\"" + replacement.room() + "\"}";
        shard.execute(new ReplaceRoom(old.id, null, tombstone.getBytes(UTF_8), replacement));
        return replacement.room();
    }

    private @Nullable RoomId join(RoomId room, UserId user) {
        var answer = (RoomAnswer.EventSent) shard.execute(ChangeMembership.of(
                room,
                new Requester(user, "DEVICE", null),
                MembershipAction.JOIN,
                user,
                null,
                profile(user, 1, user.localpart()),
                null));
        return answer.replaced();
    }

    /** What account-server was ordered since the last time. */
    private List<AccountCommand> ordered() {
        shard.obey();
        List<AccountCommand> commands = shard.orders.stream()
                .filter(order -> order.topic().equals(AccountTopics.INPUT.name()))
                .map(order -> Cbor.decode(order.command(), AccountCommand.class))
                .toList();
        shard.orders.clear();
        return commands;
    }

    @Test
    void followsWhoUpgradesARoom() {
        RoomId replacement = upgrade();
        assertThat(ordered()).containsExactly(new InheritRoom(ALICE, old.id, replacement));
    }

    @Test
    void followsWhoJoinsTheReplacement() {
        RoomId replacement = upgrade();
        ordered();
        assertThat(join(replacement, BOB)).isEqualTo(old.id);
        assertThat(ordered()).containsExactly(new InheritRoom(BOB, old.id, replacement));
    }

    @Test
    void followsWhoHasLeftTheOldRoomInTheMeantime() {
        RoomId replacement = upgrade();
        ordered();
        old.change(MembershipAction.LEAVE, BOB, BOB);
        join(replacement, BOB);
        assertThat(ordered()).hasSize(1);
    }

    @Test
    void isOrderedWithTheJoinAlone() {
        RoomId replacement = upgrade();
        join(replacement, BOB);
        ordered();
        assertThat(join(replacement, BOB)).isNull();
        assertThat(ordered()).isEmpty();
    }

    @Test
    void doesNotFollowWhoWasBannedOrNeverThere() {
        RoomId replacement = upgrade();
        ordered();
        old.change(MembershipAction.BAN, ALICE, BOB);
        join(replacement, BOB);
        join(replacement, new UserId("@stranger:example.org"));
        assertThat(ordered()).isEmpty();
    }

    @Test
    void doesNotFollowIntoARoomThatTheOldOneDoesNotName() {
        CreateRoom impostor = replacement(old.id);
        shard.execute(impostor);
        join(impostor.room(), BOB);
        assertThat(ordered()).isEmpty();
        upgrade();
        ordered();
        join(impostor.room(), CAROL);
        assertThat(ordered()).isEmpty();
    }

    @Test
    void nothingFollowsFromARoomThatIsNotKnown() {
        RoomId unknown = new RoomId("!unknown:example.org");
        CreateRoom replacement = replacement(unknown);
        shard.execute(replacement);
        assertThat(join(replacement.room(), BOB)).isEqualTo(unknown);
        assertThat(ordered()).isEmpty();
        assertThat(shard.execute(new HandOver(unknown, BOB, replacement.room()))).isInstanceOf(RoomAnswer.Done.class);
    }

    @Test
    void aPredecessorThatIsNoRoomChangesNothing() {
        for (String predecessor : List.of("7", "{}", "{\"room_id\":7}", "{\"room_id\":\"x\"}", "[]")) {
            CreateRoom command = aRoom(shard).version("11").preset("public_chat").command();
            String content = JsonParser.parseObject(command.creationContent())
                    .with("predecessor", JsonParser.parse(predecessor.getBytes(UTF_8)))
                    .toString();
            shard.execute(command.with(content.getBytes(UTF_8)));
            assertThat(join(command.room(), BOB)).as(predecessor).isNull();
        }
        assertThat(ordered()).isEmpty();
    }

    @Test
    void aTombstoneThatNamesNoRoomLeadsNowhere() {
        CreateRoom replacement = replacement(old.id);
        shard.execute(replacement);
        old.set(ALICE, EventTypes.TOMBSTONE, "", "{\"replacement_room\":7}");
        join(replacement.room(), BOB);
        assertThat(ordered()).isEmpty();
    }
}
