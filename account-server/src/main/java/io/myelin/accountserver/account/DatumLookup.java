package io.myelin.accountserver.account;

import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonRules;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds one item of what users keep on the server. Client-server API, "Client Config". */
@FunctionalInterface
public interface DatumLookup {
    /** How what is kept is read: earlier releases kept tags that are deeper than what is taken now. */
    JsonRules KEPT = new JsonRules(true, JsonRules.LENIENT.maxDepth() + 2);

    /**
     * The item's JSON, as it was committed last.
     *
     * @param room null for what belongs to no room
     */
    Optional<byte[]> find(UserId user, @Nullable RoomId room, String type);
}
