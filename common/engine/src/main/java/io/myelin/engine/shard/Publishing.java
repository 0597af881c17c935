package io.myelin.engine.shard;

import io.myelin.engine.Numbered;
import io.myelin.engine.ReplayPage;
import java.util.List;

/**
 * A shard's output: strictly in the order of the numbers, from memory while all goes well, from the log after a
 * take-over or a failure, page by page. It stops at the first failure and resumes after the last number acknowledged
 * before it, once all that was handed over has been acknowledged or has failed, and so has a page that was asked for
 * before.
 */
final class Publishing<F> {

    private final int shard;
    private final long epoch;
    private final long incarnation;
    private final Effects<F> effects;
    private final long retryMillis;

    /** Everything up to here is in the output topic. */
    private long acknowledged;

    /** Records handed over and neither acknowledged nor failed. */
    private int outstanding;

    private boolean live;
    private boolean reading;
    private boolean failed;
    private long resumeAt;

    Publishing(ShardRow row, Effects<F> effects, long retryMillis) {
        shard = row.shard();
        epoch = row.epoch();
        incarnation = row.incarnation();
        acknowledged = row.published();
        live = row.published() >= row.seq();
        this.effects = effects;
        this.retryMillis = retryMillis;
    }

    long acknowledged() {
        return acknowledged;
    }

    /** Everything committed is in the output topic. */
    boolean complete() {
        return live && outstanding == 0;
    }

    /** Facts that have just been committed. */
    void committed(List<Numbered<F>> facts) {
        if (live && !facts.isEmpty()) {
            publish(facts);
        }
    }

    void acknowledged(long seq) {
        outstanding--;
        if (failed) {
            return;
        }
        acknowledged = Math.max(acknowledged, seq);
        if (!live && !reading && outstanding == 0) {
            readAfter(acknowledged);
        }
    }

    void failed(long now) {
        outstanding--;
        failed = true;
        live = false;
        resumeAt = now + retryMillis;
    }

    void tick(long now) {
        if (!live && !reading && outstanding == 0 && now >= resumeAt) {
            failed = false;
            readAfter(acknowledged);
        }
    }

    /** A page of the log arrived; {@code seq} is what is committed by now. */
    void read(ReplayPage<F> page, long seq) {
        reading = false;
        if (live || failed) {
            return;
        }
        if (!page.facts().isEmpty()) {
            publish(page.facts());
        } else if (outstanding == 0) {
            acknowledged = Math.max(acknowledged, page.upTo());
        }
        if (page.upTo() >= seq) {
            live = true;
        } else if (outstanding == 0) {
            readAfter(page.upTo());
        }
    }

    void readFailed(long now) {
        reading = false;
        resumeAt = now + retryMillis;
    }

    private void readAfter(long seq) {
        reading = true;
        effects.readLog(shard, epoch, seq);
    }

    private void publish(List<Numbered<F>> facts) {
        outstanding++;
        effects.publish(shard, epoch, incarnation, facts);
    }
}
