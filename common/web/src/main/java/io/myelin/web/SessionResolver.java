package io.myelin.web;

import io.myelin.contracts.account.Session;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.address.ClientAddresses;
import io.myelin.web.session.AccessToken;
import io.myelin.web.session.Authenticator;
import io.myelin.web.session.SessionObserver;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * Provides the requester's session as a controller's {@link Session} parameter. A {@code @Nullable} parameter admits
 * requests without an access token; a token that is present must be valid in any case. Client-server API, "Using access
 * tokens".
 */
final class SessionResolver implements HandlerMethodArgumentResolver {
    private final Authenticator authenticator;
    private final SessionObserver observer;
    private final ClientAddresses addresses;

    /** @param observer is told of each request with an access token */
    SessionResolver(Authenticator authenticator, SessionObserver observer, ClientAddresses addresses) {
        this.authenticator = authenticator;
        this.observer = observer;
        this.addresses = addresses;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == Session.class;
    }

    @Override
    public @Nullable Session resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest webRequest,
            @Nullable WebDataBinderFactory binders) {
        HttpServletRequest request = Objects.requireNonNull(webRequest.getNativeRequest(HttpServletRequest.class));
        Optional<String> token = AccessToken.in(request);
        if (token.isEmpty()) {
            if (parameter.isOptional()) {
                return null;
            }
            throw new MatrixException(401, "M_MISSING_TOKEN", "This needs an access token.");
        }
        Session session = authenticator.authenticate(token.get());
        String userAgent = request.getHeader("User-Agent");
        observer.seen(session, addresses.of(request).address(), userAgent == null ? "" : userAgent);
        if (session.guest() && parameter.hasMethodAnnotation(NoGuests.class)) {
            throw new MatrixException(403, "M_GUEST_ACCESS_FORBIDDEN", "Guests cannot do this.");
        }
        if (session.locked() && !parameter.hasMethodAnnotation(LockedToo.class)) {
            throw locked();
        }
        if (session.suspended()
                && (parameter.hasMethodAnnotation(NoSuspended.class)
                        || parameter.getContainingClass().isAnnotationPresent(NoSuspended.class))) {
            throw MatrixException.suspended();
        }
        return session;
    }

    /** The session goes on when the account is unlocked. Client-server API, "Account locking". */
    private static MatrixException locked() {
        return new MatrixException(
                401,
                JsonObject.builder()
                        .put("errcode", "M_USER_LOCKED")
                        .put("error", "This account is locked.")
                        .put("soft_logout", true)
                        .build());
    }
}
