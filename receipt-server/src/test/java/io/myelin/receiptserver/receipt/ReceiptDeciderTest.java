package io.myelin.receiptserver.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.Position;
import io.myelin.contracts.receipt.Receipt;
import io.myelin.contracts.receipt.ReceiptAnswer;
import io.myelin.contracts.receipt.ReceiptCommand;
import io.myelin.contracts.receipt.ReceiptCommand.DropReceipts;
import io.myelin.contracts.receipt.ReceiptCommand.SetReceipts;
import io.myelin.contracts.receipt.ReceiptFact;
import io.myelin.contracts.receipt.ReceiptFact.ReceiptMoved;
import io.myelin.contracts.receipt.ReceiptFact.ReceiptsDropped;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Moment;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiptDeciderTest {
    private static final RoomId ROOM = RoomId.parse("!pub:example.org");
    private static final UserId ALICE = UserId.parse("@alice:example.org");
    private static final UserId BOB = UserId.parse("@bob:example.org");

    private final ReceiptDecider decider = new ReceiptDecider();
    private final Map<String, UserReceipts> entities = new HashMap<>();
    private long seq = 1;

    private Decision<UserReceipts, ReceiptFact> decide(ReceiptCommand command) {
        List<String> keys = decider.keys(command);
        Decision<UserReceipts, ReceiptFact> decision = decider.decide(
                key -> {
                    assertThat(keys).contains(key);
                    return entities.getOrDefault(key, UserReceipts.NONE);
                },
                command,
                new Moment(3, 1, seq, 0));
        assertThat(keys).isNotEmpty().containsAll(decision.changes().keySet());
        entities.putAll(decision.changes());
        seq += decision.facts().size();
        return decision;
    }

    private Decision<UserReceipts, ReceiptFact> set(Receipt... receipts) {
        return decide(new SetReceipts(ROOM, List.of(receipts)));
    }

    @Test
    void ofAPurgedRoomNoReceiptsAreLeft() {
        set(receipt(ALICE, Receipt.PUBLIC, null, 7));
        Decision<UserReceipts, ReceiptFact> dropped = decide(new DropReceipts(ROOM, List.of(ALICE, BOB, ALICE)));
        assertThat(dropped.facts()).containsExactly(new ReceiptsDropped(ROOM, ALICE));
        assertThat(decide(new DropReceipts(ROOM, List.of(ALICE))).facts()).isEmpty();
        assertThat(decide(new DropReceipts(ROOM, List.of())).facts()).isEmpty();
        assertThat(set(receipt(ALICE, Receipt.PUBLIC, null, 3)).facts()).hasSize(1);
    }

    private static Receipt receipt(UserId user, String type, @Nullable String thread, long at) {
        return receipt(user, type, thread, 1, at);
    }

    private static Receipt receipt(UserId user, String type, @Nullable String thread, long incarnation, long at) {
        return new Receipt(user, type, thread, new EventId("$" + at), new Position(3, incarnation, at), 1_000 + at);
    }

    private static Receipt read(long at) {
        return receipt(ALICE, Receipt.PUBLIC, null, at);
    }

    private static ReceiptAnswer answer(Decision<UserReceipts, ReceiptFact> decision) {
        return Cbor.decode(decision.answer(), ReceiptAnswer.class);
    }

    private static void isRefused(Decision<UserReceipts, ReceiptFact> decision, int status) {
        assertThat(answer(decision))
                .isInstanceOfSatisfying(
                        ReceiptAnswer.Refused.class,
                        refused -> assertThat(refused.error().status()).isEqualTo(status));
        assertThat(decision.changes()).isEmpty();
        assertThat(decision.facts()).isEmpty();
    }

    @Test
    void aReceiptMovesForward() {
        assertThat(set(read(5)).facts()).containsExactly(new ReceiptMoved(ROOM, read(5)));
        Decision<UserReceipts, ReceiptFact> further = set(read(8));
        assertThat(further.facts()).containsExactly(new ReceiptMoved(ROOM, read(8)));
        assertThat(answer(further)).isEqualTo(new ReceiptAnswer.Done(new Position(3, 1, 2)));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 7, 8})
    void aReceiptThatWouldGoBackStaysAndThatIsNoError(long backward) {
        set(read(8));
        Decision<UserReceipts, ReceiptFact> decision = set(read(backward));
        assertThat(decision.facts()).isEmpty();
        assertThat(decision.changes()).isEmpty();
        assertThat(answer(decision)).isEqualTo(new ReceiptAnswer.Done(new Position(3, 1, 1)));
    }

    @Test
    void afterRoomServerWasRestoredFromACopyItsNumbersBeginLower() {
        set(receipt(ALICE, Receipt.PUBLIC, null, 1, 100));
        assertThat(set(receipt(ALICE, Receipt.PUBLIC, null, 2, 50)).facts()).hasSize(1);
        assertThat(set(receipt(ALICE, Receipt.PUBLIC, null, 1, 101)).facts()).isEmpty();
    }

    @Test
    void typesThreadsUsersAndRoomsDoNotTouchEachOther() {
        set(read(8));
        assertThat(set(
                                receipt(ALICE, Receipt.PRIVATE, null, 3),
                                receipt(ALICE, Receipt.FULLY_READ, null, 2),
                                receipt(ALICE, Receipt.PUBLIC, "main", 4),
                                receipt(ALICE, Receipt.PUBLIC, "$root", 5),
                                receipt(BOB, Receipt.PUBLIC, null, 6))
                        .facts())
                .hasSize(5);
        assertThat(decide(new SetReceipts(RoomId.parse("!other:example.org"), List.of(read(1))))
                        .facts())
                .hasSize(1);
        assertThat(set(read(7), receipt(ALICE, Receipt.PRIVATE, null, 2)).facts())
                .isEmpty();
    }

    @Test
    void ofSeveralInOneCommandEachThatMovesIsAFact() {
        assertThat(set(read(5), read(4), read(6)).facts())
                .containsExactly(new ReceiptMoved(ROOM, read(5)), new ReceiptMoved(ROOM, read(6)));
        assertThat(set(read(6)).facts()).isEmpty();
    }

    @Test
    void oneUserDoesNotWaitForTheOthersOfTheRoom() {
        assertThat(decider.keys(new SetReceipts(ROOM, List.of(read(1), read(2)))))
                .containsExactly(new ReaderKey(ROOM, ALICE).text())
                .doesNotContain(new ReaderKey(ROOM, BOB).text());
        assertThat(ReaderKey.parse(new ReaderKey(ROOM, ALICE).text())).isEqualTo(new ReaderKey(ROOM, ALICE));
    }

    @Test
    void whatIsNoReceiptIsRefused() {
        isRefused(set(), 400);
        isRefused(set(receipt(ALICE, "m.seen", null, 1)), 400);
        isRefused(set(receipt(ALICE, Receipt.FULLY_READ, "main", 1)), 400);
        isRefused(set(receipt(ALICE, Receipt.PUBLIC, "", 1)), 400);
        isRefused(set(receipt(new UserId("@al\0ice:example.org"), Receipt.PUBLIC, null, 1)), 400);
        isRefused(set(read(1), new Receipt(ALICE, Receipt.PUBLIC, null, new EventId("one"), read(1).at(), 0)), 400);
        isRefused(decide(new SetReceipts(new RoomId("!a\0b:example.org"), List.of(read(1)))), 400);
        isRefused(decide(new ReceiptCommand.Unknown()), 501);
        assertThat(set(read(1)).facts()).hasSize(1);
    }
}
