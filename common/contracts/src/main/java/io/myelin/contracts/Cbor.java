package io.myelin.contracts;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;
import tools.jackson.dataformat.cbor.CBORMapper;

/** The serialised form of records: CBOR, identifiers as text, bodies as byte strings, unknown fields ignored. */
public final class Cbor {

    /** For HTTP between services; the same form as in topics. */
    public static final CBORMapper MAPPER = CBORMapper.builder()
            .addModule(identifiers())
            // Only a record's components are fields: RoomEvent.isState() is not.
            .changeDefaultVisibility(visibility -> visibility.withIsGetterVisibility(Visibility.NONE))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private Cbor() {}

    public static byte[] encode(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /** @throws JacksonException if the bytes are not such a record */
    public static <T> T decode(byte[] bytes, Class<T> type) {
        return MAPPER.readValue(bytes, type);
    }

    private static SimpleModule identifiers() {
        SimpleModule module = new SimpleModule("identifiers");
        identifier(module, UserId.class, UserId::value, UserId::new);
        identifier(module, RoomId.class, RoomId::value, RoomId::new);
        identifier(module, EventId.class, EventId::value, EventId::new);
        identifier(module, RoomAlias.class, RoomAlias::value, RoomAlias::new);
        identifier(module, ServerName.class, ServerName::value, ServerName::new);
        return module;
    }

    private static <T> void identifier(
            SimpleModule module, Class<T> type, Function<T, String> toText, Function<String, T> fromText) {
        module.addSerializer(type, new StdSerializer<T>(type) {
            @Override
            public void serialize(T value, JsonGenerator generator, SerializationContext context) {
                generator.writeString(toText.apply(value));
            }
        });
        module.addKeyDeserializer(type, new KeyDeserializer() {
            @Override
            public Object deserializeKey(String key, DeserializationContext context) {
                return fromText.apply(key);
            }
        });
        module.addDeserializer(type, new StdDeserializer<T>(type) {
            @Override
            public T deserialize(JsonParser parser, DeserializationContext context) {
                return fromText.apply(parser.getString());
            }
        });
        module.addKeySerializer(type, new StdSerializer<T>(type) {
            @Override
            public void serialize(T value, JsonGenerator generator, SerializationContext context) {
                generator.writeName(toText.apply(value));
            }
        });
        module.addKeyDeserializer(type, new KeyDeserializer() {
            @Override
            public Object deserializeKey(String key, DeserializationContext context) {
                return fromText.apply(key);
            }
        });
    }
}
