package io.myelin.engine.simulation;

import io.myelin.engine.Committed;
import io.myelin.engine.LogPosition;
import io.myelin.engine.Numbered;
import io.myelin.engine.ownership.OwnerScan;
import io.myelin.engine.ownership.OwnershipEffects;
import io.myelin.engine.ownership.ShardRow;
import io.myelin.engine.shard.Effects;
import io.myelin.engine.shard.Preparation;
import io.myelin.engine.shard.ReplyTo;
import io.myelin.engine.shard.Request;
import io.myelin.engine.shard.SeekResult;
import io.myelin.engine.shard.StoredOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The effects of a process of the toy service, carried out as the weather has it. */
final class ServerEffects implements Effects<ToyFact>, OwnershipEffects {

    private final Server server;
    private final World world;
    private final Timeline time;
    private final Map<Integer, Long> seeks = new HashMap<>();
    private final Map<String, Integer> failures = new HashMap<>();

    /** The rows of the claimed shards. */
    private final Map<Integer, ShardRow> rows = new HashMap<>();

    /** The committed position of each released shard, as of its release. */
    final Map<Integer, Committed> released = new HashMap<>();

    /** The callers that wait at the door. */
    final Map<Long, Caller> callers = new HashMap<>();

    final Publisher publisher;

    /** Whether the engine is applying a commit's outcome. */
    boolean committing;

    boolean turnedAway;

    record Caller(int shard, Request<ToyCommand> request) {}

    ServerEffects(Server server, World world) {
        this.server = server;
        this.world = world;
        time = world.time;
        publisher = new Publisher(world);
    }

    @Override
    public void look(int life, Set<Integer> shards) {
        server.wanted.add(() -> server.sendToStore(
                () -> world.store.down
                        ? Optional.<OwnerScan>empty()
                        : Optional.ofNullable(world.store.look(server.lease.instance(), shards)),
                look -> {
                    int late = time.chance(world.weather.lateLook) ? time.between(100, 4_000) : 0;
                    time.after(
                            late,
                            () -> server.tell(() -> look.ifPresentOrElse(
                                    seen -> looked(life, seen),
                                    () -> server.runtime.ownership().lookFailed(life, time.now()))));
                }));
    }

    private void looked(int life, OwnerScan look) {
        for (ShardRow row : look.claimed()) {
            time.trace("server %d claimed %s, in its life %d of %d", server.number(), row, life, server.lease.lives());
            world.ledger.claimed(row, server.number());
            if (life == server.lease.lives()) {
                rows.put(row.shard(), row);
                released.remove(row.shard());
                server.arrivals.remove(row.shard());
                server.inputs.remove(row.shard());
            }
        }
        server.runtime.ownership().looked(life, look, time.now());
    }

    @Override
    public void release(int shard, long epoch, long published) {
        time.trace("server %d gives %d up", server.number(), shard);
        released.put(shard, world.store.committed(shard));
        world.ledger.released(shard, server.number());
        callers.values()
                .forEach(caller -> Broken.check(
                        caller.shard != shard || caller.request.deadline() < time.now(),
                        "server %d forgets a caller of shard %d: %s",
                        server.number(),
                        shard,
                        caller));
        server.wanted.add(() -> {
            server.inputs.remove(shard);
            server.sendToStore(
                    () -> {
                        if (!world.store.down) {
                            world.store.release(shard, epoch, published);
                            world.moved();
                        }
                        return true;
                    },
                    done -> server.tell(() -> server.runtime.ownership().released(shard, epoch, time.now())));
        });
    }

    @Override
    public void seek(int shard, long epoch, LogPosition position) {
        server.wanted.add(() -> {
            server.inputs.remove(shard);
            seeks.put(shard, epoch);
            position(shard, epoch, position);
        });
    }

    private void position(int shard, long epoch, LogPosition position) {
        time.after(
                time.between(1, 20),
                () -> server.tell(() -> {
                    if (seeks.getOrDefault(shard, epoch) != epoch) {
                        return;
                    }
                    if (world.brokerDown) {
                        position(shard, epoch, position);
                        return;
                    }
                    SeekResult result = world.input.seek(shard, position);
                    time.trace(
                            "server %d sought %d epoch %d: %s -> %s", server.number(), shard, epoch, position, result);
                    server.inputs.put(shard, new InputReader(world, server.number(), shard, position, result));
                    server.arrivals(shard).forgetInput();
                    server.runtime.sought(shard, epoch, result);
                    server.doWhatIsWanted();
                    server.wake();
                }));
    }

    @Override
    public void pause(int shard, boolean pause) {
        server.wanted.add(() -> {
            InputReader input = server.inputs.get(shard);
            if (input != null) {
                input.paused = pause;
            }
            if (pause) {
                releaseTooEarly(shard);
            }
        });
    }

