package io.myelin.clientroomsend.config;

import io.myelin.clientroomsend.command.RoomCommands;
import io.myelin.clientroomsend.create.Rooms;
import io.myelin.clientroomsend.delayed.DueEvents;
import io.myelin.clientroomsend.delayed.ScheduledEvents;
import io.myelin.clientroomsend.directory.Aliases;
import io.myelin.clientroomsend.directory.CanonicalAliases;
import io.myelin.clientroomsend.directory.Listing;
import io.myelin.clientroomsend.directory.PublicRooms;
import io.myelin.clientroomsend.kafka.CommandClient;
import io.myelin.clientroomsend.kafka.ReceiptPublisher;
import io.myelin.clientroomsend.kafka.RoomCommandPublisher;
import io.myelin.clientroomsend.kafka.SignalPublisher;
import io.myelin.clientroomsend.limit.MembershipLimits;
import io.myelin.clientroomsend.limit.WriteLimits;
import io.myelin.clientroomsend.lookup.LocalServerCheck;
import io.myelin.clientroomsend.lookup.Profiles;
import io.myelin.clientroomsend.lookup.RoomStates;
import io.myelin.clientroomsend.membership.BoundThirdPartyIds;
import io.myelin.clientroomsend.membership.GuestAccess;
import io.myelin.clientroomsend.membership.Inheritance;
import io.myelin.clientroomsend.membership.InvitePermissions;
import io.myelin.clientroomsend.membership.Memberships;
import io.myelin.clientroomsend.membership.RestrictedJoins;
import io.myelin.clientroomsend.membership.ThirdPartyInvites;
import io.myelin.clientroomsend.notice.NoticeInvitations;
import io.myelin.clientroomsend.policy.PolicedCommands;
import io.myelin.clientroomsend.policy.PolicyServerRequests;
import io.myelin.clientroomsend.receipt.ReadableEvents;
import io.myelin.clientroomsend.receipt.ReceiptCommands;
import io.myelin.clientroomsend.receipt.Receipts;
import io.myelin.clientroomsend.report.ContentReports;
import io.myelin.clientroomsend.send.Events;
import io.myelin.clientroomsend.send.Suspension;
import io.myelin.clientroomsend.signal.Presence;
import io.myelin.clientroomsend.signal.ShownPresence;
import io.myelin.clientroomsend.signal.Signals;
import io.myelin.clientroomsend.signal.Typing;
import io.myelin.clientroomsend.upgrade.MovedAliases;
import io.myelin.clientroomsend.upgrade.Replacements;
import io.myelin.clientroomsend.upgrade.Upgrades;
import io.myelin.clientroomsend.web.AliasController;
import io.myelin.clientroomsend.web.BoundThirdPartyIdController;
import io.myelin.clientroomsend.web.CreateRoomController;
import io.myelin.clientroomsend.web.DelayedEventController;
import io.myelin.clientroomsend.web.DirectoryController;
import io.myelin.clientroomsend.web.EventController;
import io.myelin.clientroomsend.web.EventReportsController;
import io.myelin.clientroomsend.web.MembershipController;
import io.myelin.clientroomsend.web.PresenceController;
import io.myelin.clientroomsend.web.ReceiptController;
import io.myelin.clientroomsend.web.ReportController;
import io.myelin.clientroomsend.web.TypingController;
import io.myelin.clientroomsend.web.UpgradeController;
import io.myelin.contracts.account.AccountOwner;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.contracts.account.DelayedEvents;
import io.myelin.contracts.account.IdentityLookups;
import io.myelin.contracts.account.Reports;
import io.myelin.contracts.presence.PresenceQueries;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.engine.UuidV7;
import io.myelin.kafka.CommandSender;
import io.myelin.kafka.EphemeralSender;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.settings.CurrentSettings;
import io.myelin.settings.ServerSettings;
import io.myelin.web.AttemptLimit;
import io.myelin.web.RateLimits;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.Function;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * The beans of the writer for rooms. They need {@link ServerSettings}, {@link CurrentSettings}, a {@link
 * CommandSender}, an {@link EphemeralSender}, {@link RoomQueries} and {@link AccountQueries}.
 */
@Configuration(proxyBeanMethods = false)
@Import({NoticeConfiguration.class, PolicyConfiguration.class, AdministrationConfiguration.class})
public class ClientRoomSendConfiguration {
    private final ServerSettings properties;
    private final CurrentSettings current;
    private final LocalServerCheck localServer;
    private final InstantSource clock = InstantSource.system();
    private final SecureRandom random = new SecureRandom();
    private final WriteLimits limits;
    private final MembershipLimits membershipLimits;

