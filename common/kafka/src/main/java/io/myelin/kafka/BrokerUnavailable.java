package io.myelin.kafka;

/** Kafka cannot be asked now; the same again later may succeed. */
public final class BrokerUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public BrokerUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
