package io.myelin.server.rpc;

import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.core.ResolvableType;

/** Makes a value of any type in the contracts, with all of its parts filled and no two parts alike. */
final class Samples {
    private int last;

    Object of(ResolvableType type) {
        Class<?> raw = type.toClass();
        last++;
        if (raw == int.class || raw == Integer.class) {
            return last % 4;
        }
        if (raw == long.class || raw == Long.class) {
            return 1_000_000_000_000L + last;
        }
        if (raw == boolean.class) {
            return true;
        }
        if (raw == String.class) {
            return "text " + last;
        }
        if (raw == byte[].class) {
            return new byte[] {(byte) last, 0, -1};
        }
        if (raw == long[].class) {
            return new long[] {last, Long.MAX_VALUE};
        }
        if (raw == UUID.class) {
            return new UUID(last, -last);
        }
        if (raw == RoomId.class) {
            return new RoomId("!room" + last + ":example.org");
        }
        if (raw == EventId.class) {
            return new EventId("$event" + last);
        }
        if (raw == UserId.class) {
            return new UserId("@user" + last + ":example.org");
        }
        if (raw == RoomAlias.class) {
            return new RoomAlias("#alias" + last + ":example.org");
        }
        if (raw == List.class) {
            return List.of(of(type.getGeneric(0)), of(type.getGeneric(0)));
        }
        if (raw == Optional.class) {
            return Optional.of(of(type.getGeneric(0)));
        }
        if (raw == Map.class) {
            return Map.of("key", of(type.getGeneric(1)));
        }
        if (raw.isEnum()) {
            return Objects.requireNonNull(raw.getEnumConstants())[0];
        }
        if (raw.isSealed()) {
            return of(ResolvableType.forClass(raw.getPermittedSubclasses()[0]));
        }
        return record(type, raw);
    }

    private Object record(ResolvableType type, Class<?> raw) {
        RecordComponent[] components = Objects.requireNonNull(raw.getRecordComponents(), () -> "no sample of " + type);
        Object[] values = Arrays.stream(components)
                .map(component -> of(ResolvableType.forType(component.getGenericType(), type)))
                .toArray();
        try {
            Constructor<?> constructor = raw.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no sample of " + type, e);
        }
    }
}
