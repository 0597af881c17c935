package io.myelin.engine.simulation;

import io.myelin.engine.Committed;
import io.myelin.engine.shard.InputRecord;
import io.myelin.engine.shard.ReplyTo;
import io.myelin.engine.shard.Request;
import io.myelin.engine.shard.ShardRuntime;
import io.myelin.engine.shard.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A process of the toy service: the shell around a {@link ShardRuntime}, with one loop and a lease, failing as the weather
 * has it.
 */
final class Server {

    final ShardRuntime<Counter, ToyCommand, ToyFact> runtime;
    final ServerLease lease;

    /** The effects that the engine has asked for, in order. */
    final Queue<Runnable> wanted = new ArrayDeque<>();

    final Map<Integer, InputReader> inputs = new TreeMap<>();
    final Map<Integer, Arrivals> arrivals = new HashMap<>();
    private final World world;
    private final Timeline time;
    private final int number;
    private final ServerEffects effects;
    private final Commits commits;
    private final Queue<Runnable> mailbox = new ArrayDeque<>();
    private final List<Runnable> frozen = new ArrayList<>();
    private final Runnable onInput = this::wake;
    private boolean dead;
    private boolean paused;
    private boolean leaving;
    private boolean blocked;
    private boolean turnDue;
    private boolean turned = true;
    private long tickAt;
    private long decidedAt;

    Server(World world, int number) {
        this.world = world;
        this.number = number;
        time = world.time;
        lease = new ServerLease(this, world);
        effects = new ServerEffects(this, world);
        commits = new Commits(this, effects, world);
        runtime = new ShardRuntime<>(
                world.shardCount, new CounterRules(this::crash), effects, effects, world::newId, world.limits);
        lease.register();
        lease.heartbeat();
        ticking();
        world.input.onAppend(onInput);
    }

    int number() {
        return number;
    }

    boolean wasInstance(long id) {
        return lease.wasInstance(id);
    }

    boolean isDead() {
        return dead;
    }

    /** Whether the loop has turned since this was last asked. */
    boolean hasTurned() {
        boolean hasTurned = turned;
        turned = false;
        return hasTurned;
    }

    /** When the batch that is being committed was decided. */
    long decidedAt() {
        return decidedAt;
    }

    // --- life and death

    private void ticking() {
        time.after(
                world.time.between(50, 100),
                () -> arrive(() -> {
                    wake();
                    ticking();
                }));
    }

    void crash() {
        if (!dead) {
            time.trace("server %d dies", number);
            dead = true;
            world.deaths++;
            mailbox.clear();
            frozen.clear();
            world.input.forget(onInput);
            world.connectionsLost(this);
        }
    }

    void pause(long millis) {
        if (!dead && !paused) {
            time.trace("server %d pauses for %d", number, millis);
            paused = true;
            time.after(millis, this::resume);
        }
    }

    void resume() {
        if (paused && !dead) {
            time.trace("server %d goes on", number);
            paused = false;
            List<Runnable> late = List.copyOf(frozen);
            frozen.clear();
            late.forEach(this::arrive);
            wake();
        }
    }

    void leave() {
        tell(() -> {
            time.trace("server %d leaves", number);
            long leaver = lease.instance();
            sendToStore(
                    () -> {
                        if (!world.store.down) {
                            world.store.leave(leaver);
                        }
                        return true;
                    },
                    told -> tell(() -> {
                        leaving = true;
                        runtime.ownership().leave(time.now());
                    }));
        });
        time.after(10_000, this::crash);
    }

    // --- the loop

    /** An input reaches the process. */
    void arrive(Runnable input) {
        if (!dead) {
            if (paused) {
                frozen.add(input);
            } else {
                input.run();
            }
        }
    }

    /** An input for the loop. */
    void tell(Runnable input) {
        arrive(() -> {
            mailbox.add(input);
            wake();
        });
    }

    void wake() {
        if (!dead && !turnDue) {
            turnDue = true;
            time.after(time.between(0, 2), () -> arrive(this::turn));
        }
    }

    private void turn() {
        turnDue = false;
        if (blocked) {
            return;
        }
        turned = true;
        while (!mailbox.isEmpty()) {
            mailbox.remove().run();
            if (doWhatIsWanted()) {
                return;
            }
        }
        boolean more = poll();
        if (time.now() >= tickAt) {
            tickAt = time.now() + 50;
            runtime.tick(time.now());
            if (doWhatIsWanted()) {
                return;
            }
        }
        decidedAt = time.now();
        switch (runtime.step(time.now())) {
            case Step.LookUp<ToyFact>(var commands, var transactions) -> {
                commits.find(commands, transactions);
                doWhatIsWanted();
            }
            case Step.Commit<ToyFact>(var batch) -> {
                commits.commit(batch);
                doWhatIsWanted();
            }
            case Step.Nothing<ToyFact> _ -> {
                if (more) {
                    wake();
                }
            }
        }
        if (leaving && runtime.ownership().hasLeft() && wanted.isEmpty()) {
            leaving = false;
            long left = lease.instance();
            sendToStore(
                    () -> {
                        world.store.unregister(left);
                        return true;
                    },
                    done -> crash());
        }
    }

