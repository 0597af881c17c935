package io.myelin.roomserver.decide;

import static io.myelin.roomserver.TestRoom.aRoom;
import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.BOB;
import static io.myelin.roomserver.TestShard.refused;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.Partitions;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.CreateRoom;
import io.myelin.contracts.room.RoomCommand.ReplaceRoom;
import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.engine.shard.Moment;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.roomserver.TestRoom;
import io.myelin.roomserver.TestShard;
import io.myelin.roomserver.room.Absent;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.RoomLimits;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplaceRoomDecisionTest {

    private final TestShard shard = new TestShard();
    private final TestRoom old = aRoom(shard).version("10").create().with(BOB);

    private ReplaceRoom by(UserId user, String version, @Nullable EventId before) {
        CreateRoom replacement = aRoom(shard).createdBy(user).version(version).command();
        return leadingTo(replacement.room(), replacement, before);
    }

    private ReplaceRoom leadingTo(RoomId room, CreateRoom replacement, @Nullable EventId before) {
        String tombstone = "{\"body\":\"gone\",\"replacement_room\":\"" + room + "\"}";
        return new ReplaceRoom(old.id, before, tombstone.getBytes(UTF_8), replacement);
    }

    private List<RoomEvent> eventsOf(RoomId room) {
        return shard.facts.stream()
                .map(fact -> fact.fact())
                .filter(RoomEvent.class::isInstance)
                .map(RoomEvent.class::cast)
                .filter(event -> event.room().equals(room))
                .toList();
    }

    private RoomEvent tombstone() {
        return eventsOf(old.id).getLast();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "9", "11", "12"})
    void endsTheOldRoomAndMakesTheNewOneAtOnce(String version) {
        ReplaceRoom command = by(ALICE, version, null);
        RoomId replacement = command.replacement().room();

        RoomAnswer answer = shard.execute(command);

        assertThat(answer)
                .isInstanceOfSatisfying(
                        RoomAnswer.Done.class, done -> assertThat(done.room()).isEqualTo(replacement));
        assertThat(tombstone().type()).isEqualTo(EventTypes.TOMBSTONE);
        assertThat(TestRoom.content(tombstone()).string("replacement_room")).contains(replacement.value());
        assertThat(eventsOf(replacement).getFirst().type()).isEqualTo(EventTypes.CREATE);
        assertThat(shard.entities).containsKey(EntityKey.of(replacement));
        assertThat(old.says(ALICE, "the old room goes on from its tombstone")).isInstanceOf(RoomAnswer.EventSent.class);
    }

    @Test
    void namesTheTombstoneInTheNewRoomUpToVersion11() {
        ReplaceRoom command = by(ALICE, "11", null);
        shard.execute(command);
        JsonObject content =
                TestRoom.content(eventsOf(command.replacement().room()).getFirst());
        assertThat(content.object("predecessor").orElseThrow().string("event_id"))
                .contains(tombstone().id().value());
    }

    @Test
    void ofTwoAtOnceOneIsTheFirst() {
        ReplaceRoom first = by(ALICE, "11", null);
        ReplaceRoom second = by(ALICE, "11", null);
        shard.execute(first);
        int before = shard.facts.size();

        assertThat(refused(shard.execute(second)).status()).isEqualTo(409);

        assertThat(shard.facts).hasSize(before);
        assertThat(TestRoom.content(tombstone()).string("replacement_room"))
                .contains(first.replacement().room().value());
    }

    @Test
    void replacesARoomAgainThatHasTheTombstoneItsWriterKnows() {
        shard.execute(by(ALICE, "11", null));
        ReplaceRoom again = by(ALICE, "12", tombstone().id());
        assertThat(shard.execute(again)).isInstanceOf(RoomAnswer.Done.class);
        assertThat(TestRoom.content(tombstone()).string("replacement_room"))
                .contains(again.replacement().room().value());
    }

    @Test
    void doesNothingToARoomWhoseReplacementCannotBeMade() {
        int before = shard.facts.size();
        CreateRoom impossible = aRoom(shard)
                .version("11")
                .initially(EventTypes.JOIN_RULES, "{\"join_rule\":7}")
                .initially(EventTypes.MEMBER, "{}")
                .command();
        assertThat(shard.execute(leadingTo(impossible.room(), impossible, null)))
                .isInstanceOf(RoomAnswer.Refused.class);
        assertThat(shard.facts).hasSize(before);
        assertThat(shard.entities).doesNotContainKey(EntityKey.of(impossible.room()));
    }

    @Test
    void isRefusedToWhoHasNoPowerToEndTheRoomOrIsNotInIt() {
        assertThat(refused(shard.execute(by(BOB, "11", null))).status()).isEqualTo(403);
        assertThat(refused(shard.execute(by(new UserId("@stranger:example.org"), "11", null)))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void isRefusedWhereTheTombstoneLeadsNowhereElse() {
        CreateRoom replacement = aRoom(shard).version("11").command();
        assertThat(refused(shard.execute(leadingTo(old.id, replacement, null))).errcode())
                .isEqualTo("M_INVALID_PARAM");
    }

    @Test
    void isRefusedIfTheTwoAreOfDifferentShards() {
        RoomDecider ofMany = new RoomDecider(TestShard.SIGNER, 64, () -> RoomLimits.DEFAULT);
        ReplaceRoom command = by(ALICE, "11", null);
        while (Partitions.of(command.replacement().room().value(), 64) == 0) {
            shard.now++;
            command = by(ALICE, "11", null);
        }
        ReplaceRoom elsewhere = command;
        var decision = ofMany.decide(
                key -> shard.entities.getOrDefault(key, new Absent()), elsewhere, new Moment(0, 1, 1_000, shard.now));
        assertThat(decision.facts()).isEmpty();
        assertThat(decision.accepted()).isFalse();
    }

    @Test
    void nothingButTheTwoRoomsIsTouched() {
        ReplaceRoom command = by(ALICE, "11", null);
        int before = shard.facts.size();
        shard.execute(command);
        assertThat(shard.facts.subList(before, shard.facts.size()))
                .extracting(fact -> fact.fact())
                .hasOnlyElementsOfType(RoomFact.RoomEvent.class);
        assertThat(shard.orders).isEmpty();
    }
}
