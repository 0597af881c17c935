package io.myelin.typingserver.config;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.typing.RoomTyping;
import io.myelin.contracts.typing.SetTyping;
import io.myelin.contracts.typing.TypingQueries;
import io.myelin.contracts.typing.TypingTopics;
import io.myelin.engine.ephemeral.EphemeralLimits;
import io.myelin.kafka.EphemeralInput;
import io.myelin.kafka.EphemeralServiceSpec;
import io.myelin.kafka.KafkaSettings;
import io.myelin.kafka.TopicWatch;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.postgres.StoredStates;
import io.myelin.server.EphemeralServer;
import io.myelin.typingserver.typing.TypingRules;
import io.myelin.typingserver.typing.Typists;
import java.time.Duration;
import java.util.List;

/**
 * The typing-server of this process.
 *
 * @param shards starts and stops it
 */
public record TypingServer(EphemeralServer<SetTyping, Typists, RoomTyping> shards) {

    /** The name of the service and of its schema. */
    public static final String NAME = "typing";

    private static final Duration GATHERING = Duration.ofMillis(5);

    /** Makes a server that owns no shard until its shards are started. */
    public static TypingServer of(
            int shardCount,
            TypingRules rules,
            String address,
            ServiceDatabase database,
            KafkaSettings kafka,
            TopicWatch watch) {
        var input = new EphemeralInput<>(
                TypingTopics.INPUT.name(), rules.longest(), bytes -> Cbor.decode(bytes, SetTyping.class));
        var spec = new EphemeralServiceSpec<>(
                NAME,
                shardCount,
                List.of(input),
                TypingTopics.OUTPUT.name(),
                rules,
                Cbor::encode,
                GATHERING,
                EphemeralLimits.DEFAULT);
        return new TypingServer(new EphemeralServer<>(spec, StoredStates.none(), database, address, kafka, watch));
    }

    public TypingQueries queries() {
        return shards::values;
    }
}
