package io.myelin.clientsync;

import io.myelin.clientsync.config.ClientSyncConfiguration;
import io.myelin.clientsync.config.ClientSyncSettings;
import io.myelin.contracts.Contract;
import io.myelin.contracts.Topic;
import io.myelin.contracts.account.AccountContracts;
import io.myelin.contracts.account.AccountTopics;
import io.myelin.contracts.presence.PresenceContracts;
import io.myelin.contracts.presence.PresenceTopics;
import io.myelin.contracts.receipt.ReceiptContracts;
import io.myelin.contracts.receipt.ReceiptTopics;
import io.myelin.contracts.room.RoomContracts;
import io.myelin.contracts.room.RoomTopics;
import io.myelin.contracts.typing.TypingTopics;
import io.myelin.server.service.ClientRequests;
import io.myelin.server.service.Probe;
import io.myelin.server.service.Role;
import io.myelin.server.service.Route;
import io.myelin.server.service.ServiceDescription;
import java.util.List;

/** The reader that tells clients what happened. */
public final class ClientSyncDescription implements ServiceDescription {
    private static final String CLIENT = "/_matrix/client/*";
    private static final String UNSTABLE = "/_matrix/client/unstable";
    private static final String ROOM = "/_matrix/client/*/rooms/*";

    @Override
    public String name() {
        return "client-sync";
    }

    @Override
    public Role role() {
        return Role.READER;
    }

    @Override
    public List<Topic<?>> reads() {
        return List.of(
                RoomTopics.OUTPUT,
                ReceiptTopics.OUTPUT,
                TypingTopics.OUTPUT,
                PresenceTopics.OUTPUT,
                AccountTopics.OUTPUT);
    }

    @Override
    public List<Topic<?>> writes() {
        return List.of(PresenceTopics.ACTIVITY, TypingTopics.INPUT);
    }

    @Override
    public List<Contract<?>> asks() {
        return List.of(
                RoomContracts.QUERIES,
                AccountContracts.QUERIES,
                AccountContracts.INBOXES,
                ReceiptContracts.QUERIES,
                PresenceContracts.QUERIES);
    }

    @Override
    public Class<?> configuration() {
        return ClientSyncConfiguration.class;
    }

    @Override
    public List<Class<? extends Record>> settings() {
        return List.of(ClientSyncSettings.class);
    }

    @Override
    public int heapMegabytes() {
        return 448;
    }

    @Override
    public ClientRequests clientRequests() {
        return ClientRequests.byUser(
                Route.reading(CLIENT, "sync", "joined_rooms", "presence"),
                Route.reading(ROOM, "state", "members", "joined_members", "messages", "event", "context"),
                // Endpoints that can only be read: this service refuses other methods.
                Route.to(CLIENT, "sync", "joined_rooms", "room_summary", "mutual_rooms", "initialSync", "events"),
                Route.to(
                        ROOM,
                        "members",
                        "joined_members",
                        "messages",
                        "event",
                        "context",
                        "relations",
                        "threads",
                        "hierarchy",
                        "timestamp_to_event",
                        "initialSync"),
                Route.to(UNSTABLE, "im.nheko.summary", "uk.half-shot.msc2666", "org.matrix.msc3030"),
                Route.reading(
                        "/_synapse/admin/v1/rooms/*", "members", "state", "messages", "context", "timestamp_to_event"),
                Route.exactly(CLIENT + "/keys", "changes"),
                Route.exactly(ROOM, "state"),
                Route.exactly("/_synapse/admin/*/users/*", "joined_rooms", "memberships", "accountdata"));
    }

    @Override
    public Probe probe() {
        return Probe.get("/_matrix/client/v3/sync");
    }
}
