package io.myelin.engine.simulation;

import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.engine.shard.Batch;
import io.myelin.engine.shard.CommitOutcome;
import io.myelin.engine.shard.Effects;
import io.myelin.engine.shard.Found;
import io.myelin.engine.shard.InputRecord;
import io.myelin.engine.shard.LogPosition;
import io.myelin.engine.shard.Look;
import io.myelin.engine.shard.Preparation;
import io.myelin.engine.shard.ReplyTo;
import io.myelin.engine.shard.Request;
import io.myelin.engine.shard.SeekResult;
import io.myelin.engine.shard.ShardRow;
import io.myelin.engine.shard.ShardRuntime;
import io.myelin.engine.shard.StoredOrder;
import io.myelin.engine.shard.TransactionKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A process of the toy service: the shell around a {@link ShardRuntime}, with one loop. */
final class Server implements Effects<Happening> {

    private static final long RENEW_MILLIS = 500;
    private static final long LEASE_MILLIS = 2_000;

    private final World world;
    private final Timeline time;
    private final int number;
    private final ShardRuntime<Counter, Wish, Happening> runtime;
    private final Queue<Runnable> mailbox = new ArrayDeque<>();
    private final Queue<Runnable> wanted = new ArrayDeque<>();
    private final List<Runnable> frozen = new ArrayList<>();
    private final Map<Integer, InputReader> inputs = new TreeMap<>();
    private final Map<Integer, Long> seeks = new HashMap<>();
    private final Map<Integer, Arrivals> arrivals = new HashMap<>();
    private final Publisher publisher;
    private final Runnable onInput = this::wake;
    private long instance;
    private final Set<Long> instances = new HashSet<>();
    private boolean dead;
    private boolean paused;
    private boolean leaving;
    private boolean blocked;
    private boolean committing;
    private boolean turnDue;
    private boolean turned = true;
    private boolean turnedAway;
    private long tickAt;
    private long leaseUntil;
    private long decidedAt;

    /** How many leases were lost; what was claimed by the rows; what was released, as it was then; who waits where. */
    private int lives;

    private final Map<Integer, ShardRow> rows = new HashMap<>();
    private final Map<Integer, Committed> released = new HashMap<>();
    private final Map<Long, Caller> callers = new HashMap<>();
    private final Map<String, Integer> failures = new HashMap<>();

    private record Caller(int shard, Request<Wish> request) {}

    Server(World world, int number) {
        this.world = world;
        this.number = number;
        time = world.time;
        runtime = new ShardRuntime<>(world.shardCount, new CounterRules(this::crash), this, world::newId, world.limits);
        publisher = new Publisher(world);
        register();
        heartbeat();
        ticking();
        world.input.onAppend(onInput);
    }

    int number() {
        return number;
    }

    boolean wasInstance(long id) {
        return instances.contains(id);
    }

    boolean isDead() {
        return dead;
    }

    // --- life and death

