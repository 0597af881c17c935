package io.myelin.server.rpc;

import io.myelin.contracts.AskedOnce;
import io.myelin.contracts.Cbor;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.GenericTypeResolver;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;

/** One method of a contract, and how its arguments and its result travel: as their declared types, in CBOR. */
final class Operation {
    /** The shard of a call that concerns no particular shard. */
    static final int ANY_SHARD = -1;

    private final Method method;
    private final List<ObjectWriter> argumentWriters;
    private final List<ObjectReader> argumentReaders;
    private final ObjectWriter resultWriter;
    private final ObjectReader resultReader;

    Operation(Class<?> contract, Method method) {
        this.method = method;
        List<JavaType> types = Arrays.stream(method.getGenericParameterTypes())
                .map(type -> resolved(type, contract))
                .toList();
        argumentWriters = types.stream().map(Cbor.MAPPER::writerFor).toList();
        argumentReaders = types.stream()
                .map(type -> Cbor.MAPPER.readerFor(type).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS))
                .toList();
        JavaType result = resolved(method.getGenericReturnType(), contract);
        resultWriter = Cbor.MAPPER.writerFor(result);
        resultReader = Cbor.MAPPER.readerFor(result);
    }

    private static JavaType resolved(Type type, Class<?> contract) {
        return Cbor.MAPPER.constructType(GenericTypeResolver.resolveType(type, contract));
    }

    Method method() {
        return method;
    }

    /** How long a call waits if it must not be repeated; null if it may be. */
    @Nullable
    Duration asksOnce() {
        AskedOnce once = method.getAnnotation(AskedOnce.class);
        return once == null ? null : Duration.ofSeconds(once.seconds());
    }

    /** The shard that a call is about, according to its first argument. */
    static int shardOf(@Nullable Object @Nullable [] arguments, int shards) {
        return switch (arguments == null || arguments.length == 0 ? null : arguments[0]) {
            case Integer shard -> shard;
            case RoomId room -> Partitions.of(room.value(), shards);
            case RoomAlias alias -> Partitions.of(alias.value(), shards);
            case UserId user -> Partitions.of(user.value(), shards);
            case AccountCommand command -> Partitions.of(command.user().value(), shards);
            case null, default -> ANY_SHARD;
        };
    }

    byte[] encodeArguments(@Nullable Object @Nullable [] arguments) {
        var bytes = new ByteArrayOutputStream();
        try (var generator = Cbor.MAPPER.createGenerator(bytes)) {
            generator.writeStartArray();
            for (int i = 0; i < argumentWriters.size(); i++) {
                Object argument = arguments == null ? null : arguments[i];
                if (argument == null) {
                    generator.writeNull();
                } else {
                    argumentWriters.get(i).writeValue(generator, argument);
                }
            }
            generator.writeEndArray();
        }
        return bytes.toByteArray();
    }

    /**
     * Decodes the arguments. An argument that an older caller does not send is null; additional ones of a newer caller
     * are ignored.
     */
    @Nullable
    Object[] decodeArguments(byte[] bytes) {
        @Nullable Object[] arguments = new @Nullable Object[argumentReaders.size()];
        try (var parser = Cbor.MAPPER.createParser(bytes)) {
            parser.nextToken();
            for (int i = 0; i < arguments.length && parser.nextToken() != JsonToken.END_ARRAY; i++) {
                arguments[i] = parser.currentToken() == JsonToken.VALUE_NULL
                        ? null
                        : argumentReaders.get(i).readValue(parser);
            }
        }
        return arguments;
    }

    byte[] encodeResult(@Nullable Object result) {
        return resultWriter.writeValueAsBytes(result);
    }

    Object decodeResult(byte[] bytes) {
        return resultReader.readValue(bytes);
    }
}
