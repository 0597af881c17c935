package io.myelin.web;

import io.myelin.web.address.ClientAddress;
import io.myelin.web.address.ClientAddresses;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Provides the client's address as a controller's {@link ClientAddress} parameter. */
final class ClientAddressResolver implements HandlerMethodArgumentResolver {
    private final ClientAddresses addresses;

    ClientAddressResolver(ClientAddresses addresses) {
        this.addresses = addresses;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == ClientAddress.class;
    }

    @Override
    public ClientAddress resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest webRequest,
            @Nullable WebDataBinderFactory binders) {
        return addresses.of(Objects.requireNonNull(webRequest.getNativeRequest(HttpServletRequest.class)));
    }
}
