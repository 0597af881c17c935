package io.myelin.engine.shard;

import java.util.UUID;

/** An order in the outbox. Its id is the command's id, the same each time it is sent. */
public record StoredOrder(UUID id, Order order) {}
