package io.myelin.roomserver;

import io.myelin.postgres.Snapshot;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.storage.RoomTables;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Measures how long one entity takes to load, and how much memory, in a process that has just started and does nothing else.
 *
 * @param millis how long each load took: the first one, and later ones with some of the code compiled
 * @param megabytes the memory that the entity keeps
 */
record EntityLoading(List<Long> millis, double megabytes, int places) {

    private static final double MEGABYTE = 1 << 20;

    /** Arguments: URL, user, password, shard, key. Prints times, memory, and the size of a room's state. */
    public static void main(String[] arguments) throws Exception {
        try (Connection connection = DriverManager.getConnection(arguments[0], arguments[1], arguments[2])) {
            connection.setAutoCommit(false);
            long before = used();
            RoomEntity loaded = null;
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < 2; i++) {
                loaded = null;
                long begin = System.nanoTime();
                loaded = new RoomTables().load(Snapshot.of(connection), Integer.parseInt(arguments[3]), arguments[4]);
                line.append((System.nanoTime() - begin) / 1_000_000).append(' ');
            }
            line.append((used() - before) / MEGABYTE).append(' ');
            System.out.println(
                    line.append(loaded instanceof Room room ? room.state().size() : 0));
        }
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /**
     * @param url the URL of the database, with its schema
     * @param options the options of the process
     * @return empty if the process ran out of memory
     */
    static Optional<EntityLoading> of(
            String url, String user, String password, int shard, String key, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(options));
        command.addAll(List.of(EntityLoading.class.getName(), url, user, password, Integer.toString(shard), key));
        Process process =
                new ProcessBuilder(command).redirectError(Redirect.DISCARD).start();
        String[] said =
                new String(process.getInputStream().readAllBytes()).strip().split("\\s+");
        if (process.waitFor() != 0) {
            return Optional.empty();
        }
        int end = said.length;
        return Optional.of(new EntityLoading(
                List.of(Long.valueOf(said[end - 4]), Long.valueOf(said[end - 3])),
                Double.parseDouble(said[end - 2]),
                Integer.parseInt(said[end - 1])));
    }
}
