package io.myelin.accountserver.todevice;

import io.myelin.contracts.Partitions;
import io.myelin.contracts.Unavailable;
import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountCommands;
import io.myelin.contracts.account.ToDeviceCommand;
import io.myelin.contracts.account.ToDeviceCommand.SendToDevice;
import io.myelin.contracts.account.ToDeviceCommand.ToDeviceMessage;
import io.myelin.matrix.id.ServerName;
import io.myelin.web.MatrixException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * Sends messages to devices: one command for each shard that has recipients, and for a large request a few. It returns once
 * all are committed, so a client that sends one request after the other has its messages in this order on each device. If
 * the request is repeated, each command is decided that was not decided before.
 */
public final class ToDeviceMessages {
    /** The most messages in one command. */
    static final int MOST_IN_A_COMMAND = 1_000;

    /** The most bytes of content in one command. */
    static final int MOST_BYTES_IN_A_COMMAND = 512 << 10;

    private static final int LARGE_FOR_ALL_DEVICES = 1_024;

    private final ServerName server;
    private final int shards;
    private final AccountCommands commands;
    private final Supplier<UUID> ids;
    private final RemoteDevices remote;

    public ToDeviceMessages(
            ServerName server, int shards, AccountCommands commands, Supplier<UUID> ids, RemoteDevices remote) {
        this.server = server;
        this.shards = shards;
        this.commands = commands;
        this.ids = ids;
        this.remote = remote;
    }

    /**
     * @param messages in an order that is the same when the request is repeated
     * @throws Unavailable if not all are known to be sent; the request may be repeated
     * @throws MatrixException if a shard refused its messages; those of other shards are sent all the same
     */
    public void send(Sending sending, List<ToDeviceMessage> messages) {
        Map<Integer, List<ToDeviceMessage>> local = new TreeMap<>();
        List<ToDeviceMessage> elsewhere = new ArrayList<>();
        for (ToDeviceMessage message : messages) {
            if (message.user().isOn(server)) {
                local.computeIfAbsent(Partitions.of(message.user().value(), shards), _ -> new ArrayList<>())
                        .add(message);
            } else {
                elsewhere.add(message);
            }
        }
        List<SendToDevice> parts = new ArrayList<>();
        local.forEach((shard, all) -> {
            for (int from = 0, to; from < all.size(); from = to) {
                to = end(all, from);
                List<ToDeviceMessage> some = all.subList(from, to);
                parts.add(new SendToDevice(
                        some.getFirst().user(),
                        sending.session().user(),
                        sending.type(),
                        some,
                        sending.key(shard + " " + from)));
            }
        });
        if (!elsewhere.isEmpty()) {
            remote.send(sending.session().user(), sending.type(), elsewhere, sending.key("remote"));
        }
        if (parts.size() == 1) {
            requireDone(execute(parts.getFirst()));
        } else if (!parts.isEmpty()) {
            executeTogether(parts);
        }
    }

    /** Where a command ends that begins at a message. One for all devices of a user may become large, and goes alone. */
    private static int end(List<ToDeviceMessage> all, int from) {
        long bytes = 0;
        for (int at = from; at < all.size(); at++) {
            ToDeviceMessage message = all.get(at);
            boolean isForMany = message.device().equals(ToDeviceCommand.ALL_DEVICES);
            bytes += message.content().length;
            if (at > from
                    && (at - from >= MOST_IN_A_COMMAND
                            || bytes > MOST_BYTES_IN_A_COMMAND
                            || isForMany && message.content().length > LARGE_FOR_ALL_DEVICES)) {
                return at;
            }
            if (isForMany && message.content().length > LARGE_FOR_ALL_DEVICES) {
                return at + 1;
            }
        }
        return all.size();
    }

    private AccountAnswer execute(AccountCommand command) {
        return commands.execute(ids.get(), command);
    }

    /** All are tried, though one fails: a repetition then has less to do. */
    private void executeTogether(List<SendToDevice> parts) {
        List<AccountAnswer> answers = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<AccountAnswer>> tasks = new ArrayList<>();
            parts.forEach(part -> tasks.add(() -> execute(part)));
            for (Future<AccountAnswer> answer : executor.invokeAll(tasks)) {
                answers.add(answer.get());
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new Unavailable("Not all messages were sent", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("The server is stopping", e);
        }
        answers.forEach(ToDeviceMessages::requireDone);
    }

    private static void requireDone(AccountAnswer answer) {
        if (answer instanceof AccountAnswer.Refused(var error)) {
            throw new MatrixException(error);
        }
    }
}
