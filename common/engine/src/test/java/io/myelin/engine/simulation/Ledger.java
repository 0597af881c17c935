package io.myelin.engine.simulation;

import io.myelin.engine.Committed;
import io.myelin.engine.LogPosition;
import io.myelin.engine.Numbered;
import io.myelin.engine.ownership.ShardRow;
import io.myelin.engine.shard.Batch;
import io.myelin.engine.shard.Request;
import io.myelin.engine.shard.TransactionKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** Records what was asked, answered, committed and published in a schedule, and checks it against the engines' promises. */
final class Ledger implements SimulatedStore.Witness {

    /**
     * How often a server may take back a shard that it gave up, in calm weather: two servers may give up the same surplus.
     */
    private static final int OFTEN = 3;

    private record Number(int shard, long incarnation, long seq) {}

    private final World world;
    final Map<UUID, Command> commands = new LinkedHashMap<>();
    private final Map<Number, ToyFact> published = new HashMap<>();
    private final Map<Integer, Long> acknowledged = new HashMap<>();
    private final Map<UUID, ToyCommand> wishes = new HashMap<>();
    private final Map<Integer, Integer> desperate = new HashMap<>();
    private final Map<Integer, Integer> lastReleasedBy = new HashMap<>();
    private final Map<Integer, Integer> takenBack = new HashMap<>();
    private final long[] verifiedInput;
    private final long[] verifiedOutput;
    private UUID verifiedTopic = LogPosition.NO_TOPIC;

    Ledger(World world) {
        this.world = world;
        verifiedInput = new long[world.shardCount];
        verifiedOutput = new long[world.shardCount];
    }

    // --- while it runs

    /** The same command always has the same answer, unless the database was restored. */
    void answered(Command command, String answer) {
        Broken.check(
                command.answer == null || command.isVoid || command.answer.equals(answer),
                "%s was answered twice: %s",
                command,
                answer);
        if (answer.startsWith("yes")) {
            String[] words = answer.split(" ", -1);
            long seq = Long.parseLong(words[3]);
            if (Long.parseLong(words[2]) == world.store.incarnation()
                    && command.wish.kind() != ToyCommand.Kind.NOTHING) {
                acknowledged.merge(command.shard(), seq, Math::max);
            }
        }
    }

    /** The position that every reader that asks from now on must see. */
    Committed acknowledged(int shard) {
        return new Committed(world.store.incarnation(), acknowledged.getOrDefault(shard, 0L));
    }

    void restored() {
        acknowledged.clear();
        Arrays.fill(verifiedInput, 0);
        world.store.rows().shards.forEach(shard -> verifiedOutput[shard.number] = shard.published);
        commands.values().forEach(command -> command.isVoid = true);
    }

    void truncated(int shard) {
        verifiedInput[shard] = Math.min(verifiedInput[shard], world.input.end(shard));
    }

    @Override
    public void applied(int shard, Batch.Done<ToyFact> done, long decidedAt) {
        Command command = done.id() == null ? null : commands.get(done.id());
        String answer = new String(done.answer(), StandardCharsets.UTF_8);
        if (command != null && decidedAt > command.deadline) {
            Broken.check(
                    !answer.startsWith("yes"),
                    "%s was decided at %d, after its deadline %d",
                    command,
                    decidedAt,
                    command.deadline);
        }
        ToyCommand wish = wishes.get(done.id());
        if (wish != null
                && (world.everUnloadable.contains(wish.key()) || world.everUnloadable.contains(wish.other()))
                && answer.equals(CounterRules.FAILED)) {
            world.time.trace("%s fails, as something cannot be loaded", World.brief(done.id()));
        } else if (wish != null && !wish.mayFail() && answer.equals(CounterRules.FAILED)) {
            int left = desperate.merge(shard, -1, Integer::sum);
            Broken.check(left >= 0, "shard %d: %s was given up for no reason", shard, World.brief(done.id()));
        }
    }

    /** After enough claims without progress, a command may be given up that killed no owner. */
    void claimed(ShardRow row, int server) {
        if (world.isCalm() && lastReleasedBy.getOrDefault(row.shard(), 0) == server) {
            int times = takenBack.merge(row.shard(), 1, Integer::sum);
            Broken.check(times <= OFTEN, "shard %d is given up and taken back again and again", row.shard());
        }
        lastReleasedBy.remove(row.shard());
        Broken.check(
                row.attempts() <= world.deaths,
                "shard %d: %d owners are said to have died, and %d have",
                row.shard(),
                row.attempts(),
                world.deaths);
        if (row.attempts() >= world.limits.attempts()) {
            desperate.merge(row.shard(), 1, Integer::sum);
        }
    }

    @Override
    public boolean isConnected(long instance) {
        return world.isConnected(instance);
    }

    void released(int shard, int server) {
        lastReleasedBy.put(shard, server);
    }

    void sent(Request<ToyCommand> request) {
        wishes.putIfAbsent(request.id(), Objects.requireNonNull(request.command()));
    }

    /** Everything below the position is done; everything up to {@code published} has been published. */
    @Override
    public void positioned(int shard, LogPosition position, long publishedUpTo) {
        if (!world.input.id().equals(verifiedTopic)) {
            verifiedTopic = world.input.id();
            Arrays.fill(verifiedInput, 0);
        }
        if (position.topic().equals(verifiedTopic)) {
            long from = Math.max(verifiedInput[shard], world.input.beginning(shard));
            for (long offset = from; offset < position.nextOffset(); offset++) {
                SimulatedTopic.Stored<Request<ToyCommand>> stored = world.input.at(shard, offset);
                if (stored != null && stored.leaderEpoch() <= position.leaderEpoch()) {
                    checkDone(shard, offset, stored.value());
                }
            }
            verifiedInput[shard] = Math.max(verifiedInput[shard], position.nextOffset());
        }
        Rows.Shard rows = world.store.rows().shards.get(shard);
        for (long seq : rows.log
                .subMap(verifiedOutput[shard], false, Math.max(verifiedOutput[shard], publishedUpTo), true)
                .keySet()) {
            Broken.check(
                    published.containsKey(new Number(shard, world.store.incarnation(), seq)),
                    "shard %d: number %d is said to be published and is not",
                    shard,
                    seq);
        }
        verifiedOutput[shard] = Math.max(verifiedOutput[shard], publishedUpTo);
    }

