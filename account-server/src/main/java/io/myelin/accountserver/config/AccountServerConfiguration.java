package io.myelin.accountserver.config;

import io.myelin.accountserver.account.AccountChange;
import io.myelin.accountserver.account.AccountLimits;
import io.myelin.accountserver.account.UserState;
import io.myelin.accountserver.authentication.InteractiveAuthentication;
import io.myelin.accountserver.authentication.UserStages;
import io.myelin.accountserver.clientconfig.ClientAccountData;
import io.myelin.accountserver.ownership.AccountCommandRouter;
import io.myelin.accountserver.ownership.LocalOwner;
import io.myelin.accountserver.registration.Registrations;
import io.myelin.accountserver.settings.AccountServerSettings;
import io.myelin.accountserver.storage.AccountTables;
import io.myelin.accountserver.storage.DeviceActivityTable;
import io.myelin.accountserver.storage.StoredAccounts;
import io.myelin.accountserver.storage.ThreepidTable;
import io.myelin.accountserver.threepid.PhoneValidations;
import io.myelin.accountserver.threepid.PublishedIds;
import io.myelin.accountserver.threepid.Validations;
import io.myelin.accountserver.web.AccountController;
import io.myelin.accountserver.web.AccountDataController;
import io.myelin.accountserver.web.Commands;
import io.myelin.accountserver.web.DeviceController;
import io.myelin.accountserver.web.FilterController;
import io.myelin.accountserver.web.PasswordController;
import io.myelin.accountserver.web.ProfileController;
import io.myelin.accountserver.web.PushRuleController;
import io.myelin.accountserver.web.ServerController;
import io.myelin.accountserver.web.TagController;
import io.myelin.accountserver.web.TurnController;
import io.myelin.accountserver.web.WellKnownController;
import io.myelin.contracts.NotOwner;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountCommands;
import io.myelin.contracts.account.AccountContracts;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.AccountOwner;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.contracts.account.DefaultPushRules;
import io.myelin.contracts.receipt.ReceiptQueries;
import io.myelin.engine.UuidV7;
import io.myelin.kafka.Shell;
import io.myelin.kafka.Tail;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.postgres.Databases;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.server.ShardServer;
import io.myelin.server.listen.InternalPort;
import io.myelin.server.observability.StoredCount;
import io.myelin.server.rpc.Served;
import io.myelin.server.rpc.Services;
import io.myelin.server.wiring.WiringPageConfiguration;
import io.myelin.settings.CurrentSettings;
import io.myelin.settings.ServerSettings;
import io.myelin.web.RateLimits;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * The beans of account-server. They need {@link ServerSettings}, {@link AccountServerSettings}, {@link CurrentSettings}, the {@link SigningKey}, a
 * {@link Databases}, the {@link Shell}, an {@link InternalPort}, and the tail of {@code account.output}, which is made
 * of {@link StoredAccounts} and started after {@link AccountServer}.
 */
@Configuration(proxyBeanMethods = false)
@Import({
    WiringPageConfiguration.class,
    StorageConfiguration.class,
    KeyConfiguration.class,
    AuthenticationConfiguration.class,
    RegistrationConfiguration.class,
    OutsideConfiguration.class,
    MessagesConfiguration.class,
    RendezvousConfiguration.class,
    AdministrationConfiguration.class,
    WriterContractsConfiguration.class
})
public class AccountServerConfiguration {
    private final ServerSettings properties;
    private final CurrentSettings current;

    public AccountServerConfiguration(ServerSettings properties, CurrentSettings current) {
        this.properties = properties;
        this.current = current;
    }

    @Bean
    static AccountEnvironment accountEnvironment(
            ServerSettings properties, AccountServerSettings settings, CurrentSettings current, RateLimits rates) {
        return new AccountEnvironment(properties, settings, current, rates);
    }

    /** This bean is created before the shell, so that the schema is migrated while Kafka starts. */
    @Bean(destroyMethod = "")
    ServiceDatabase accountDatabase(Databases databases) {
        return new ServiceDatabase(
                AccountTables.SCHEMA,
                databases.of(AccountTables.SCHEMA),
                properties.database().poolSize());
    }

    @Bean
    StoredCount users(@Qualifier("accountDatabase") ServiceDatabase database) {
        return new StoredCount("myelin.users", "Users that have ever registered", database, "account");
    }

    @Bean
    AccountServer accountServer(
            @Qualifier("accountDatabase") ServiceDatabase database,
            DeviceActivityTable activity,
            InternalPort internalPort,
            AccountEnvironment environment,
            ObjectProvider<AccountCommands> router,
            Shell shell) {
        var ids = new UuidV7(System::currentTimeMillis, environment.random()::nextLong);
        return AccountServer.of(
                properties.shards(),
                this::limits,
                internalPort.url().toString(),
                database,
                activity,
                (user, tokenHash) ->
                        router.getObject().execute(ids.get(), new AccountCommand.UseTokens(user, tokenHash)),
                shell);
    }

