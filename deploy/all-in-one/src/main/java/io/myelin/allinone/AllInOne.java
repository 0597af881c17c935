package io.myelin.allinone;

import io.myelin.accountserver.config.AccountServerConfiguration;
import io.myelin.clientroomsend.config.ClientRoomSendConfiguration;
import io.myelin.clientsync.config.ClientSyncConfiguration;
import io.myelin.federationsend.config.FederationSendConfiguration;
import io.myelin.presenceserver.config.PresenceServerConfiguration;
import io.myelin.receiptserver.config.ReceiptServerConfiguration;
import io.myelin.roomserver.config.RoomServerConfiguration;
import io.myelin.server.wiring.WiringPageConfiguration;
import io.myelin.typingserver.config.TypingServerConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The components of a server, all of them. */
@Configuration(proxyBeanMethods = false)
@Import({
    RoomServerConfiguration.class,
    AccountServerConfiguration.class,
    ReceiptServerConfiguration.class,
    TypingServerConfiguration.class,
    PresenceServerConfiguration.class,
    ClientRoomSendConfiguration.class,
    ClientSyncConfiguration.class,
    FederationSendConfiguration.class,
    WiringPageConfiguration.class
})
class AllInOne {}
