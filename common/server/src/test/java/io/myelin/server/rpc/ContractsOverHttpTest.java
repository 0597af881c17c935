package io.myelin.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.Contract;
import io.myelin.contracts.account.AccountContracts;
import io.myelin.contracts.presence.PresenceContracts;
import io.myelin.contracts.receipt.ReceiptContracts;
import io.myelin.contracts.room.RoomContracts;
import io.myelin.contracts.typing.TypingContracts;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.ResolvableType;

/** Every argument and result of a contract arrives unchanged. */
class ContractsOverHttpTest {

    static Stream<Contract<?>> contracts() {
        return Stream.of(
                RoomContracts.QUERIES,
                RoomContracts.GRAPH,
                AccountContracts.QUERIES,
                AccountContracts.OWNER,
                AccountContracts.INBOXES,
                ReceiptContracts.QUERIES,
                TypingContracts.QUERIES,
                PresenceContracts.QUERIES);
    }

    @ParameterizedTest
    @MethodSource("contracts")
    <T> void argumentsAndResultsArrive(Contract<T> contract) throws Exception {
        var called = new AtomicReference<@Nullable Object[]>();
        var toAnswer = new AtomicReference<@Nullable Object>();
        T target = contract.type()
                .cast(Proxy.newProxyInstance(
                        contract.type().getClassLoader(), new Class<?>[] {contract.type()}, (_, _, arguments) -> {
                            called.set(arguments);
                            return toAnswer.get();
                        }));
        try (var processes = TwoProcesses.serving(contract, target)) {
            T remote = processes.proxy(contract);
            var samples = new Samples();
            for (Method method : contract.type().getMethods()) {
                if (method.isBridge() || method.getName().endsWith("ommitted")) {
                    continue;
                }
                var type = ResolvableType.forMethodReturnType(method, contract.type());
                toAnswer.set(samples.of(type));
                Object[] arguments = Stream.iterate(0, i -> i + 1)
                        .limit(method.getParameterCount())
                        .map(i -> samples.of(ResolvableType.forMethodParameter(method, i, contract.type())))
                        .toArray();
                assertThat(method.invoke(remote, arguments))
                        .as(method.toString())
                        .usingRecursiveComparison()
                        .isEqualTo(toAnswer.get());
                assertThat(called.get())
                        .as(method.toString())
                        .usingRecursiveComparison()
                        .isEqualTo(arguments);
            }
        }
    }

    @Test
    void nothingArrivesAsNothing() {
        var room = new Samples();
        var operation = new Operations(RoomContracts.QUERIES).named("room");
        assertThat(operation).isNotNull();
        assertThat(operation.decodeResult(operation.encodeResult(java.util.Optional.empty())))
                .isEqualTo(java.util.Optional.empty());
        var stateNumbers = new Operations(RoomContracts.QUERIES).named("stateNumbers");
        assertThat(stateNumbers).isNotNull();
        Object id = room.of(ResolvableType.forClass(io.myelin.matrix.id.RoomId.class));
        Object[] arguments = {id, 5L, null};
        assertThat(Arrays.asList(stateNumbers.decodeArguments(stateNumbers.encodeArguments(arguments))))
                .containsExactly(id, 5L, null);
    }
}
