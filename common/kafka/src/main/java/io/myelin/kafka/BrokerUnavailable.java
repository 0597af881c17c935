package io.myelin.kafka;

import org.jspecify.annotations.Nullable;

/** Kafka cannot be asked now; the same again later may succeed. */
public final class BrokerUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public BrokerUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
