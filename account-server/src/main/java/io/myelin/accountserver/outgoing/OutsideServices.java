package io.myelin.accountserver.outgoing;

import io.myelin.outbound.HttpAnswer;
import io.myelin.outbound.OutboundHttp;
import io.myelin.outbound.OutboundRequest;
import io.myelin.web.MatrixException;
import java.io.IOException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks services of others. It follows no redirect, waits for a limited time, reads a limited answer, and connects only to
 * addresses that are allowed.
 */
public final class OutsideServices {
    /** The largest answer that is read. */
    public static final int MAX_ANSWER = 64 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(OutsideServices.class);

    private final Supplier<OutboundHttp> http;

    /** @param http created on first use */
    public OutsideServices(Supplier<OutboundHttp> http) {
        this.http = http;
    }

    /**
     * Makes a request.
     *
     * @param what the service, for people
     * @throws MatrixException 502 if the service does not answer
     */
    public HttpAnswer ask(String what, OutboundRequest request) {
        try {
            return http.get().send(request);
        } catch (IOException | IllegalArgumentException e) {
            LOG.info("{} at {} does not answer: {}", what, request.route().hostHeader(), e.getMessage());
            throw new MatrixException(502, "M_UNKNOWN", what + " does not answer now. Try again later.");
        }
    }
}