    public ClientRoomSendConfiguration(ServerSettings properties, CurrentSettings current, RateLimits rates) {
        this.properties = properties;
        this.current = current;
        this.localServer = new LocalServerCheck(ServerName.parse(properties.serverName()));
        this.limits = limits(rates);
        this.membershipLimits = new MembershipLimits(limits);
    }

    /** What may change while the process runs is read here at each use. */
    private ClientRoomSendSettings now() {
        return current.of(ClientRoomSendSettings.class);
    }

    private WriteLimits limits(RateLimits rates) {
        return new WriteLimits(
                limit(rates, "messages", ClientRoomSendSettings.RateLimits::messages),
                limit(rates, "joins", ClientRoomSendSettings.RateLimits::joins),
                limit(rates, "joins-per-room", ClientRoomSendSettings.RateLimits::joinsPerRoom),
                limit(rates, "invites-per-room", ClientRoomSendSettings.RateLimits::invitesPerRoom),
                limit(rates, "invites-per-user", ClientRoomSendSettings.RateLimits::invitesPerUser),
                limit(rates, "invites-per-issuer", ClientRoomSendSettings.RateLimits::invitesPerIssuer),
                limit(rates, "refused-leaves", ClientRoomSendSettings.RateLimits::messages),
                limit(rates, "room-creation", ClientRoomSendSettings.RateLimits::roomCreation),
                limit(rates, "signals", ClientRoomSendSettings.RateLimits::signals),
                limit(rates, "presence", ClientRoomSendSettings.RateLimits::presence),
                limit(rates, "delayed-events", ClientRoomSendSettings.RateLimits::delayedEvents),
                limit(rates, "reports", ClientRoomSendSettings.RateLimits::reports));
    }

    private AttemptLimit limit(
            RateLimits rates, String action, Function<ClientRoomSendSettings.RateLimits, String> setting) {
        return rates.setting(action, () -> setting.apply(now().rateLimits()));
    }

    @Bean
    CommandClient commandDoor(CommandSender sender) {
        return new CommandClient(
                sender::send,
                properties.shards(),
                new UuidV7(clock::millis, random::nextLong),
                properties.limits().commandsInFlight());
    }

    @Bean
    RoomCommands roomCommands(CommandClient commandClient, PolicyServerRequests policyServers) {
        return new PolicedCommands(new RoomCommandPublisher(commandClient), policyServers);
    }

    @Bean
    ReceiptCommands receiptCommands(CommandClient commandClient) {
        return new ReceiptPublisher(commandClient);
    }

    @Bean
    Signals signals(EphemeralSender sender) {
        return new SignalPublisher(sender::send, properties.ephemeralShards());
    }

    @Bean
    RoomStates roomStatesForCommands(RoomQueries rooms) {
        return new RoomStates(rooms);
    }

    @Bean
    Profiles profilesForRooms(AccountQueries accounts) {
        return new Profiles(accounts, localServer.server(), properties.shards());
    }

    @Bean
    GuestAccess guestAccessToRooms(RoomStates states) {
        return new GuestAccess(states);
    }

    @Bean
    Aliases roomAliases(RoomCommands commands, RoomQueries rooms, RoomStates states) {
        return new Aliases(
                commands, rooms, states, localServer, clock, properties.limits().commandDeadline());
    }

    @Bean
    InvitePermissions invitePermissions(AccountQueries accounts) {
        return new InvitePermissions(accounts, localServer.server());
    }

    @Bean
    Events eventsOfClients(
            RoomCommands commands,
            RoomQueries rooms,
            RoomStates states,
            Profiles profiles,
            GuestAccess guests,
            InvitePermissions invitePermissions,
            Suspension suspension) {
        var canonicalAliases = new CanonicalAliases(rooms, states, localServer);
        return new Events(
                commands, canonicalAliases, profiles, guests, localServer, invitePermissions, suspension, limits);
    }

