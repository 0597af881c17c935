package io.myelin.accountserver.account;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Position;
import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.DehydratedDeviceChanged;
import io.myelin.contracts.account.KeyFact;
import io.myelin.contracts.account.Profile;
import io.myelin.contracts.room.RoomCommand;
import io.myelin.contracts.room.RoomTopics;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Entities;
import io.myelin.engine.shard.Moment;
import io.myelin.engine.shard.Order;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Collects the changes and orders that follow from one command, and numbers the changes. */
final class Outcome {
    private final EntityKey key;
    private final Moment moment;
    private final List<AccountChange> changes = new ArrayList<>();
    private final List<Order> orders = new ArrayList<>();
    private final Entities<UserState> entities;
    private final Set<String> removedDevices = new LinkedHashSet<>();
    private final List<KeyChange.Row> keyRows = new ArrayList<>();
    private boolean removesAllKeys;
    private boolean changesDeviceList;

    /**
     * @param key the entity that the command stores or changes
     * @param entities those of the user's keys are needed if a device goes
     */
    Outcome(EntityKey key, Moment moment, Entities<UserState> entities) {
        this.key = key;
        this.moment = moment;
        this.entities = entities;
    }

    long now() {
        return moment.now();
    }

    /** The number that the next change gets. */
    long seq() {
        return moment.seq() + changes.size();
    }

    /** The position of the next change. */
    Position position() {
        return new Position(moment.shard(), moment.incarnation(), seq());
    }

    void add(AccountChange change) {
        changes.add(change);
    }

    /** The public keys of the user. */
    UserKeys keys() {
        return (UserKeys) entities.get(new EntityKey.OfKeys(key.user()).text());
    }

    /** The dehydrated device of the user. */
    UserState.Dehydrated dehydrated() {
        return (UserState.Dehydrated) entities.get(new EntityKey.OfDehydrated(key.user()).text());
    }

    /** Others see another list of the user's devices. One fact, the decision's last, tells of all that has changed. */
    void deviceListChanged(List<KeyChange.Row> rows) {
        changesDeviceList = true;
        keyRows.addAll(rows);
    }

    /** A device is gone: its keys go, too. */
    void deviceRemoved(String device) {
        changesDeviceList = true;
        removedDevices.add(device);
    }

    /** The account is closed: all keys go. */
    void accountClosed() {
        changesDeviceList = true;
        removesAllKeys = true;
    }

    /** Orders every shard of room-server to show the profile in its rooms. */
    void tellRooms(Profile profile, int shards) {
        for (int shard = 0; shard < shards; shard++) {
            orders.add(new Order(
                    RoomTopics.INPUT.name(), shard, Cbor.encode(new RoomCommand.ApplyProfile(shard, profile, null))));
        }
    }

    Decision<UserState, AccountChange> done(UserState state) {
        return done(Map.of(key.text(), state));
    }

    Decision<UserState, AccountChange> done(Map<String, UserState> states) {
        return done(states, AccountAnswer.Done::new);
    }

    /** As {@link #done}, with an answer that is made of the position of the last change. */
    Decision<UserState, AccountChange> done(Map<String, UserState> states, Function<Position, AccountAnswer> answer) {
        Map<String, UserState> all = withKeys(states);
        return decision(all, answer.apply(last()));
    }

    private Map<String, UserState> withKeys(Map<String, UserState> states) {
        if (!changesDeviceList) {
            return states;
        }
        Map<String, UserState> all = new HashMap<>(states);
        if (removesAllKeys || !removedDevices.isEmpty()) {
            keyRows.addAll(
                    KeyDecisions.remove(entities, key.user(), removedDevices, writtenDevices(), removesAllKeys, all));
            forgetDehydrated(all);
        }
        add(new KeyChange.KeysSet(new KeyFact.DeviceListChanged(key.user()), List.copyOf(keyRows)));
        return all;
    }

    /** The devices that get keys by this command. */
    private Set<String> writtenDevices() {
        Set<String> written = new HashSet<>();
        for (KeyChange.Row row : keyRows) {
            if (row instanceof KeyChange.Row.DeviceKeys(String device, var keys) && keys != null) {
                written.add(device);
            }
        }
        return written;
    }

    /** A dehydrated device that is removed, in whatever way, is named no more, and its data is gone. */
    private void forgetDehydrated(Map<String, UserState> states) {
        String name = new EntityKey.OfDehydrated(key.user()).text();
        String device = dehydrated().device();
        if (device != null && removedDevices.contains(device) && !states.containsKey(name)) {
            add(new AccountChange.DehydratedSet(new DehydratedDeviceChanged(key.user(), null), null, 0));
            states.put(name, UserState.Dehydrated.NONE);
        }
    }

    /** The decision for a command that also changes the user's usage. */
    Decision<UserState, AccountChange> done(UserState state, UserState.Usage usage) {
        return kept(state, usage, new AccountAnswer.Done(last()));
    }

    /** As {@link #done}, with a specific answer. */
    Decision<UserState, AccountChange> kept(UserState state, UserState.Usage usage, AccountAnswer answer) {
        return decision(Map.of(key.text(), state, new EntityKey.OfData(key.user()).text(), usage), answer);
    }

    private Decision<UserState, AccountChange> decision(Map<String, UserState> states, AccountAnswer answer) {
        return new Decision<>(states, changes, Cbor.encode(answer), true, orders);
    }

    /** The decision for a command that is refused, but changes something all the same. */
    Decision<UserState, AccountChange> doneButRefused(UserState state, MatrixError error) {
        return decision(withKeys(Map.of(key.text(), state)), new AccountAnswer.Refused(error));
    }

    Decision<UserState, AccountChange> unchanged() {
        return unchanged(new AccountAnswer.Done(last()));
    }

    Decision<UserState, AccountChange> unchanged(AccountAnswer answer) {
        return Decision.unchanged(Cbor.encode(answer));
    }

    Decision<UserState, AccountChange> refused(MatrixError error) {
        return Decision.refused(Cbor.encode(new AccountAnswer.Refused(error)));
    }

    Decision<UserState, AccountChange> noSuchUser() {
        return refused(MatrixError.notFound("There is no such user."));
    }

    /** The position of the last change; without any change, the position before this command. */
    Position last() {
        return new Position(moment.shard(), moment.incarnation(), seq() - 1);
    }
}
