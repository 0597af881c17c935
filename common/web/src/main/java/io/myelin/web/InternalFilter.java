package io.myelin.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;

/** Marks the requests that the {@link InternalListener} admits, and adds a proof to the answers. */
final class InternalFilter extends OncePerRequestFilter {
    /** The attribute of a request that was admitted. */
    static final String ADMITTED = "io.myelin.internal-request";

    private final ObjectProvider<InternalListener> listeners;

    /** @param listeners none if there are no internal controllers; then no request is admitted */
    InternalFilter(ObjectProvider<InternalListener> listeners) {
        this.listeners = listeners;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getRequestURI().startsWith(InternalController.PATHS);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        InternalListener listener = listeners.getIfAvailable();
        InternalSecret.Proof proof = listener == null ? null : listener.admit(request);
        if (listener == null || proof == null) {
            chain.doFilter(request, response);
            return;
        }
        byte[] body = request.getInputStream().readAllBytes();
        if (!proof.isOfBody(body)) {
            MatrixFilter.write(response, Errors.unrecognizedPath());
            return;
        }
        request.setAttribute(ADMITTED, true);
        var buffered = new ContentCachingResponseWrapper(response);
        chain.doFilter(new WithBody(request, body), buffered);
        buffered.setHeader(
                InternalSecret.ANSWER,
                listener.prove(
                        proof,
                        buffered.getStatus(),
                        buffered.getHeader(InternalSecret.OWNER),
                        buffered.getContentAsByteArray()));
        buffered.copyBodyToResponse();
    }

    /** A request whose body has been read already. */
    private static final class WithBody extends HttpServletRequestWrapper {
        private final ByteArrayInputStream body;

        WithBody(HttpServletRequest request, byte[] body) {
            super(request);
            this.body = new ByteArrayInputStream(body);
        }

        @Override
        public ServletInputStream getInputStream() {
            return new ServletInputStream() {
                @Override
                public int read() {
                    return body.read();
                }

                @Override
                public int read(byte[] into, int offset, int length) {
                    return body.read(into, offset, length);
                }

                @Override
                public boolean isFinished() {
                    return body.available() == 0;
                }

                @Override
                public boolean isReady() {
                    return true;
                }

                @Override
                public void setReadListener(ReadListener listener) {
                    throw new IllegalStateException("The body is here already");
                }
            };
        }

        @Override
        public BufferedReader getReader() {
            return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
        }
    }
}
