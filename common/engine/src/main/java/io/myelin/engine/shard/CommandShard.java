package io.myelin.engine.shard;

import io.myelin.engine.LogPosition;
import io.myelin.engine.output.LogPublishing;
import io.myelin.engine.ownership.OwnedShard;
import io.myelin.engine.ownership.ShardRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A shard of a server while this process owns it: the commands that have arrived and are not done, by their lanes. */
final class CommandShard<S, C, F> extends OwnedShard {

    private static final String UNLOADABLE =
            "What this is about cannot be read from the server's database at the moment; try again later";
    private static final long DROP_MILLIS = 1_000;

    final Lanes<S> lanes;
    final LogPublishing<F> publishing;
    final Outbox outbox;
    final InputWindow window;
    final SequencedSet<Work<C>> pending = new LinkedHashSet<>();
    private final Set<Preparation<S, C>> preparations = new HashSet<>();

    /** The number of the last committed fact. */
    long seq;

    /** How many transactions have been committed in this epoch. */
    long commits;

    int attempts;

    /**
     * How many commands may be decided at once. After an owner that died it is one and doubles with each commit until the
     * inherited commands are done. If owners die of the thousandth command, each of them then halves the distance to it,
     * instead of coming one command closer.
     */
    private int most;

    /** Whether a command was given up because earlier owners died. */
    boolean hasGivenUp;

    boolean positioned;
    boolean paused;

    private long dropAt;

    int localCallers;

    /** Below this offset, commands may have been done by an earlier owner: kept answers are looked up first. */
    private long inheritedUntil = Long.MAX_VALUE;

    private long cautiousUntil;
    private final Effects<F> effects;
    private final ShardLimits limits;

    CommandShard(ShardRow row, Effects<F> effects, ShardLimits limits, EntityMemory<S> memory, long now) {
        super(row, now);
        this.effects = effects;
        this.limits = limits;
        seq = row.seq();
        attempts = row.attempts();
        most = attempts > 0 ? 1 : Integer.MAX_VALUE;
        lanes = new Lanes<>(number(), epoch(), effects, limits, memory);
        publishing = new LogPublishing<>(row, effects, limits.retryMillis(), limits.publishBytes());
        outbox = new Outbox(effects, limits.orderMillis(), limits.orderBytes());
        window = new InputWindow(row.position());
    }

    // --- ownership

    @Override
    protected void begin() {
        outbox.tick(number(), epoch(), 0);
        effects.seek(number(), epoch(), window.position());
    }

    @Override
    protected int weight() {
        return pending.size();
    }

    /** No more commands are decided; committed facts are still published. */
    @Override
    protected void drain(long now) {
        effects.pause(number(), true);
        forget();
    }

    @Override
    protected boolean isDrained(long now) {
        return publishing.complete();
    }

    @Override
    protected long publishedUpTo() {
        return publishing.acknowledged();
    }

    /** Callers at the door are turned away. */
    @Override
    protected void forget() {
        for (Work<C> work : List.copyOf(pending)) {
            if (work.request.replyTo() instanceof ReplyTo.LocalCaller localCaller) {
                remove(work);
                effects.turnAway(localCaller);
            }
        }
        lanes.forget();
    }

    // --- commands

    void add(Work<C> work) {
        lanes.enter(work.keys);
        refuse(work);
        pending.add(work);
        if (work.offset == Work.AT_THE_DOOR) {
            localCallers++;
        }
    }

    /** A command needs more entities. */
    void needs(Work<C> work, List<String> keys) {
        if (pending.contains(work)) {
            List<String> more = new ArrayList<>(work.keys);
            more.addAll(keys);
            work.keys = List.copyOf(more);
            lanes.needs(keys);
            refuse(work);
        }
    }

    void loaded(String key, S state, long now) {
        if (!lanes.loaded(key, state, now)) {
            pending.stream().filter(work -> work.keys.contains(key)).forEach(this::refuse);
        }
    }

    /** A command is given up if one of its entities is too heavy to be kept. */
    private void refuse(Work<C> work) {
        String refusal = lanes.refusal(work.keys);
        if (refusal != null && work.hopeless == null) {
            work.hopeless = refusal;
        }
    }

    /**
     * Has a heavy command prepared. It is the first in its lanes, their states are as committed, and the lanes wait for it.
     */
    void prepare(Work<C> work, Decider<S, C, F> decider) {
        if (pending.contains(work)) {
            Map<String, S> states = new HashMap<>();
            for (String key : work.keys) {
                S state = lanes.state(key);
                if (state != null) {
                    states.put(key, state);
                }
            }
            work.preparing = true;
            Preparation<S, C> preparation = new Preparation<>(decider, work, states);
            preparations.add(preparation);
            effects.prepare(number(), epoch(), preparation);
        }
    }

    /** A preparation beside the loop has ended. */
    void prepared(Preparation<?, ?> ended) {
        for (Preparation<S, C> preparation : preparations) {
            if (preparation == ended) {
                preparations.remove(preparation);
                prepared(preparation.work, preparation);
                return;
            }
        }
    }

    private void prepared(Work<C> work, Preparation<S, C> preparation) {
        work.preparing = false;
        if (preparation.missing != null) {
            needs(work, preparation.missing);
        } else if (preparation.prepared != null) {
            work.prepared(preparation.prepared, preparation.read);
        } else {
            effects.warn("The command " + work.request.id() + " cannot be prepared: " + preparation.bug);
            work.hopeless = "The server failed to decide this";
        }
    }

