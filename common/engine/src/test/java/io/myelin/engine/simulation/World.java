package io.myelin.engine.simulation;

import io.myelin.engine.Committed;
import io.myelin.engine.shard.ReplyTo;
import io.myelin.engine.shard.Request;
import io.myelin.engine.shard.ShardLimits;
import io.myelin.engine.tail.OutputRecord;
import io.myelin.engine.tail.TailLimits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One schedule: a small deployment in bad weather, then in calm weather until nothing is left to do. */
final class World {

    /** The writers' reply partition; each server has one of its own. */
    static final int WRITERS = 0;

    private static final long IMPATIENT_MILLIS = 700;
    private static final long CALM_MILLIS = 250_000;

    final Timeline time;
    final Break broken;
    final Weather weather;
    final int shardCount;
    final ShardLimits limits;
    final TailLimits tailLimits;
    final SimulatedStore store;
    final SimulatedTopic<Request<ToyCommand>> input;
    final SimulatedTopic<OutputRecord<ToyFact>> output;
    final Ledger ledger;
    boolean brokerDown;

    /** How many processes have died. */
    int deaths;

    /** How many commands the database can do in the time that a transaction has. */
    final int mostInTime;

    /** Entities whose loads fail from now on. */
    final Set<String> unloadable = new HashSet<>();

    final Set<String> everUnloadable = new HashSet<>();

    private final Calamities calamities = new Calamities(this);
    private final Writer writer;
    private final List<Server> servers = new ArrayList<>();
    private final List<Reader> readers = new ArrayList<>();
    private final int serverCount;
    private final int keysPerShard;
    private int lastServer;
    private long lastInstance;
    private long lastId;
    private boolean restoring;
    private boolean calm;
    private boolean closing;

    World(long seed, Break broken, boolean tracing) {
        time = new Timeline(seed, tracing);
        this.broken = broken;
        weather = new Weather(time);
        shardCount = time.chance(0.25) ? time.between(4, 7) : time.between(1, 3);
        serverCount = time.between(1, 3);
        keysPerShard = time.between(1, 3);
        limits = new ShardLimits(
                time.between(1, 20),
                time.between(3, 40),
                time.between(50, 1_000),
                time.between(2, 10),
                time.between(1, 5) * CounterRules.ENTITY,
                500,
                1_000,
                100,
                time.between(200, 5_000),
                3,
                time.between(200, 5_000),
                time.between(2, 5),
                time.between(500, 10_000),
                time.between(1, 40),
                time.between(50, 2_000),
                time.between(50, 2_000),
                time.between(1, 5) * 500L);
        mostInTime = time.chance(0.3) ? time.between(1, 4) : Integer.MAX_VALUE;
        tailLimits = new TailLimits(time.between(2, 40), 50, 100);
        input = new SimulatedTopic<>(time, broken, shardCount);
        output = new SimulatedTopic<>(time, broken, shardCount);
        ledger = new Ledger(this);
        store = new SimulatedStore(time, broken, ledger, shardCount, time.between(1, 12));
        writer = new Writer(this, ledger.commands);
    }

    // --- the schedule

    /** Runs the schedule; throws {@link Broken} if a promise was not kept. */
    void run() {
        for (int each = 0; each < serverCount; each++) {
            time.after(time.between(0, 100), this::startServer);
        }
        readers.add(new Reader(this));
        time.after(time.between(0, 5_000), () -> readers.add(new Reader(this)));
        time.after(time.between(0, 600), () -> writer.wish(time.between(5, 40)));
        long stormUntil = time.now() + time.between(1_000, 8_000);
        int many = time.between(0, 6);
        for (int each = 0; each < many; each++) {
            time.after(time.between(0, (int) (stormUntil - time.now())), calamities::befall);
        }
        runUntil(stormUntil);
        calmDown();
        time.after(time.between(0, 3_000), () -> writer.wish(time.between(3, 10)));
        if (time.chance(0.5)) {
            time.after(time.between(0, 3_000), calamities::plannedStop);
        }
        long end = time.now() + CALM_MILLIS;
        runUntil(time.now() + 3_500);
        while (!everyoneIsAnswered()) {
            goOn(end);
        }
        unloadable.clear();
        while (!writersAreQuiet()) {
            goOn(end);
            calamities.prune();
        }
        closing = true;
        while (!writersAreQuiet() || !isSpread() || !readers.stream().allMatch(Reader::isQuiet)) {
            goOn(end);
        }
        ledger.verify();
        readers.forEach(Reader::verify);
    }

    private void goOn(long end) {
        if (time.now() >= end) {
            throw new Broken("stuck: " + describe());
        }
        runUntil(time.now() + 200);
    }

    private void runUntil(long until) {
        while (time.next(until)) {
            // the agenda runs the events
        }
    }

    private boolean everyoneIsAnswered() {
        return ledger.commands.values().stream().noneMatch(Command::isOpen);
    }

    private boolean writersAreQuiet() {
        return everyoneIsAnswered() && store.rows().shards.stream().allMatch(shard -> shard.outbox.isEmpty());
    }

    /** Whether the shards are spread evenly over all servers, as in the end they must be. */
    private boolean isSpread() {
        return servers.size() == serverCount && store.isSpreadOver(serverCount);
    }

    private String describe() {
        StringBuilder text = new StringBuilder();
        ledger.commands.values().stream()
                .filter(Command::isOpen)
                .forEach(command -> text.append(command).append("; "));
        store.rows()
                .shards
                .forEach(shard -> text.append(String.format(
                        "shard %d epoch %d owner %d attempts %d seq %d outbox %s; ",
                        shard.number, shard.epoch, shard.owner, shard.attempts, shard.seq, shard.outbox.keySet())));
        readers.forEach(reader -> text.append(reader.describe()));
        return text.toString();
    }

