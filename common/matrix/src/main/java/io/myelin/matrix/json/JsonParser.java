package io.myelin.matrix.json;

import io.myelin.matrix.json.InvalidJson.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads UTF-8 bytes as one JSON value. It is strict: the input must be well-formed UTF-8 without a byte order mark,
 * duplicate names, lone surrogates, or text after the value, and its numbers must follow the {@link JsonRules}. Any other
 * input ends in {@link InvalidJson}. The caller limits the number of bytes.
 */
public final class JsonParser {
    // Names and strings are bounded by the input; depth and duplicates are checked here, where their error is known.
    // Integers may have as many digits as Python reads, since events of room versions 1 to 5 may have such integers.
    private static final JsonFactory JACKSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(4300)
                    .build())
            .build();

    /** Keeps no names: a name that is new copies the table of thousands of names which all parsers share. */
    private static final JsonFactory WITHOUT_SHARED_NAMES = JACKSON.rebuild()
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .build();

    private final tools.jackson.core.JsonParser tokens;
    private final JsonRules rules;

    private JsonParser(tools.jackson.core.JsonParser tokens, JsonRules rules) {
        this.tokens = tokens;
        this.rules = rules;
    }

    /** Reads by {@link JsonRules#STRICT}. */
    public static Json parse(byte[] utf8) {
        return parse(utf8, JsonRules.STRICT);
    }

    public static Json parse(byte[] utf8, JsonRules rules) {
        return parse(utf8, rules, JACKSON);
    }

    private static Json parse(byte[] utf8, JsonRules rules, JsonFactory jackson) {
        int invalid = Utf8.firstInvalid(utf8);
        if (invalid >= 0) {
            throw malformed("The text is not JSON in UTF-8: byte " + invalid + " does not belong there.");
        }
        try (var tokens = jackson.createParser(ObjectReadContext.empty(), utf8)) {
            var parser = new JsonParser(tokens, rules);
            Json value = parser.value(tokens.nextToken());
            if (tokens.nextToken() != null) {
                throw malformed("There is something after the end of the JSON.");
            }
            return value;
        } catch (StreamConstraintsException e) {
            throw unacceptable("The JSON has a number that is too long.");
        } catch (JacksonException e) {
            throw malformed("The text is not JSON: " + sentence(e.getOriginalMessage()));
        }
    }

    /** Reads an object by {@link JsonRules#STRICT}. */
    public static JsonObject parseObject(byte[] utf8) {
        return parseObject(utf8, JsonRules.STRICT);
    }

    public static JsonObject parseObject(byte[] utf8, JsonRules rules) {
        return object(parse(utf8, rules));
    }

    /** Reads an object in which there are names that hardly any other input has, such as IDs of keys. */
    public static JsonObject parseObjectWithRareNames(byte[] utf8, JsonRules rules) {
        return object(parse(utf8, rules, WITHOUT_SHARED_NAMES));
    }

    private static JsonObject object(Json value) {
        if (value instanceof JsonObject object) {
            return object;
        }
        throw unacceptable("The JSON must be an object.");
    }

    /** An object or array that has not ended yet; of an array, {@code members} is null. */
    private static final class Open {
        private final @Nullable JsonObjectBuilder members;
        private final List<Json> elements = new ArrayList<>(0);
        private String name = "";

        private Open(@Nullable JsonObjectBuilder members) {
            this.members = members;
        }

        private void add(Json value) {
            if (members == null) {
                elements.add(value);
            } else {
                members.put(name, value);
            }
        }

        private Json close() {
            return members == null ? new JsonArray(elements) : object(members);
        }
    }

    /** Reads a value without recursion, so that an input cannot choose how much stack its depth takes. */
    private Json value(@Nullable JsonToken first) {
        if (first != JsonToken.START_OBJECT && first != JsonToken.START_ARRAY) {
            return scalar(first);
        }
        Deque<Open> open = new ArrayDeque<>();
        Open innermost = open(first, open);
        while (true) {
            JsonToken token = tokens.nextToken();
            switch (token) {
                case PROPERTY_NAME -> innermost.name = wellFormed(tokens.currentName());
                case START_OBJECT, START_ARRAY -> innermost = open(token, open);
                case END_OBJECT, END_ARRAY -> {
                    Json closed = open.pop().close();
                    if (open.isEmpty()) {
                        return closed;
                    }
                    innermost = open.element();
                    innermost.add(closed);
                }
                case null -> throw malformed("The JSON ends too early.");
                default -> innermost.add(scalar(token));
            }
        }
    }

    private Open open(JsonToken token, Deque<Open> open) {
        if (open.size() >= rules.maxDepth()) {
            throw unacceptable("Objects and arrays stand more than " + rules.maxDepth() + " deep inside each other.");
        }
        Open innermost = new Open(token == JsonToken.START_OBJECT ? JsonObject.builder() : null);
        open.push(innermost);
        return innermost;
    }

    private Json scalar(@Nullable JsonToken token) {
        return switch (token) {
            case null -> throw malformed("The JSON ends too early.");
            case VALUE_STRING -> new JsonString(wellFormed(tokens.getString()));
            case VALUE_NUMBER_INT -> integer();
            case VALUE_NUMBER_FLOAT -> decimal("is not an integer");
            case VALUE_TRUE -> JsonBoolean.TRUE;
            case VALUE_FALSE -> JsonBoolean.FALSE;
            case VALUE_NULL -> JsonNull.NULL;
            case START_OBJECT,
                    START_ARRAY,
                    END_OBJECT,
                    END_ARRAY,
                    PROPERTY_NAME,
                    VALUE_EMBEDDED_OBJECT,
                    NOT_AVAILABLE -> throw malformed("The text is not JSON.");
        };
    }

    private static JsonObject object(JsonObjectBuilder builder) {
        JsonObject object = builder.build();
        if (builder.duplicate() != null) {
            throw unacceptable("An object has the name '" + builder.duplicate() + "' twice.");
        }
        return object;
    }

    private Json integer() {
        return switch (tokens.getNumberType()) {
            case INT, LONG -> {
                long number = tokens.getLongValue();
                yield number > JsonNumber.MAX || number < -JsonNumber.MAX
                        ? decimal("is beyond ±(2^53 − 1)")
                        : new JsonNumber(number);
            }
            case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> decimal("is beyond ±(2^53 − 1)");
        };
    }

    private JsonDecimal decimal(String problem) {
        String text = tokens.getString();
        if (!rules.acceptsDecimals()) {
            String shown = text.length() <= 40 ? text : text.substring(0, 40) + "…";
            throw unacceptable("The number " + shown + " " + problem + ".");
        }
        return new JsonDecimal(text);
    }

    private static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                boolean pair = Character.isHighSurrogate(text.charAt(i))
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    throw malformed("A string has a lone surrogate.");
                }
                i++;
            }
        }
        return text;
    }

    /**
     * Jackson's message without the lines that name a position in a Java object. Jackson shows a character beyond U+FFFF by
     * its last 16 bits, which may be a surrogate.
     */
    private static String sentence(String message) {
        int end = message.indexOf('\n');
        return (end < 0 ? message : message.substring(0, end))
                .replaceFirst("[.:\\s]*$", ".")
                .replaceAll("\\p{Cs}", "\ufffd");
    }

    private static InvalidJson malformed(String message) {
        return new InvalidJson(Kind.MALFORMED, message);
    }

    private static InvalidJson unacceptable(String message) {
        return new InvalidJson(Kind.UNACCEPTABLE, message);
    }
}
