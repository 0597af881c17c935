import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.myelin.contracts.Cbor;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.room.Placement;
import io.myelin.contracts.room.ReceivedPdu;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.ReceivePdus;
import io.myelin.contracts.room.RoomCommand.ServerKey;
import io.myelin.contracts.room.RoomTopics;
import io.myelin.embedded.DataDirectory;
import io.myelin.embedded.EmbeddedKafka;
import io.myelin.engine.UuidV7;
import io.myelin.kafka.CommandSender;
import io.myelin.kafka.KafkaSettings;
import io.myelin.kafka.Replies;
import io.myelin.kafka.TopicPlan;
import io.myelin.kafka.TopicWatch;
import io.myelin.kafka.Topics;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.event.EventTemplate;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.LoggerFactory;

/**
 * Attacks by another server, evil.example, whose user Mallory is in a room on our server. This program writes its events
 * as {@code ReceivePdus} to {@code room.input}, as federation-send will once it takes transactions. {@code hostile.py}
 * compiles and runs it, on the class path of a built server:
 *
 * <pre>{@code
 * RemoteServers                                                             the names of all attacks
 * RemoteServers DATA ATTACK ROOM NEWEST_EVENT CREATE LEVELS JOIN_RULES
 * }</pre>
 *
 * It sends events until it is killed, and prints {@code 200} on a line for each answer, {@code 0} if none came.
 */
final class RemoteServers {
    private static final RoomVersion VERSION = RoomVersions.V11;
    private static final ServerName SERVER = new ServerName("evil.example");
    private static final SigningKey KEY = SigningKey.generate("ed25519:1", new Random(666));
    private static final UserId MALLORY = UserId.of("mallory", SERVER);
    private static final int BATCH = 50;
    private static final int SHARDS = 16;
    private static final int REPLY_PARTITIONS = 8;

    /** One attack: makes a batch of events for each round. */
    private interface Attack {
        List<byte[]> next(RemoteServers room, int round);
    }

    private static final Map<String, Attack> ATTACKS = Map.ofEntries(
            Map.entry("rejected-events", RemoteServers::rejectedEvents),
            Map.entry("forward-extremities", RemoteServers::forwardExtremities),
            Map.entry("auth-chain", RemoteServers::authChain),
            Map.entry("signatures", RemoteServers::signatures),
            Map.entry("forks-of-state", RemoteServers::forksOfState),
            Map.entry("early-redactions", RemoteServers::earlyRedactions),
            Map.entry("large-state", RemoteServers::largeState),
            Map.entry("deep-events", RemoteServers::deepEvents),
            Map.entry("broken-events", RemoteServers::brokenEvents));

    private final RoomId room;
    private final EventId create;
    private EventId levels;
    private final EventId joinRules;
    private EventId newest;
    private EventId member;
    private long depth = 100;
    private long time = System.currentTimeMillis();

    private RemoteServers(String room, String newest, String create, String levels, String joinRules) {
        this.room = new RoomId(room);
        this.newest = new EventId(newest);
        this.create = new EventId(create);
        this.levels = new EventId(levels);
        this.joinRules = new EventId(joinRules);
        this.member = this.create;
    }

    // --- attacks

    /**
     * Chains of rejected events, whose sender is not in the room; after every twenty batches a valid event follows them.
     */
    private List<byte[]> rejectedEvents(int round) {
        List<Pdu> events = new ArrayList<>();
        List<EventId> after = List.of(newest);
        for (int i = 0; i < BATCH - 1; i++) {
            Pdu event = message(UserId.of("stranger", SERVER), after, List.of(create, levels), "r" + round + "." + i);
            events.add(event);
            after = List.of(event.eventId());
        }
        newest = events.getLast().eventId();
        if (round % 20 == 19) {
            events.add(message(MALLORY, List.of(newest), authEvents(), "good" + round));
        }
        return wire(events);
    }