    /** Restores the database from the backup, if there is one; no instance lives then. */
    void restore() {
        if (store.hasBackup()) {
            restoring = true;
            List.copyOf(servers).forEach(Server::crash);
            store.restore();
            ledger.restored();
            time.trace("restored to %d", store.incarnation());
            time.after(time.between(10, 1_000), () -> {
                restoring = false;
                for (int each = 0; each < serverCount; each++) {
                    startServer();
                }
            });
        }
    }

    /** A reader dies, and another one comes. */
    void replaceReader() {
        readers.removeFirst().crash();
        readers.add(new Reader(this));
    }

    private void calmDown() {
        time.trace("calm");
        calm = true;
        brokerDown = false;
        store.down = false;
        weather.clears();
        List.copyOf(servers).forEach(Server::resume);
    }

    /**
     * A server came, left or released a shard. The servers that receive the notice look at once, the others when their time
     * comes.
     */
    void moved() {
        for (Server server : servers) {
            if (time.chance(0.5)) {
                time.after(time.between(0, 3), server::moved);
            }
        }
    }

    private void startServer() {
        if (!restoring && servers.size() < serverCount) {
            time.trace("server %d starts", lastServer + 1);
            servers.add(new Server(this, ++lastServer));
        }
    }

    /** A process has ended, and so have its connections. */
    void connectionsLost(Server server) {
        servers.remove(server);
        time.after(time.between(20, 3_000), this::startServer);
    }

    boolean isConnected(long instance) {
        return servers.stream().anyMatch(server -> server.wasInstance(instance));
    }

    boolean isCalm() {
        return calm;
    }

    boolean isClosing() {
        return closing;
    }

    // --- names

    UUID newId() {
        return newId(1);
    }

    UUID newId(long end) {
        lastId++;
        return new UUID(time.now() << 16 | 0x7000 | lastId & 0xFFF, 1L << 63 | lastId << 16 | end);
    }

    static String brief(@Nullable UUID id) {
        return id == null ? "-" : "#" + ((id.getLeastSignificantBits() & Long.MAX_VALUE) >> 16);
    }

    long newInstance() {
        return ++lastInstance;
    }

    String key() {
        return keyIn(time.below(shardCount));
    }

    String keyIn(int shard) {
        return shard + "/" + (char) ('a' + time.below(keysPerShard));
    }

    List<String> keys() {
        List<String> keys = new ArrayList<>();
        for (int shard = 0; shard < shardCount; shard++) {
            for (int key = 0; key < keysPerShard; key++) {
                keys.add(shard + "/" + (char) ('a' + key));
            }
        }
        return keys;
    }

    // --- the network

    @Nullable
    Server anyServer() {
        return servers.isEmpty() ? null : servers.get(time.below(servers.size()));
    }

    /** Sends a command by the input topic, which may lose, double and delay it. */
    void send(int partition, Request<ToyCommand> request) {
        ledger.sent(request);
        if (time.chance(weather.appendLost)) {
            return;
        }
        int delay = time.chance(weather.appendLate) ? time.between(50, 3_000) : time.between(0, 3);
        time.after(delay, () -> append(partition, request));
        if (time.chance(weather.appendTwice)) {
            time.after(delay + time.between(0, 2_000), () -> append(partition, request));
        }
    }

    private void append(int partition, Request<ToyCommand> request) {
        if (!brokerDown) {
            long offset = input.append(partition, request);
            time.trace("input %d has %s at %d", partition, brief(request.id()), offset);
        }
    }

    void reply(Server from, ReplyTo to, UUID command, byte[] answer) {
        switch (to) {
            case ReplyTo.Partition(int number) -> {
                if (!brokerDown && !time.chance(weather.replyLost)) {
                    int delay = time.chance(weather.appendLate) ? time.between(50, 3_000) : time.between(0, 3);
                    time.after(delay, () -> deliver(number, command, answer));
                    if (time.chance(weather.replyTwice)) {
                        time.after(delay + time.between(0, 2_000), () -> deliver(number, command, answer));
                    }
                }
            }
            case ReplyTo.LocalCaller(long ticket) ->
                time.after(time.between(0, 3), () -> {
                    if (!from.isDead() && !time.chance(weather.replyLost)) {
                        deliver(WRITERS, command, answer);
                    }
                });
            case ReplyTo.Nobody() -> {}
        }
    }

    private void deliver(int partition, UUID command, byte[] answer) {
        if (partition == WRITERS) {
            writer.answered(command, new String(answer, StandardCharsets.UTF_8));
        } else {
            for (Server server : servers) {
                if (server.number() == partition) {
                    server.settled(command);
                }
            }
        }
    }

    void turnedAway(ReplyTo.LocalCaller localCaller) {
        time.after(time.between(0, 3), () -> writer.turnedAway(localCaller.ticket()));
    }

    void ask(int shard, Consumer<Committed> answer, Runnable failure) {
        Server server = anyServer();
        if (server == null) {
            time.after(1, failure);
        } else {
            time.after(time.between(0, 3), () -> server.ask(shard, answer, failure));
        }
    }

    /** Asks any server; there is one answer or one failure. */
    <T> void query(Supplier<T> question, Consumer<T> answer, Runnable failure) {
        Server server = anyServer();
        boolean[] over = {false};
        Runnable fail = () -> {
            if (!over[0]) {
                over[0] = true;
                failure.run();
            }
        };
        if (server != null) {
            server.query(
                    question,
                    value -> {
                        if (!over[0]) {
                            over[0] = true;
                            answer.accept(value);
                        }
                    },
                    fail);
        }
        time.after(server == null ? 1 : IMPATIENT_MILLIS, fail);
    }
}
