package io.myelin.receiptserver.receipt;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Position;
import io.myelin.contracts.receipt.Receipt;
import io.myelin.contracts.receipt.ReceiptAnswer;
import io.myelin.contracts.receipt.ReceiptCommand;
import io.myelin.contracts.receipt.ReceiptCommand.DropReceipts;
import io.myelin.contracts.receipt.ReceiptCommand.SetReceipts;
import io.myelin.contracts.receipt.ReceiptFact;
import io.myelin.contracts.receipt.ReceiptFact.ReceiptMoved;
import io.myelin.contracts.receipt.ReceiptFact.ReceiptsDropped;
import io.myelin.engine.shard.Decider;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Entities;
import io.myelin.engine.shard.Moment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rules of receipt-server: a receipt only moves forward. */
public final class ReceiptDecider implements Decider<UserReceipts, ReceiptCommand, ReceiptFact> {

    /** The approximate size of a receipt in memory, in bytes. */
    private static final long RECEIPT = 400;

    @Override
    public List<String> keys(ReceiptCommand command) {
        return switch (command) {
            case SetReceipts set
            when ReceiptRules.problem(set).isEmpty() ->
                set.receipts().stream()
                        .map(receipt -> key(set, receipt))
                        .distinct()
                        .toList();
            case DropReceipts drop
            when !drop.users().isEmpty() ->
                drop.users().stream()
                        .map(user -> new ReaderKey(drop.room(), user).text())
                        .distinct()
                        .toList();
            case SetReceipts _, DropReceipts _, ReceiptCommand.Unknown _ -> List.of(ReaderKey.NOTHING);
        };
    }

    @Override
    public Decision<UserReceipts, ReceiptFact> decide(
            Entities<UserReceipts> entities, ReceiptCommand command, Moment moment) {
        return switch (command) {
            case SetReceipts set -> set(entities, set, moment);
            case DropReceipts drop -> drop(entities, drop, moment);
            case ReceiptCommand.Unknown _ ->
                refused(new MatrixError(501, "M_UNRECOGNIZED", "This server does not know that command yet."));
        };
    }

    private static Decision<UserReceipts, ReceiptFact> set(
            Entities<UserReceipts> entities, SetReceipts command, Moment moment) {
        Optional<MatrixError> problem = ReceiptRules.problem(command);
        if (problem.isPresent()) {
            return refused(problem.get());
        }
        Map<String, UserReceipts> changes = new HashMap<>();
        List<ReceiptFact> facts = new ArrayList<>();
        for (Receipt receipt : command.receipts()) {
            String key = key(command, receipt);
            UserReceipts before = changes.getOrDefault(key, entities.get(key));
            if (before.movesWith(receipt)) {
                changes.put(key, before.with(receipt));
                facts.add(new ReceiptMoved(command.room(), receipt));
            }
        }
        Position last = new Position(moment.shard(), moment.incarnation(), moment.seq() + facts.size() - 1);
        return new Decision<>(changes, facts, Cbor.encode(new ReceiptAnswer.Done(last)), true, List.of());
    }

    private static Decision<UserReceipts, ReceiptFact> drop(
            Entities<UserReceipts> entities, DropReceipts command, Moment moment) {
        Map<String, UserReceipts> changes = new HashMap<>();
        List<ReceiptFact> facts = new ArrayList<>();
        command.users().stream().distinct().forEach(user -> {
            String key = new ReaderKey(command.room(), user).text();
            if (!entities.get(key).receipts().isEmpty()) {
                changes.put(key, UserReceipts.NONE);
                facts.add(new ReceiptsDropped(command.room(), user));
            }
        });
        Position last = new Position(moment.shard(), moment.incarnation(), moment.seq() + facts.size() - 1);
        return new Decision<>(changes, facts, Cbor.encode(new ReceiptAnswer.Done(last)), true, List.of());
    }

    @Override
    public long weight(UserReceipts state) {
        return state.receipts().size() * RECEIPT;
    }

    @Override
    public boolean understands(ReceiptCommand command) {
        return !(command instanceof ReceiptCommand.Unknown);
    }

    @Override
    public byte[] failed(String reason) {
        return Cbor.encode(new ReceiptAnswer.Refused(new MatrixError(500, "M_UNKNOWN", reason)));
    }

    private static String key(SetReceipts command, Receipt receipt) {
        return new ReaderKey(command.room(), receipt.user()).text();
    }

    private static Decision<UserReceipts, ReceiptFact> refused(MatrixError error) {
        return Decision.refused(Cbor.encode(new ReceiptAnswer.Refused(error)));
    }
}
