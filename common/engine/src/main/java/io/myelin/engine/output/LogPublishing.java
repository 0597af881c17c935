package io.myelin.engine.output;

import io.myelin.engine.Numbered;
import io.myelin.engine.ReplayPage;
import io.myelin.engine.ownership.ShardRow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Publishes a shard's log to the output topic, strictly in the order of the numbers: normally from memory, after a
 * take-over or a failure from the log, page by page. It stops at the first failure. It resumes after the last number
 * acknowledged before the failure, once every publication under way has been acknowledged or has failed and a page that was
 * asked for has arrived.
 */
public final class LogPublishing<F> {

    private final int shard;
    private final long epoch;
    private final long incarnation;
    private final LogEffects<F> effects;
    private final long retryMillis;
    private final long mostBytes;

    private long acknowledged;

    /** Publications handed over and neither acknowledged nor failed. */
    private int outstanding;

    /** The bytes of these publications: together, and of each in the order in which they end. */
    private long bytes;

    private final ArrayDeque<Long> sizes = new ArrayDeque<>();

    private boolean live;
    private boolean reading;
    private boolean failed;
    private long resumeAt;

    /**
     * @param mostBytes how many bytes may be handed over and not acknowledged; further facts are read from the log later
     */
    public LogPublishing(ShardRow row, LogEffects<F> effects, long retryMillis, long mostBytes) {
        shard = row.shard();
        epoch = row.epoch();
        incarnation = row.incarnation();
        acknowledged = row.published();
        live = row.published() >= row.seq();
        this.effects = effects;
        this.retryMillis = retryMillis;
        this.mostBytes = mostBytes;
    }

    /** Everything up to here is in the output topic. */
    public long acknowledged() {
        return acknowledged;
    }

    /** Everything committed is in the output topic. */
    public boolean complete() {
        return live && outstanding == 0;
    }

    /** Facts have just been committed. Facts beyond the limit of bytes are read from the log later. */
    public void committed(List<Numbered<byte[]>> facts) {
        if (live && !facts.isEmpty()) {
            if (bytes == 0 || bytes + bytes(facts) <= mostBytes) {
                publish(facts);
            } else {
                live = false;
            }
        }
    }

    private static long bytes(List<Numbered<byte[]>> facts) {
        return facts.stream().mapToLong(fact -> fact.fact().length).sum();
    }

    private void ended() {
        outstanding--;
        bytes -= sizes.remove();
    }

    /** The oldest publication under way, up to this number, is in the output topic. */
    public void acknowledged(long seq) {
        ended();
        if (failed) {
            return;
        }
        acknowledged = Math.max(acknowledged, seq);
        if (!live && !reading && outstanding == 0) {
            readAfter(acknowledged);
        }
    }

    /** The oldest publication under way has failed. */
    public void failed(long now) {
        ended();
        failed = true;
        live = false;
        resumeAt = now + retryMillis;
    }

    public void tick(long now) {
        if (!live && !reading && outstanding == 0 && now >= resumeAt) {
            failed = false;
            readAfter(acknowledged);
        }
    }

    /** A page of the log arrived; {@code seq} is the number of the last committed fact. */
    public void read(ReplayPage<F> page, long seq) {
        reading = false;
        if (live || failed) {
            return;
        }
        List<Numbered<byte[]>> facts = encoded(page.facts());
        if (!facts.isEmpty()) {
            publish(facts);
        } else if (outstanding == 0) {
            acknowledged = Math.max(acknowledged, page.upTo());
        }
        if (page.upTo() >= seq) {
            live = true;
        } else if (outstanding == 0) {
            readAfter(page.upTo());
        }
    }

    public void readFailed(long now) {
        reading = false;
        resumeAt = now + retryMillis;
    }

    private void readAfter(long seq) {
        reading = true;
        effects.readLog(shard, epoch, seq);
    }

    /** A fact that cannot be encoded must not stop those after it. Readers notice that its number is missing. */
    private List<Numbered<byte[]>> encoded(List<Numbered<F>> facts) {
        List<Numbered<byte[]>> encoded = new ArrayList<>(facts.size());
        for (Numbered<F> fact : facts) {
            try {
                encoded.add(new Numbered<>(fact.seq(), effects.encode(fact.fact())));
            } catch (RuntimeException | StackOverflowError e) {
                effects.warn("The fact " + fact.seq() + " of shard " + shard + " cannot be published: " + e);
            }
        }
        return encoded;
    }

    private void publish(List<Numbered<byte[]>> facts) {
        long size = bytes(facts);
        bytes += size;
        sizes.add(size);
        outstanding++;
        effects.publish(shard, epoch, incarnation, facts);
    }
}
