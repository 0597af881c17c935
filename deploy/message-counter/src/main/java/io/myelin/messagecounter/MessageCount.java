package io.myelin.messagecounter;

import java.util.concurrent.atomic.AtomicLong;

/** How many messages have been sent since this process started. */
public final class MessageCount {
    private final AtomicLong messages = new AtomicLong();

    /** Counts an event if it is a message. */
    public void add(String eventType) {
        if (eventType.equals("m.room.message")) {
            messages.incrementAndGet();
        }
    }

    public long messages() {
        return messages.get();
    }
}
