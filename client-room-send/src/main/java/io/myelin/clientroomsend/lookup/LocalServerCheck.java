package io.myelin.clientroomsend.lookup;

import io.myelin.contracts.MatrixError;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.web.MatrixException;

/** Which users and aliases this server can reach: only its own. */
public record LocalServerCheck(ServerName server) {

    /** @throws MatrixException 403 if the user is on another server, which could not be told of an invitation */
    public void requireInvitable(UserId user) {
        if (!user.isOn(server)) {
            throw new MatrixException(MatrixError.forbidden("This server cannot reach other servers, so " + user
                    + " cannot be invited. Only users of " + server + " can."));
        }
    }

    public boolean isOurs(RoomAlias alias) {
        return alias.serverName().equals(server);
    }
}
