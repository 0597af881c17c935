package io.myelin.engine.simulation;

import io.myelin.engine.shard.ReplyTo;
import io.myelin.engine.shard.TransactionKey;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Clients of the toy service: they repeat a command until it is answered or its deadline has passed. */
final class Writer {

    /** The end of a command id that the store refuses whatever the answer. */
    static final long LETHAL_ID = 0xDEAD;

    private static final long REPEAT_MILLIS = 1_000;

    private final World world;
    private final Timeline time;
    private final Map<UUID, Command> commands;
    private final Map<Long, UUID> tickets = new HashMap<>();
    private final Map<Long, Server> localCallers = new HashMap<>();
    private long lastTicket;
    private int lastTag;
    private boolean killed;

    Writer(World world, Map<UUID, Command> commands) {
        this.world = world;
        this.time = world.time;
        this.commands = commands;
    }

    /** Sends this many new wishes, one after another. */
    void wish(int wishes) {
        if (wishes > 0) {
            submit(newWish(), time.chance(0.4) ? new TransactionKey(time.bits(), time.bits()) : null);
            time.after(time.chance(0.5) ? time.between(0, 5) : time.between(0, 400), () -> wish(wishes - 1));
        }
    }

    private ToyCommand newWish() {
        String key = world.key();
        ToyCommand.Kind kind;
        if (time.chance(world.weather.badWishes)) {
            ToyCommand.Kind[] bad = {
                ToyCommand.Kind.POISON,
                ToyCommand.Kind.POISON,
                ToyCommand.Kind.LETHAL,
                ToyCommand.Kind.LETHAL,
                ToyCommand.Kind.THROWING,
                ToyCommand.Kind.UNSENDABLE,
                ToyCommand.Kind.KEYLESS,
                ToyCommand.Kind.NEWER,
                ToyCommand.Kind.NEWER,
                ToyCommand.Kind.REFUSED
            };
            kind = bad[time.below(bad.length)];
        } else if (!killed && !world.isCalm() && time.chance(0.005)) {
            killed = true;
            kind = ToyCommand.Kind.KILLER;
        } else {
            ToyCommand.Kind[] good = {
                ToyCommand.Kind.ADD,
                ToyCommand.Kind.ADD,
                ToyCommand.Kind.ADD,
                ToyCommand.Kind.MOVE,
                ToyCommand.Kind.DISCOVER,
                ToyCommand.Kind.ORDER,
                ToyCommand.Kind.MARK,
                ToyCommand.Kind.LIMITED,
                ToyCommand.Kind.HEAVY,
                ToyCommand.Kind.NOTHING
            };
            kind = good[time.below(good.length)];
        }
        String other = kind.touchesTwo() ? world.keyIn(ToyCommand.shardOf(key)) : world.key();
        return new ToyCommand(kind, key, other, time.between(1, 1_000), ++lastTag);
    }

    private void submit(ToyCommand wish, @Nullable TransactionKey wanted) {
        TransactionKey transaction = wish.kind() == ToyCommand.Kind.KILLER ? null : wanted;
        UUID id = wish.kind() == ToyCommand.Kind.LETHAL ? world.newId(LETHAL_ID) : world.newId();
        boolean killer = wish.kind() == ToyCommand.Kind.KILLER;
        boolean patient = killer || world.isCalm();
        long patience = patient ? 60_000 : time.between(500, 8_000);
        Command command = new Command(
                id, wish, time.now(), time.now() + patience, !killer && time.chance(0.3), patient, transaction);
        time.trace("wish %s", command);
        commands.put(id, command);
        attempt(command, REPEAT_MILLIS);
        time.after(patience + 1, () -> giveUp(command));
        if (transaction != null && time.chance(0.2)) {
            time.after(time.between(0, 3_000), () -> submit(wish, transaction));
        }
    }

    private void attempt(Command command, long pause) {
        if (!command.isOpen() || time.now() > command.deadline) {
            return;
        }
        if (command.localCaller) {
            knock(command);
        } else {
            world.send(command.shard(), command.request(new ReplyTo.Partition(World.WRITERS)));
        }
        time.after(pause, () -> attempt(command, pause * 2));
    }

    private void knock(Command command) {
        Server server = world.anyServer();
        if (server != null) {
            long ticket = ++lastTicket;
            world.ledger.sent(command.request(new ReplyTo.LocalCaller(ticket)));
            tickets.put(ticket, command.id);
            localCallers.put(ticket, server);
            time.after(
                    time.between(0, 3),
                    () -> server.knock(command.shard(), command.request(new ReplyTo.LocalCaller(ticket))));
        }
    }

    /** The process does not own the shard (any more): asks another one soon. */
    void turnedAway(long ticket) {
        UUID id = tickets.remove(ticket);
        localCallers.remove(ticket);
        Command command = id == null ? null : commands.get(id);
        if (command != null) {
            time.after(time.between(20, 100), () -> {
                if (command.isOpen() && time.now() <= command.deadline) {
                    knock(command);
                }
            });
        }
    }

    @Nullable
    Server atTheDoor(long ticket) {
        return localCallers.get(ticket);
    }

    void answered(UUID id, String answer) {
        Command command = commands.get(id);
        if (command == null) {
            return;
        }
        time.trace("answer %s: %s", World.brief(id), answer);
        world.ledger.answered(command, answer);
        if (command.gaveUp && time.chance(0.2)) {
            return;
        }
        if (command.answer == null) {
            command.answer = answer;
            command.answeredAt = time.now();
            again(command);
        }
    }

    private void giveUp(Command command) {
        if (command.isOpen()) {
            time.trace("gives up %s", World.brief(command.id));
            command.gaveUp = true;
            again(command);
        }
    }

    /** A client that repeats its request, as a new command of the same transaction. */
    private void again(Command command) {
        if (command.transaction != null && time.chance(0.4)) {
            submit(command.wish, command.transaction);
        }
    }
}