    private void register() {
        long registering = world.newInstance();
        instance = registering;
        instances.add(registering);
        leaseUntil = 0;
        sendToStore(
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
                        time.trace("server %d is instance %d", number, instance);
                        leaseUntil = time.now();
                        world.moved();
                    } else {
                        time.after(
                                100,
                                () -> arrive(() -> {
                                    if (registering == instance) {
                                        register();
                                    }
                                }));
                    }
                });
    }

    private void heartbeat() {
        time.after(
                RENEW_MILLIS,
                () -> arrive(() -> {
                    if (turned) {
                        turned = false;
                        renew();
                    }
                    heartbeat();
                }));
    }

    private void renew() {
        long sentAt = time.now();
        long renewed = instance;
        sendToStore(
                () -> world.store.down || time.chance(world.weather.renewalFails)
                        ? Optional.<Boolean>empty()
                        : Optional.of(world.store.renew(renewed)),
                outcome -> {
                    if (renewed == instance && outcome.isPresent()) {
                        if (outcome.get()) {
                            leaseUntil = sentAt + LEASE_MILLIS;
                        } else {
                            time.trace("server %d lost everything", number);
                            leaseUntil = 0;
                            tell(() -> {
                                if (renewed == instance) {
                                    lives++;
                                    runtime.lostEverything();
                                    register();
                                }
                            });
                        }
                    }
                });
    }

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
            long leaver = instance;
            sendToStore(
                    () -> {
                        if (!world.store.down) {
                            world.store.leave(leaver);
                        }
                        return true;
                    },
                    told -> tell(() -> {
                        leaving = true;
                        runtime.leave(time.now());
                    }));
        });
        time.after(10_000, this::crash);
    }

    // --- the loop

    /** Something reaches the process. */
    void arrive(Runnable input) {
        if (!dead) {
            if (paused) {
                frozen.add(input);
            } else {
                input.run();
            }
        }
    }

    /** Something for the loop. */
    private void tell(Runnable input) {
        arrive(() -> {
            mailbox.add(input);
            wake();
        });
    }

    private void wake() {
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
        if (runtime.step(time.now())) {
            doWhatIsWanted();
            Broken.check(blocked || dead || paused, "step() asked for nothing");
        } else if (more) {
            wake();
        }
        if (leaving && runtime.hasLeft() && wanted.isEmpty()) {
            leaving = false;
            long left = instance;
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
                List<InputRecord<Wish>> records = input.poll();
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

    private void note(int shard, @Nullable Request<Wish> request) {
        // An order that was not carried out is repeated, and then comes after what it came before.
        if (request != null && !request.isOrder()) {
            arrivals(shard).note(request.id(), request.command(), false);
        }
    }

    /** Whether the loop is blocked by that. */
    private boolean doWhatIsWanted() {
        while (!dead && !wanted.isEmpty()) {
            wanted.remove().run();
        }
        return blocked || dead;
    }

    private Arrivals arrivals(int shard) {
        return arrivals.computeIfAbsent(shard, key -> new Arrivals());
    }

    // --- asking the store

    /** A question that nothing waits for. */
    private <T> void sendToStore(Supplier<T> atTheStore, Consumer<T> answer) {
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

    private <T> void block(Supplier<T> atTheStore, Consumer<T> answer) {
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

    private <T> void read(Supplier<T> question, Consumer<T> answer, Runnable failure) {
        sendToStore(
                () -> world.store.down || time.chance(world.weather.readFails)
                        ? Optional.<T>empty()
                        : Optional.of(question.get()),
                found -> tell(() -> found.ifPresentOrElse(answer, failure)));
    }

    // --- callers

    /** What is committed, by memory or by the row. */
    void ask(int shard, Consumer<Committed> answer, Runnable failure) {
        arrive(() -> {
            Optional<Committed> known = runtime.committed(shard)
                    .or(() -> Optional.ofNullable(
                            world.broken == Break.ANSWERS_FOR_WHAT_IT_RELEASED ? released.get(shard) : null));
            boolean leased =
                    time.now() < leaseUntil || (world.broken == Break.LEASE_CLOCK_STANDS_STILL && leaseUntil > 0);
            if (known.isPresent() && leased) {
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

    void knock(int shard, Request<Wish> request) {
        tell(() -> {
            turnedAway = false;
            runtime.asked(shard, request);
            if (!turnedAway) {
                if (request.replyTo() instanceof ReplyTo.Door(long ticket)) {
                    callers.put(ticket, new Caller(shard, request));
                }
                arrivals(shard).note(request.id(), request.command(), true);
            }
        });
    }

    void settled(UUID order) {
        tell(() -> runtime.settled(order, time.now()));
    }

    // --- effects

    @Override
    public void look(int life, Set<Integer> shards) {
        wanted.add(() -> sendToStore(
                () -> world.store.down
                        ? Optional.<Look>empty()
                        : Optional.ofNullable(world.store.look(instance, shards)),
                look -> {
                    int late = time.chance(world.weather.lateLook) ? time.between(100, 4_000) : 0;
                    time.after(
                            late,
                            () -> tell(() -> look.ifPresentOrElse(
                                    seen -> looked(life, seen), () -> runtime.lookFailed(life, time.now()))));
                }));
    }

    private void looked(int life, Look look) {
        for (ShardRow row : look.claimed()) {
            time.trace("server %d claimed %s, in its life %d of %d", number, row, life, lives);
            world.ledger.claimed(row, number);
            if (life == lives) {
                rows.put(row.shard(), row);
                released.remove(row.shard());
                arrivals.remove(row.shard());
                inputs.remove(row.shard());
            }
        }
        runtime.looked(life, look, time.now());
    }

    void moved() {
        tell(() -> runtime.moved(time.now()));
    }

    @Override
    public void release(int shard, long epoch, long published) {
        time.trace("server %d gives %d up", number, shard);
        released.put(shard, world.store.committed(shard));
        world.ledger.released(shard, number);
        callers.values()
                .forEach(caller -> Broken.check(
                        caller.shard != shard || caller.request.deadline() < time.now(),
                        "server %d forgets a caller of shard %d: %s",
                        number,
                        shard,
                        caller));
        wanted.add(() -> {
            inputs.remove(shard);
            sendToStore(
                    () -> {
                        if (!world.store.down) {
                            world.store.release(shard, epoch, published);
                            world.moved();
                        }
                        return true;
                    },
                    done -> tell(() -> runtime.released(shard, epoch, time.now())));
        });
    }

    @Override
    public void seek(int shard, long epoch, LogPosition position) {
        wanted.add(() -> {
            inputs.remove(shard);
            seeks.put(shard, epoch);
            position(shard, epoch, position);
        });
    }

    private void position(int shard, long epoch, LogPosition position) {
        time.after(
                time.between(1, 20),
                () -> tell(() -> {
                    if (seeks.getOrDefault(shard, epoch) != epoch) {
                        return;
                    }
                    if (world.brokerDown) {
                        position(shard, epoch, position);
                        return;
                    }
                    SeekResult result = world.input.seek(shard, position);
                    time.trace("server %d sought %d epoch %d: %s -> %s", number, shard, epoch, position, result);
                    inputs.put(shard, new InputReader(world, shard, position, result));
                    arrivals(shard).forgetInput();
                    runtime.sought(shard, epoch, result);
                    doWhatIsWanted();
                    wake();
                }));
    }

    @Override
    public void pause(int shard, boolean pause) {
        wanted.add(() -> {
            InputReader input = inputs.get(shard);
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
        wanted.add(() -> {
            if (world.unloadable.contains(key)) {
                sendToStore(
                        () -> true,
                        failed -> tell(() -> {
                            if (world.broken != Break.LOAD_FAILURE_NOT_TOLD) {
                                runtime.loadFailed(shard, epoch, key, saysWhy, time.now());
                            }
                        }));
            } else {
                read(
                        () -> world.store.load(key),
                        counter -> {
                            failures.remove(key);
                            runtime.loaded(shard, epoch, key, counter, time.now());
                        },
                        () -> {
                            if (failures.merge(key, 1, Integer::sum) >= world.limits.loadAttempts()) {
                                world.everUnloadable.add(key);
                            }
                            runtime.loadFailed(shard, epoch, key, false, time.now());
                        });
            }
        });
    }

    @Override
    public void prepare(int shard, long epoch, Preparation<?, ?> preparation) {
        if (world.broken == Break.PREPARATION_FORGOTTEN) {
            return;
        }
        wanted.add(() -> time.after(
                time.chance(0.3) ? time.between(50, 3_000) : time.between(0, 5),
                () -> arrive(() -> {
                    preparation.run();
                    tell(() -> runtime.prepared(shard, epoch, preparation));
                })));
    }

    @Override
    public void find(Collection<UUID> commands, Collection<TransactionKey> transactions) {
        wanted.add(() -> block(
                () -> world.store.down || time.chance(world.weather.readFails)
                        ? Optional.<Found>empty()
                        : Optional.of(world.store.find(commands, transactions)),
                found -> found.ifPresentOrElse(runtime::found, () -> runtime.findFailed(time.now()))));
    }

    @Override
    public void commit(Batch<Happening> batch) {
        wanted.add(() -> {
            if (time.chance(world.weather.pauseAtCommit)) {
                pause(time.between(100, 5_000));
            }
            if (time.chance(world.weather.crashAtCommit)) {
                time.after(time.between(0, 4), this::crash);
            }
            hurry(batch);
            long decided = decidedAt;
            block(() -> commitAtTheStore(batch, decided), outcome -> {
                time.trace("server %d commit %s: %s", number, describe(batch), outcome);
                committing = true;
                runtime.committed(outcome, time.now());
                committing = false;
            });
        });
    }

    /** More than the database can do in the time that a transaction has. */
    private boolean isTooLarge(Batch<Happening> batch) {
        return batch.shards().stream().mapToInt(part -> part.done().size()).sum() > world.mostInTime;
    }

    private @Nullable CommitOutcome weatherAtCommit(Batch<Happening> batch, long decided) {
        if (isTooLarge(batch)) {
            CommitOutcome.Reason reason = world.broken == Break.TIMEOUT_SAID_TO_PASS
                    ? CommitOutcome.Reason.PASSING
                    : CommitOutcome.Reason.TOO_MUCH;
            return new CommitOutcome.Refused(reason, "transaction timeout");
        }
        if (world.store.down) {
            return time.chance(0.5)
                    ? new CommitOutcome.Refused(CommitOutcome.Reason.PASSING, "down")
                    : new CommitOutcome.Unknown();
        }
        if (time.chance(world.weather.commitPasses)) {
            String[] passing = {"serialization", "too many connections", "connection failure", "lock not available"};
            return new CommitOutcome.Refused(CommitOutcome.Reason.PASSING, passing[time.below(passing.length)]);
        }
        if (time.chance(world.weather.commitUnknown)) {
            switch (time.below(3)) {
                case 0 -> decide(batch, decided);
                case 1 -> {
                    long incarnation = world.store.incarnation();
                    time.after(time.between(5, 1_500), () -> {
                        if (incarnation == world.store.incarnation()) {
                            decide(batch, decided);
                        }
                    });
                }
                default -> {}
            }
            return new CommitOutcome.Unknown();
        }
        return null;
    }

    private CommitOutcome commitAtTheStore(Batch<Happening> batch, long decided) {
        CommitOutcome mishap = weatherAtCommit(batch, decided);
        return mishap == null ? decide(batch, decided) : mishap;
    }

    private CommitOutcome decide(Batch<Happening> batch, long decided) {
        CommitOutcome outcome = world.store.commit(batch, decided);
        if (outcome instanceof CommitOutcome.Committed) {
            batch.shards().forEach(part -> arrivals(part.shard()).decided(part));
        }
        return outcome;
    }

    private static String describe(Batch<Happening> batch) {
        StringBuilder text = new StringBuilder();
        for (Batch.OfShard<Happening> part : batch.shards()) {
            text.append(part.shard())
                    .append('@')
                    .append(part.epoch())
                    .append(" to ")
                    .append(part.seq());
            text.append(" next ").append(part.position().nextOffset()).append(" [");
            part.done().forEach(done -> text.append(World.brief(done.id())).append(' '));
            text.append("] ");
        }
        return text.toString();
    }

    private void hurry(Batch<Happening> batch) {
        for (Batch.OfShard<Happening> part : batch.shards()) {
            for (Batch.Done<Happening> done : part.done()) {
                if (world.broken == Break.REPLY_BEFORE_COMMIT && done.id() != null) {
                    world.reply(this, new ReplyTo.Partition(World.WRITERS), done.id(), done.answer());
                }
                if (world.broken == Break.ORDERS_BEFORE_COMMIT) {
                    done.orders().forEach(this::send);
                }
                if (world.broken == Break.PUBLISH_BEFORE_COMMIT && !done.facts().isEmpty()) {
                    Happening first = done.facts().getFirst();
                    publisher.publish(
                            part.shard(),
                            world.store.incarnation(),
                            List.of(new Numbered<>(done.firstSeq(), first)),
                            () -> {},
                            () -> {});
                }
            }
        }
    }

    @Override
    public byte[] encode(Happening fact) {
        if (fact.kind() == Wish.Kind.UNSENDABLE) {
            throw new IllegalArgumentException("no record");
        }
        return fact.encoded();
    }

    @Override
    public void publish(int shard, long epoch, long incarnation, List<Numbered<byte[]>> encoded) {
        if (committing && time.chance(world.weather.publishThrows)) {
            throw new IllegalStateException("an exception after the commit");
        }
        List<Numbered<Happening>> facts = encoded.stream()
                .map(fact -> new Numbered<>(fact.seq(), Happening.decoded(fact.fact())))
                .toList();
        wanted.add(() -> publisher.publish(
                shard,
                incarnation,
                facts,
                () -> tell(
                        () -> runtime.acknowledged(shard, epoch, facts.getLast().seq(), time.now())),
                () -> tell(() -> runtime.publishFailed(shard, epoch, time.now()))));
    }

    @Override
    public void readLog(int shard, long epoch, long after) {
        wanted.add(() -> read(
                () -> world.store.replay(shard, after),
                page -> runtime.logRead(shard, epoch, page),
                () -> runtime.logReadFailed(shard, epoch, time.now())));
    }

    @Override
    public void readOutbox(int shard, long epoch) {
        wanted.add(() -> read(
                () -> world.store.outbox(shard),
                orders -> runtime.outboxRead(shard, epoch, orders, time.now()),
                () -> runtime.outboxReadFailed(shard, epoch, time.now())));
    }

    @Override
    public void reply(ReplyTo to, UUID command, byte[] answer) {
        if (to instanceof ReplyTo.Door(long ticket)) {
            callers.remove(ticket);
        }
        wanted.add(() -> world.reply(this, to, command, answer));
    }

    @Override
    public void turnAway(ReplyTo.Door door) {
        turnedAway = true;
        if (world.broken == Break.CALLERS_FORGOTTEN) {
            return;
        }
        callers.remove(door.ticket());
        wanted.add(() -> world.turnedAway(door));
    }

    @Override
    public void send(StoredOrder order) {
        wanted.add(() -> {
            time.trace("server %d orders %s", number, World.brief(order.id()));
            world.send(
                    order.order().partition(),
                    new Request<>(
                            order.id(),
                            world.broken == Break.FAILURE_SETTLES_ORDERS ? Request.NEVER - 1 : Request.NEVER,
                            new ReplyTo.Partition(number),
                            null,
                            Wish.decoded(order.order().command())));
        });
    }

    @Override
    public void warn(String message) {
        time.trace("server %d warns: %s", number, message);
    }
}
