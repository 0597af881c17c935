package io.myelin.accountserver.account;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Position;
import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.ToDeviceCommand;
import io.myelin.contracts.account.ToDeviceCommand.DropToDevice;
import io.myelin.contracts.account.ToDeviceCommand.SendToDevice;
import io.myelin.contracts.account.ToDeviceCommand.ToDeviceMessage;
import io.myelin.contracts.account.ToDeviceFact;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Entities;
import io.myelin.engine.shard.Moment;
import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides on to-device messages: which devices exist, and what each device's inbox still takes. Each message is a fact with a
 * number of its own, so the messages of a device are ordered by number. Client-server API, "Send-to-Device messaging".
 */
final class ToDeviceDecisions {
    /** The most messages that one command makes. */
    static final int MOST_MESSAGES = 10_000;

    /** The most bytes that one command writes: a message for all devices of a user is written for each. */
    static final long MOST_BYTES = 8L << 20;

    private static final int TOO_LARGE = 413;

    private ToDeviceDecisions() {}

    /** The accounts of the recipients; which of their inboxes are needed is known once these are. */
    static List<EntityKey> recipients(SendToDevice send) {
        List<EntityKey> keys = new ArrayList<>();
        send.messages().stream()
                .map(ToDeviceMessage::user)
                .distinct()
                .forEach(user -> keys.add(new EntityKey.OfUser(user)));
        return keys.isEmpty() ? List.of(new EntityKey.OfUser(send.user())) : keys;
    }

    static Decision<UserState, AccountChange> decide(
            Entities<UserState> entities, ToDeviceCommand command, Moment moment) {
        return switch (command) {
            case SendToDevice send -> send(entities, send, moment);
            case DropToDevice drop -> drop(entities, drop, moment);
        };
    }

    private static Decision<UserState, AccountChange> send(
            Entities<UserState> entities, SendToDevice send, Moment moment) {
        Map<EntityKey.OfInbox, byte[]> contents = contents(entities, send);
        long bytes =
                contents.values().stream().mapToLong(content -> content.length).sum();
        if (contents.size() > MOST_MESSAGES || bytes > MOST_BYTES) {
            return Decision.refused(Cbor.encode(new AccountAnswer.Refused(new MatrixError(
                    TOO_LARGE, "M_TOO_LARGE", "These messages are too large for so many devices at once."))));
        }
        entities.require(contents.keySet().stream().map(EntityKey.OfInbox::text).toList());
        Map<String, UserState> changes = new HashMap<>();
        List<AccountChange> facts = new ArrayList<>(contents.size());
        long sender = Inbox.sender(send.sender());
        contents.forEach((key, content) -> {
            Inbox before = (Inbox) entities.get(key.text());
            Inbox.Grown grown = before.with(new Inbox.Waiting(moment.seq() + facts.size(), content.length, sender));
            changes.put(key.text(), grown.inbox());
            facts.add(new AccountChange.ToDeviceAdded(
                    new ToDeviceFact.ToDeviceArrived(key.user(), key.device()),
                    send.sender(),
                    send.type(),
                    content,
                    moment.now(),
                    grown.gaveWay()));
        });
        return done(changes, facts, moment);
    }

    /** What each device gets, in the order of the command. */
    private static Map<EntityKey.OfInbox, byte[]> contents(Entities<UserState> entities, SendToDevice send) {
        Map<EntityKey.OfInbox, byte[]> contents = new LinkedHashMap<>();
        List<ToDeviceMessage> ofAllDevices = new ArrayList<>();
        for (ToDeviceMessage message : send.messages()) {
            if (message.device().equals(ToDeviceCommand.ALL_DEVICES)) {
                ofAllDevices.add(message);
            } else if (devices(entities, message.user()).containsKey(message.device())) {
                contents.put(new EntityKey.OfInbox(message.user(), message.device()), message.content());
            }
        }
        for (ToDeviceMessage message : ofAllDevices) {
            devices(entities, message.user()).keySet().stream()
                    .sorted()
                    .forEach(device ->
                            contents.putIfAbsent(new EntityKey.OfInbox(message.user(), device), message.content()));
        }
        return contents;
    }

    private static Map<String, Device> devices(Entities<UserState> entities, UserId user) {
        return entities.get(new EntityKey.OfUser(user).text()) instanceof UserState.Account account
                ? account.devices()
                : Map.of();
    }

    /** A repeated command, and one for messages that have given way, finds nothing to drop. */
    private static Decision<UserState, AccountChange> drop(
            Entities<UserState> entities, DropToDevice drop, Moment moment) {
        var key = new EntityKey.OfInbox(drop.user(), drop.device());
        Inbox before = (Inbox) entities.get(key.text());
        Inbox after = before.after(drop.upTo());
        if (after.size() == before.size()) {
            return done(Map.of(), List.of(), moment);
        }
        // Never beyond what there is: the same transaction may add later messages.
        long upTo = Math.min(drop.upTo(), before.last());
        return done(
                Map.of(key.text(), after),
                List.of(new AccountChange.Plain(new ToDeviceFact.ToDeviceDropped(drop.user(), drop.device(), upTo))),
                moment);
    }

    private static Decision<UserState, AccountChange> done(
            Map<String, UserState> changes, List<AccountChange> facts, Moment moment) {
        Position at = new Position(moment.shard(), moment.incarnation(), moment.seq() + facts.size() - 1);
        return new Decision<>(changes, facts, Cbor.encode(new AccountAnswer.Done(at)), true, List.of());
    }
}
