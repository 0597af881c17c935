package io.myelin.postgres;

import io.myelin.engine.Numbered;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A service of the test: one note per key, the newest counts. */
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
    public String load(Connection connection, int shard, String key) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT text FROM note WHERE shard = ? AND key = ?")) {
            statement.setInt(1, shard);
            statement.setString(2, key);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : "";
            }
        }
    }

    @Override
    public List<Numbered<Noted>> facts(Connection connection, int shard, List<LogRow> rows) throws SQLException {
        List<Numbered<Noted>> facts = new ArrayList<>();
        for (LogRow row : rows) {
            String key = String.valueOf(row.reference());
            facts.add(new Numbered<>(row.seq(), new Noted(key, load(connection, shard, key))));
        }
        return facts;
    }
}
