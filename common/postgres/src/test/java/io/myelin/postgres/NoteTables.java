package io.myelin.postgres;

import io.myelin.engine.Numbered;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The test's service: it keeps one note per key, the newest. */
final class NoteTables implements ServiceTables<String, NoteTables.Noted> {

    record Noted(String key, String text) {}

    private final TableRows notes = TableRows.upsert(
            "note",
            2,
            Column.of("shard", Column.Type.INT),
            Column.of("key", Column.Type.TEXT),
            Column.of("text", Column.Type.TEXT));

    @Override
    public List<TableRows> rows() {
        return List.of(notes);
    }

    @Override
    public void write(int shard, Numbered<Noted> fact) {
        notes.add(shard, fact.fact().key(), fact.fact().text());
    }

    @Override
    public LogEntry entry(Noted fact) {
        return new LogEntry((short) 1, fact.key());
    }

    @Override
    public int heaviestFact() {
        return 256 << 10;
    }

    @Override
    public long bytes(Noted fact) {
        return fact.text().length();
    }

    @Override
    public String load(JdbcClient jdbc, int shard, String key) {
        return jdbc.sql("SELECT text FROM note WHERE shard = ? AND key = ?")
                .params(shard, key)
                .query(String.class)
                .optional()
                .orElse("");
    }

    @Override
    public List<Numbered<Noted>> facts(JdbcClient jdbc, int shard, List<LogRow> rows) {
        List<Numbered<Noted>> facts = new ArrayList<>();
        for (LogRow row : rows) {
            String key = String.valueOf(row.reference());
            facts.add(new Numbered<>(row.seq(), new Noted(key, load(jdbc, shard, key))));
        }
        return facts;
    }
}
