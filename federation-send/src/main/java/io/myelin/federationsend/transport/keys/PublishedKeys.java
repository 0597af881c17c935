package io.myelin.federationsend.transport.keys;

import io.myelin.federation.destination.Destinations;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.InvalidJson;
import io.myelin.matrix.json.JsonParser;
import io.myelin.outbound.HttpAnswer;
import java.time.InstantSource;
import java.util.function.Supplier;

/** Fetches keys from the servers themselves, at {@code /_matrix/key/v2/server}, and never from a notary. */
public final class PublishedKeys implements KeySource {
    private static final String PATH = "/_matrix/key/v2/server";
    private static final int MAX_BYTES = 64 << 10;
    private static final int OK = 200;

    private final Supplier<Destinations> destinations;
    private final InstantSource clock;

    /** @param destinations looked up when the first server is asked */
    public PublishedKeys(Supplier<Destinations> destinations, InstantSource clock) {
        this.destinations = destinations;
        this.clock = clock;
    }

    @Override
    public ServerKeys fetch(ServerName server) {
        HttpAnswer answer = destinations.get().get(server, PATH, MAX_BYTES);
        if (answer.status() != OK) {
            throw new UnacceptableKeys("it answered " + answer.status());
        }
        try {
            return ServerKeys.check(server, JsonParser.parseObject(answer.body()), clock.instant());
        } catch (InvalidJson e) {
            throw new UnacceptableKeys(String.valueOf(e.getMessage()));
        }
    }
}
