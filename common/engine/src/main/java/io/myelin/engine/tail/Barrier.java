package io.myelin.engine.tail;

import java.util.ArrayList;
import java.util.List;

/**
 * The callers that wait until a shard's tail has applied everything that was committed when they came. Callers share a
 * question to the shard's owner if it was sent after they came. At most one question is under way, and the next one is sent
 * for all callers that came meanwhile.
 */
final class Barrier {

    private static final class Waiting {
        final long ticket;
        long target;

        Waiting(long ticket, long target) {
            this.ticket = ticket;
            this.target = target;
        }
    }

    private final int shard;
    private final TailEffects<?> effects;
    private List<Waiting> asking = new ArrayList<>();
    private List<Waiting> toAsk = new ArrayList<>();
    private List<Waiting> waiting = new ArrayList<>();
    private boolean questionUnderWay;
    private boolean outOfDate;

    Barrier(int shard, TailEffects<?> effects) {
        this.shard = shard;
        this.effects = effects;
    }

    void enter(long ticket) {
        toAsk.add(new Waiting(ticket, Long.MAX_VALUE));
        ask();
    }

    void enter(long ticket, long target) {
        waiting.add(new Waiting(ticket, target));
    }

    void abandon(long ticket) {
        waiting.removeIf(each -> each.ticket == ticket);
        toAsk.removeIf(each -> each.ticket == ticket);
        asking.removeIf(each -> each.ticket == ticket);
    }

    boolean nobodyWaits() {
        return waiting.isEmpty();
    }

    boolean isAskedFor() {
        return !toAsk.isEmpty();
    }

    // --- the question

    void ask() {
        if (!questionUnderWay) {
            questionUnderWay = true;
            asking = toAsk;
            toAsk = new ArrayList<>();
            effects.ask(shard);
        }
    }

    /** The answer to a question under way will be out of date, so the question is asked again. */
    void askAgain() {
        outOfDate = questionUnderWay;
        ask();
    }

    void askForLatecomers() {
        if (isAskedFor()) {
            ask();
        }
    }

    boolean isUpToDate() {
        return !outOfDate;
    }

    /** The question has ended without an answer; its callers share the next one. */
    void discard() {
        questionUnderWay = false;
        outOfDate = false;
        toAsk.addAll(0, asking);
        asking = new ArrayList<>();
    }

    void answered(long committed) {
        questionUnderWay = false;
        asking.forEach(each -> each.target = committed);
        waiting.addAll(asking);
        asking = new ArrayList<>();
    }

    // --- waiting

    /** Everything up to this number has been applied. */
    void reached(long applied) {
        if (waiting.isEmpty()) {
            return;
        }
        List<Waiting> before = waiting;
        waiting = new ArrayList<>();
        List<Waiting> passed = new ArrayList<>();
        before.forEach(each -> (applied >= each.target ? passed : waiting).add(each));
        passed.forEach(each -> effects.passed(each.ticket));
    }

    /** The shard's numbers have gone back: no caller is to wait for a number that may never come. */
    void lower(long most) {
        waiting.forEach(each -> each.target = Math.min(each.target, most));
    }
}
