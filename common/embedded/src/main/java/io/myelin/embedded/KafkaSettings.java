package io.myelin.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The settings of a broker for one process: it is its own controller, has no replicas, and gets little memory and few
 * threads.
 */
final class KafkaSettings {
    static final int NODE_ID = 1;
    static final String CONTROLLER_LISTENER = "CONTROLLER";

    private static final String BROKER_LISTENER = "BROKER";

    private KafkaSettings() {}

    static Map<String, String> of(
            Path directory, int brokerPort, int controllerPort, Duration session, BrokerAuthentication authentication) {
        var settings = new HashMap<String, String>();
        identity(settings, directory, brokerPort, controllerPort);
        settings.put(
                "listener.security.protocol.map",
                BROKER_LISTENER + ":" + authentication.protocol() + "," + CONTROLLER_LISTENER + ":"
                        + authentication.protocol());
        settings.putAll(authentication.brokerSettings(BROKER_LISTENER, CONTROLLER_LISTENER));
        session(settings, session);
        shortTimeouts(settings);
        recoveredSoon(settings);
        small(settings);
        return settings;
    }

    private static void identity(Map<String, String> settings, Path directory, int brokerPort, int controllerPort) {
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(NODE_ID));
        settings.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
        settings.put("controller.listener.names", CONTROLLER_LISTENER);
        settings.put(
                "listeners",
                BROKER_LISTENER + "://127.0.0.1:" + brokerPort + "," + CONTROLLER_LISTENER + "://127.0.0.1:"
                        + controllerPort);
        settings.put("inter.broker.listener.name", BROKER_LISTENER);
        settings.put("log.dirs", directory.toString());
        settings.put("auto.create.topics.enable", "false");
        settings.put("default.replication.factor", "1");
        settings.put("min.insync.replicas", "1");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
    }

    /**
     * Sets the session. The other limits are raised because time leaps over sessions: the controller's work then seems
     * to take long, and so does a broker's registration.
     */
    private static void session(Map<String, String> settings, Duration session) {
        settings.put("broker.session.timeout.ms", Long.toString(session.toMillis()));
        settings.put("controller.performance.always.log.threshold.ms", Integer.toString(Integer.MAX_VALUE));
        settings.put("initial.broker.registration.timeout.ms", Integer.toString(Integer.MAX_VALUE));
    }

    private static void shortTimeouts(Map<String, String> settings) {
        settings.put("broker.heartbeat.interval.ms", "300");
        settings.put("controller.quorum.election.timeout.ms", "200");
        settings.put("controller.quorum.election.backoff.max.ms", "100");
        settings.put("controller.quorum.fetch.timeout.ms", "1000");
        settings.put("controller.quorum.append.linger.ms", "0");
        settings.put("socket.send.buffer.bytes", "-1");
        settings.put("socket.receive.buffer.bytes", "-1");
        // No idle record every half second, each of which would be synced.
        settings.put("metadata.max.idle.interval.ms", "0");
    }

    /**
     * Shortens recovery: a start after a kill reads each partition's segments that were not synced, and always its
     * whole last one.
     */
    private static void recoveredSoon(Map<String, String> settings) {
        settings.put("log.segment.bytes", Integer.toString(8 << 20));
        settings.put("log.flush.offset.checkpoint.interval.ms", "10000");
    }

    private static void small(Map<String, String> settings) {
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("background.threads", "2");
        settings.put("num.recovery.threads.per.data.dir", "2");
        settings.put("num.replica.fetchers", "1");
        settings.put("log.cleaner.threads", "1");
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(2 << 20));
        settings.put("log.index.size.max.bytes", Integer.toString(1 << 20));
        settings.put("log.retention.check.interval.ms", "60000");
        settings.put("metadata.log.segment.bytes", Integer.toString(16 << 20));
        // Every start adds two records for each partition and reads all of them, unless a snapshot replaces them.
        settings.put("metadata.log.max.record.bytes.between.snapshots", Integer.toString(128 << 10));
        settings.put("metric.reporters", "");
        settings.put("group.initial.rebalance.delay.ms", "0");
    }
}
