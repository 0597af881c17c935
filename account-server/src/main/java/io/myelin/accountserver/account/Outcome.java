package io.myelin.accountserver.account;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Position;
import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.Profile;
import io.myelin.contracts.room.RoomCommand;
import io.myelin.contracts.room.RoomTopics;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Moment;
import io.myelin.engine.shard.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Collects the changes and orders that follow from one command, and numbers the changes. */
final class Outcome {
    private final EntityKey key;
    private final Moment moment;
    private final List<AccountChange> changes = new ArrayList<>();
    private final List<Order> orders = new ArrayList<>();

    /** @param key the entity that the command stores or changes */
    Outcome(EntityKey key, Moment moment) {
        this.key = key;
        this.moment = moment;
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

    /** Orders every shard of room-server to show the profile in its rooms. */
    void tellRooms(Profile profile, int shards) {
        for (int shard = 0; shard < shards; shard++) {
            orders.add(new Order(
                    RoomTopics.INPUT.name(), shard, Cbor.encode(new RoomCommand.ApplyProfile(shard, profile, null))));
        }
    }

    Decision<UserState, AccountChange> done(UserState state) {
        return decision(Map.of(key.text(), state), new AccountAnswer.Done(last()));
    }

    Decision<UserState, AccountChange> done(Map<String, UserState> states) {
        return decision(states, new AccountAnswer.Done(last()));
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
        return decision(Map.of(key.text(), state), new AccountAnswer.Refused(error));
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
