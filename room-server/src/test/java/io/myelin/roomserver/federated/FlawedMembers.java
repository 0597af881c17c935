package io.myelin.roomserver.federated;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonDecimal;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.matrix.room.EventFormat;
import io.myelin.roomserver.federated.MalformedPdu.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

/** Flaws of JSON that does not have the event format of its room version, hashed and signed as if it had. */
final class FlawedMembers {
    private static final String WRONG_REFERENCES =
            "1 null '$a:x' {} [1] [null] [{}] [[]] [''] ['a:x'] ['$'] ['$a\\u0000:x']";
    private static final String WRONG_PAIRS =
            "['$a:x'] [['$a:x']] [['$a:x',1]] [['a:x',{}]] [[{},'$a:x']] [['$a:x',{},{}]]";
    private static final List<String> NOT_CANONICAL = List.of(
            "1.5", "0.0", "1e3", "-1E-3", "9007199254740992", "-9007199254740992", "123456789012345678901234567890");
    private static final List<String> BEYOND_DOUBLES = List.of("1e400", "-1e309");
    private static final int MAX_BYTES = 65_536;

    private final Forgery forgery;
    private final EventFormat format;
    private final List<Flaw> flaws = new ArrayList<>();

    private FlawedMembers(Forgery forgery) {
        this.forgery = forgery;
        this.format = forgery.version().eventFormat();
    }

    static List<Flaw> all(Forgery forgery) {
        return new FlawedMembers(forgery).gathered();
    }

    private List<Flaw> gathered() {
        wrong("type", "1 null true [] {}");
        wrong("sender", "1 null [] 'alice' '@alice' 'alice:x' '#a:x' '@a:' '@a:b_c' '@a\\u0000:x'");
        wrong("room_id", "1 null {} '' 'room' '#room:x' '!room' '!r:' '!r:b_c' '!\\u0000:x'");
        wrong("state_key", "1 null true [] {}");
        wrong("content", "1 null true 'text' []");
        wrong("depth", "'1' null true [] -1 1.5 1e3 9223372036854775808 1e400");
        wrong("origin_server_ts", "'1' null false {} 1.5 1e3 9223372036854775808");
        wrong("hashes", "1 null 'text' [] {} {'sha256':1} {'sha256':null} {'md5':'x'}");
        wrong("signatures", "1 null 'text' []");
        for (String name : List.of("prev_events", "auth_events")) {
            wrong(name, WRONG_REFERENCES);
            wrong(name, format.eventIdOnEvent() ? WRONG_PAIRS : "[['$a:x',{}]]");
        }
        if (format.eventIdOnEvent()) {
            wrong("event_id", "1 null 'id' 'id:x' '$id' '$id:' '$id:b_c'");
            missing("event_id");
            tooLong("event_id", "$%s:x");
        }
        if (format.isCanonicalJson()) {
            wrong("depth", "9007199254740992");
            wrong("origin_server_ts", "9007199254740992 -9007199254740992");
        }
        Stream.of("type", "sender", "content", "depth", "origin_server_ts", "prev_events", "auth_events", "hashes")
                .forEach(this::missing);
        flaws.add(flaw("room_id missing", (event, _) -> event.json().without("room_id"))
                .where(this::needsRoomId));
        tooLong("type", "org.example.%s");
        tooLong("state_key", "%s");
        tooLong("sender", "@%s:x");
        tooLong("room_id", "!%s:x");
        add("21 prev_events", (event, random) -> event.json().with("prev_events", references(21, random)));
        add("11 auth_events", (event, random) -> event.json().with("auth_events", references(11, random)));
        add(
                "more than 65,536 bytes",
                (event, random) -> withContent(event, Json.of("x".repeat(MAX_BYTES + random.nextInt(9)))));
        List<String> numbers = format.isCanonicalJson() ? NOT_CANONICAL : BEYOND_DOUBLES;
        for (String number : numbers) {
            add("number " + number, (event, _) -> withContent(event, new JsonDecimal(number)));
        }
        return flaws;
    }

    /** @param values JSON with single quotes, and a space between one value and the next */
    private void wrong(String name, String values) {
        for (String value : values.split(" ", -1)) {
            Json wrong = JsonParser.parse(value.replace('\'', '"').getBytes(UTF_8), JsonRules.LENIENT);
            add(name + " " + value, (event, _) -> event.json().with(name, wrong));
        }
    }

    private void missing(String name) {
        add(name + " missing", (event, _) -> event.json().without(name));
    }

    /** Adds flaws of members that are too long, by one byte or many, in characters of one byte or two. */
    private void tooLong(String name, String pattern) {
        add(name + " of more than 255 bytes", (event, random) -> {
            int frame = pattern.length() - "%s".length();
            String fill = random.nextBoolean()
                    ? "x".repeat(256 - frame + random.nextInt(300))
                    : "ü".repeat((257 - frame) / 2 + random.nextInt(150));
            return event.json().with(name, pattern.formatted(fill));
        });
    }

    private void add(String name, Flaw.Change change) {
        flaws.add(flaw(name, change));
    }

    private Flaw flaw(String name, Flaw.Change change) {
        return Flaw.ofJson(name, Refusal.FORMAT, (event, random) -> completed(event, change.change(event, random)));
    }

    /** The changed event, hashed and signed, unless hashes or signatures are the flaw. */
    private JsonObject completed(Pdu event, JsonObject changed) {
        if (!Objects.equals(changed.get("signatures"), event.json().get("signatures"))) {
            return changed;
        }
        return Objects.equals(changed.get("hashes"), event.json().get("hashes"))
                ? forgery.sealed(event, changed)
                : forgery.signed(event, changed);
    }

    private boolean needsRoomId(Pdu event) {
        return format.roomIdOnCreateEvent() || !event.type().equals(EventTypes.CREATE);
    }

    private JsonArray references(int count, Random random) {
        return new JsonArray(
                Stream.generate(() -> reference(random)).limit(count).toList());
    }

    private Json reference(Random random) {
        byte[] hash = new byte[32];
        random.nextBytes(hash);
        Json id = Json.of(EventId.ofReferenceHash(hash).value() + (format.eventIdOnEvent() ? ":x" : ""));
        return format.eventIdOnEvent() ? JsonArray.of(id, JsonObject.EMPTY) : id;
    }

    private static JsonObject withContent(Pdu event, Json value) {
        return event.json().with("content", event.content().with("org.example.value", value));
    }
}