    private void releaseTooEarly(int shard) {
        ShardRow row = rows.get(shard);
        if (row != null && world.broken == Break.RELEASED_BEFORE_IT_IS_DRAINED) {
            world.store.release(shard, row.epoch(), row.published());
        }
        if (row != null && world.broken == Break.RELEASED_BEFORE_IT_IS_PUBLISHED) {
            world.store.release(shard, row.epoch(), world.store.committed(shard).seq());
        }
    }

    @Override
    public void load(int shard, long epoch, String key) {
        boolean saysWhy = time.chance(0.5);
        server.wanted.add(() -> {
            if (world.unloadable.contains(key)) {
                server.sendToStore(
                        () -> true,
                        failed -> server.tell(() -> {
                            if (world.broken != Break.LOAD_FAILURE_NOT_TOLD) {
                                server.runtime.loadFailed(shard, epoch, key, saysWhy, time.now());
                            }
                        }));
            } else {
                server.read(
                        () -> world.store.load(key),
                        counter -> {
                            failures.remove(key);
                            server.runtime.loaded(shard, epoch, key, counter, time.now());
                        },
                        () -> {
                            if (failures.merge(key, 1, Integer::sum) >= world.limits.loadAttempts()) {
                                world.everUnloadable.add(key);
                            }
                            server.runtime.loadFailed(shard, epoch, key, false, time.now());
                        });
            }
        });
    }

    @Override
    public void prepare(int shard, long epoch, Preparation<?, ?> preparation) {
        if (world.broken == Break.PREPARATION_FORGOTTEN) {
            return;
        }
        server.wanted.add(() -> time.after(
                time.chance(0.3) ? time.between(50, 3_000) : time.between(0, 5),
                () -> server.arrive(() -> {
                    preparation.run();
                    server.tell(() -> server.runtime.prepared(shard, epoch, preparation));
                })));
    }

    @Override
    public byte[] encode(ToyFact fact) {
        if (fact.kind() == ToyCommand.Kind.UNSENDABLE) {
            throw new IllegalArgumentException("no record");
        }
        return fact.encoded();
    }

    @Override
    public void publish(int shard, long epoch, long incarnation, List<Numbered<byte[]>> encoded) {
        if (committing && time.chance(world.weather.publishThrows)) {
            throw new IllegalStateException("an exception after the commit");
        }
        List<Numbered<ToyFact>> facts = encoded.stream()
                .map(fact -> new Numbered<>(fact.seq(), ToyFact.decoded(fact.fact())))
                .toList();
        server.wanted.add(() -> publisher.publish(
                shard,
                incarnation,
                facts,
                () -> server.tell(() -> server.runtime.acknowledged(
                        shard, epoch, facts.getLast().seq(), time.now())),
                () -> server.tell(() -> server.runtime.publishFailed(shard, epoch, time.now()))));
    }

    @Override
    public void readLog(int shard, long epoch, long after) {
        server.wanted.add(() -> server.read(
                () -> world.store.replay(shard, after, Integer.MAX_VALUE),
                page -> server.runtime.logRead(shard, epoch, page),
                () -> server.runtime.logReadFailed(shard, epoch, time.now())));
    }

    @Override
    public void readOutbox(int shard, long epoch, @Nullable UUID after, long bytes) {
        server.wanted.add(() -> server.read(
                () -> world.store.outbox(shard, after, bytes),
                orders -> server.runtime.outboxRead(shard, epoch, orders, time.now()),
                () -> server.runtime.outboxReadFailed(shard, epoch, time.now())));
    }

    @Override
    public void reply(ReplyTo to, UUID command, byte[] answer) {
        if (to instanceof ReplyTo.LocalCaller(long ticket)) {
            callers.remove(ticket);
        }
        server.wanted.add(() -> world.reply(server, to, command, answer));
    }

    @Override
    public void turnAway(ReplyTo.LocalCaller localCaller) {
        turnedAway = true;
        if (world.broken == Break.CALLERS_FORGOTTEN) {
            return;
        }
        callers.remove(localCaller.ticket());
        server.wanted.add(() -> world.turnedAway(localCaller));
    }

    @Override
    public void send(StoredOrder order) {
        server.wanted.add(() -> {
            time.trace("server %d orders %s", server.number(), World.brief(order.id()));
            world.send(
                    order.order().partition(),
                    new Request<>(
                            order.id(),
                            world.broken == Break.FAILURE_SETTLES_ORDERS ? Request.NEVER - 1 : Request.NEVER,
                            new ReplyTo.Partition(server.number()),
                            null,
                            ToyCommand.decoded(order.order().command())));
        });
    }

    @Override
    public void warn(String message) {
        time.trace("server %d warns: %s", server.number(), message);
    }
}
