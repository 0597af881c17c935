package io.myelin.server.call;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * An interface that one service has for the others.
 *
 * @param service whose it is, such as {@code room-server}
 * @param name of the interface, among those of the service
 * @param ownerOnly whether only the owner of the shard can answer; else any instance can, and the owner best
 */
public record Contract<T>(String service, String name, Class<T> type, boolean ownerOnly) {

    /** Its operations by their names, of which no two are the same. */
    Map<String, Operation> operations() {
        return Arrays.stream(type.getMethods())
                .filter(method -> !method.isSynthetic() && !method.isBridge())
                .collect(Collectors.toUnmodifiableMap(
                        Method::getName, method -> new Operation(type, method), Contract::moreSpecific));
    }

    Map<Method, Operation> operationsByMethod() {
        Map<String, Operation> byName = operations();
        return Arrays.stream(type.getMethods())
                .collect(Collectors.toUnmodifiableMap(Function.identity(), method -> byName.get(method.getName())));
    }

    /** A method that is declared again with the same parameters. */
    private static Operation moreSpecific(Operation one, Operation other) {
        if (!Arrays.equals(one.method().getParameterTypes(), other.method().getParameterTypes())) {
            throw new IllegalStateException(one.method() + " and " + other.method() + " have the same name");
        }
        return one.method().getDeclaringClass().isAssignableFrom(other.method().getDeclaringClass()) ? other : one;
    }

    String path(Operation operation) {
        return PATHS + service + "/" + name + "/" + operation.method().getName();
    }

    static final String PATHS = io.myelin.web.InternalController.PATHS;
}
