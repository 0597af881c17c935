package io.myelin.engine.simulation;

import io.myelin.engine.ephemeral.EphemeralEffects;
import io.myelin.engine.ephemeral.EphemeralRuntime;
import io.myelin.engine.ephemeral.Input;
import io.myelin.engine.ephemeral.Publication;
import io.myelin.engine.ephemeral.ShardValues;
import io.myelin.engine.ephemeral.Versioned;
import io.myelin.engine.ownership.OwnershipEffects;
import io.myelin.engine.simulation.Talk.Saying;
import io.myelin.engine.simulation.Talk.Shown;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** A process of the toy service: its engine, and a shell that fails as the weather has it. */
final class EphemeralServer implements EphemeralEffects<Talk, Shown>, OwnershipEffects {

    private static final long LEASE_MILLIS = 2_000;

    private final EphemeralWorld world;
    private final Timeline time;
    private final int number;
    private final EphemeralRuntime<Saying, Talk, Shown> runtime;
    private final List<Runnable> backlog = new ArrayList<>();
    private final Map<Integer, Long> offsets = new HashMap<>();
    private UUID topic;
    private long instance;
    private long leaseUntil;
    private long appendedAt;
    private boolean paused;
    private boolean dead;
    private boolean leaving;

    EphemeralServer(EphemeralWorld world, int number) {
        this.world = world;
        this.number = number;
        time = world.time;
        topic = world.input.id();
        runtime = new EphemeralRuntime<>(world.shardCount, new Talk.Rules(), this, this, world.limits);
        begin();
        every(40, this::turn);
        every(500, this::renew);
    }

    private void begin() {
        instance = world.newInstance();
        leaseUntil = time.now() + LEASE_MILLIS;
        world.rows.insert(instance);
    }

    /** Runs an action in the process, later if it is paused. */
    private void run(Runnable action) {
        if (dead) {
            return;
        }
        if (paused) {
            backlog.add(action);
        } else {
            action.run();
        }
    }

    private void after(long millis, Runnable action) {
        time.after(millis, () -> run(action));
    }

    private void every(long millis, Runnable action) {
        after(millis, () -> {
            action.run();
            every(millis, action);
        });
    }

    private void turn() {
        if (!topic.equals(world.input.id()) && time.chance(0.2)) {
            topic = world.input.id();
            offsets.keySet().forEach(this::rewind);
        }
        Set<Integer> owned = runtime.ownership().owned();
        offsets.keySet().retainAll(owned);
        for (int shard : owned) {
            poll(shard);
        }
        runtime.tick(now());
        if (runtime.ownership().hasLeft()) {
            world.rows.delete(instance);
            stop();
        }
    }

    private long now() {
        return world.broken == EphemeralBreak.TIME_STANDS_STILL ? 1_000_000 : time.now();
    }

    private void poll(int shard) {
        Long offset = offsets.get(shard);
        if (offset == null || world.brokerDown || !topic.equals(world.input.id())) {
            return;
        }
        List<Input<Saying>> inputs = new ArrayList<>();
        long next = Math.max(offset, world.input.beginning(shard));
        for (; next < world.input.end(shard); next++) {
            var record = world.input.at(shard, next);
            if (record != null) {
                inputs.add(record.value());
            }
        }
        offsets.put(shard, next);
        if (!inputs.isEmpty()) {
            runtime.polled(shard, inputs, now());
        }
    }

    private void renew() {
        if (world.rows.down || leaving) {
            return;
        }
        long sent = time.now();
        if (world.rows.renew(instance)) {
            leaseUntil = sent + LEASE_MILLIS;
        } else {
            time.trace("server %d begins anew", number);
            runtime.ownership().leaseLost();
            begin();
        }
    }

    // --- what befalls it

    void crash() {
        time.trace("server %d crashes", number);
        stop();
    }

    private void stop() {
        dead = true;
        world.ended(this);
    }

