package io.myelin.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One table's rows in a batch, written by one statement that unnests an array for each column. Not thread-safe. */
public final class TableRows {

    private final String sql;
    private final List<Column> columns;
    private final int keyColumns;
    private final boolean countsRows;
    private final List<@Nullable Object[]> rows = new ArrayList<>();
    private final Map<List<@Nullable Object>, @Nullable Object[]> rowsByKey = new LinkedHashMap<>();

    private TableRows(String sql, int keyColumns, boolean countsRows, Column... columns) {
        this.sql = sql;
        this.keyColumns = keyColumns;
        this.countsRows = countsRows;
        this.columns = List.of(columns);
    }

    /** Inserts rows. A key that exists already is a conflict, which the engine resolves. */
    public static TableRows insert(String table, Column... columns) {
        return new TableRows(insertSql(table, columns), 0, true, columns);
    }

    /** Inserts rows or replaces those with the same key; of several with one key in a batch, the last one counts. */
    public static TableRows upsert(String table, int keyColumns, Column... columns) {
        String key = names(Arrays.copyOf(columns, keyColumns));
        String set = Arrays.stream(columns)
                .skip(keyColumns)
                .map(column -> column.name() + " = excluded." + column.name())
                .collect(Collectors.joining(", "));
        String onConflict =
                set.isEmpty() ? " ON CONFLICT DO NOTHING" : " ON CONFLICT (" + key + ") DO UPDATE SET " + set;
        return new TableRows(insertSql(table, columns) + onConflict, keyColumns, !set.isEmpty(), columns);
    }

    /** Updates the columns after the key of existing rows; of several with one key in a batch, the last one counts. */
    public static TableRows update(String table, int keyColumns, Column... columns) {
        String set = Arrays.stream(columns)
                .skip(keyColumns)
                .map(column -> column.name() + " = u." + column.name())
                .collect(Collectors.joining(", "));
        String key = Arrays.stream(columns)
                .limit(keyColumns)
                .map(column -> table + "." + column.name() + " = u." + column.name())
                .collect(Collectors.joining(" AND "));
        String sql = "UPDATE " + table + " SET " + set + " FROM unnest(" + arrays(columns) + ") AS u (" + names(columns)
                + ") WHERE " + key;
        return new TableRows(sql, keyColumns, true, columns);
    }

    /** Deletes the rows with these keys, before or after other statements write, as the service orders them. */
    public static TableRows delete(String table, Column... key) {
        String sql =
                "DELETE FROM " + table + " WHERE (" + names(key) + ") IN (SELECT * FROM unnest(" + arrays(key) + "))";
        return new TableRows(sql, key.length, false, key);
    }

    /**
     * Deletes the rows with these keys whose number is below the one in the column after the key. If a batch deletes
     * and writes the same key, this statement comes after the write, and rows that were written later than the deletion
     * stay.
     */
    public static TableRows deleteOlder(String table, int keyColumns, Column... columns) {
        String key = Arrays.stream(columns)
                .limit(keyColumns)
                .map(column -> table + "." + column.name() + " = u." + column.name())
                .collect(Collectors.joining(" AND "));
        String number = columns[keyColumns].name();
        String sql = "DELETE FROM " + table + " USING unnest(" + arrays(columns) + ") AS u (" + names(columns)
                + ") WHERE " + key + " AND " + table + "." + number + " < u." + number;
        return new TableRows(sql, keyColumns, false, columns);
    }

    private static String insertSql(String table, Column... columns) {
        return "INSERT INTO " + table + " (" + names(columns) + ") SELECT * FROM unnest(" + arrays(columns) + ")";
    }

    private static String names(Column... columns) {
        return Arrays.stream(columns).map(Column::name).collect(Collectors.joining(", "));
    }

    private static String arrays(Column... columns) {
        return Arrays.stream(columns)
                .map(column -> "?::" + column.type().sqlName + "[]")
                .collect(Collectors.joining(", "));
    }

    /** Adds a row: a value for each column, in their order. */
    public void add(@Nullable Object... values) {
        if (values.length != columns.size()) {
            throw new IllegalArgumentException(values.length + " values for " + sql);
        }
        if (keyColumns == 0) {
            rows.add(values);
        } else {
            rowsByKey.put(Arrays.asList(values).subList(0, keyColumns), values);
        }
    }

    /** Removes the row with this key from the batch, if there is one, because another statement writes a later one. */
    public void remove(Object... key) {
        rowsByKey.remove(Arrays.<@Nullable Object>asList(key));
    }

    boolean isEmpty() {
        return rows.isEmpty() && rowsByKey.isEmpty();
    }

    void clear() {
        rows.clear();
        rowsByKey.clear();
    }

    String sql() {
        return sql;
    }

    /** How many rows the statement must report; -1 if any number is right. */
    int expectedCount() {
        return countsRows ? content().size() : -1;
    }

    private Collection<@Nullable Object[]> content() {
        return keyColumns == 0 ? rows : rowsByKey.values();
    }

    /** Binds the arrays, starting at a parameter; returns the next parameter. */
    int bind(Connection connection, PreparedStatement statement, int first) throws SQLException {
        Collection<@Nullable Object[]> content = content();
        int parameter = first;
        for (int column = 0; column < columns.size(); column++) {
            Column.Type type = columns.get(column).type();
            @Nullable Object[] values = newArray(type, content.size());
            int row = 0;
            for (@Nullable Object[] each : content) {
                values[row++] = each[column];
            }
            statement.setArray(parameter++, connection.createArrayOf(type.sqlName, values));
        }
        return parameter;
    }

    private static @Nullable Object[] newArray(Column.Type type, int size) {
        return switch (type) {
            case SMALLINT -> new Short[size];
            case INT -> new Integer[size];
            case LONG -> new Long[size];
            case BOOLEAN -> new Boolean[size];
            case TEXT -> new String[size];
            case BYTES -> new byte[size][];
            case UUID -> new UUID[size];
        };
    }
}
