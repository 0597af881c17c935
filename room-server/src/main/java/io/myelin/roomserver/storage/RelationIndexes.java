package io.myelin.roomserver.storage;

import io.myelin.postgres.LateIndexes;
import io.myelin.postgres.LateIndexes.Index;
import io.myelin.postgres.ServiceDatabase;
import java.util.List;

/** The indexes by which relations are found, as {@code V13} has them for small tables. */
public final class RelationIndexes {
    private static final List<Index> INDEXES = List.of(
            new Index(
                    "event_related",
                    "ON event (shard, related_to(body), anchor, back)"
                            + " WHERE related_to(body) IS NOT NULL AND anchor IS NOT NULL"),
            new Index(
                    "event_in_thread",
                    "ON event (shard, room, anchor, back) WHERE in_thread(body) AND anchor IS NOT NULL"));

    private RelationIndexes() {}

    public static LateIndexes of(ServiceDatabase database) {
        return LateIndexes.of(database, INDEXES);
    }
}
