package io.myelin.roomserver.storage;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The names that {@link EventTable#columns} gives to the columns of an alias. They are made once: a first {@code /sync} reads tens
 * of thousands of rows.
 */
record EventColumns(
        String seq,
        String anchor,
        String back,
        String room,
        String replaces,
        String state,
        String eventId,
        String redacts,
        String stateKey,
        String standing,
        String device,
        String transactionId,
        String body) {
    private static final Map<String, EventColumns> BY_ALIAS = new ConcurrentHashMap<>();

    static EventColumns of(String alias) {
        return BY_ALIAS.computeIfAbsent(alias, EventColumns::make);
    }

    private static EventColumns make(String alias) {
        String prefix = alias + "_";
        return new EventColumns(
                prefix + "seq",
                prefix + "anchor",
                prefix + "back",
                prefix + "room",
                prefix + "replaces",
                prefix + "state",
                prefix + "event_id",
                prefix + "redacts",
                prefix + "state_key",
                prefix + "standing",
                prefix + "device",
                prefix + "transaction_id",
                prefix + "body");
    }
}
