package io.myelin.web;

import io.myelin.matrix.json.CanonicalJson;
import io.myelin.web.address.ClientAddress;
import io.myelin.web.address.ClientAddresses;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The rules for every request. It gets the headers that web clients need. {@code OPTIONS} is answered at once and
 * {@code TRACE} is refused. The federation port serves nothing for clients. An address with U+0000 is refused. The body
 * is read to its end even if the controller did not read it. Where that is not done, the answer says that the
 * connection will be closed: Jetty would close it without notice, and the client's next request on it would be lost.
 * Client-server API, "Web Browser Clients".
 */
final class MatrixFilter extends OncePerRequestFilter {
    /**
     * A body that is too large is read up to this many times the allowed size, so that its client can read the refusal.
     */
    private static final int LINGER = 8;

    private final LongSupplier maxBytes;
    private final RequestMemory memory;
    private final BodyPace pace;
    private final ClientAddresses addresses;

    /** @param maxBytes the largest body, asked for each request; the rest of a larger one is not waited for */
    MatrixFilter(LongSupplier maxBytes, RequestMemory memory, BodyPace pace, ClientAddresses addresses) {
        this.maxBytes = maxBytes;
        this.memory = memory;
        this.pace = pace;
        this.addresses = addresses;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        // A parked request is not idle, however long nothing is sent.
        ServletContextRequest.getServletContextRequest(request).addIdleTimeoutListener(_ -> false);
        long length = request.getContentLengthLong();
        long most = maxBytes.getAsLong();
        boolean tooLarge = length > most && !isInternal(request);
        boolean endless = length < 0 && request.getHeader("Transfer-Encoding") != null && !isInternal(request);
        if (tooLarge || endless) {
            response.setHeader("Connection", "close");
        }
        Runnable keep = () -> response.setHeader("Connection", null);
        try (var body = new RequestBody(request, share(request), pace, tooLarge ? () -> {} : keep)) {
            answer(request, response, chain);
            if (body.exists() && !request.isAsyncStarted()) {
                response.flushBuffer();
                end(body, most, tooLarge || endless);
            }
        }
    }

    /**
     * Requests of this server's own processes have no limit per address: they may come from other machines, for many
     * clients.
     */
    private RequestMemory.Share share(HttpServletRequest request) {
        ClientAddress client = addresses.of(request);
        return memory.share(isInternal(request) || client.onThisMachine() ? null : client.network());
    }

    private void end(RequestBody body, long most, boolean closes) {
        try {
            if (closes) {
                body.linger(LINGER * most);
            } else {
                body.skip(most);
            }
        } catch (IOException | MatrixException e) {
            logger.trace("Nobody is there any more to send the rest of a body", e);
        }
    }

    private static boolean isInternal(HttpServletRequest request) {
        return request.getRequestURI().startsWith(InternalController.PATHS);
    }

    private static void answer(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        response.setHeader("Access-Control-Allow-Origin", "*");
        response.setHeader("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE, OPTIONS");
        response.setHeader(
                "Access-Control-Allow-Headers",
                "X-Requested-With, Content-Type, Authorization, If-Match, If-None-Match");
        if (request.getMethod().equals("OPTIONS")) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return;
        }
        if (request.getMethod().equals("TRACE")) {
            write(response, new MatrixException(405, "M_UNRECOGNIZED", "This method is not allowed here."));
            return;
        }
        if (FederationPort.hides(request)) {
            write(response, Errors.unrecognizedPath());
            return;
        }
        MatrixRequest matrixRequest;
        try {
            matrixRequest = checked(request);
        } catch (MatrixException e) {
            write(response, e);
            return;
        }
        chain.doFilter(matrixRequest, response);
    }

    private static MatrixRequest checked(HttpServletRequest request) {
        String query = request.getQueryString();
        if (request.getRequestURI().contains("%00") || (query != null && query.contains("%00"))) {
            throw new MatrixException(400, "M_INVALID_PARAM", "An address must not contain U+0000.");
        }
        return new MatrixRequest(request);
    }

    static void write(HttpServletResponse response, MatrixException e) throws IOException {
        byte[] body = CanonicalJson.encode(e.body());
        response.setStatus(e.status());
        response.setContentType("application/json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
