package io.myelin.clientroomsend;

import io.myelin.clientroomsend.config.ClientRoomSendConfiguration;
import io.myelin.clientroomsend.config.ClientRoomSendSettings;
import io.myelin.contracts.Contract;
import io.myelin.contracts.Topic;
import io.myelin.contracts.account.AccountContracts;
import io.myelin.contracts.presence.PresenceContracts;
import io.myelin.contracts.presence.PresenceTopics;
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

/** The writer for rooms: takes clients' requests that change something in a room. */
public final class ClientRoomSendDescription implements ServiceDescription {
    @Override
    public String name() {
        return "client-room-send";
    }

    @Override
    public Role role() {
        return Role.WRITER;
    }

    @Override
    public List<Topic<?>> writes() {
        return List.of(RoomTopics.INPUT, ReceiptTopics.INPUT, TypingTopics.INPUT, PresenceTopics.INPUT);
    }

    @Override
    public List<Contract<?>> asks() {
        return List.of(
                RoomContracts.QUERIES,
                AccountContracts.QUERIES,
                AccountContracts.OWNER,
                AccountContracts.INSTANCES,
                AccountContracts.DELAYED_EVENTS,
                AccountContracts.REPORTS,
                AccountContracts.IDENTITY_LOOKUPS,
                PresenceContracts.QUERIES);
    }

    @Override
    public Class<?> configuration() {
        return ClientRoomSendConfiguration.class;
    }

    @Override
    public List<Class<? extends Record>> settings() {
        return List.of(ClientRoomSendSettings.class);
    }

    @Override
    public int heapMegabytes() {
        return 256;
    }

    @Override
    public ClientRequests clientRequests() {
        return ClientRequests.of(
                Route.to(
                        "/_matrix/client/*",
                        "rooms",
                        "createRoom",
                        "join",
                        "knock",
                        "directory",
                        "publicRooms",
                        "presence",
                        "org.matrix.msc4140"),
                Route.exactly("/_matrix/client/*/users/*", "report"),
                Route.exactly("/_matrix/federation/v1/3pid", "onbind"),
                Route.to("/_synapse/admin/*", "rooms", "event_reports", "send_server_notice",
                        "purge_history",
                        "purge_history_status"));
    }

    /** It asks rooms' policy servers. */
    @Override
    public boolean connectsOutside() {
        return true;
    }

    @Override
    public Probe probe() {
        return Probe.get("/_matrix/client/v3/rooms/{room}/aliases");
    }
}
