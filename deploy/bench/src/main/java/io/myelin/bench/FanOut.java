package io.myelin.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * One member of a room sends, the others wait in long polls. Measures the time from the start of the PUT until each of them
 * has the message in an answer.
 */
final class FanOut {

    private static final int PAUSE_MILLIS = 50;
    private static final int HELD_MILLIS = 30_000;
    private static final int STRAGGLER_SECONDS = 10;
    private static final String FILTER = Request.encode("{\"room\":{\"timeline\":{\"limit\":100}}}");

    private final ScenarioRun stage;
    private final int warmupMessages;
    private final AtomicLongArray sentAt;
    private final byte[] marker = ("fan-out " + System.nanoTime() + ":").getBytes(StandardCharsets.US_ASCII);
    private volatile boolean stopped;

    private FanOut(ScenarioRun stage) {
        this.stage = stage;
        this.warmupMessages = stage.warmup() * 1000 / PAUSE_MILLIS;
        this.sentAt = new AtomicLongArray(warmupMessages + stage.seconds() * 1000 / PAUSE_MILLIS);
    }

    static Result run(ScenarioRun stage) throws IOException, InterruptedException {
        return new FanOut(stage).measure();
    }

    /** A member who waits: the messages it has seen, and their latencies. */
    private final class Member {
        final Client client;
        final Tally tally = new Tally();
        final BitSet seen = new BitSet();
        final CountDownLatch complete = new CountDownLatch(1);
        int expected = Integer.MAX_VALUE;
        String since;

        Member(Client client, String since) {
            this.client = client;
            this.since = since;
        }

        void follow() {
            while (!stopped) {
                try {
                    var answer = client.exchange(
                            client.get("/sync?timeout=" + HELD_MILLIS + "&filter=" + FILTER + "&since="
                                    + Request.encode(since)),
                            HELD_MILLIS);
                    var now = System.nanoTime();
                    var next = new SyncBody(answer.body());
                    var token = next.nextBatch();
                    if (answer.status() == 429) {
                        tally.limited++;
                        TimeUnit.MILLISECONDS.sleep(answer.retryAfterMillis());
                    } else if (!answer.ok() || token == null) {
                        tally.error(answer.summary());
                        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                    } else {
                        next.eachNumberAfter(marker, number -> saw(number, now));
                        since = token;
                    }
                } catch (IOException failed) {
                    if (!stopped) {
                        tally.error(failed.toString());
                    }
                } catch (InterruptedException ended) {
                    return;
                }
            }
        }

        private synchronized void saw(int number, long now) {
            if (!seen.get(number)) {
                seen.set(number);
                if (number >= warmupMessages) {
                    tally.latencies.record(now - sentAt.get(number));
                }
                if (seen.cardinality() >= expected) {
                    complete.countDown();
                }
            }
        }

        synchronized void expect(int messages) {
            expected = messages;
            if (seen.cardinality() >= expected) {
                complete.countDown();
            }
        }

        synchronized boolean has(int number) {
            return seen.get(number);
        }
    }

    private Result measure() throws IOException, InterruptedException {
        var clients = stage.register(stage.users(50) + 1);
        var roomId = Loads.populate(stage, clients, 1).getFirst();
        var sender = clients.getFirst();
        var others = clients.subList(1, clients.size());
        var members = stage.prepare(
                others.size(), i -> new Member(others.get(i), others.get(i).sync()));
        var threads = new ArrayList<Thread>();
        for (var member : members) {
            threads.add(Thread.ofPlatform().name("member").start(member::follow));
        }
        stage.progress("warming up for " + stage.warmup() + " s, then measuring for " + stage.seconds() + " s");
        var tally = new Tally();
        var meter = stage.meter();
        var messages = sentAt.length();
        var start = 0L;
        for (var number = 0; number < messages; number++) {
            if (number == warmupMessages) {
                meter.start();
                start = System.nanoTime();
            }
            send(sender, roomId, number, tally);
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
        members.forEach(member -> member.expect(messages));
        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(STRAGGLER_SECONDS);
        for (var member : members) {
            member.complete.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
        var seconds = (System.nanoTime() - start) / 1e9;
        meter.stop();
        stopped = true;
        members.forEach(member -> member.client.close());
        for (var thread : threads) {
            thread.join();
        }
        return result(members, tally, meter, seconds);
    }

    private void send(Client sender, String roomId, int number, Tally tally) throws InterruptedException {
        var text = new String(marker, StandardCharsets.US_ASCII) + number + ";";
        var request = sender.sending(roomId, "fan" + number, text);
        sentAt.set(number, System.nanoTime());
        try {
            var answer = sender.exchange(request);
            while (answer.status() == 429) {
                tally.limited++;
                TimeUnit.MILLISECONDS.sleep(answer.retryAfterMillis());
                sentAt.set(number, System.nanoTime());
                answer = sender.exchange(request);
            }
            if (!answer.ok()) {
                tally.error(answer.summary());
            }
        } catch (IOException failed) {
            tally.error(failed.toString());
        }
    }

    private Result result(List<Member> members, Tally tally, ScenarioRun.Meter meter, double seconds) {
        members.forEach(member -> tally.add(member.tally));
        var everybody = 0;
        for (var number = warmupMessages; number < sentAt.length(); number++) {
            var message = number;
            if (members.stream().allMatch(member -> member.has(message))) {
                everybody++;
            } else {
                tally.error("message " + number + " did not reach every member within " + STRAGGLER_SECONDS + " s");
            }
        }
        return meter.result(
                tally, everybody / seconds, seconds, Map.of("members", members.size(), "messages_to_all", everybody));
    }
}
