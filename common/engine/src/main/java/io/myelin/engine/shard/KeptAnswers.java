package io.myelin.engine.shard;

import java.util.Map;
import java.util.UUID;

/**
 * Answers that were kept.
 *
 * @param byCommand by the command's id
 * @param byTransaction by the client's transaction
 */
public record KeptAnswers(Map<UUID, byte[]> byCommand, Map<TransactionKey, byte[]> byTransaction) {

    public static final KeptAnswers NOTHING = new KeptAnswers(Map.of(), Map.of());
}
