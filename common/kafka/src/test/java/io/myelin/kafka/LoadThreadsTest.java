package io.myelin.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

class LoadThreadsTest {

    @Test
    void loadsThatComputeRunOnFewPlatformThreadsAndKeepNoOtherWaiting() throws InterruptedException {
        int loads = LoadThreads.MOST_COMPUTING + 3;
        Queue<Boolean> virtual = new ConcurrentLinkedQueue<>();
        Semaphore begun = new Semaphore(0);
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(loads);
        CountDownLatch other = new CountDownLatch(1);
        try (LoadThreads threads = new LoadThreads("test", Thread::startVirtualThread)) {
            for (int i = 0; i < loads; i++) {
                threads.execute(true, () -> {
                    virtual.add(Thread.currentThread().isVirtual());
                    begun.release();
                    await(goOn);
                    done.countDown();
                });
            }
            begun.acquire(LoadThreads.MOST_COMPUTING);
            threads.execute(false, other::countDown);
            other.await();
            assertThat(virtual).hasSize(LoadThreads.MOST_COMPUTING);
            goOn.countDown();
            done.await();
        }
        assertThat(List.copyOf(virtual)).hasSize(loads).containsOnly(false);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
