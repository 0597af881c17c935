package io.myelin.engine.simulation;

import io.myelin.engine.shard.ReplyTo;
import io.myelin.engine.shard.Request;
import io.myelin.engine.shard.TransactionKey;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A command as its writer remembers it. */
final class Command {

    final UUID id;
    final ToyCommand wish;
    final long sentAt;
    final long deadline;
    final boolean localCaller;
    final boolean inCalm;
    final @Nullable TransactionKey transaction;

    @Nullable
    String answer;

    long answeredAt = Long.MAX_VALUE;
    boolean gaveUp;

    /** Whether the database that answered it has since been restored to an earlier state. */
    boolean isVoid;

    Command(
            UUID id,
            ToyCommand wish,
            long sentAt,
            long deadline,
            boolean localCaller,
            boolean inCalm,
            @Nullable TransactionKey transaction) {
        this.id = id;
        this.wish = wish;
        this.sentAt = sentAt;
        this.deadline = deadline;
        this.localCaller = localCaller;
        this.inCalm = inCalm;
        this.transaction = transaction;
    }

    int shard() {
        return ToyCommand.shardOf(wish.key());
    }

    boolean isOpen() {
        return answer == null && !gaveUp;
    }

    boolean accepted() {
        return answer != null && answer.startsWith("yes");
    }

    Request<ToyCommand> request(ReplyTo replyTo) {
        return new Request<>(id, deadline, replyTo, transaction, wish);
    }

    @Override
    public String toString() {
        return World.brief(id) + " " + wish + (localCaller ? " at the door" : "") + " tx " + transaction + " -> "
                + answer;
    }
}
