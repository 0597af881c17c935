package io.myelin.engine.simulation;

import io.myelin.engine.shard.ReplyTo;
import io.myelin.engine.shard.Request;

/** Failures of whole components in bad weather. */
final class Calamities {

    /** How long answers to commands are kept: longer than any command is repeated. */
    private static final long KEPT_MILLIS = 70_000;

    private final World world;

    Calamities(World world) {
        this.world = world;
    }

    void befall() {
        int shard = world.time.below(world.shardCount);
        Server server = world.anyServer();
        switch (world.time.below(16)) {
            case 0, 1 -> {
                if (server != null) {
                    server.crash();
                }
            }
            case 2, 3 -> {
                if (server != null) {
                    server.pause(world.time.between(50, 6_000));
                }
            }
            case 4 -> plannedStop();
            case 5 -> brokerStops(world.time.between(10, 2_000));
            case 6 -> {
                world.time.trace("input made anew");
                world.input.wipe();
            }
            case 7 -> {
                world.time.trace("input %d truncated", shard);
                world.input.truncate(shard, world.time.between(1, 10));
                world.ledger.truncated(shard);
            }
            case 8 -> world.input.expire(shard, world.time.between(1, 10));
            case 9 -> {
                world.time.trace("output made anew");
                if (world.time.chance(0.5)) {
                    world.output.wipe();
                } else {
                    world.output.truncate(shard, world.time.between(1, 10));
                }
            }
            case 10 -> storeStops(world.time.between(10, 1_500));
            case 11 -> {
                if (world.time.chance(0.5)) {
                    world.replaceReader();
                } else {
                    world.time.trace("a backup is made");
                    world.store.backUp();
                }
            }
            case 12 -> {
                String key = world.keyIn(shard);
                world.time.trace("%s cannot be loaded from now on", key);
                world.unloadable.add(key);
                world.everUnloadable.add(key);
            }
            case 13 -> {
                world.time.trace("gibberish in input %d", shard);
                for (int record = world.time.between(1, 3); record > 0 && !world.brokerDown; record--) {
                    ToyCommand gibberish =
                            new ToyCommand(ToyCommand.Kind.GIBBERISH, world.keyIn(shard), world.keyIn(shard), 0, 0);
                    world.input.append(shard, new Request<>(world.newId(), 0, new ReplyTo.Nobody(), null, gibberish));
                }
            }
            case 14 -> prune();
            default -> world.restore();
        }
    }

    void prune() {
        world.time.trace("old answers are pruned");
        world.store.prune(world.time.now() - KEPT_MILLIS);
    }

    void plannedStop() {
        Server server = world.anyServer();
        if (server != null) {
            server.leave();
        }
    }

    private void brokerStops(long millis) {
        world.time.trace("the broker stops for %d", millis);
        world.brokerDown = true;
        world.time.after(millis, () -> world.brokerDown = false);
    }

    private void storeStops(long millis) {
        world.time.trace("the store stops for %d", millis);
        world.store.down = true;
        world.time.after(millis, () -> world.store.down = false);
    }
}
