package io.myelin.receiptserver;

import io.myelin.contracts.Contract;
import io.myelin.contracts.Topic;
import io.myelin.contracts.receipt.ReceiptContracts;
import io.myelin.contracts.receipt.ReceiptTopics;
import io.myelin.postgres.ServiceSchema;
import io.myelin.postgres.check.Invariant;
import io.myelin.receiptserver.config.ReceiptServerConfiguration;
import io.myelin.receiptserver.storage.ReceiptInvariants;
import io.myelin.receiptserver.storage.ReceiptTables;
import io.myelin.server.service.Probe;
import io.myelin.server.service.Role;
import io.myelin.server.service.ServiceDescription;
import java.util.List;
import java.util.Optional;

/** Owns receipts: how far everybody has read in every room. */
public final class ReceiptServerDescription implements ServiceDescription {
    @Override
    public String name() {
        return "receipt-server";
    }

    @Override
    public Role role() {
        return Role.SERVER;
    }

    @Override
    public List<Topic<?>> reads() {
        return List.of(ReceiptTopics.INPUT);
    }

    @Override
    public List<Topic<?>> writes() {
        return List.of(ReceiptTopics.OUTPUT);
    }

    @Override
    public List<Contract<?>> offers() {
        return List.of(ReceiptContracts.QUERIES);
    }

    @Override
    public Class<?> configuration() {
        return ReceiptServerConfiguration.class;
    }

    @Override
    public Optional<ServiceSchema> schema() {
        return Optional.of(ServiceSchema.ofShards(ReceiptTables.SCHEMA));
    }

    @Override
    public List<Invariant> invariants() {
        return ReceiptInvariants.ALL;
    }

    @Override
    public int heapMegabytes() {
        return 160;
    }

    @Override
    public Probe probe() {
        return new Probe("POST", "/_matrix/client/v3/rooms/{room}/receipt/m.read/{event}", "{}");
    }
}
