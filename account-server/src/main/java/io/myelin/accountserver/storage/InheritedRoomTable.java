package io.myelin.accountserver.storage;

import io.myelin.accountserver.account.UserState;
import io.myelin.contracts.account.RoomInherited;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.Column;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code inherited_room}: into which rooms something has followed a user from the room before. */
final class InheritedRoomTable {
    final TableRows rows = TableRows.upsert(
            "inherited_room",
            3,
            Column.of("shard", Type.INT),
            Column.of("user_id", Type.TEXT),
            Column.of("room", Type.TEXT),
            Column.of("replaced", Type.TEXT));

    void put(int shard, RoomInherited inherited) {
        rows.add(
                shard,
                inherited.user().value(),
                inherited.to().value(),
                inherited.from().value());
    }

    static UserState.Inherited state(JdbcClient jdbc, int shard, UserId user, RoomId room) {
        return new UserState.Inherited(
                jdbc.sql("SELECT 1 FROM inherited_room WHERE shard = ? AND user_id = ? AND room = ?")
                        .params(shard, user.value(), room.value())
                        .query((_, _) -> true)
                        .optional()
                        .isPresent());
    }
}
