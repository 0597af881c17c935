package io.myelin.kafka;

import org.jspecify.annotations.Nullable;

/** Kafka does not answer now; the same request may succeed later. */
public final class BrokerUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public BrokerUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
