package io.myelin.engine.simulation;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The lease of a process of the toy service; each new lease has a new id. */
final class ServerLease {

    private static final long RENEW_MILLIS = 500;
    private static final long LEASE_MILLIS = 2_000;

    private final Server server;
    private final World world;
    private final Timeline time;
    private final Set<Long> instances = new HashSet<>();
    private long instance;
    private long leaseUntil;

    /** How many leases were lost. */
    private int lives;

    ServerLease(Server server, World world) {
        this.server = server;
        this.world = world;
        time = world.time;
    }

    long instance() {
        return instance;
    }

    boolean wasInstance(long id) {
        return instances.contains(id);
    }

    int lives() {
        return lives;
    }

    boolean holds() {
        return time.now() < leaseUntil || (world.broken == Break.LEASE_CLOCK_STANDS_STILL && leaseUntil > 0);
    }

    void register() {
        long registering = world.newInstance();
        instance = registering;
        instances.add(registering);
        leaseUntil = 0;
        server.sendToStore(
                () -> {
                    if (world.store.down) {
                        return false;
                    }
                    world.store.register(registering);
                    return true;
                },
                registered -> {
                    if (registering != instance) {
                        return;
                    }
                    if (registered) {
                        time.trace("server %d is instance %d", server.number(), instance);
                        leaseUntil = time.now();
                        world.moved();
                    } else {
                        time.after(
                                100,
                                () -> server.arrive(() -> {
                                    if (registering == instance) {
                                        register();
                                    }
                                }));
                    }
                });
    }

    void heartbeat() {
        time.after(
                RENEW_MILLIS,
                () -> server.arrive(() -> {
                    if (server.hasTurned()) {
                        renew();
                    }
                    heartbeat();
                }));
    }

    private void renew() {
        long sentAt = time.now();
        long renewed = instance;
        server.sendToStore(
                () -> world.store.down || time.chance(world.weather.renewalFails)
                        ? Optional.<Boolean>empty()
                        : Optional.of(world.store.renew(renewed)),
                outcome -> {
                    if (renewed == instance && outcome.isPresent()) {
                        if (outcome.get()) {
                            leaseUntil = sentAt + LEASE_MILLIS;
                        } else {
                            time.trace("server %d lost everything", server.number());
                            leaseUntil = 0;
                            server.tell(() -> {
                                if (renewed == instance) {
                                    lives++;
                                    server.runtime.ownership().leaseLost();
                                    register();
                                }
                            });
                        }
                    }
                });
    }
}
