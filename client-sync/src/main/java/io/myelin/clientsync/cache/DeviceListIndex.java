package io.myelin.clientsync.cache;

import io.myelin.contracts.account.AccountQueries.DeviceListChange;
import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The newest changes of device lists in one account shard, one of each user, as far back as a number. Not thread-safe; its
 * shard's lock guards it.
 */
final class DeviceListIndex {
    private final int most;
    private final TreeMap<Long, DeviceListChange> bySeq = new TreeMap<>();
    private final Map<Subject, Long> newest = new HashMap<>();
    private long completeAfter = Long.MAX_VALUE;

    /** After a lower number there are more changes than are kept; and never fewer, since each user's newest counts. */
    private long tooManyBefore;

    /** @param viewer who can see the changes; null for everybody who shares a room with the user */
    private record Subject(@Nullable UserId viewer, UserId user) {}

    /** @param most how many changes are kept */
    DeviceListIndex(int most) {
        this.most = most;
    }

    /** Nothing is known but what comes after this number. */
    void reset(long seq) {
        bySeq.clear();
        newest.clear();
        completeAfter = seq;
        tooManyBefore = 0;
    }

    void changed(DeviceListChange change) {
        put(change);
        shorten();
    }

    private void put(DeviceListChange change) {
        Subject subject = new Subject(change.viewer(), change.user());
        Long before = newest.get(subject);
        if (before != null && before >= change.seq()) {
            return;
        }
        if (before != null) {
            bySeq.remove(before);
        }
        newest.put(subject, change.seq());
        bySeq.put(change.seq(), change);
    }

    /**
     * Adds what the owner has answered: all changes after {@code from}, which is higher than what was asked for if there
     * are too many. An answer from before what is known here, as after
     * a reset, would leave a hole and is dropped.
     *
     * @param asOf up to which the answer is complete
     */
    void add(List<DeviceListChange> changes, long asked, long from, long asOf) {
        if (asOf < completeAfter) {
            return;
        }
        changes.forEach(this::put);
        completeAfter = Math.min(completeAfter, from);
        if (from > asked) {
            tooManyBefore = Math.max(tooManyBefore, from);
        }
        shorten();
    }

    /** Whether it can keep all changes after a number; else asking for them is of no use. */
    boolean canKeepAllAfter(long seq) {
        return seq >= tooManyBefore;
    }

    private void shorten() {
        while (bySeq.size() > most) {
            DeviceListChange oldest = bySeq.firstEntry().getValue();
            bySeq.remove(oldest.seq());
            newest.remove(new Subject(oldest.viewer(), oldest.user()));
            completeAfter = Math.max(completeAfter, oldest.seq());
            tooManyBefore = Math.max(tooManyBefore, oldest.seq());
        }
    }

    /** Whether all changes after this number are known. */
    boolean isCompleteAfter(long seq) {
        return seq >= completeAfter;
    }

    List<DeviceListChange> after(long seq) {
        return new ArrayList<>(bySeq.tailMap(seq, false).values());
    }
}
