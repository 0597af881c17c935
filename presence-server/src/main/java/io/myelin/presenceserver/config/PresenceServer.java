package io.myelin.presenceserver.config;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.presence.PresenceInput;
import io.myelin.contracts.presence.PresenceQueries;
import io.myelin.contracts.presence.PresenceTopics;
import io.myelin.contracts.presence.UserPresence;
import io.myelin.engine.ephemeral.EphemeralLimits;
import io.myelin.engine.ephemeral.ShardValues;
import io.myelin.kafka.EphemeralInput;
import io.myelin.kafka.EphemeralServiceSpec;
import io.myelin.kafka.KafkaSettings;
import io.myelin.kafka.TopicWatch;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.presenceserver.presence.KnownPresence;
import io.myelin.presenceserver.presence.PresenceRules;
import io.myelin.presenceserver.storage.PresenceTable;
import io.myelin.server.EphemeralServer;
import java.time.Duration;
import java.util.List;

/**
 * The presence-server of this process.
 *
 * @param shards starts and stops it
 */
public record PresenceServer(EphemeralServer<PresenceInput, KnownPresence, UserPresence> shards) {

    /** The name of the service and of its schema. */
    public static final String NAME = "presence";

    /**
     * A new owner reads this much of the input again, because what users set is written to the table only within
     * minutes.
     */
    private static final Duration REWIND = Duration.ofMinutes(10);

    /** Every device that is syncing has reported within this time. */
    private static final Duration REWIND_OF_ACTIVITY = PresenceRules.SILENCE.plusSeconds(10);

    private static final Duration GATHERING = Duration.ofMillis(100);

    /** Makes a server that owns no shard until its shards are started. */
    public static PresenceServer of(
            int shardCount, String address, ServiceDatabase database, KafkaSettings kafka, TopicWatch watch) {
        var spec = new EphemeralServiceSpec<>(
                NAME,
                shardCount,
                List.of(
                        new EphemeralInput<>(PresenceTopics.INPUT.name(), REWIND, PresenceServer::decode),
                        new EphemeralInput<>(
                                PresenceTopics.ACTIVITY.name(), REWIND_OF_ACTIVITY, PresenceServer::decode)),
                PresenceTopics.OUTPUT.name(),
                new PresenceRules(),
                Cbor::encode,
                GATHERING,
                EphemeralLimits.DEFAULT);
        return new PresenceServer(new EphemeralServer<>(spec, new PresenceTable(), database, address, kafka, watch));
    }

    private static PresenceInput decode(byte[] bytes) {
        return Cbor.decode(bytes, PresenceInput.class);
    }

    public PresenceQueries queries() {
        return new PresenceQueries() {
            @Override
            public ShardValues<UserPresence> values(int shard) {
                return shards.values(shard);
            }

            @Override
            public ShardValues<UserPresence> presenceOf(int shard, UserId user) {
                return shards.values(shard, user.value());
            }
        };
    }
}
