package io.myelin.accountserver.account;

import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonRules;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds one item of a user's account data. Client-server API, "Client Config". */
@FunctionalInterface
public interface DatumLookup {
    /** The rules for reading stored content: earlier releases stored tags that nest deeper than is accepted now. */
    JsonRules KEPT = new JsonRules(true, JsonRules.LENIENT.maxDepth() + 2);

    /**
     * The item's JSON as it was last committed.
     *
     * @param room null for global account data
     */
    Optional<byte[]> find(UserId user, @Nullable RoomId room, String type);
}
