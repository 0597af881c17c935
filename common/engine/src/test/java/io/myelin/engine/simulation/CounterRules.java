package io.myelin.engine.simulation;

import io.myelin.engine.shard.Decider;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Entities;
import io.myelin.engine.shard.Moment;
import io.myelin.engine.shard.Order;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The toy service's rules. */
final class CounterRules implements Decider<Counter, ToyCommand, ToyFact> {

    static final String FAILED = "failed";
    private static final int YOUNG = 5;

    /** About how much of the budget an entity takes, with its lane. */
    static final long ENTITY = 200;

    private final Runnable death;

    CounterRules(Runnable death) {
        this.death = death;
    }

    @Override
    public List<String> keys(ToyCommand wish) {
        return switch (wish.kind()) {
            case KEYLESS -> throw new IllegalArgumentException("no keys");
            case MOVE -> List.of(wish.key(), wish.other());
            default -> List.of(wish.key());
        };
    }

    @Override
    public Decision<Counter, ToyFact> decide(Entities<Counter> counters, ToyCommand wish, Moment moment) {
        byte[] yes = bytes("yes " + wish.tag() + " " + moment.incarnation() + " " + moment.seq());
        ToyFact here = new ToyFact(wish.kind(), wish.key(), wish.amount(), wish.tag());
        return switch (wish.kind()) {
            case ADD, MARK, POISON, LETHAL, UNSENDABLE, NEWER -> happen(counters, yes, List.of(here), List.of());
            case MOVE, DISCOVER ->
                happen(
                        counters,
                        yes,
                        List.of(here, new ToyFact(wish.kind(), wish.other(), -wish.amount(), wish.tag())),
                        List.of());
            case HEAVY ->
                happen(
                        counters,
                        yes,
                        List.of(here, new ToyFact(wish.kind(), wish.other(), -wish.amount(), wish.tag())),
                        List.of());
            case HEAVY_PREPARED -> {
                String[] words = wish.other().split(" ", -1);
                ToyCommand original =
                        new ToyCommand(ToyCommand.Kind.HEAVY, wish.key(), words[0], wish.amount(), wish.tag());
                Broken.check(
                        wish.other().equals(states(counters, original)),
                        "a heavy command rests on %s, but decided is on %s",
                        wish.other(),
                        states(counters, original));
                yield decide(counters, original, moment);
            }
            case ORDER -> {
                ToyCommand order = new ToyCommand(
                        ToyCommand.Kind.ADD,
                        wish.other(),
                        wish.other(),
                        wish.amount(),
                        wish.tag() + ToyCommand.ORDERED);
                yield happen(
                        counters,
                        yes,
                        List.of(here),
                        List.of(new Order("input", ToyCommand.shardOf(wish.other()), order.encoded())));
            }
            case LIMITED ->
                counters.get(wish.key()).additions() < YOUNG
                        ? happen(counters, yes, List.of(here), List.of())
                        : Decision.refused(bytes("no " + wish.tag()));
            case NOTHING -> Decision.unchanged(yes);
            case REFUSED -> Decision.refused(bytes("no " + wish.tag()));
            case KILLER -> {
                death.run();
                throw new IllegalStateException("dead");
            }
            case THROWING, KEYLESS, GIBBERISH -> throw new IllegalStateException("no decision");
        };
    }

    @Override
    public boolean isHeavy(ToyCommand wish) {
        return wish.kind() == ToyCommand.Kind.HEAVY;
    }

    /** As with {@link ToyCommand.Kind#DISCOVER}, the second counter is not named by the keys. */
    @Override
    public ToyCommand prepare(Entities<Counter> counters, ToyCommand wish) {
        return new ToyCommand(
                ToyCommand.Kind.HEAVY_PREPARED, wish.key(), states(counters, wish), wish.amount(), wish.tag());
    }

    private static String states(Entities<Counter> counters, ToyCommand wish) {
        return wish.other() + " "
                + counters.get(wish.key()).value()
                + " "
                + counters.get(wish.other()).value();
    }

    private static Decision<Counter, ToyFact> happen(
            Entities<Counter> counters, byte[] answer, List<ToyFact> happenings, List<Order> orders) {
        Map<String, Counter> changes = new HashMap<>();
        for (ToyFact each : happenings) {
            Counter counter = changes.containsKey(each.key()) ? changes.get(each.key()) : counters.get(each.key());
            changes.put(each.key(), counter.with(each));
        }
        return new Decision<>(changes, happenings, answer, true, orders);
    }

    @Override
    public long weight(Counter counter) {
        return 1;
    }

    @Override
    public byte[] failed(String reason) {
        return bytes(FAILED);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
