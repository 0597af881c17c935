package io.myelin.server.observability;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.myelin.postgres.ServiceDatabase;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The number of rows in a table, as a gauge; a bean of the service that owns the table. The rows are counted in the
 * background, at most every ten seconds, and only while the gauge is read.
 */
public final class StoredCount implements MeterBinder {

    private static final Duration MAX_AGE = Duration.ofSeconds(10);

    private final String name;
    private final String description;
    private final Refreshed<Long> rows;

    /**
     * @param name of the gauge, such as {@code myelin.rooms}
     * @param table a table of the service's schema
     */
    public StoredCount(String name, String description, ServiceDatabase database, String table) {
        this.name = name;
        this.description = description;
        rows = new Refreshed<>(
                () -> database.read(jdbc -> jdbc.sql("SELECT count(*) FROM " + table)
                        .query(Long.class)
                        .single()),
                MAX_AGE);
    }

    @Override
    public void bindTo(@Nullable MeterRegistry registry) {
        if (registry != null) {
            Gauge.builder(name, rows, StoredCount::orNotKnown)
                    .description(description)
                    .register(registry);
        }
    }

    /** Not a number before it has been counted once. */
    private static double orNotKnown(Refreshed<Long> rows) {
        long known = rows.get(-1L);
        return known < 0 ? Double.NaN : known;
    }
}
