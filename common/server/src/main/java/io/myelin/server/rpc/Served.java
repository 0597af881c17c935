package io.myelin.server.rpc;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.Contract;
import io.myelin.contracts.NotOwner;
import io.myelin.contracts.ShardQueries;
import io.myelin.engine.Committed;
import io.myelin.server.ShardOwnership;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A contract that this process fulfils. As a bean it is served to the other processes, if there are any. */
public final class Served<T> {

    /** @param shard one that this instance owns */
    record Owned(int shard, long incarnation, long seq) {}

    private final Contract<T> contract;
    private final T target;
    private final ShardOwnership ownership;
    private final Operations operations;

    /** @param ownership of the shards that the contract is about */
    public Served(Contract<T> contract, T target, ShardOwnership ownership) {
        this.contract = contract;
        this.target = target;
        this.ownership = ownership;
        this.operations = new Operations(contract);
    }

    Contract<T> contract() {
        return contract;
    }

    ShardOwnership ownership() {
        return ownership;
    }

    /** Whether the contract has such an operation. */
    boolean has(String operation) {
        return operations.named(operation) != null;
    }

    /**
     * Calls an existing operation; its exceptions pass through.
     *
     * @throws NotOwner if only the owner of the shard can execute it, and this instance is not the owner
     */
    byte[] call(String name, byte[] bytes, int shards) {
        Operation operation = Objects.requireNonNull(operations.named(name));
        @Nullable Object[] arguments = operation.decodeArguments(bytes);
        if (contract.ownerOnly()) {
            int shard = Operation.shardOf(arguments, shards);
            if (!ownership.owns(shard)) {
                throw new NotOwner(shard, null);
            }
        }
        return operation.encodeResult(invoke(operation, arguments));
    }

    private @Nullable Object invoke(Operation operation, @Nullable Object[] arguments) {
        try {
            return operation.method().invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What is committed in the shards that this instance owns, from memory. */
    byte[] ownedCommitted() {
        List<Owned> owned = new ArrayList<>();
        if (target instanceof ShardQueries<?> queries) {
            for (int shard : ownership.owned()) {
                Committed committed = queries.committed(shard);
                owned.add(new Owned(shard, committed.incarnation(), committed.seq()));
            }
        }
        return Cbor.encode(owned.toArray(Owned[]::new));
    }
}
