package io.myelin.engine.tail;

import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.engine.ReplayPage;
import java.util.ArrayList;
import java.util.List;

/**
 * Follows one output topic: drops what it has seen by number, notices a hole and fills it by replay, and lets callers
 * wait until it has applied what was committed when they asked.
 *
 * <p>Inputs are its methods, called by one thread. Before {@link #start}, the shell positions the consumer at the end
 * of the shard's partition: what is committed before the question is answered is then either in the answer or still
 * to be read.
 */
public final class LogTail<F> {

    private static final class Waiting {
        final long ticket;
        long target = Long.MAX_VALUE;

        Waiting(long ticket) {
            this.ticket = ticket;
        }
    }

    private static final class Shard<F> {
        /** Where the tail stands; meaningless until the first answer. */
        long incarnation = -1;

        long applied;
        boolean started;
        boolean replaying;

        /** Records that cannot be applied yet: before the first answer, or beyond a hole. */
        final List<OutputRecord<F>> kept = new ArrayList<>();

        /** Callers whose question is on its way, and callers who came too late for that one. */
        List<Waiting> asking = new ArrayList<>();

        List<Waiting> toAsk = new ArrayList<>();
        final List<Waiting> waiting = new ArrayList<>();
        boolean questionUnderWay;
        long movedAt;
        long retryAt;
    }

    private final List<Shard<F>> shards = new ArrayList<>();
    private final TailEffects<F> effects;
    private final TailLimits limits;

    public LogTail(int shardCount, TailEffects<F> effects, TailLimits limits) {
        this.effects = effects;
        this.limits = limits;
        for (int shard = 0; shard < shardCount; shard++) {
            shards.add(new Shard<>());
        }
    }

    /** The consumer stands at the end of the shard's partition: begin to follow it. */
    public void start(int number) {
        Shard<F> shard = shards.get(number);
        shard.started = false;
        ask(number, shard);
    }

    /** The number up to which everything has been applied; 0 before the first answer. */
    public Committed position(int number) {
        Shard<F> shard = shards.get(number);
        return new Committed(shard.incarnation, shard.applied);
    }

    public boolean hasStarted() {
        return shards.stream().allMatch(shard -> shard.started);
    }

    // --- records

    public void polled(int number, List<OutputRecord<F>> records, long now) {
        Shard<F> shard = shards.get(number);
        for (OutputRecord<F> record : records) {
            offer(number, shard, record, now);
        }
        moved(number, shard, now);
    }

    private void offer(int number, Shard<F> shard, OutputRecord<F> record, long now) {
        if (!shard.started || shard.replaying) {
            keep(shard, record);
        } else if (record.incarnation() > shard.incarnation) {
            keep(shard, record);
            start(number);
        } else if (record.incarnation() == shard.incarnation
                && record.numbered().seq() > shard.applied) {
            if (record.numbered().seq() == shard.applied + 1) {
                apply(number, shard, record.numbered(), now);
            } else {
                keep(shard, record);
                replay(number, shard);
            }
        }
    }

    private void keep(Shard<F> shard, OutputRecord<F> record) {
        if (shard.kept.size() < limits.kept()) {
            shard.kept.add(record);
        }
    }

    private void apply(int number, Shard<F> shard, Numbered<F> fact, long now) {
        shard.applied = fact.seq();
        shard.movedAt = now;
        effects.apply(number, fact);
    }

    private void offerKept(int number, Shard<F> shard, long now) {
        List<OutputRecord<F>> kept = List.copyOf(shard.kept);
        shard.kept.clear();
        kept.forEach(record -> offer(number, shard, record, now));
        moved(number, shard, now);
    }

    private void moved(int number, Shard<F> shard, long now) {
        if (shard.started) {
            effects.reached(number, shard.applied);
            shard.waiting.removeIf(waiting -> {
                boolean reached = shard.applied >= waiting.target;
                if (reached) {
                    effects.passed(waiting.ticket);
                }
                return reached;
            });
        }
    }

    // --- replay

    private void replay(int number, Shard<F> shard) {
        if (!shard.replaying) {
            shard.replaying = true;
            effects.replay(number, shard.applied);
        }
    }

