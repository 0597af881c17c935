package io.myelin.kafka;

import io.myelin.contracts.Partitions;
import io.myelin.engine.UuidV7;
import io.myelin.postgres.DatabaseLogin;
import io.myelin.testing.TestEngines;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Measures the shell with the toy service, durable, everything in one JVM: commands a second and latencies, from as
 * many callers as the arguments say. Not a test: {@code main}.
 */
public final class ToyThroughput {

    private ToyThroughput() {}

    public static void main(String[] arguments) throws Exception {
        var login = TestEngines.embedded().freshDatabase("toy_throughput");
        try (ToyProcess process = new ToyProcess(
                new DatabaseLogin(login.url(), login.user(), login.password()),
                TestEngines.embedded().bootstrapServers())) {
            while (process.service.loop().owned().size() < ToyProcess.SHARDS) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            measure(process, 64, 20, "warm-up");
            measure(process, 1, 10, "warm-up");
            for (int i = 0; i < 3; i++) {
                measure(process, 1, 5, "measured");
                measure(process, 64, 10, "measured");
            }
        }
        System.exit(0);
    }

    private static void measure(ToyProcess process, int callers, int seconds, String what) throws Exception {
        UuidV7 ids = new UuidV7(
                System::currentTimeMillis, () -> ThreadLocalRandom.current().nextLong());
        long[][] latencies = new long[callers][];
        CountDownLatch done = new CountDownLatch(callers);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        for (int i = 0; i < callers; i++) {
            int caller = i;
            Thread.ofVirtual().start(() -> {
                long[] mine = new long[1_000_000];
                int count = 0;
                String key = "counter-" + caller;
                int shard = Partitions.of(key, ToyProcess.SHARDS);
                byte[] command = new ToyService.Add(key, 1, "x".repeat(600), -1).encode();
                while (System.nanoTime() < end) {
                    long begin = System.nanoTime();
                    process.sender
                            .send(ToyService.INPUT, shard, key, ids.get(), null, command)
                            .join();
                    mine[count++] = System.nanoTime() - begin;
                }
                latencies[caller] = Arrays.copyOf(mine, count);
                done.countDown();
            });
        }
        done.await();
        long[] all =
                Arrays.stream(latencies).flatMapToLong(Arrays::stream).sorted().toArray();
        System.out.printf(
                "%s: %d callers: %d commands/s, p50 %.2f ms, p99 %.2f ms%n",
                what, callers, all.length / seconds, all[all.length / 2] / 1e6, all[(int) (all.length * 0.99)] / 1e6);
    }
}
