package io.myelin.receiptserver;

import static io.myelin.receiptserver.RunningReceiptServer.ALICE;
import static io.myelin.receiptserver.RunningReceiptServer.aRoom;
import static io.myelin.receiptserver.RunningReceiptServer.receipt;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.Position;
import io.myelin.contracts.receipt.Receipt;
import io.myelin.contracts.receipt.ReceiptContracts;
import io.myelin.contracts.receipt.ReceiptQueries;
import io.myelin.contracts.receipt.ReceiptQueries.NumberedReceipt;
import io.myelin.matrix.id.RoomId;
import io.myelin.server.rpc.TwoProcesses;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The service on a real database and a real broker. */
class ReceiptServerIT {

    @AutoClose
    private static final RunningReceiptServer server = new RunningReceiptServer();

    @Nested
    class QueriesInTheSameProcess extends ReceiptQueriesContract {
        QueriesInTheSameProcess() {
            super(server);
        }

        @Override
        ReceiptQueries queries() {
            return server.queries();
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class QueriesOverHttp extends ReceiptQueriesContract {
        @AutoClose
        private final TwoProcesses processes = TwoProcesses.serving(ReceiptContracts.QUERIES, server.queries());

        private final ReceiptQueries queries = processes.proxy(ReceiptContracts.QUERIES);

        QueriesOverHttp() {
            super(server);
        }

        @Override
        ReceiptQueries queries() {
            return queries;
        }
    }

    @Test
    void aRestartedServerGoesOnWhereItWas() {
        RoomId room = aRoom();
        Receipt before = receipt(room, ALICE, Receipt.PUBLIC, "$root", 8);
        Position at = server.set(room, before);
        server.restart();
        server.set(room, receipt(room, ALICE, Receipt.PUBLIC, "$root", 7));
        assertThat(server.queries().receiptsOf(room, ALICE))
                .extracting(NumberedReceipt::receipt)
                .containsExactly(before);
        Receipt after = receipt(room, ALICE, Receipt.PUBLIC, "$root", 9);
        assertThat(server.set(room, after).seq()).isGreaterThan(at.seq());
        assertThat(server.queries().receiptsOf(room, ALICE))
                .extracting(NumberedReceipt::receipt)
                .containsExactly(after);
    }
}
