package io.myelin.engine.simulation;

import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.engine.ReplayPage;
import io.myelin.engine.tail.LogTail;
import io.myelin.engine.tail.OutputRecord;
import io.myelin.engine.tail.TailCache;
import io.myelin.engine.tail.TailEffects;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A process that follows the output topic and shows counters to clients. */
final class Reader implements TailEffects<ToyFact> {

    private static final long IMPATIENT_MILLIS = 800;

    /** A client that wants to see a counter. */
    private record Viewer(String key, Committed atLeast, boolean inCalm, long since) {}

    private final World world;
    private final Timeline time;
    private final LogTail<ToyFact> tail;
    private final List<TailCache<String, Counter, ToyFact>> caches = new ArrayList<>();
    private final Map<Long, Viewer> viewers = new HashMap<>();
    private final List<Viewer> admitted = new ArrayList<>();
    private final @Nullable UUID[] topics;
    private final long[] offsets;
    private final Committed[] lastAnswers;
    private final Runnable onOutput = this::wake;
    private long lastTicket;
    private boolean turnDue;
    private boolean dead;

    Reader(World world) {
        this.world = world;
        time = world.time;
        tail = new LogTail<>(world.shardCount, this, world.tailLimits);
        topics = new UUID[world.shardCount];
        offsets = new long[world.shardCount];
        lastAnswers = new Committed[world.shardCount];
        for (int shard = 0; shard < world.shardCount; shard++) {
            caches.add(new TailCache<>((counter, fact) -> counter.with(fact.fact())));
            lastAnswers[shard] = new Committed(1, 0);
        }
        world.output.onAppend(onOutput);
        ticking();
        viewing();
    }

    void crash() {
        dead = true;
        world.output.forget(onOutput);
    }

    /** Whether it has applied everything, and every client has seen its counter. */
    boolean isQuiet() {
        if (!viewers.isEmpty() || !admitted.isEmpty()) {
            return false;
        }
        for (int shard = 0; shard < world.shardCount; shard++) {
            if (!tail.position(shard).equals(world.store.committed(shard))) {
                return false;
            }
        }
        return tail.hasStarted();
    }

    String describe() {
        StringBuilder text = new StringBuilder("reader");
        for (int shard = 0; shard < world.shardCount; shard++) {
            text.append(' ').append(shard).append(": ").append(tail.position(shard));
        }
        return text.append(' ').append(viewers.values()).append(admitted).toString();
    }

    /** Checks every counter that the reader holds against its true value. */
    void verify() {
        for (String key : world.keys()) {
            check(key);
        }
    }

    private void check(String key) {
        int shard = ToyCommand.shardOf(key);
        Committed position = tail.position(shard);
        Optional<Counter> shown = caches.get(shard).get(key);
        if (shown.isPresent() && position.incarnation() == world.store.incarnation()) {
            Counter truth = world.store.rows().truth(key, position.seq());
            Broken.check(
                    shown.get().equals(truth), "%s at %s is shown as %s, not %s", key, position, shown.get(), truth);
        }
    }

    // --- the loop

    private void ticking() {
        time.after(time.between(20, 80), () -> {
            if (!dead) {
                wake();
                ticking();
            }
        });
    }

    private void wake() {
        if (!dead && !turnDue) {
            turnDue = true;
            time.after(time.between(0, 5), this::turn);
        }
    }

    private void turn() {
        turnDue = false;
        if (dead) {
            return;
        }
        if (!world.brokerDown) {
            for (int shard = 0; shard < world.shardCount; shard++) {
                poll(shard);
            }
        }
        tail.tick(time.now());
        show();
    }

    private void poll(int shard) {
        boolean lost = offsets[shard] < world.output.beginning(shard) || offsets[shard] > world.output.end(shard);
        if (lost || !world.output.id().equals(topics[shard])) {
            topics[shard] = world.output.id();
            offsets[shard] = world.output.end(shard);
            tail.start(shard);
            return;
        }
        List<OutputRecord<ToyFact>> records = new ArrayList<>();
        for (int most = time.between(1, 10); most > 0; most--) {
            SimulatedTopic.Stored<OutputRecord<ToyFact>> stored = world.output.at(shard, offsets[shard]);
            if (stored == null) {
                break;
            }
            offsets[shard]++;
            records.add(stored.value());
        }
        if (!records.isEmpty()) {
            tail.polled(shard, records, time.now());
            wake();
        }
    }

    // --- clients

