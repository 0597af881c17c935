package io.myelin.server.rpc;

import io.myelin.contracts.Unavailable;
import io.myelin.server.ShardOwnership.Owners;
import io.myelin.web.MatrixException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The instances of one service and the shards that each owns, as far as this process knows. It asks any instance for
 * them, at most every two seconds while it is used, and whenever an owner turns out to be another one or does not
 * answer.
 */
final class Instances {
    private static final Logger LOG = LoggerFactory.getLogger(Instances.class);
    private static final long REFRESH_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** How long an instance that did not answer counts as dead: a shard moves to another owner within seconds. */
    private static final long SUSPICION_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Duration PATIENCE = Duration.ofMillis(500);

    private record Heard(List<@Nullable URI> owners, Set<URI> instances) {}

    private final String service;
    private final List<URI> configured;
    private final URI self;
    private final InternalHttp http;
    private final Map<URI, Long> suspectedUntil = new ConcurrentHashMap<>();
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile Heard heard = new Heard(List.of(), Set.of());
    private volatile long heardAt = System.nanoTime() - REFRESH_NANOS;

    /**
     * @param configured the addresses of some of the instances
     * @param self this process's address, at which it never asks
     */
    Instances(String service, List<URI> configured, URI self, InternalHttp http) {
        this.service = service;
        this.configured = configured;
        this.self = self;
        this.http = http;
    }

    /** The owner of a shard, if it is known and has answered lately. */
    @Nullable
    URI owner(int shard) {
        refreshIfOld();
        var owners = heard.owners;
        URI owner = shard >= 0 && shard < owners.size() ? owners.get(shard) : null;
        return owner == null || owner.equals(self) || isSuspect(owner) ? null : owner;
    }

    /** All instances in the order in which to ask them about a shard: its owner, others, those that did not answer. */
    List<URI> inOrder(int shard) {
        URI owner = owner(shard);
        Set<URI> all = new LinkedHashSet<>(heard.instances);
        all.addAll(configured);
        all.remove(self);
        List<URI> others = new ArrayList<>(all);
        Collections.shuffle(others);
        List<URI> order = new ArrayList<>();
        if (owner != null) {
            order.add(owner);
        }
        others.stream().filter(one -> !one.equals(owner) && !isSuspect(one)).forEach(order::add);
        others.stream().filter(this::isSuspect).forEach(order::add);
        return order;
    }

    boolean isAlone() {
        return inOrder(Operation.ANY_SHARD).size() <= 1;
    }

    /** Notes that an instance did not answer. */
    void suspect(URI instance) {
        suspectedUntil.put(instance, System.nanoTime() + SUSPICION_NANOS);
        refreshSoon();
    }

    private boolean isSuspect(URI instance) {
        Long until = suspectedUntil.get(instance);
        if (until == null) {
            return false;
        }
        if (System.nanoTime() - until < 0) {
            return true;
        }
        suspectedUntil.remove(instance, until);
        return false;
    }

    private void refreshIfOld() {
        if (System.nanoTime() - heardAt > REFRESH_NANOS) {
            refreshSoon();
        }
    }

    /** Asks for the owners again, unless a question is under way. */
    void refreshSoon() {
        if (asking.compareAndSet(false, true)) {
            heardAt = System.nanoTime();
            Thread.startVirtualThread(() -> {
                try {
                    refresh();
                } finally {
                    asking.set(false);
                }
            });
        }
    }

    private void refresh() {
        for (URI instance : inOrder(Operation.ANY_SHARD)) {
            try {
                byte[] answer = http.get(instance, Operations.paths(service) + "owners", PATIENCE);
                Owners owners = JsonMapper.shared().readValue(answer, Owners.class);
                List<@Nullable URI> byShard = new ArrayList<>();
                owners.byShard().forEach(owner -> byShard.add(owner == null ? null : URI.create(owner)));
                Set<URI> instances = new LinkedHashSet<>();
                owners.instances().forEach(address -> instances.add(URI.create(address)));
                heard = new Heard(byShard, instances);
                heardAt = System.nanoTime();
                return;
            } catch (IOException | Unavailable | MatrixException | JacksonException e) {
                LOG.debug("{} of {} does not say who owns what", instance, service, e);
            }
        }
    }
}