    private boolean poll() {
        boolean more = false;
        for (InputReader input : List.copyOf(inputs.values())) {
            if (!world.brokerDown && input.lost()) {
                time.trace("server %d lost its position in input %d", number, input.shard);
                inputs.remove(input.shard);
                runtime.positionLost(input.shard);
            } else if (!world.brokerDown && !input.paused) {
                List<InputRecord<ToyCommand>> records = input.poll();
                records.forEach(record -> note(input.shard, record.request()));
                if (!records.isEmpty()) {
                    runtime.polled(input.shard, records, time.now());
                    more |= input.hasMore();
                }
            }
            doWhatIsWanted();
        }
        return more;
    }

    private void note(int shard, @Nullable Request<ToyCommand> request) {
        // An order that was not carried out is repeated, and may then come after commands that it came before.
        if (request != null && request.command() != null && !request.isOrder()) {
            arrivals(shard).note(request.id(), request.command(), false);
        }
    }

    /** Whether the loop is blocked by that. */
    boolean doWhatIsWanted() {
        while (!dead && !wanted.isEmpty()) {
            wanted.remove().run();
        }
        return blocked || dead;
    }

    Arrivals arrivals(int shard) {
        return arrivals.computeIfAbsent(shard, key -> new Arrivals());
    }

    // --- asking the store

    /** A question to the store that does not block the loop. */
    <T> void sendToStore(Supplier<T> atTheStore, Consumer<T> answer) {
        boolean slow = time.chance(world.weather.slowStore);
        boolean slowAnswer = !slow && time.chance(world.weather.slowStore);
        long incarnation = world.store.incarnation();
        time.after(slow ? time.between(100, 2_500) : time.between(0, 2), () -> {
            if (incarnation != world.store.incarnation() || (dead && time.chance(0.5))) {
                return;
            }
            if (paused && time.chance(0.5)) {
                frozen.add(() -> sendToStore(atTheStore, answer));
                return;
            }
            T value = atTheStore.get();
            time.after(
                    slowAnswer ? time.between(100, 2_500) : time.between(0, 2),
                    () -> arrive(() -> answer.accept(value)));
        });
    }

    <T> void block(Supplier<T> atTheStore, Consumer<T> answer) {
        Broken.check(!blocked, "two things at once");
        blocked = true;
        sendToStore(atTheStore, value -> {
            blocked = false;
            answer.accept(value);
            if (!doWhatIsWanted()) {
                wake();
            }
        });
    }

    <T> void read(Supplier<T> question, Consumer<T> answer, Runnable failure) {
        sendToStore(
                () -> world.store.down || time.chance(world.weather.readFails)
                        ? Optional.<T>empty()
                        : Optional.of(question.get()),
                found -> tell(() -> found.ifPresentOrElse(answer, failure)));
    }

    // --- callers

    /** The committed position, from memory or from the row. */
    void ask(int shard, Consumer<Committed> answer, Runnable failure) {
        arrive(() -> {
            Optional<Committed> known = runtime.committed(shard)
                    .or(() -> Optional.ofNullable(
                            world.broken == Break.ANSWERS_FOR_WHAT_IT_RELEASED ? effects.released.get(shard) : null));
            if (known.isPresent() && lease.holds()) {
                answer.accept(known.get());
            } else {
                query(() -> world.store.committed(shard), answer, failure);
            }
        });
    }

    <T> void query(Supplier<T> question, Consumer<T> answer, Runnable failure) {
        arrive(() -> sendToStore(
                () -> world.store.down || time.chance(world.weather.readFails)
                        ? Optional.<T>empty()
                        : Optional.of(question.get()),
                found -> found.ifPresentOrElse(answer, failure)));
    }

    void knock(int shard, Request<ToyCommand> request) {
        tell(() -> {
            effects.turnedAway = false;
            runtime.asked(shard, request);
            if (!effects.turnedAway) {
                if (request.replyTo() instanceof ReplyTo.LocalCaller(long ticket)) {
                    effects.callers.put(ticket, new ServerEffects.Caller(shard, request));
                }
                arrivals(shard).note(request.id(), Objects.requireNonNull(request.command()), true);
            }
        });
    }

    void settled(UUID order) {
        tell(() -> runtime.settled(order, time.now()));
    }

    void moved() {
        tell(() -> runtime.ownership().lookForShards(time.now()));
    }
}
