package io.myelin.web;

import io.myelin.contracts.account.Session;
import io.myelin.web.session.AccessToken;
import io.myelin.web.session.Authenticator;
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

    SessionResolver(Authenticator authenticator) {
        this.authenticator = authenticator;
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
        Optional<String> token =
                AccessToken.in(Objects.requireNonNull(webRequest.getNativeRequest(HttpServletRequest.class)));
        if (token.isEmpty()) {
            if (parameter.isOptional()) {
                return null;
            }
            throw new MatrixException(401, "M_MISSING_TOKEN", "This needs an access token.");
        }
        Session session = authenticator.authenticate(token.get());
        if (session.guest() && parameter.hasMethodAnnotation(NoGuests.class)) {
            throw new MatrixException(403, "M_GUEST_ACCESS_FORBIDDEN", "Guests cannot do this.");
        }
        return session;
    }
}
