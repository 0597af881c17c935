package io.myelin.clientroomsend.upgrade;

import io.myelin.clientroomsend.create.RoomRequest;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import java.util.List;

/**
 * A client's request for an upgrade, every field checked. Client-server API, {@code POST /rooms/{roomId}/upgrade}.
 *
 * @param additionalCreators without duplicates; empty for a version without additional creators, whatever the client sends
 */
public record UpgradeRequest(RoomVersion version, List<UserId> additionalCreators) {

    /** @throws MatrixException 400, saying which field is wrong */
    public static UpgradeRequest parse(JsonObject body) {
        var fields = RequestFields.of(body);
        RoomVersion version = RoomRequest.version(fields.requiredString("new_version"));
        List<UserId> additionalCreators = version.creatorsHaveInfinitePower()
                ? RoomRequest.users(fields, "additional_creators", Integer.MAX_VALUE)
                : List.of();
        return new UpgradeRequest(version, additionalCreators);
    }
}
