package io.myelin.accountserver.keys;

import io.myelin.contracts.MatrixError;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.JsonObject;
import java.time.Duration;

/** Asks other homeservers for keys of their users. Server-server API, "End-to-End Encryption". */
public interface RemoteKeys {

    /** What a server answers. */
    sealed interface Answer {
        /** The body of the answer. */
        record Found(JsonObject body) implements Answer {}

        record Failed(MatrixError error) implements Answer {}
    }

    /** @param deviceKeys the part of {@code device_keys} of a query that is about users of this server */
    Answer query(ServerName server, JsonObject deviceKeys, Duration timeout);

    /** @param oneTimeKeys the part of {@code one_time_keys} of a claim that is about users of this server */
    Answer claim(ServerName server, JsonObject oneTimeKeys, Duration timeout);
}
