package io.myelin.clientsync.web;

import io.myelin.clientsync.cache.MemoryBudget;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Counts what large answers keep in memory as a part of the {@link MemoryBudget}: a room that the caches have dropped
 * is still there until its last answer is sent. What several answers keep counts once. Callers hold a lock around all
 * calls.
 */
final class AnswerMemory {
    /** Answers may take one half of the budget, so that loads always find the rest. */
    private static final int SHARE = 2;

    private static final class Charge {
        final MemoryBudget.Reservation space;
        final long weight;
        int answers = 1;

        Charge(MemoryBudget.Reservation space, long weight) {
            this.space = space;
            this.weight = weight;
        }
    }

    private final MemoryBudget memory;
    private final long most;
    private final Map<Object, Charge> charges = new IdentityHashMap<>();
    private long all;

    AnswerMemory(MemoryBudget memory) {
        this.memory = memory;
        this.most = memory.capacity() / SHARE;
    }

    /**
     * Counts an object, if there is space. This does not wait: a waiting answer would keep in memory what does not fit.
     *
     * @param weight bytes; at most half of the share is counted, so that no room is too heavy to be sent
     * @return whether there was space
     */
    boolean take(Object held, long weight) {
        Charge before = charges.get(held);
        if (before != null) {
            before.answers++;
            return true;
        }
        long counted = Math.min(weight, most / 2);
        MemoryBudget.Reservation space = memory.reserve(0);
        if (all + counted > most || !space.addIfFree(counted)) {
            return false;
        }
        charges.put(held, new Charge(space, counted));
        all += counted;
        return true;
    }

    void giveBack(Object held) {
        Charge charge = charges.get(held);
        if (charge != null && --charge.answers == 0) {
            charges.remove(held);
            all -= charge.weight;
            charge.space.close();
        }
    }
}
