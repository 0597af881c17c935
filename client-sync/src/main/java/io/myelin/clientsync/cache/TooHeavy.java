package io.myelin.clientsync.cache;

/** A room is larger than everything that client-sync may keep in memory: it cannot be read here. */
public final class TooHeavy extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooHeavy(long weight, long capacity) {
        // The error is answered to a client and is no defect of ours, so it needs no stack trace.
        super(
                "This room's state takes about %,d MB, more than the %,d MB that this server keeps of all rooms in memory (sync.memory)."
                        .formatted(weight >> 20, capacity >> 20),
                null,
                false,
                false);
    }
}