    private void checkDone(int shard, long offset, Request<ToyCommand> request) {
        Broken.check(
                world.store.rows().commands.containsKey(request.id())
                        || request.isOrder()
                        || request.deadline() < world.time.now()
                        || Objects.requireNonNull(request.command()).kind() == ToyCommand.Kind.LETHAL,
                "shard %d: %s at offset %d was passed over",
                shard,
                World.brief(request.id()),
                offset);
    }

    void published(int shard, long incarnation, Numbered<ToyFact> numbered) {
        Number number = new Number(shard, incarnation, numbered.seq());
        ToyFact before = published.putIfAbsent(number, numbered.fact());
        Broken.check(
                before == null || before.equals(numbered.fact()),
                "%s was published as %s and as %s",
                number,
                before,
                numbered.fact());
        if (incarnation == world.store.incarnation()) {
            List<ToyFact> history = world.store.rows().shards.get(shard).history;
            Broken.check(
                    numbered.seq() <= history.size()
                            && history.get((int) numbered.seq() - 1).equals(numbered.fact()),
                    "%s was published as %s and is not committed so",
                    number,
                    numbered.fact());
        }
    }

    // --- at the end

    void verify() {
        Map<Integer, Integer> times = new HashMap<>();
        for (Rows.Shard shard : world.store.rows().shards) {
            verifyLog(shard);
            shard.history.forEach(fact -> times.merge(fact.tag(), 1, Integer::sum));
        }
        Map<Integer, List<Command>> byTag = new HashMap<>();
        commands.values()
                .forEach(command -> byTag.computeIfAbsent(command.wish.tag(), tag -> new ArrayList<>())
                        .add(command));
        byTag.forEach((tag, same) -> verifyWish(same, times));
        verifyOrder(byTag);
    }

    private void verifyLog(Rows.Shard shard) {
        Broken.check(shard.seq == shard.history.size(), "shard %d: seq is not dense", shard.number);
        Broken.check(shard.outbox.isEmpty(), "shard %d: undelivered %s", shard.number, shard.outbox);
        Map<String, Counter> folded = new HashMap<>();
        shard.history.forEach(fact -> folded.put(
                fact.key(), folded.getOrDefault(fact.key(), Counter.NEW).with(fact)));
        folded.forEach((key, counter) -> Broken.check(
                counter.equals(world.store.load(key)), "%s is %s, by the log %s", key, world.store.load(key), counter));
    }

    private void verifyWish(List<Command> same, Map<Integer, Integer> times) {
        ToyCommand wish = same.getFirst().wish;
        int most = wish.kind().touchesTwo() ? 2 : 1;
        int applied = times.getOrDefault(wish.tag(), 0);
        Broken.check(applied == 0 || applied == most, "%s was applied %d times", same, applied);
        boolean accepted = same.stream().anyMatch(command -> command.accepted() && !command.isVoid);
        boolean refused =
                same.stream().allMatch(command -> command.answer != null && !command.accepted() && !command.isVoid);
        Broken.check(!refused || applied == 0, "%s was refused and applied", same);
        Broken.check(
                !accepted || applied == most || wish.kind() == ToyCommand.Kind.NOTHING,
                "%s was accepted and is lost",
                same);
        if (wish.kind() == ToyCommand.Kind.ORDER) {
            int ordered = times.getOrDefault(wish.tag() + ToyCommand.ORDERED, 0);
            Broken.check(
                    ordered == applied || same.getFirst().isVoid,
                    "%s was ordered %d times and applied %d times",
                    same,
                    applied,
                    ordered);
        }
        Map<TransactionKey, String> answers = new HashMap<>();
        for (Command command : same) {
            Broken.check(!command.wish.isBad() || !command.accepted(), "%s cannot be accepted", command);
            Broken.check(!command.inCalm || command.answer != null, "%s got no answer in calm weather", command);
            if (command.transaction != null && command.accepted() && !command.isVoid) {
                String answer = String.valueOf(command.answer);
                String other = answers.putIfAbsent(command.transaction, answer);
                Broken.check(other == null || other.equals(answer), "%s: another answer was %s", command, other);
            }
        }
    }

    /** A command that was answered before another was sent comes before it. */
    private void verifyOrder(Map<Integer, List<Command>> byTag) {
        for (Rows.Shard shard : world.store.rows().shards) {
            Map<String, Long> latestStart = new HashMap<>();
            for (ToyFact fact : shard.history) {
                List<Command> same = byTag.get(fact.tag());
                if (same != null && !same.getFirst().isVoid) {
                    long start = Long.MAX_VALUE;
                    long answered = Long.MAX_VALUE;
                    for (Command command : same) {
                        start = Math.min(start, command.sentAt);
                        answered = command.accepted() ? Math.min(answered, command.answeredAt) : answered;
                    }
                    Broken.check(
                            latestStart.getOrDefault(fact.key(), 0L) <= answered,
                            "%s came after one that began later",
                            same);
                    latestStart.merge(fact.key(), start, Math::max);
                }
            }
        }
    }
}
