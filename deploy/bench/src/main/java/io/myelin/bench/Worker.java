package io.myelin.bench;

import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A client and the requests it makes one after another, as fast as it is answered.
 *
 * @param request the bytes of the nth request, from 0; null where there is no further one
 */
record Worker(Client client, LongFunction<byte @Nullable []> request) {

    static Worker repeating(Client client, byte[] request) {
        return new Worker(client, number -> request);
    }

    static Worker numbering(Client client, NumberedRequest request) {
        return new Worker(client, request::with);
    }
}
