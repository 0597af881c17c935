package io.myelin.engine.tail;

import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.engine.ReplayPage;
import java.util.ArrayList;
import java.util.List;

/** One shard's part of a {@link LogTail}. */
final class TailOfShard<F> {

    private final int number;
    private final TailEffects<F> effects;
    private final TailLimits limits;
    private final Barrier barrier;

    /** The tail's position; meaningless until the first answer. */
    private long incarnation = -1;

    private long applied;
    private boolean started;

    /** Records that cannot be applied yet: before the first answer, or beyond a hole. */
    private final List<OutputRecord<F>> kept = new ArrayList<>();

    /** Whether there were more of them than could be kept. */
    private boolean overflowed;

    /** A replay was asked for and has no outcome yet, or failed and is to be asked for again. */
    private boolean replaying;

    private boolean replayFailed;

    /**
     * The facts in the pages of the replay under way. They are applied when the last page is there, since a fact that one
     * page leaves out may be superseded by a fact that only a later page has.
     */
    private final List<Numbered<F>> replayed = new ArrayList<>();

    /** Whether the page under way begins at a former position of the tail. */
    private boolean replayVoid;

    private long movedAt;
    private long retryAt;

    TailOfShard(int number, TailEffects<F> effects, TailLimits limits) {
        this.number = number;
        this.effects = effects;
        this.limits = limits;
        barrier = new Barrier(number, effects);
    }

    Committed position() {
        return new Committed(incarnation, applied);
    }

    boolean hasStarted() {
        return started;
    }

    void start() {
        started = false;
        barrier.askAgain();
    }

    private void begin(Committed committed, long now) {
        if (committed.incarnation() != incarnation) {
            barrier.lower(committed.seq());
        }
        started = true;
        replayVoid = replaying;
        incarnation = committed.incarnation();
        applied = committed.seq();
        movedAt = now;
        effects.reset(number, committed);
        if (!replaying) {
            offerKept(now);
        }
    }

    // --- records

    void polled(List<OutputRecord<F>> records, long now) {
        for (OutputRecord<F> record : records) {
            offer(record, now);
        }
        moved();
    }

    private void offer(OutputRecord<F> record, long now) {
        if (!started || replaying) {
            keep(record);
        } else if (record.incarnation() > incarnation) {
            keep(record);
            start();
        } else if (record.incarnation() == incarnation && record.numbered().seq() > applied) {
            if (record.numbered().seq() == applied + 1) {
                apply(record.numbered(), now);
            } else {
                keep(record);
                replay();
            }
        }
    }

    private void keep(OutputRecord<F> record) {
        if (kept.size() < limits.kept()) {
            kept.add(record);
        } else {
            overflowed = true;
        }
    }

    private void offerKept(long now) {
        List<OutputRecord<F>> again = List.copyOf(kept);
        kept.clear();
        again.forEach(record -> offer(record, now));
        if (overflowed && started && !replaying) {
            overflowed = false;
            replay();
        }
        moved();
    }

    private void apply(Numbered<F> fact, long now) {
        applied = fact.seq();
        movedAt = now;
        effects.apply(number, fact);
    }

    private void moved() {
        if (started && !replaying) {
            effects.reached(number, applied);
            barrier.reached(applied);
        }
    }

    // --- replay

    private void replay() {
        if (!replaying) {
            replayed.clear();
            replayAfter(applied);
        }
    }

    private void replayAfter(long seq) {
        replaying = true;
        effects.replay(number, seq);
    }

    void replayed(ReplayPage<F> page, long now) {
        boolean useless = replayVoid || !started || page.incarnation() < incarnation;
        replaying = false;
        replayVoid = false;
        if (useless) {
            if (started) {
                offerKept(now);
            }
        } else if (page.incarnation() > incarnation) {
            start();
        } else {
            take(page, now);
        }
    }

    private void take(ReplayPage<F> page, long now) {
        replayed.addAll(page.facts());
        if (page.upTo() < page.committed()) {
            if (replayed.size() < limits.kept()) {
                replayAfter(page.upTo());
            } else {
                start();
            }
            return;
        }
        for (Numbered<F> fact : replayed) {
            if (fact.seq() > applied) {
                apply(fact, now);
            }
        }
        replayed.clear();
        if (page.upTo() > applied) {
            applied = page.upTo();
            movedAt = now;
        }
        offerKept(now);
    }

    void replayFailed(long now) {
        replayFailed = true;
        retryAt = now + limits.retryMillis();
    }

    // --- the read barrier

    void await(long ticket) {
        barrier.enter(ticket);
    }

    void awaitPosition(long seq, long ticket, long now) {
        standStill(now);
        barrier.enter(ticket, seq);
        moved();
    }

    void abandon(long ticket) {
        barrier.abandon(ticket);
    }

    void answered(Committed committed, long now) {
        standStill(now);
        if (!barrier.isUpToDate()) {
            barrier.discard();
            barrier.ask();
            return;
        }
        if (started && committed.incarnation() < incarnation) {
            askFailed(now);
            return;
        }
        boolean begins = !started || committed.incarnation() > incarnation;
        barrier.answered(committed.seq());
        if (begins) {
            begin(committed, now);
        }
        moved();
        barrier.askForLatecomers();
    }

    void askFailed(long now) {
        barrier.discard();
        retryAt = now + limits.retryMillis();
    }

    /** When a first caller comes, the tail gets time to move before it counts as stalled. */
    private void standStill(long now) {
        if (barrier.nobodyWaits()) {
            movedAt = now;
        }
    }

    // --- time

    void tick(long now) {
        if (now < retryAt) {
            return;
        }
        if (replayFailed) {
            replayFailed = false;
            replaying = false;
            replayVoid = false;
            replay();
        }
        if (!started || barrier.isAskedFor()) {
            barrier.ask();
        }
        if (started && !barrier.nobodyWaits() && now - movedAt >= limits.stallMillis()) {
            replay();
        }
    }
}
