package io.myelin.federationsend.transport.keys;

import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/** Signs the keys of other servers, and publishes our own. Server-server API, "Querying Keys Through Another Server". */
public final class Notary {
    private final OwnKeys own;
    private final RemoteKeys remote;

    public Notary(OwnKeys own, RemoteKeys remote) {
        this.own = own;
        this.remote = remote;
    }

    /** Whether {@link #signedKeys} will ask the server. */
    public boolean mustAsk(ServerName server, Instant wanted) {
        return !server.equals(own.server()) && remote.mustAsk(server, wanted);
    }

    /** As {@link #signedKeys}, from the cache only. */
    public Optional<JsonObject> knownKeys(ServerName server) {
        return server.equals(own.server())
                ? Optional.of(own.published())
                : remote.known(server).map(keys -> own.sign(keys.json()));
    }

    /**
     * The keys of {@code server}, signed by it and by us; empty if they could never be fetched. May ask the server.
     *
     * @param wanted until when they should be valid
     */
    public Optional<JsonObject> signedKeys(ServerName server, Instant wanted) {
        return server.equals(own.server())
                ? Optional.of(own.published())
                : remote.published(server, wanted).map(keys -> own.sign(keys.json()));
    }
}
