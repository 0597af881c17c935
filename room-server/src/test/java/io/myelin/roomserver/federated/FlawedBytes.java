package io.myelin.roomserver.federated;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.json.JsonRules;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Flaws of bytes that are not JSON, or not the JSON of one event. */
final class FlawedBytes {
    private static final List<String> NOT_UTF_8 = List.of(
            "\u00FF", "\u0080", "\u00C0\u00AF", "\u00ED\u00A0\u0080", "\u00F4\u0090\u0080\u0080", "\u00E2\u0082");
    private static final List<String> ENDS = List.of("}", "{}", ",", "x", "\0");
    private static final List<String> NOT_OBJECTS =
            List.of("null", "true", "17", "\"event\"", "[]", "NaN", "event", " ");
    private static final List<String> LONE_SURROGATES = List.of("\\ud800", "\\udc00", "\\udc00\\ud800", "\\ud800x");
    private static final int MAX_DEPTH = 20_000;

    private FlawedBytes() {}

    static List<Flaw> all() {
        return List.of(
                Flaw.ofBytes("no bytes", (_, _) -> new byte[0]),
                Flaw.ofBytes(
                        "cut off",
                        (event, random) -> Arrays.copyOf(event.bytes(), random.nextInt(event.bytes().length))),
                Flaw.ofBytes(
                        "something after the end",
                        (event, random) -> inText(event, text -> text + oneOf(ENDS, random))),
                Flaw.ofBytes(
                        "no object", (_, random) -> oneOf(NOT_OBJECTS, random).getBytes(US_ASCII)),
                Flaw.ofBytes("an array around it", (event, _) -> inText(event, text -> "[" + text + "]")),
                Flaw.ofBytes("a comma too many", (event, _) -> inText(event, text -> "{," + text.substring(1))),
                Flaw.ofBytes("a comment", (event, _) -> inText(event, text -> "{/* hello */" + text.substring(1))),
                Flaw.ofBytes("single quotes", (event, _) -> inText(event, text -> text.replace('"', '\''))),
                Flaw.ofBytes("UTF-16", (event, _) -> new String(event.bytes(), UTF_8).getBytes(UTF_16)),
                Flaw.ofBytes("a byte order mark", (event, _) -> inText(event, text -> "\u00EF\u00BB\u00BF" + text)),
                Flaw.ofBytes("bytes that are not UTF-8", (event, random) -> withText(event, oneOf(NOT_UTF_8, random))),
                Flaw.ofBytes("a line break in a string", (event, _) -> withText(event, "\n")),
                Flaw.ofBytes("an escape that does not exist", (event, _) -> withText(event, "\\x41")),
                Flaw.ofBytes("a lone surrogate", (event, random) -> withText(event, oneOf(LONE_SURROGATES, random))),
                Flaw.ofBytes("a name that comes twice", FlawedBytes::duplicateName),
                Flaw.ofBytes(
                        "a name that comes twice in the content",
                        (event, _) -> inContent(event, "\"org.example.twice\":1,\"org.example.twice\":1")),
                Flaw.ofBytes("a number with a leading zero", (event, _) -> inContent(event, "\"org.example.zero\":01")),
                Flaw.ofBytes("a number that is none", (event, _) -> inContent(event, "\"org.example.none\":NaN")),
                Flaw.ofBytes("deep nesting", FlawedBytes::deep));
    }

    private static byte[] duplicateName(Pdu event, Random random) {
        List<String> names = event.json().names();
        String name = names.get(random.nextInt(names.size()));
        String member = "\"" + name + "\":"
                + new String(String.valueOf(event.json().get(name)).getBytes(UTF_8), ISO_8859_1);
        return inText(event, text -> "{" + member + "," + text.substring(1));
    }

    private static byte[] deep(Pdu event, Random random) {
        int depth = random.nextInt(JsonRules.MAX_DEPTH_OF_EVENTS, MAX_DEPTH);
        return random.nextBoolean()
                ? inContent(event, "\"org.example.deep\":" + "[".repeat(depth) + "]".repeat(depth))
                : inContent(event, "\"org.example.deep\":" + "{\"\":".repeat(depth) + "0" + "}".repeat(depth));
    }

    /** The event with a string of these bytes in its content. */
    private static byte[] withText(Pdu event, String text) {
        return inContent(event, "\"org.example.text\":\"" + text + "\"");
    }

    private static String oneOf(List<String> values, Random random) {
        return values.get(random.nextInt(values.size()));
    }

    private static byte[] inContent(Pdu event, String members) {
        String separator = event.content().isEmpty() ? "" : ",";
        return inText(event, text -> text.replace("\"content\":{", "\"content\":{" + members + separator));
    }

    /** Edits the event as a text in which each byte is a character. */
    private static byte[] inText(Pdu event, Edit edit) {
        return edit.edited(new String(event.bytes(), ISO_8859_1)).getBytes(ISO_8859_1);
    }

    private interface Edit {
        String edited(String text);
    }
}
