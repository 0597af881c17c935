package io.myelin.roomserver.storage;

import io.myelin.postgres.SqlFunction;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A statement that reads, with its parameters. */
final class Sql {

    /** So many rows the driver holds at once: a large room's state is some hundred megabytes of rows. */
    private static final int ROWS = 1_000;

    private final Connection connection;
    private final String text;
    private final @Nullable Object[] parameters;

    Sql(Connection connection, String text, @Nullable Object... parameters) {
        this.connection = connection;
        this.text = text;
        this.parameters = parameters;
    }

    <T> List<T> list(SqlFunction<ResultSet, T> mapper) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(text)) {
            statement.setFetchSize(ROWS);
            bind(statement);
            try (ResultSet row = statement.executeQuery()) {
                List<T> result = new ArrayList<>();
                while (row.next()) {
                    result.add(mapper.apply(row));
                }
                return result;
            }
        }
    }

    <T> Optional<T> first(SqlFunction<ResultSet, T> mapper) throws SQLException {
        return list(mapper).stream().findFirst();
    }

    /** Visits row after row, of which the driver holds a thousand at once. */
    void forEach(SqlConsumer<ResultSet> visitor) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(text)) {
            statement.setFetchSize(ROWS);
            bind(statement);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    visitor.accept(row);
                }
            }
        }
    }

    /** As a consumer, of what can fail to be read. */
    @FunctionalInterface
    interface SqlConsumer<T> {
        void accept(T row) throws SQLException;
    }

    private void bind(PreparedStatement statement) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            switch (parameters[i]) {
                case null -> statement.setObject(i + 1, null);
                case Integer number -> statement.setInt(i + 1, number);
                case Long number -> statement.setLong(i + 1, number);
                case String string -> statement.setString(i + 1, string);
                case byte[] bytes -> statement.setBytes(i + 1, bytes);
                case byte[][] values -> statement.setArray(i + 1, array("bytea", values));
                case long[] numbers -> statement.setObject(i + 1, numbers); // in binary
                case Long[] numbers -> statement.setArray(i + 1, array("int8", numbers));
                case Integer[] numbers -> statement.setArray(i + 1, array("int4", numbers));
                case String[] strings -> statement.setArray(i + 1, array("text", strings));
                case Object other -> throw new IllegalArgumentException("No parameter is a " + other.getClass());
            }
        }
    }

    private Array array(String type, Object[] values) throws SQLException {
        return connection.createArrayOf(type, values);
    }
}
