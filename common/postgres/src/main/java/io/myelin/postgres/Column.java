package io.myelin.postgres;

/** A column that a batch fills. */
public record Column(String name, Type type) {

    /** The types of which arrays can be bound, with their names in PostgreSQL. */
    public enum Type {
        SMALLINT("int2"),
        INT("int4"),
        LONG("int8"),
        BOOLEAN("bool"),
        TEXT("text"),
        BYTES("bytea"),
        UUID("uuid");

        final String sqlName;

        Type(String sqlName) {
            this.sqlName = sqlName;
        }
    }

    public static Column of(String name, Type type) {
        return new Column(name, type);
    }
}
