package io.myelin.accountserver.keys;

import io.myelin.contracts.MatrixError;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.JsonObject;
import java.time.Duration;

/** The keys of other servers' users, for a server that reaches no other server. */
public final class NotFederating implements RemoteKeys {

    @Override
    public Answer query(ServerName server, JsonObject deviceKeys, Duration timeout) {
        return unreachable(server);
    }

    @Override
    public Answer claim(ServerName server, JsonObject oneTimeKeys, Duration timeout) {
        return unreachable(server);
    }

    private static Answer unreachable(ServerName server) {
        return new Answer.Failed(
                new MatrixError(503, "M_UNKNOWN", "This server does not reach " + server + " to ask for keys."));
    }
}
