package io.myelin.receiptserver.config;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.receipt.ReceiptCommand;
import io.myelin.contracts.receipt.ReceiptFact;
import io.myelin.contracts.receipt.ReceiptQueries;
import io.myelin.contracts.receipt.ReceiptTopics;
import io.myelin.engine.shard.ShardLimits;
import io.myelin.kafka.ShardServiceSpec;
import io.myelin.kafka.Shell;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.receiptserver.receipt.ReceiptDecider;
import io.myelin.receiptserver.receipt.UserReceipts;
import io.myelin.receiptserver.storage.ReceiptTables;
import io.myelin.receiptserver.storage.StoredReceipts;
import io.myelin.server.ShardServer;

/**
 * The receipt-server of this process.
 *
 * @param shards starts and stops it
 */
public record ReceiptServer(ShardServer<UserReceipts, ReceiptCommand, ReceiptFact> shards, ReceiptQueries queries) {

    /** The name of the service and of its schema. */
    public static final String NAME = ReceiptTables.SCHEMA;

    /** Makes a server that owns no shard until its shards are started. */
    public static ReceiptServer of(int shardCount, String address, ServiceDatabase database, Shell shell) {
        var tables = new ReceiptTables();
        var shards = new ShardServer<UserReceipts, ReceiptCommand, ReceiptFact>(
                new ShardServiceSpec<>(
                        NAME,
                        shardCount,
                        ReceiptTopics.INPUT.name(),
                        ReceiptTopics.OUTPUT.name(),
                        new ReceiptDecider(),
                        bytes -> Cbor.decode(bytes, ReceiptCommand.class),
                        Cbor::encode,
                        ShardLimits.DEFAULT),
                tables,
                database,
                address,
                shell);
        return new ReceiptServer(shards, new StoredReceipts(shardCount, database, tables, shards));
    }
}
