package io.myelin.receiptserver;

import static io.myelin.receiptserver.RunningReceiptServer.ALICE;
import static io.myelin.receiptserver.RunningReceiptServer.BOB;
import static io.myelin.receiptserver.RunningReceiptServer.aRoom;
import static io.myelin.receiptserver.RunningReceiptServer.receipt;
import static io.myelin.receiptserver.RunningReceiptServer.shardOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.Position;
import io.myelin.contracts.receipt.Receipt;
import io.myelin.contracts.receipt.ReceiptCommand.DropReceipts;
import io.myelin.contracts.receipt.ReceiptFact;
import io.myelin.contracts.receipt.ReceiptQueries;
import io.myelin.contracts.receipt.ReceiptQueries.NumberedReceipt;
import io.myelin.contracts.receipt.ReceiptQueries.RoomReceipts;
import io.myelin.engine.Numbered;
import io.myelin.matrix.id.RoomId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@link ReceiptQueries} answer about commands that were answered, in this process and over HTTP. */
abstract class ReceiptQueriesContract {
    private final RunningReceiptServer server;

    ReceiptQueriesContract(RunningReceiptServer server) {
        this.server = server;
    }

    abstract ReceiptQueries queries();

    private List<Receipt> receiptsIn(RoomId room) {
        return queries().receiptsIn(room).receipts().stream()
                .map(NumberedReceipt::receipt)
                .toList();
    }

    @Test
    void tellWhatWasAnswered() {
        RoomId room = aRoom();
        Receipt[] receipts = {
            receipt(room, ALICE, Receipt.PUBLIC, null, 5),
            receipt(room, ALICE, Receipt.PRIVATE, "main", 6),
            receipt(room, ALICE, Receipt.PUBLIC, "$root", 7),
            receipt(room, ALICE, Receipt.FULLY_READ, null, 4),
        };
        Position last = server.set(room, receipts);
        Receipt bobs = receipt(room, BOB, Receipt.PUBLIC, null, 5);
        server.set(room, bobs);
        assertThat(receiptsIn(room)).hasSize(5).contains(receipts).contains(bobs);
        assertThat(queries().receiptsOf(room, ALICE))
                .extracting(NumberedReceipt::receipt)
                .containsExactlyInAnyOrder(receipts);
        RoomReceipts all = queries().receiptsIn(room);
        assertThat(all.shard()).isEqualTo(last.shard());
        assertThat(all.incarnation()).isEqualTo(last.incarnation());
        assertThat(all.asOf()).isGreaterThan(last.seq());
        assertThat(queries().receiptsIn(aRoom()).receipts()).isEmpty();
    }

    @Test
    void tellNothingOfAPurgedRoom() {
        RoomId room = aRoom();
        Position at = server.set(room, receipt(room, ALICE, Receipt.PUBLIC, null, 5));
        server.set(
                room,
                receipt(room, ALICE, Receipt.PRIVATE, "main", 6),
                receipt(room, ALICE, Receipt.PUBLIC, "$root", 7));
        server.answer(room, new DropReceipts(room, List.of(ALICE, BOB)));
        assertThat(receiptsIn(room)).isEmpty();
        assertThat(queries().replay(shardOf(room), at.seq() - 1, 10_000).facts())
                .noneMatch(fact -> fact.fact() instanceof ReceiptFact.ReceiptMoved moved
                        && moved.room().equals(room));
        Receipt again = receipt(room, ALICE, Receipt.PUBLIC, null, 1);
        server.set(room, again);
        assertThat(receiptsIn(room)).containsExactly(again);
    }

    @Test
    void tellOnceWhatMoved() {
        RoomId room = aRoom();
        server.set(room, receipt(room, ALICE, Receipt.PUBLIC, null, 5));
        Receipt stays = receipt(room, BOB, Receipt.PUBLIC, "main", 5);
        server.set(room, stays);
        Receipt further = receipt(room, ALICE, Receipt.PUBLIC, null, 9);
        Position at = server.set(room, further);
        assertThat(server.set(room, receipt(room, ALICE, Receipt.PUBLIC, null, 3)))
                .isEqualTo(at);
        assertThat(receiptsIn(room)).containsExactlyInAnyOrder(stays, further);
        var replayed = queries().replay(shardOf(room), 0, 10_000);
        assertThat(replayed.upTo()).isGreaterThanOrEqualTo(at.seq());
        assertThat(replayed.facts())
                .filteredOn(fact -> fact.fact() instanceof ReceiptFact.ReceiptMoved moved
                        && moved.room().equals(room))
                .containsExactly(
                        new Numbered<>(at.seq() - 1, new ReceiptFact.ReceiptMoved(room, stays)),
                        new Numbered<>(at.seq(), new ReceiptFact.ReceiptMoved(room, further)));
    }

    @Test
    void tellTheLastCommitOfEachShard() {
        RoomId room = aRoom();
        Position at = server.set(room, receipt(room, ALICE, Receipt.PUBLIC, null, 5));
        assertThat(queries().committed(at.shard()).seq()).isEqualTo(at.seq());
        assertThat(queries().committed(at.shard()).incarnation()).isEqualTo(at.incarnation());
        assertThat(queries().allCommitted(RunningReceiptServer.SHARDS))
                .hasSize(RunningReceiptServer.SHARDS)
                .element(at.shard())
                .isEqualTo(queries().committed(at.shard()));
    }
}
