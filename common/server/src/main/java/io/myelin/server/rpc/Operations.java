package io.myelin.server.rpc;

import io.myelin.contracts.Contract;
import io.myelin.web.InternalController;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The operations of a contract by their names, which are unique. */
final class Operations {
    private final Contract<?> contract;
    private final Map<String, Operation> byName;
    private final Map<Method, Operation> byMethod;

    Operations(Contract<?> contract) {
        this.contract = contract;
        Class<?> type = contract.type();
        byName = Arrays.stream(type.getMethods())
                .filter(method -> !method.isSynthetic() && !method.isBridge())
                .collect(Collectors.toUnmodifiableMap(
                        Method::getName, method -> new Operation(type, method), Operations::moreSpecific));
        byMethod = Arrays.stream(type.getMethods())
                .collect(Collectors.toUnmodifiableMap(Function.identity(), method -> byName.get(method.getName())));
    }

    /** The more specific declaration of a method that is declared again with the same parameters. */
    private static Operation moreSpecific(Operation one, Operation other) {
        if (!Arrays.equals(one.method().getParameterTypes(), other.method().getParameterTypes())) {
            throw new IllegalStateException(one.method() + " and " + other.method() + " have the same name");
        }
        return one.method().getDeclaringClass().isAssignableFrom(other.method().getDeclaringClass()) ? other : one;
    }

    @Nullable
    Operation named(String name) {
        return byName.get(name);
    }

    /** Null for a method of {@link Object}. */
    @Nullable
    Operation of(Method method) {
        return byMethod.get(method);
    }

    String path(Operation operation) {
        return paths(contract.service()) + contract.name() + "/"
                + operation.method().getName();
    }

    /** The beginning of the paths at which a service's contracts are served. */
    static String paths(String service) {
        return InternalController.PATHS + service + "/";
    }
}
