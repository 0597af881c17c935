package io.myelin.clientroomsend.facts;

import io.myelin.contracts.MatrixError;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.web.MatrixException;

/** How far this server reaches: to its own users and aliases. */
public record Reach(ServerName server) {

    /** @throws MatrixException 403 for somebody who could not be told of the invitation */
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