    /** Messages that all come after the same event. */
    private List<byte[]> forwardExtremities(int round) {
        List<Pdu> events = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            events.add(message(MALLORY, List.of(newest), authEvents(), "f" + round + "." + i));
        }
        return wire(events);
    }

    /**
     * Mallory changes her display name again and again. Each event cites the previous one, which makes an endless chain of
     * auth events.
     */
    private List<byte[]> authChain(int round) {
        List<Pdu> events = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            events.add(join("name " + round + "." + i));
        }
        return wire(events);
    }

    /** Events with three hundred signatures, of which one is valid. */
    private List<byte[]> signatures(int round) {
        Pdu event = message(MALLORY, List.of(newest), authEvents(), "s" + round);
        newest = event.eventId();
        StringBuilder more = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            more.append(",\"s").append(i).append(".example\":{\"ed25519:1\":\"").append("A".repeat(86)).append("\"}");
        }
        String body = text(event);
        int at = body.indexOf("\"signatures\":{") + "\"signatures\":{".length();
        int end = body.indexOf("}", at) + 1;
        return List.of((body.substring(0, end) + more + body.substring(end)).getBytes(StandardCharsets.UTF_8));
    }

    /** Power levels and topics that are changed on many branches at once, so that the state has to be resolved. */
    private List<byte[]> forksOfState(int round) {
        List<Pdu> events = new ArrayList<>();
        for (int i = 0; i < BATCH / 2; i++) {
            JsonObject changed = json("{\"users\":{\"" + MALLORY + "\":100,\"@a" + i + ":evil.example\":" + (round + i) % 90 + "}}");
            Pdu event = state(EventTypes.POWER_LEVELS, "", changed, List.of(newest));
            events.add(event);
            events.add(state("m.room.topic", "", new Content("topic", "t" + round + "." + i).json(), List.of(event.eventId())));
        }
        return wire(events);
    }

    /** Redactions of unknown events. */
    private List<byte[]> earlyRedactions(int round) {
        List<Pdu> events = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            EventId unknown = new EventId("$" + "A".repeat(33) + String.format("%05d%05d", round % 100_000, i));
            Pdu event = template(MALLORY, EventTypes.REDACTION, JsonObject.EMPTY, List.of(newest), authEvents())
                    .redacts(unknown)
                    .sign(SERVER, KEY);
            newest = event.eventId();
            events.add(event);
        }
        return wire(events);
    }

    /** State events of 60 KB each, whose parsed form takes megabytes. */
    private List<byte[]> largeState(int round) {
        List<Pdu> events = new ArrayList<>();
        JsonObject zeros = json("{\"a\":[" + "0,".repeat(29_000) + "0]}");
        for (int i = 0; i < 10; i++) {
            Pdu event = state("org.big", "k" + (round * 10 + i) % 500, zeros, List.of(newest));
            newest = event.eventId();
            events.add(event);
        }
        return wire(events);
    }

    /** Events whose content nests 20,000 arrays. */
    private List<byte[]> deepEvents(int round) {
        int deep = 20_000;
        String content = "{\"a\":" + "[".repeat(deep) + "]".repeat(deep) + "}";
        Pdu event = message(MALLORY, List.of(newest), authEvents(), "d" + round);
        String body = text(event).replaceFirst("\"content\":\\{[^}]*\\}", "\"content\":" + content);
        return List.of(body.getBytes(StandardCharsets.UTF_8));
    }

    /** Truncated events, and events with a changed byte. */
    private List<byte[]> brokenEvents(int round) {
        byte[] event = text(message(MALLORY, List.of(newest), authEvents(), "b" + round)).getBytes(StandardCharsets.UTF_8);
        List<byte[]> pieces = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            byte[] piece = Arrays.copyOf(event, ThreadLocalRandom.current().nextInt(event.length));
            if (i % 2 == 0 && piece.length > 0) {
                piece = event.clone();
                piece[ThreadLocalRandom.current().nextInt(piece.length)] = (byte) ThreadLocalRandom.current().nextInt();
            }
            pieces.add(piece);
        }
        return pieces;
    }

    // --- events

    private record Content(String key, String value) {
        JsonObject json() {
            return JsonObject.EMPTY.with(key, Json.of(value));
        }
    }

    private List<EventId> authEvents() {
        return List.of(create, levels, member);
    }

    private Pdu join(String name) {
        List<EventId> auth = member.equals(create)
                ? List.of(create, levels, joinRules)
                : List.of(create, levels, joinRules, member);
        JsonObject content = JsonObject.EMPTY.with("membership", Json.of("join")).with("displayname", Json.of(name));
        Pdu event = template(MALLORY, EventTypes.MEMBER, content, List.of(newest), auth)
                .stateKey(MALLORY.value())
                .sign(SERVER, KEY);
        newest = event.eventId();
        member = event.eventId();
        return event;
    }

    private Pdu message(UserId sender, List<EventId> after, List<EventId> auth, String text) {
        return template(sender, "m.room.message", new Content("body", text).json(), after, auth).sign(SERVER, KEY);
    }

    private Pdu state(String type, String key, JsonObject content, List<EventId> after) {
        return template(MALLORY, type, content, after, authEvents()).stateKey(key).sign(SERVER, KEY);
    }

    private EventTemplate template(UserId sender, String type, JsonObject content, List<EventId> after, List<EventId> auth) {
        return new EventTemplate(VERSION, sender, type, content)
                .roomId(room)
                .prevEvents(after)
                .authEvents(auth)
                .depth(depth++)
                .originServerTs(time++);
    }

    private static JsonObject json(String text) {
        return JsonParser.parseObject(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Pdu event) {
        return event.json().toString();
    }

    private static List<byte[]> wire(List<Pdu> events) {
        return events.stream()
                .map(event -> text(event).getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    // --- the way in

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 0) {
            ATTACKS.keySet().stream().sorted().forEach(System.out::println);
            return;
        }
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
        Attack attack = ATTACKS.get(arguments[1]);
        RemoteServers evil =
                new RemoteServers(arguments[2], arguments[3], arguments[4], arguments[5], arguments[6]);
        KafkaSettings kafka = settings(Path.of(arguments[0]));
        Topics topics = new Topics(
                kafka, List.of(TopicPlan.input(RoomTopics.INPUT.name(), SHARDS), TopicPlan.reply(REPLY_PARTITIONS)));
        TopicWatch watch = new TopicWatch(topics, Set.of(RoomTopics.INPUT.name(), Replies.TOPIC));
        watch.start();
        Replies replies = new Replies(kafka, watch, REPLY_PARTITIONS);
        replies.start();
        CommandSender sender = new CommandSender(kafka.producer("evil"), replies, 100, Duration.ofSeconds(30));
        UuidV7 ids = new UuidV7(
                System::currentTimeMillis, () -> ThreadLocalRandom.current().nextLong());
        ServerKey key = new ServerKey(SERVER, KEY.keyId(), KEY.verifyKey().toBytes(), Long.MAX_VALUE);
        List<byte[]> pdus = wire(List.of(evil.join("mallory")));
        for (int round = 0; ; round++) {
            ReceivePdus command =
                    new ReceivePdus(evil.room, VERSION.id(), pdus, List.of(key), Placement.LIVE);
            try {
                RoomAnswer answer = Cbor.decode(
                        sender.send(RoomTopics.INPUT.name(), Partitions.of(arguments[2], SHARDS), arguments[2], ids.get(), null, Cbor.encode(command))
                                .join(),
                        RoomAnswer.class);
                System.out.println(200);
                if (round == 0 && !(answer instanceof RoomAnswer.PdusReceived received
                        && received.pdus().getFirst() instanceof ReceivedPdu.Accepted)) {
                    System.out.println("Mallory could not join: " + answer);
                    return;
                }
            } catch (RuntimeException nothing) {
                System.out.println(0);
            }
            System.out.flush();
            pdus = attack.next(evil, round);
        }
    }

    private static KafkaSettings settings(Path data) throws Exception {
        String port = Files.readString(data.resolve("kafka.port")).strip();
        return new KafkaSettings("127.0.0.1:" + port, EmbeddedKafka.clientSettings(DataDirectory.shared(data)));
    }
}