    private void viewing() {
        time.after(time.between(10, 600), () -> {
            if (!dead) {
                view(world.key());
                if (world.isClosing()) {
                    // The state of a shard without further facts is known only by asking.
                    for (int shard = 0; shard < world.shardCount; shard++) {
                        view(world.keyIn(shard));
                    }
                } else {
                    viewing();
                }
            }
        });
    }

    private void view(String key) {
        int shard = ToyCommand.shardOf(key);
        long ticket = ++lastTicket;
        viewers.put(ticket, new Viewer(key, world.ledger.acknowledged(shard), world.isCalm(), time.now()));
        tail.await(shard, ticket, time.now());
        if (!world.isCalm() && time.chance(0.1)) {
            time.after(time.between(1, 300), () -> {
                if (viewers.remove(ticket) != null) {
                    tail.abandon(shard, ticket);
                }
            });
        }
        if (time.chance(0.05)) {
            String forgotten = world.key();
            caches.get(ToyCommand.shardOf(forgotten)).forget(forgotten);
        }
        show();
    }

    private void show() {
        admitted.removeIf(viewer -> {
            int shard = ToyCommand.shardOf(viewer.key);
            Optional<Counter> shown = caches.get(shard).get(viewer.key);
            if (shown.isEmpty()) {
                load(viewer.key);
                return false;
            }
            Committed position = tail.position(shard);
            Broken.check(
                    position.incarnation() < viewer.atLeast.incarnation()
                            ? false
                            : position.incarnation() > viewer.atLeast.incarnation()
                                    || position.seq() >= viewer.atLeast.seq(),
                    "%s saw %s",
                    viewer,
                    position);
            check(viewer.key);
            return true;
        });
    }

    private void load(String key) {
        int shard = ToyCommand.shardOf(key);
        TailCache<String, Counter, ToyFact> cache = caches.get(shard);
        if (!cache.expect(key)) {
            return;
        }
        record Loaded(Counter counter, Committed asOf) {}
        boolean torn = world.broken == Break.LOAD_NOT_FROM_ONE_SNAPSHOT;
        world.query(
                () -> new Loaded(world.store.load(key), world.store.committed(shard)),
                loaded -> {
                    Committed asOf = torn ? world.store.committed(shard) : loaded.asOf;
                    if (!dead && asOf.incarnation() == tail.position(shard).incarnation()) {
                        cache.loaded(key, loaded.counter, asOf.seq());
                    } else {
                        cache.forget(key);
                    }
                    wake();
                },
                () -> {
                    cache.forget(key);
                    wake();
                });
    }

    // --- effects

    @Override
    public void ask(int shard) {
        boolean[] over = {false};
        Committed old = lastAnswers[shard];
        world.ask(
                shard,
                committed -> {
                    if (!over[0] && !dead) {
                        over[0] = true;
                        lastAnswers[shard] = committed;
                        boolean older = world.broken == Break.ANSWER_OLDER_THAN_QUESTION;
                        tail.answered(shard, older ? old : committed, time.now());
                        show();
                    }
                },
                () -> {
                    if (!over[0] && !dead) {
                        over[0] = true;
                        tail.askFailed(shard, time.now());
                    }
                });
        time.after(IMPATIENT_MILLIS, () -> {
            if (!over[0] && !dead) {
                over[0] = true;
                tail.askFailed(shard, time.now());
            }
        });
    }

    @Override
    public void replay(int shard, long after) {
        world.query(
                () -> world.store.replay(shard, after, Integer.MAX_VALUE),
                page -> {
                    if (!dead) {
                        ReplayPage<ToyFact> given = page;
                        if (world.broken == Break.REPLAY_SKIPS && page.facts().size() > 1) {
                            given = new ReplayPage<>(
                                    page.incarnation(),
                                    page.facts().subList(1, page.facts().size()),
                                    page.upTo(),
                                    page.committed());
                        }
                        tail.replayed(shard, given, time.now());
                        show();
                    }
                },
                () -> {
                    if (!dead) {
                        tail.replayFailed(shard, time.now());
                    }
                });
    }

    @Override
    public void apply(int shard, Numbered<ToyFact> fact) {
        caches.get(shard).apply(fact.fact().key(), fact);
    }

    @Override
    public void reset(int shard, Committed position) {
        time.trace("reader stands at %s in shard %d", position, shard);
        if (world.broken != Break.RESET_NOT_TOLD) {
            caches.get(shard).reset(position.seq());
        }
    }

    @Override
    public void reached(int shard, long seq) {
        caches.get(shard).reached(seq);
    }

    @Override
    public void passed(long ticket) {
        Viewer viewer = viewers.remove(ticket);
        if (viewer != null) {
            admitted.add(viewer);
        }
    }
}
