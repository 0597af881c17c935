package io.myelin.postgres.check;

import java.util.List;
import java.util.stream.Stream;

/** What the engine promises of its own tables, in every service's schema. */
public final class EngineInvariants {

    private static final List<Invariant> OF_EVERY_SERVICE = List.of(
            new QueryInvariant("shards-are-numbered", Invariant.RESTORE, """
                    SELECT 'table shard' AS place,
                           format('there are %s shards, numbered %s to %s, instead of a power of two, numbered from 0',
                                  count(*), min(id), max(id)) AS what
                      FROM shard
                    HAVING count(*) <> 0
                       AND (min(id) <> 0 OR max(id) <> count(*) - 1 OR count(*) & (count(*) - 1) <> 0)"""),
            new QueryInvariant("incarnation-is-one", Invariant.RESTORE, """
                    SELECT 'table shard' AS place,
                           format('incarnations reach from %s to %s, but all shards have the same',
                                  min(incarnation), max(incarnation)) AS what
                      FROM shard
                    HAVING min(incarnation) <> max(incarnation) OR min(incarnation) < 1"""),
            new QueryInvariant("origin-is-known", "Start the server once: it notes which database this is.", """
                    SELECT 'table origin' AS place,
                           format('it has %s rows instead of one', (SELECT count(*) FROM origin)) AS what
                      FROM (SELECT count(*) AS shards FROM shard) s
                     WHERE s.shards <> 0 AND (SELECT count(*) FROM origin) <> 1"""),
            new QueryInvariant(
                    "indexes-are-valid", "Connect to the database and run REINDEX INDEX with the index's name.", """
                    SELECT format('index %s', i.indexrelid::regclass) AS place,
                           'it is not valid, so queries do not use it and its keys may not be unique' AS what
                      FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
                     WHERE c.relnamespace = current_schema()::regnamespace AND NOT (i.indisvalid AND i.indisready)"""));

    private static final List<Invariant> OF_SHARDS = List.of(
            new QueryInvariant("position-is-possible", Invariant.RESTORE, """
                    SELECT format('shard %s', id) AS place,
                           CASE WHEN published > seq OR published < 0
                                THEN format('it has published up to %s, but its last number is %s', published, seq)
                                WHEN seq < 0 THEN format('its last number is %s', seq)
                                ELSE format('its next offset is %s in topic %s', next_offset, topic_id) END AS what
                      FROM shard
                     WHERE seq < 0 OR published < 0 OR published > seq OR next_offset < 0
                        OR (next_offset > 0 AND topic_id = '00000000-0000-0000-0000-000000000000')"""),
            RowInvariants.numbersAreCommitted("log", "seq"),
            RowInvariants.numbersAreUnique("log", "seq"),
            new QueryInvariant("answer-has-its-command", Invariant.RESTORE, """
                    SELECT format('table %s, id %s', name, id) AS place, 'it is no id of a command' AS what
                      FROM (SELECT 'command' AS name, id FROM command
                             UNION ALL SELECT 'order_answer', id FROM order_answer
                             UNION ALL SELECT 'outbox', id FROM outbox) AS ids
                     WHERE uuid_extract_version(id) IS DISTINCT FROM 7"""),
            new QueryInvariant(
                    "command-is-answered-once",
                    "Delete one of the two rows: the one in table command, unless it was an order.",
                    """
                    SELECT format('id %s', c.id) AS place,
                           'table command and table order_answer both have an answer to it' AS what
                      FROM command c JOIN order_answer o USING (id)"""),
            new QueryInvariant("transaction-key-is-whole", "Delete the row: it answers no client's request.", """
                    SELECT format('table transaction, key %s', key) AS place,
                           format('it has %s bytes instead of 16', octet_length(key)) AS what
                      FROM transaction WHERE octet_length(key) <> 16"""),
            new QueryInvariant("order-is-of-a-shard", Invariant.RESTORE, """
                    SELECT format('shard %s, order %s', o.shard, o.id) AS place,
                           CASE WHEN o.partition < 0 THEN format('it is for partition %s of %s', o.partition, o.topic)
                                WHEN o.topic = '' THEN 'it is for no topic'
                                WHEN octet_length(o.command) = 0 THEN 'it has no command'
                                ELSE 'there is no such shard' END AS what
                      FROM outbox o LEFT JOIN shard s ON s.id = o.shard
                     WHERE s.id IS NULL OR o.partition < 0 OR o.topic = '' OR octet_length(o.command) = 0"""));

    private EngineInvariants() {}

    /** @param hasLog whether the schema is that of a service with a log */
    public static List<Invariant> of(boolean hasLog) {
        return hasLog
                ? Stream.concat(OF_EVERY_SERVICE.stream(), OF_SHARDS.stream()).toList()
                : OF_EVERY_SERVICE;
    }

    /**
     * Every number of a shard has its row in the log, for a service that deletes none.
     *
     * @param except an SQL condition on the log's row {@code x}; shards that have such a row are passed over
     */
    public static Invariant logIsDense(String except) {
        return new QueryInvariant("log-is-dense", Invariant.RESTORE, """
                SELECT format('shard %%s', shard) AS place,
                       CASE WHEN next = seq + 2 THEN format('number %%s is missing in the log', seq + 1)
                            ELSE format('numbers %%s to %%s are missing in the log', seq + 1, next - 1) END AS what
                  FROM (SELECT shard, seq, lead(seq) OVER (PARTITION BY shard ORDER BY seq) AS next
                          FROM (SELECT shard, seq FROM log
                                 UNION ALL SELECT id, 0 FROM shard
                                 UNION ALL SELECT id, seq + 1 FROM shard) AS ends) AS pairs
                 WHERE next > seq + 1 AND NOT EXISTS (SELECT FROM log x WHERE x.shard = pairs.shard AND (%s))
                 ORDER BY shard, seq""".formatted(except));
    }
}