    @Bean
    ScheduledEvents scheduledEvents(DelayedEvents kept, RoomStates states, Events events) {
        return new ScheduledEvents(
                kept,
                states,
                events,
                limits.delayedEvents(),
                () -> current.server().delayedEvents(),
                properties.limits().commandDeadline(),
                clock,
                random);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    DueEvents dueEvents(DelayedEvents kept, Events events) {
        return new DueEvents(kept, events, properties.limits().commandDeadline());
    }

    @Bean
    Suspension accountSuspension(RoomQueries rooms) {
        return new Suspension(rooms);
    }

    @Bean
    EventController sendEventController(
            Events events, ScheduledEvents scheduled, Suspension suspension, NoticeInvitations notices) {
        return new EventController(events, scheduled, suspension, notices);
    }

    @Bean
    DelayedEventController delayedEventController(ScheduledEvents scheduled, Suspension suspension) {
        return new DelayedEventController(scheduled, suspension);
    }

    @Bean
    ContentReports contentReports(Reports kept, RoomQueries rooms, RoomStates states, AccountQueries accounts) {
        return new ContentReports(
                kept, new ReadableEvents(rooms), states, accounts, localServer.server(), limits.reports());
    }

    @Bean
    ReportController contentReportController(ContentReports reports) {
        return new ReportController(reports);
    }

    @Bean
    EventReportsController eventReportsController(ContentReports reports, RoomStates states) {
        return new EventReportsController(reports, states);
    }

    @Bean
    Memberships membershipsOfUsers(
            RoomCommands commands,
            RoomQueries rooms,
            RoomStates states,
            Profiles profiles,
            GuestAccess guests,
            InvitePermissions invitePermissions,
            BoundThirdPartyIds boundIds,
            Inheritance inheritance) {
        var restrictedJoins = new RestrictedJoins(states, rooms, properties.shards());
        return new Memberships(
                commands,
                profiles,
                restrictedJoins,
                guests,
                localServer,
                invitePermissions,
                boundIds,
                membershipLimits,
                inheritance);
    }

    @Bean
    Inheritance inheritanceOfRooms(RoomStates states, ObjectProvider<AccountOwner> owner) {
        long patience = properties.limits().commandDeadline().toMillis();
        return new Inheritance(
                states,
                (id, command) -> owner.getObject().decide(command, id, clock.millis() + patience),
                new UuidV7(clock::millis, random::nextLong));
    }

    @Bean
    ThirdPartyInvites thirdPartyInvites(
            IdentityLookups identities, RoomCommands commands, RoomStates states, Memberships memberships) {
        return new ThirdPartyInvites(identities, commands, states, memberships, limits);
    }

    @Bean
    BoundThirdPartyIds boundThirdPartyIds(
            IdentityLookups identities,
            RoomCommands commands,
            RoomStates states,
            Profiles profiles,
            InvitePermissions invitePermissions) {
        return new BoundThirdPartyIds(
                identities, commands, states, profiles, localServer, invitePermissions, membershipLimits);
    }

    @Bean
    BoundThirdPartyIdController boundThirdPartyIdController(BoundThirdPartyIds bound) {
        return new BoundThirdPartyIdController(bound);
    }

    @Bean
    MembershipController changeMembershipController(
            Memberships memberships, Aliases aliases, ThirdPartyInvites thirdPartyInvites, NoticeInvitations notices) {
        return new MembershipController(memberships, aliases, thirdPartyInvites, notices);
    }

    @Bean
    CreateRoomController createRoomController(
            RoomCommands commands,
            Aliases aliases,
            Profiles profiles,
            InvitePermissions invitePermissions,
            ThirdPartyInvites thirdPartyInvites) {
        return new CreateRoomController(
                newRooms(commands, aliases, profiles, invitePermissions),
                thirdPartyInvites,
                RoomVersions.find(properties.rooms().defaultVersion()).orElseThrow(),
                () -> now().rooms().defaultPreset());
    }

    @Bean
    Rooms newRooms(RoomCommands commands, Aliases aliases, Profiles profiles, InvitePermissions invitePermissions) {
        return new Rooms(
                commands,
                aliases,
                profiles,
                localServer,
                invitePermissions,
                membershipLimits,
                properties.shards(),
                clock,
                random);
    }

    @Bean
    UpgradeController upgradeRoomController(
            RoomCommands commands,
            RoomQueries rooms,
            RoomStates states,
            Aliases aliases,
            Profiles profiles,
            InvitePermissions invitePermissions,
            Inheritance inheritance) {
        var replacements =
                new Replacements(commands, rooms, states, newRooms(commands, aliases, profiles, invitePermissions));
        var movedAliases = new MovedAliases(commands, rooms, states, aliases, localServer);
        return new UpgradeController(
                new Upgrades(commands, rooms, states, replacements, movedAliases, inheritance, limits.newRooms()));
    }

    @Bean
    ReceiptController receiptController(ReceiptCommands commands, RoomQueries rooms) {
        return new ReceiptController(new Receipts(commands, rooms, limits.signals(), properties.shards(), clock));
    }

    @Bean
    TypingController typingController(Signals signals, RoomStates states) {
        return new TypingController(new Typing(signals, states, limits.signals()));
    }

    @Bean
    PresenceController setPresenceController(Signals signals, PresenceQueries presence) {
        var shown = new ShownPresence(presence, properties.ephemeralShards());
        return new PresenceController(new Presence(signals, shown, limits.presence()));
    }

    @Bean
    AliasController roomAliasController(Aliases aliases, Events events) {
        return new AliasController(aliases, events, localServer.server());
    }

    @Bean
    DirectoryController roomDirectoryController(RoomCommands commands, RoomQueries rooms, RoomStates states) {
        return new DirectoryController(
                new PublicRooms(rooms, states), new Listing(commands, rooms, states), localServer.server());
    }
}
