package io.myelin.contracts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.presence.PresenceInput;
import io.myelin.contracts.presence.UserPresence;
import io.myelin.contracts.receipt.ReceiptAnswer;
import io.myelin.contracts.receipt.ReceiptCommand;
import io.myelin.contracts.receipt.ReceiptFact;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand;
import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.typing.RoomTyping;
import io.myelin.contracts.typing.SetTyping;
import io.myelin.engine.ephemeral.Version;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * This release can read the records of the last release, and the last release those of this one: a record has the bytes
 * that {@code wire-form.txt} holds. When a new field changes the bytes, the old line stays under the name of its release
 * and must still be readable.
 */
class WireFormTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final Map<String, byte[]> HELD = held();

    /** A record as this release makes it, its name in the file, and the type that a reader expects. */
    record Sample(String name, Class<?> type, Object value) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Sample> samples() {
        return Stream.of(
                        of(RoomCommand.class, Samples.ROOM_COMMANDS),
                        of(RoomFact.class, Samples.ROOM_FACTS),
                        of(RoomAnswer.class, Samples.ROOM_ANSWERS),
                        of(AccountCommand.class, Samples.ACCOUNT_COMMANDS),
                        of(AccountFact.class, Samples.ACCOUNT_FACTS),
                        of(AccountAnswer.class, Samples.ACCOUNT_ANSWERS),
                        of(ReceiptCommand.class, Samples.RECEIPT_COMMANDS),
                        of(ReceiptFact.class, Samples.RECEIPT_FACTS),
                        of(ReceiptAnswer.class, Samples.RECEIPT_ANSWERS),
                        of(PresenceInput.class, Samples.PRESENCE_INPUTS),
                        of(UserPresence.class, Samples.PRESENCES),
                        of(SetTyping.class, Samples.SET_TYPING),
                        of(RoomTyping.class, Samples.TYPING),
                        of(StoredEvent.class, Samples.STORED_EVENTS),
                        of(Version.class, Samples.VERSIONS))
                .flatMap(List::stream);
    }

    private static List<Sample> of(Class<?> type, List<?> values) {
        return IntStream.range(0, values.size())
                .mapToObj(i -> {
                    Object value = values.get(i);
                    String kind = value.getClass().getSimpleName();
                    boolean isAnother = i > 0 && values.get(i - 1).getClass().equals(value.getClass());
                    String name = type.getSimpleName() + "." + kind + (isAnother ? ".few" : "");
                    return new Sample(name, type, value);
                })
                .toList();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void travelsAsItDidInTheLastRelease(Sample sample) {
        assertThat(HEX.formatHex(Cbor.encode(sample.value()))).isEqualTo(HEX.formatHex(bytes(sample)));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void isReadAsTheLastReleaseWroteIt(Sample sample) {
        Object read = Cbor.decode(bytes(sample), sample.type());
        assertThat(read).hasSameClassAs(sample.value());
        assertThat(HEX.formatHex(Cbor.encode(read))).isEqualTo(HEX.formatHex(bytes(sample)));
    }

    /** What has had a field fewer, by the release that wrote it: {@code SendEvent.0.1}. */
    @Test
    void isReadAsAnEarlierReleaseWroteIt() {
        Map<String, Class<?>> types =
                samples().collect(Collectors.toMap(Sample::name, Sample::type, (one, _) -> one));
        HELD.forEach((name, bytes) -> {
            Class<?> type = types.get(name.replaceFirst("\\.0\\.[0-9]+$", ""));
            assertThat(type).as(name).isNotNull();
            assertThat(Cbor.decode(bytes, type).getClass().getSimpleName()).as(name).isEqualTo(name.split("\\.")[1]);
        });
    }

    /** As an instance of the next release sends it to one of this release, during an upgrade. */
    @ParameterizedTest
    @MethodSource("samples")
    void fieldsOfTheNextReleaseAreIgnored(Sample sample) {
        JsonNode written = Cbor.MAPPER.readTree(bytes(sample));
        if (written instanceof ObjectNode object) {
            object.put("fromTheNextRelease", "unknown").putObject("andAnObject").put("of", 1);
        }

        Object read = Cbor.decode(Cbor.encode(written), sample.type());

        assertThat(HEX.formatHex(Cbor.encode(read))).isEqualTo(HEX.formatHex(bytes(sample)));
    }

    /** Commands and facts are read one after the other: one of a kind that the next release has must not stop the others. */
    @ParameterizedTest
    @MethodSource("kinds")
    void kindsOfTheNextReleaseAreKnownToBeUnknown(Class<?> type) {
        Optional<Class<?>> unknown = unknown(type);
        if (unknown.isPresent()) {
            byte[] written =
                    Cbor.encode(Map.of("kind", "from-the-next-release", "user", "@alice:example.org", "of", 1));

            assertThat(Cbor.decode(written, type)).isInstanceOf(unknown.get());
        } else {
            assertThat(type.getSimpleName())
                    .as("answers alone may have no unknown kind")
                    .endsWith("Answer");
        }
    }

    private static Optional<Class<?>> unknown(Class<?> type) {
        Class<?> other =
                Objects.requireNonNull(type.getAnnotation(JsonTypeInfo.class)).defaultImpl();
        return other.equals(JsonTypeInfo.class) ? Optional.empty() : Optional.of(other);
    }

    private static byte[] bytes(Sample sample) {
        return Objects.requireNonNull(HELD.get(sample.name()), "wire-form.txt has no " + sample.name());
    }

    static Stream<Class<?>> kinds() {
        return samples().map(Sample::type).distinct().filter(type -> type.isAnnotationPresent(JsonSubTypes.class));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyKindHasASample(Class<?> type) {
        JsonSubTypes.Type[] kinds =
                Objects.requireNonNull(type.getAnnotation(JsonSubTypes.class)).value();
        List<Class<?>> sampled = samples()
                .filter(sample -> sample.type().equals(type))
                .<Class<?>>map(sample -> sample.value().getClass())
                .toList();
        List<Class<?>> named =
                Arrays.stream(kinds).<Class<?>>map(JsonSubTypes.Type::value).toList();
        assertThat(sampled).containsAll(named);
    }

    private static Map<String, byte[]> held() {
        try (InputStream file = Objects.requireNonNull(WireFormTest.class.getResourceAsStream("wire-form.txt"))) {
            return new String(file.readAllBytes(), UTF_8)
                    .lines()
                    .map(line -> line.split(" ", 2))
                    .collect(Collectors.toMap(line -> line[0], line -> HEX.parseHex(line[1])));
        } catch (IOException e) {
            throw new IllegalStateException("A resource can always be read.", e);
        }
    }
}
