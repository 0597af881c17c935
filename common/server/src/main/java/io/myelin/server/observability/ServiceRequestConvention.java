package io.myelin.server.observability;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import java.util.Optional;
import org.springframework.http.server.observation.DefaultServerRequestObservationConvention;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerMapping;

/**
 * What Spring says of every request (method, status, outcome, and the pattern of the path, never the path itself), and the
 * service that answered it.
 */
final class ServiceRequestConvention extends DefaultServerRequestObservationConvention {
    static final String NAME = "http.server.requests";
    static final String SERVICE = "service";

    /** The value for requests that belong to no service, such as those for health and figures. */
    private static final KeyValue NONE = KeyValue.of(SERVICE, "none");

    private static final ClassValue<KeyValue> BY_CONTROLLER = new ClassValue<>() {
        @Override
        protected KeyValue computeValue(Class<?> type) {
            return Components.ownerOf(type)
                    .map(service -> KeyValue.of(SERVICE, service.name()))
                    .orElse(NONE);
        }
    };

    ServiceRequestConvention() {
        super(NAME);
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(ServerRequestObservationContext context) {
        return super.getLowCardinalityKeyValues(context).and(service(context));
    }

    private static KeyValue service(ServerRequestObservationContext context) {
        return Optional.ofNullable(context.getCarrier())
                .map(request -> request.getAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE))
                .filter(HandlerMethod.class::isInstance)
                .map(handler -> BY_CONTROLLER.get(((HandlerMethod) handler).getBeanType()))
                .orElse(NONE);
    }
}