    public void replayed(int number, ReplayPage<F> page, long now) {
        Shard<F> shard = shards.get(number);
        shard.replaying = false;
        if (!shard.started || page.incarnation() < shard.incarnation) {
            return;
        }
        if (page.incarnation() > shard.incarnation) {
            start(number);
            return;
        }
        for (Numbered<F> fact : page.facts()) {
            if (fact.seq() > shard.applied) {
                apply(number, shard, fact, now);
            }
        }
        if (page.upTo() > shard.applied) {
            shard.applied = page.upTo();
            shard.movedAt = now;
        }
        if (page.upTo() < page.committed()) {
            replay(number, shard);
            moved(number, shard, now);
        } else {
            offerKept(number, shard, now);
        }
    }

    public void replayFailed(int number, long now) {
        shards.get(number).retryAt = now + limits.retryMillis();
    }

    // --- the read barrier

    /**
     * Reports {@link TailEffects#passed} once everything is applied that is committed now. Callers share a question
     * only if it is sent after they came.
     */
    public void await(int number, long ticket, long now) {
        Shard<F> shard = shards.get(number);
        shard.toAsk.add(new Waiting(ticket));
        ask(number, shard);
    }

    /** Reports {@link TailEffects#passed} once the tail has reached a number. */
    public void awaitPosition(int number, long seq, long ticket, long now) {
        Shard<F> shard = shards.get(number);
        Waiting waiting = new Waiting(ticket);
        waiting.target = seq;
        waitFor(shard, List.of(waiting), now);
        moved(number, shard, now);
    }

    /** The caller waits no more. */
    public void abandon(int number, long ticket) {
        Shard<F> shard = shards.get(number);
        shard.waiting.removeIf(waiting -> waiting.ticket == ticket);
        shard.toAsk.removeIf(waiting -> waiting.ticket == ticket);
        shard.asking.removeIf(waiting -> waiting.ticket == ticket);
    }

    private void ask(int number, Shard<F> shard) {
        if (!shard.questionUnderWay) {
            shard.questionUnderWay = true;
            shard.asking = shard.toAsk;
            shard.toAsk = new ArrayList<>();
            effects.ask(number);
        }
    }

    private void waitFor(Shard<F> shard, List<Waiting> more, long now) {
        if (shard.waiting.isEmpty()) {
            shard.movedAt = now;
        }
        shard.waiting.addAll(more);
    }

    public void answered(int number, Committed committed, long now) {
        Shard<F> shard = shards.get(number);
        shard.questionUnderWay = false;
        List<Waiting> asked = shard.asking;
        shard.asking = new ArrayList<>();
        if (!shard.started || committed.incarnation() > shard.incarnation) {
            begin(number, shard, committed, now);
        }
        asked.forEach(waiting -> waiting.target = committed.seq());
        waitFor(shard, asked, now);
        moved(number, shard, now);
        if (!shard.toAsk.isEmpty()) {
            ask(number, shard);
        }
    }

    private void begin(int number, Shard<F> shard, Committed committed, long now) {
        shard.started = true;
        shard.replaying = false;
        shard.incarnation = committed.incarnation();
        shard.applied = committed.seq();
        shard.movedAt = now;
        effects.reset(number, committed);
        offerKept(number, shard, now);
    }

    public void askFailed(int number, long now) {
        Shard<F> shard = shards.get(number);
        shard.questionUnderWay = false;
        shard.toAsk.addAll(0, shard.asking);
        shard.asking = new ArrayList<>();
        shard.retryAt = now + limits.retryMillis();
    }

    /** Time has passed: what failed is tried again, and a tail that does not move is helped by replay. */
    public void tick(long now) {
        for (int number = 0; number < shards.size(); number++) {
            Shard<F> shard = shards.get(number);
            if (now < shard.retryAt) {
                continue;
            }
            if (shard.retryAt > 0) {
                shard.retryAt = 0;
                if (shard.replaying) {
                    effects.replay(number, shard.applied);
                }
                if (!shard.started || !shard.toAsk.isEmpty()) {
                    ask(number, shard);
                }
            }
            boolean stalled = !shard.waiting.isEmpty() && now - shard.movedAt >= limits.stallMillis();
            if (shard.started && stalled) {
                replay(number, shard);
            }
        }
    }
}
