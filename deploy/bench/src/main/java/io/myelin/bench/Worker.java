package io.myelin.bench;

import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A client, and the requests that it makes one after another, each as soon as the previous one is answered.
 *
 * @param request the bytes of the nth request, from 0; null after the last one
 */
record Worker(Client client, LongFunction<byte @Nullable []> request) {

    static Worker repeating(Client client, byte[] request) {
        return new Worker(client, number -> request);
    }

    static Worker numbering(Client client, NumberedRequest request) {
        return new Worker(client, request::with);
    }
}
