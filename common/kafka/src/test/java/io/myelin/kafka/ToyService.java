package io.myelin.kafka;

import io.myelin.engine.Numbered;
import io.myelin.engine.shard.Decider;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Entities;
import io.myelin.engine.shard.Moment;
import io.myelin.engine.shard.Order;
import io.myelin.postgres.Column;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.LogEntry;
import io.myelin.postgres.LogRow;
import io.myelin.postgres.ServiceTables;
import io.myelin.postgres.TableRows;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The smallest service that uses everything: a counter per key. */
final class ToyService
        implements Decider<Long, ToyService.Add, ToyService.Added>, ServiceTables<Long, ToyService.Added> {

    /**
     * @param name of the command, to find it again
     * @param passOn the shard to which the same amount is passed on; negative for none
     */
    record Add(String key, long amount, String name, int passOn) {

        byte[] encode() {
            return (key + "\n" + amount + "\n" + name + "\n" + passOn).getBytes(StandardCharsets.UTF_8);
        }

        static Add decode(byte[] bytes) {
            String[] parts = new String(bytes, StandardCharsets.UTF_8).split("\n", -1);
            return new Add(parts[0], Long.parseLong(parts[1]), parts[2], Integer.parseInt(parts[3]));
        }
    }

    record Added(String key, long amount, long value, String name) {

        byte[] encode() {
            return (key + "\n" + amount + "\n" + value + "\n" + name).getBytes(StandardCharsets.UTF_8);
        }

        static Added decode(byte[] bytes) {
            String[] parts = new String(bytes, StandardCharsets.UTF_8).split("\n", -1);
            return new Added(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2]), parts[3]);
        }
    }

    static final String INPUT = "toy.input";
    static final String OUTPUT = "toy.output";

    private final TableRows counters = TableRows.upsert(
            "counter", 2, Column.of("shard", Type.INT), Column.of("key", Type.TEXT), Column.of("value", Type.LONG));
    private final TableRows additions = TableRows.insert(
            "addition",
            Column.of("shard", Type.INT),
            Column.of("seq", Type.LONG),
            Column.of("key", Type.TEXT),
            Column.of("amount", Type.LONG),
            Column.of("command", Type.TEXT));

    @Override
    public List<String> keys(Add command) {
        return List.of(command.key());
    }

    @Override
    public Decision<Long, Added> decide(Entities<Long> entities, Add add, Moment moment) {
        long value = entities.get(add.key()) + add.amount();
        List<Order> orders = add.passOn() < 0
                ? List.of()
                : List.of(new Order(INPUT, add.passOn(), new Add("passed", add.amount(), add.name(), -1).encode()));
        return new Decision<>(
                Map.of(add.key(), value),
                List.of(new Added(add.key(), add.amount(), value, add.name())),
                String.valueOf(value).getBytes(StandardCharsets.UTF_8),
                true,
                orders);
    }

    @Override
    public long weight(Long counter) {
        return Long.BYTES;
    }

    @Override
    public byte[] failed(String reason) {
        return reason.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public List<TableRows> rows() {
        return List.of(counters, additions);
    }

    @Override
    public void write(int shard, Numbered<Added> fact) {
        Added added = fact.fact();
        counters.add(shard, added.key(), added.value());
        additions.add(shard, fact.seq(), added.key(), added.amount(), added.name());
    }

    @Override
    public LogEntry entry(Added fact) {
        return new LogEntry((short) 1, null);
    }

    @Override
    public Long load(JdbcClient jdbc, int shard, String key) {
        return jdbc.sql("SELECT value FROM counter WHERE shard = ? AND key = ?")
                .params(shard, key)
                .query(Long.class)
                .optional()
                .orElse(0L);
    }

    @Override
    public List<Numbered<Added>> facts(JdbcClient jdbc, int shard, List<LogRow> rows) {
        if (rows.isEmpty()) {
            return List.of();
        }
        return jdbc
                .sql("""
                SELECT seq, key, amount, command, sum(amount) OVER (PARTITION BY key ORDER BY seq) AS value
                  FROM addition WHERE shard = ? AND seq <= ? ORDER BY seq""")
                .params(shard, rows.getLast().seq())
                .query((row, _) -> new Numbered<>(
                        row.getLong("seq"),
                        new Added(
                                row.getString("key"),
                                row.getLong("amount"),
                                row.getLong("value"),
                                row.getString("command"))))
                .list()
                .stream()
                .filter(fact -> fact.seq() >= rows.getFirst().seq())
                .toList();
    }
}
