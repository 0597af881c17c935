package io.myelin.clientroomsend.config;

import io.myelin.clientroomsend.command.RoomCommands;
import io.myelin.clientroomsend.create.FixedRooms;
import io.myelin.clientroomsend.lookup.Profiles;
import io.myelin.clientroomsend.lookup.RoomStates;
import io.myelin.clientroomsend.notice.NoticeInvitations;
import io.myelin.clientroomsend.notice.NoticeRooms;
import io.myelin.clientroomsend.notice.ServerNotices;
import io.myelin.clientroomsend.web.ServerNoticeController;
import io.myelin.contracts.account.AccountOwner;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.engine.UuidV7;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.settings.ServerSettings;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans that send server notices. */
@Configuration(proxyBeanMethods = false)
class NoticeConfiguration {
    private final ServerSettings properties;
    private final InstantSource clock = InstantSource.system();
    private final SecureRandom random = new SecureRandom();

    NoticeConfiguration(ServerSettings properties) {
        this.properties = properties;
    }

    private ServerName server() {
        return ServerName.parse(properties.serverName());
    }

    private @Nullable UserId sender() {
        String localpart = properties.serverNotices().localpart();
        return localpart == null ? null : UserId.of(localpart, server());
    }

    /** Invitations to rooms with server notices, which nobody may reject. */
    @Bean
    NoticeInvitations noticeInvitations(RoomStates states, AccountQueries accounts) {
        UserId sender = sender();
        return new NoticeInvitations(sender == null ? null : new NoticeRooms(states, accounts, sender));
    }

    @Bean
    ServerNoticeController serverNoticeController(
            RoomCommands commands,
            RoomStates states,
            Profiles profiles,
            AccountQueries accounts,
            ObjectProvider<AccountOwner> owner) {
        UserId sender = sender();
        if (sender == null) {
            return new ServerNoticeController(null, server());
        }
        var ids = new UuidV7(clock::millis, random::nextLong);
        long patience = properties.limits().commandDeadline().toMillis();
        return new ServerNoticeController(
                new ServerNotices(
                        commands,
                        (id, command) -> owner.getObject().decide(command, id, clock.millis() + patience),
                        accounts,
                        profiles,
                        new NoticeRooms(states, accounts, sender),
                        new FixedRooms(commands, clock),
                        properties.serverNotices(),
                        sender,
                        ids),
                server());
    }
}
