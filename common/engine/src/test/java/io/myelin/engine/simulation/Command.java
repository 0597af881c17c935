package io.myelin.engine.simulation;

import io.myelin.engine.shard.ReplyTo;
import io.myelin.engine.shard.Request;
import io.myelin.engine.shard.TransactionKey;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A command as its writer remembers it. */
final class Command {

    final UUID id;
    final Wish wish;
    final long sentAt;
    final long deadline;
    final boolean door;
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
            Wish wish,
            long sentAt,
            long deadline,
            boolean door,
            boolean inCalm,
            @Nullable TransactionKey transaction) {
        this.id = id;
        this.wish = wish;
        this.sentAt = sentAt;
        this.deadline = deadline;
        this.door = door;
        this.inCalm = inCalm;
        this.transaction = transaction;
    }

    int shard() {
        return Wish.shardOf(wish.key());
    }

    boolean isOpen() {
        return answer == null && !gaveUp;
    }

    boolean accepted() {
        return answer != null && answer.startsWith("yes");
    }

    Request<Wish> request(ReplyTo replyTo) {
        return new Request<>(id, deadline, replyTo, transaction, wish);
    }

    @Override
    public String toString() {
        return World.brief(id) + " " + wish + (door ? " at the door" : "") + " tx " + transaction + " -> " + answer;
    }
}