    void remove(Work<C> work) {
        if (pending.remove(work)) {
            lanes.leave(work.keys);
            if (work.offset == Work.AT_THE_DOOR) {
                localCallers--;
            } else {
                window.done(work.offset);
            }
        }
    }

    /** Forgets the commands that were read from the input and are not done; they will be read again. */
    void forgetInput() {
        for (Iterator<Work<C>> works = pending.iterator(); works.hasNext(); ) {
            Work<C> work = works.next();
            if (work.offset != Work.AT_THE_DOOR) {
                works.remove();
                lanes.leave(work.keys);
            }
        }
    }

    void sought(SeekResult result) {
        LogPosition old = window.position();
        switch (result) {
            case SeekResult.Positioned(long end) -> {
                window.reposition(old);
                inheritedUntil = end;
            }
            case SeekResult.OtherTopic(var topic, long beginning, long end) -> {
                window.reposition(new LogPosition(topic, beginning, -1));
                inheritedUntil = end;
            }
            case SeekResult.Truncated(long to, long end) -> {
                window.reposition(old.truncated(to));
                inheritedUntil = end;
            }
        }
        positioned = true;
        paused = false;
    }

    /** A transaction of this shard has been committed. */
    void committed(long newSeq) {
        seq = newSeq;
        attempts = 0;
        commits++;
        most = pastInherited() || most > Integer.MAX_VALUE / 2 ? Integer.MAX_VALUE : most * 2;
    }

    void conflicted(long until) {
        cautiousUntil = until;
    }

    boolean mustLookUp(Work<C> work, long now) {
        boolean inherited = work.offset != Work.AT_THE_DOOR && work.offset < inheritedUntil;
        boolean repeated = work.request.isOrder() && now - work.request.madeAt() > limits.orderMillis();
        return !hasLookedUp(work) && (inherited || repeated || work.conflicted || now < cautiousUntil);
    }

    /** Whether the answers kept for this command have been looked up. */
    boolean hasLookedUp(Work<C> work) {
        return work.answered != null || work.lookedUpAt == commits;
    }

    /** Whether commands run one by one, since an earlier owner may have died of one of them. */
    boolean careful() {
        return attempts > 0;
    }

    /**
     * Whether the first inherited command is still to be decided after an owner died. Nothing else is committed before it,
     * since that would clear the attempts, and a command that kills owners would never be found.
     */
    boolean isRecovering() {
        return careful() && !pastInherited();
    }

    /** Whether no command is left that an earlier owner may have died of. */
    boolean pastInherited() {
        return positioned && window.position().nextOffset() >= inheritedUntil;
    }

    @Nullable
    Work<C> first() {
        return pending.isEmpty() ? null : pending.getFirst();
    }

    /**
     * Removes commands whose deadline has passed, even if their entities are not loaded. It searches for them once a
     * second.
     */
    void dropExpired(long now) {
        if (now < dropAt) {
            return;
        }
        dropAt = now + DROP_MILLIS;
        for (Work<C> work : List.copyOf(pending)) {
            if (now > work.request.deadline() && !work.preparing) {
                remove(work);
                if (work.request.replyTo() instanceof ReplyTo.LocalCaller localCaller) {
                    effects.turnAway(localCaller);
                }
            }
        }
    }

    /**
     * The commands that can be decided now, because their entities are loaded and no command before them in a lane waits,
     * or given up, because an entity cannot be loaded.
     */
    List<Work<C>> ready(int limit) {
        if (pending.isEmpty() || isDraining()) {
            return List.of();
        }
        int atMost = Math.min(limit, most);
        List<Work<C>> works = new ArrayList<>();
        Set<String> blocked = new HashSet<>();
        for (Work<C> work : pending) {
            if (works.size() == atMost) {
                break;
            }
            if (isBlocked(work, blocked)) {
                if (careful() && (work.preparing || work.keys.stream().anyMatch(lanes::isComing))) {
                    break;
                }
                blocked.addAll(work.keys);
            } else {
                works.add(work);
            }
        }
        return works;
    }

    /** A command that is given up needs no entities. */
    private boolean isBlocked(Work<C> work, Set<String> blocked) {
        if (work.preparing || work.keys.stream().anyMatch(blocked::contains)) {
            return true;
        }
        if (work.hopeless == null && work.keys.stream().anyMatch(lanes::isUnloadable)) {
            work.hopeless = UNLOADABLE;
        }
        return work.hopeless == null && lacks(work);
    }

    private boolean lacks(Work<C> work) {
        for (String key : work.keys) {
            if (lanes.state(key) == null) {
                return true;
            }
        }
        return false;
    }

    /** Whether a command waits for a preparation or a load beside the loop. */
    private boolean waits(Object work) {
        for (Work<C> each : pending) {
            if (each == work) {
                return each.preparing || lacks(each);
            }
        }
        return false;
    }

    Batch.OfShard<F> part(long newSeq, Set<Work<C>> works, List<Batch.Done<F>> done) {
        return new Batch.OfShard<>(
                number(),
                epoch(),
                newSeq,
                publishing.acknowledged(),
                window.positionAfter(works),
                done,
                outbox.settled());
    }

    /** Pauses reading the input while too much of it is open. */
    void pauseIfFull(long now) {
        boolean full = window.full(now, limits, this::waits);
        if (full != paused) {
            paused = full;
            effects.pause(number(), full);
        }
    }
}
