package io.myelin.server.rpc;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.Contract;
import io.myelin.engine.Committed;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The question "What is committed?", which every barrier asks. One question covers all shards of an owner, which
 * answers from memory, and callers that ask at the same time share it. An owner that does not answer at once is
 * skipped: any other instance can answer from the shard's row.
 */
final class CommittedLookup {
    /** After this time without an answer an owner counts as dead, if there are other instances. */
    private static final Duration SHORT = Duration.ofMillis(150);

    private static final Duration LONG = Duration.ofSeconds(2);

    private final Contract<?> contract;
    private final Operations operations;
    private final int shards;
    private final Instances instances;
    private final InternalHttp http;
    private final Map<URI, SharedRequest<Map<Integer, Committed>>> toOwners = new ConcurrentHashMap<>();
    private final Map<URI, SharedRequest<Map<Integer, Committed>>> toAnybody = new ConcurrentHashMap<>();

    CommittedLookup(Contract<?> contract, Operations operations, int shards, Instances instances, InternalHttp http) {
        this.contract = contract;
        this.operations = operations;
        this.shards = shards;
        this.instances = instances;
        this.http = http;
    }

    /** What is committed in a shard, from its owner; null if that is not known or does not answer. */
    @Nullable
    Committed fromOwner(int shard) {
        URI owner = instances.owner(shard);
        if (owner == null) {
            return null;
        }
        return await(owner, askOwner(owner)).get(shard);
    }

    /**
     * What is committed in all shards, from their owners; shards whose owner is not known or does not answer are left
     * out.
     */
    Map<Integer, Committed> fromOwners() {
        Map<URI, CompletableFuture<Map<Integer, Committed>>> asked = new LinkedHashMap<>();
        for (int shard = 0; shard < shards; shard++) {
            URI owner = instances.owner(shard);
            if (owner != null && !asked.containsKey(owner)) {
                asked.put(owner, askOwner(owner));
            }
        }
        Map<Integer, Committed> all = new HashMap<>();
        asked.forEach((owner, answer) -> all.putAll(await(owner, answer)));
        return all;
    }

    /** What is committed in all shards, from an instance that need not own any; fails if it does not answer. */
    CompletableFuture<Map<Integer, Committed>> fromAnybody(URI instance) {
        return toAnybody
                .computeIfAbsent(instance, one -> new SharedRequest<>(() -> sendToAnybody(one)))
                .ask();
    }

    private Map<Integer, Committed> await(URI owner, CompletableFuture<Map<Integer, Committed>> answer) {
        try {
            Map<Integer, Committed> owned = answer.join();
            if (owned.isEmpty()) {
                instances.refreshSoon();
            }
            return owned;
        } catch (CompletionException e) {
            instances.suspect(owner);
            return Map.of();
        }
    }

    private CompletableFuture<Map<Integer, Committed>> askOwner(URI owner) {
        return toOwners.computeIfAbsent(owner, one -> new SharedRequest<>(() -> sendToOwner(one)))
                .ask();
    }

    private CompletableFuture<Map<Integer, Committed>> sendToOwner(URI owner) {
        String path = Operations.paths(contract.service()) + "committed";
        return http.postAsync(owner, path, new byte[0], instances.isAlone() ? LONG : SHORT)
                .thenApply(bytes -> Arrays.stream(Cbor.decode(bytes, Served.Owned[].class))
                        .collect(Collectors.toMap(
                                Served.Owned::shard, owned -> new Committed(owned.incarnation(), owned.seq()))));
    }

    private CompletableFuture<Map<Integer, Committed>> sendToAnybody(URI instance) {
        Operation operation = Objects.requireNonNull(operations.named("allCommitted"));
        byte[] arguments = operation.encodeArguments(new Object[] {shards});
        return http.postAsync(instance, operations.path(operation), arguments, LONG)
                .thenApply(bytes -> {
                    List<?> all = new ArrayList<>((List<?>) operation.decodeResult(bytes));
                    return IntStream.range(0, shards).boxed().collect(Collectors.toMap(shard -> shard, shard ->
                            (Committed) all.get(shard)));
                });
    }
}