    private AccountLimits limits() {
        var accounts = current.of(AccountServerSettings.class).accounts();
        return new AccountLimits(
                Math.toIntExact(accounts.dataItemSize().toBytes()),
                accounts.dataSize().toBytes(),
                accounts.dataItems(),
                accounts.tags(),
                accounts.filters(),
                accounts.devices());
    }

    @Bean
    ShardServer<UserState, AccountCommand, AccountChange> accountShards(AccountServer server) {
        return server.shards();
    }

    @Bean
    StoredAccounts storedAccounts(AccountServer accountServer) {
        return accountServer.accounts();
    }

    @Bean
    LocalOwner localAccountOwner(AccountServer accountServer) {
        return new LocalOwner(properties.shards(), accountServer.shards());
    }

    /** Commands go to the owner of the shard, in this process or in another instance. */
    @Bean
    AccountCommands accountCommands(LocalOwner here, ObjectProvider<Services> others, Tail<AccountFact> accountTail) {
        Services services = others.getIfAvailable();
        return new AccountCommandRouter(
                properties.shards(),
                properties.limits().commandDeadline(),
                services == null ? here : hereOr(services.of(AccountContracts.OWNER), here),
                accountTail::await);
    }

    private static AccountOwner hereOr(AccountOwner elsewhere, AccountOwner here) {
        return (command, id, deadline) -> {
            try {
                return here.decide(command, id, deadline);
            } catch (NotOwner e) {
                return elsewhere.decide(command, id, deadline);
            }
        };
    }

    @Bean
    Served<AccountQueries> servedAccountQueries(StoredAccounts accounts, AccountServer accountServer) {
        return new Served<>(AccountContracts.QUERIES, accounts, accountServer.shards());
    }

    @Bean
    Served<AccountOwner> servedAccountOwner(LocalOwner here, AccountServer accountServer) {
        return new Served<>(AccountContracts.OWNER, here, accountServer.shards());
    }

    @Bean
    Commands accountCommandsOfRequests(AccountCommands router, AccountEnvironment environment) {
        return new Commands(router, new UuidV7(System::currentTimeMillis, environment.random()::nextLong));
    }

    @Bean
    AccountController accountController(
            Commands commands, InteractiveAuthentication authentication, UserStages stages, PublishedIds addresses) {
        return new AccountController(commands, authentication, stages, addresses);
    }

    @Bean
    PasswordController accountPasswordController(
            Commands commands,
            Registrations registrations,
            InteractiveAuthentication authentication,
            UserStages stages,
            ThreepidTable addresses,
            Validations validations,
            PhoneValidations phones) {
        return new PasswordController(commands, registrations, authentication, stages, addresses, validations, phones);
    }

    @Bean
    DeviceController accountDeviceController(
            Commands commands,
            StoredAccounts accounts,
            InteractiveAuthentication authentication,
            UserStages stages,
            DeviceActivityTable activity) {
        return new DeviceController(commands, accounts::account, authentication, stages, activity::of);
    }

    @Bean
    TurnController turnController(AccountEnvironment environment) {
        return new TurnController(() -> environment.now().turn(), environment.clock());
    }

    @Bean
    ProfileController accountProfileController(
            Commands commands, StoredAccounts accounts, AccountEnvironment environment) {
        return new ProfileController(
                commands,
                accounts,
                environment.limit("profile-changes", now -> now.limits().profileChangesPerMinute()));
    }

    @Bean
    DefaultPushRules defaultPushRules() {
        return new DefaultPushRules();
    }

    /** @param receipts looked up on first use, since receipt-server may be a service of this process */
    @Bean
    AccountDataController accountDataController(
            Commands commands,
            StoredAccounts accounts,
            ObjectProvider<ReceiptQueries> receipts,
            DefaultPushRules pushRules) {
        return new AccountDataController(
                commands,
                new ClientAccountData(
                        accounts::accountData,
                        (room, user) -> receipts.getObject().receiptsOf(room, user),
                        pushRules));
    }

    @Bean
    TagController accountTagController(Commands commands, StoredAccounts accounts) {
        return new TagController(commands, accounts::accountData);
    }

    @Bean
    FilterController accountFilterController(Commands commands, StoredAccounts accounts) {
        return new FilterController(commands, accounts);
    }

    @Bean
    PushRuleController accountPushRuleController(DefaultPushRules rules) {
        return new PushRuleController(rules);
    }

    @Bean
    ServerController accountServerController() {
        return new ServerController(
                properties,
                RoomVersions.supported().stream().map(RoomVersion::id).toList());
    }

    @Bean
    WellKnownController accountWellKnownController() {
        return new WellKnownController(properties);
    }
}