    void pause(long millis) {
        if (!paused) {
            time.trace("server %d stands still for %d", number, millis);
            paused = true;
            time.after(millis, this::resume);
        }
    }

    void resume() {
        if (paused) {
            paused = false;
            List<Runnable> missed = List.copyOf(backlog);
            backlog.clear();
            missed.forEach(this::run);
        }
    }

    void leave() {
        run(() -> {
            time.trace("server %d leaves", number);
            leaving = true;
            world.rows.leave(instance);
            runtime.ownership().leave(now());
        });
    }

    // --- questions

    void ask(int shard, Consumer<Optional<ShardValues<Shown>>> answer) {
        run(() -> answer.accept(values(shard)));
    }

    Optional<ShardValues<Shown>> values(int shard) {
        if (time.now() >= leaseUntil) {
            return Optional.empty();
        }
        Optional<ShardValues<Shown>> values = runtime.values(shard);
        if (world.broken == EphemeralBreak.ANSWER_LACKS_VALUES) {
            List<Versioned<Shown>> half = new ArrayList<>();
            values.ifPresent(all -> all.values().stream().skip(1).forEach(half::add));
            return values.map(all -> new ShardValues<>(all.asOf(), half));
        }
        return values;
    }

    // --- effects

    @Override
    public void look(int life, Set<Integer> wanted) {
        long me = instance;
        after(time.between(0, 20), () -> {
            if (world.rows.down) {
                runtime.ownership().lookFailed(life, now());
            } else if (me == instance) {
                runtime.ownership().looked(life, world.rows.look(me, wanted), now());
            }
        });
    }

    @Override
    public void release(int shard, long epoch, long published) {
        long me = instance;
        after(time.between(0, 20), () -> {
            if (!world.rows.down) {
                world.rows.release(me, shard, epoch);
            }
            runtime.ownership().released(shard, epoch, now());
        });
    }

    @Override
    public void load(int shard, long epoch) {
        after(time.between(0, 50), () -> {
            if (world.rows.down) {
                runtime.loadFailed(shard, epoch, now());
            } else {
                runtime.loaded(shard, epoch, world.rows.load(shard), now());
            }
        });
    }

    @Override
    public void read(int shard) {
        rewind(shard);
    }

    private void rewind(int shard) {
        long offset = world.input.end(shard);
        if (world.broken != EphemeralBreak.INPUT_FROM_THE_END_ONLY) {
            long young = time.now() - EphemeralWorld.REWIND_MILLIS;
            while (offset > world.input.beginning(shard)) {
                var record = world.input.at(shard, offset - 1);
                if (record != null && record.value().at() < young) {
                    break;
                }
                offset--;
            }
        }
        offsets.put(shard, offset);
    }

    @Override
    public void publish(int shard, Publication<Shown> publication) {
        int delay = time.chance(world.late) ? time.between(20, 3_000) : time.between(0, 3);
        appendedAt = Math.max(appendedAt, time.now() + delay);
        after(appendedAt - time.now(), () -> append(shard, publication));
    }

    private void append(int shard, Publication<Shown> publication) {
        boolean fails = world.brokerDown || time.chance(world.fails);
        if (!world.brokerDown && (!fails || time.chance(0.3))) {
            long offset = world.output.append(shard, publication);
            time.trace("server %d: output %d has %s at %d", number, shard, publication, offset);
            if (time.chance(world.twice)) {
                world.output.append(shard, publication);
            }
        }
        if (fails) {
            after(time.between(0, 500), () -> runtime.publishFailed(shard, publication, now()));
        } else {
            after(time.between(0, 3), () -> runtime.published(shard, publication.version(), now()));
        }
    }

    @Override
    public void keep(int shard, long epoch, long rowEpoch, Map<String, Talk> states) {
        after(time.between(0, 50), () -> {
            if (!world.rows.down && world.rows.keep(shard, rowEpoch, states)) {
                runtime.kept(shard, epoch, now());
            } else {
                runtime.keepFailed(shard, epoch, now());
            }
        });
    }
}
