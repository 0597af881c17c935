package io.myelin.bench.kernel;

import io.myelin.matrix.crypto.Sha256;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.crypto.VerifyKey;
import io.myelin.matrix.event.EventHashes;
import io.myelin.matrix.event.EventTemplate;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersions;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Makes a message that is 1 KB of canonical JSON when it is finished: content hash, reference hash, signature, ID and
 * bytes. Two of the parts are also measured alone.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class MessageSigning {

    static final int BYTES = 1_024;

    private final ServerName server = new ServerName("server.example");
    private final UserId sender = UserId.of("alice", server);
    private final SigningKey key = SigningKey.generate("ed25519:bench", new Random(1));
    private final RoomId room = RoomId.ofCreateEvent(id(0));
    private final List<EventId> newest = List.of(id(1));
    private final List<EventId> authEvents = List.of(id(2), id(3));
    private final JsonObject content = contentOfOneKilobyte();
    private final JsonObject signed = canonicaliseHashAndSign().json();

    /** All parts together. */
    @Benchmark
    public Pdu canonicaliseHashAndSign() {
        return template(content).sign(server, key);
    }

    /** Encodes the finished event as canonical JSON. */
    @Benchmark
    public byte[] canonicalise() {
        return CanonicalJson.encode(signed);
    }

    /** Computes the finished event's content hash. */
    @Benchmark
    public byte[] canonicaliseAndHash() {
        return EventHashes.contentHash(signed);
    }

    VerifyKey verifyKey() {
        return key.verifyKey();
    }

    private EventTemplate template(JsonObject ofContent) {
        return new EventTemplate(RoomVersions.DEFAULT, sender, EventTypes.MESSAGE, ofContent)
                .roomId(room)
                .prevEvents(newest)
                .authEvents(authEvents)
                .depth(1_000)
                .originServerTs(1_750_000_000_000L);
    }

    private JsonObject contentOfOneKilobyte() {
        var empty = JsonObject.of("msgtype", "m.text").with("body", "");
        var rest = BYTES - template(empty).sign(server, key).bytes().length;
        return empty.with("body", "Lorem ipsum ".repeat(rest).substring(0, rest));
    }

    private static EventId id(int number) {
        return EventId.ofReferenceHash(Sha256.hash(new byte[] {(byte) number}));
    }
}
