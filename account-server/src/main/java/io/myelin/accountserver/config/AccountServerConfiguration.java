package io.myelin.accountserver.config;

import io.myelin.accountserver.account.AccountChange;
import io.myelin.accountserver.account.AccountLimits;
import io.myelin.accountserver.account.UserState;
import io.myelin.accountserver.authentication.Credentials;
import io.myelin.accountserver.authentication.Identifiers;
import io.myelin.accountserver.authentication.InteractiveAuthentication;
import io.myelin.accountserver.authentication.Tickets;
import io.myelin.accountserver.clientconfig.ClientAccountData;
import io.myelin.accountserver.ownership.AccountCommandRouter;
import io.myelin.accountserver.ownership.LocalOwner;
import io.myelin.accountserver.password.Argon2Cost;
import io.myelin.accountserver.password.Passwords;
import io.myelin.accountserver.registration.Registrations;
import io.myelin.accountserver.settings.AccountServerSettings;
import io.myelin.accountserver.storage.AccountTables;
import io.myelin.accountserver.storage.StoredAccounts;
import io.myelin.accountserver.web.AccountController;
import io.myelin.accountserver.web.AccountDataController;
import io.myelin.accountserver.web.Commands;
import io.myelin.accountserver.web.DeviceController;
import io.myelin.accountserver.web.FilterController;
import io.myelin.accountserver.web.InternalUserController;
import io.myelin.accountserver.web.LoginController;
import io.myelin.accountserver.web.PasswordStages;
import io.myelin.accountserver.web.ProfileController;
import io.myelin.accountserver.web.PushRuleController;
import io.myelin.accountserver.web.RegistrationController;
import io.myelin.accountserver.web.ServerController;
import io.myelin.accountserver.web.SharedSecretController;
import io.myelin.accountserver.web.TagController;
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
import io.myelin.matrix.id.ServerName;
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
import io.myelin.web.AttemptLimit;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.ToIntFunction;
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
@Import({WiringPageConfiguration.class, WriterContractsConfiguration.class})
public class AccountServerConfiguration {
    private static final byte[] TICKET_PURPOSE = "io.myelin.accountserver tickets".getBytes(StandardCharsets.US_ASCII);

    private final ServerSettings properties;
    private final AccountServerSettings settings;
    private final CurrentSettings current;
    private final ServerName server;
    private final SecureRandom random = new SecureRandom();
    private final AttemptLimit attempts;
    private final AttemptLimit passwordsOfAddress;
    private final AttemptLimit newUsers;

    public AccountServerConfiguration(
            ServerSettings properties, AccountServerSettings settings, CurrentSettings current) {
        this.properties = properties;
        this.settings = settings;
        this.current = current;
        this.server = ServerName.parse(properties.serverName());
        this.attempts = limit(now -> now.limits().loginsPerMinute());
        this.passwordsOfAddress = limit(now -> now.passwords().perMinute());
        this.newUsers = limit(now -> now.registration().perMinute());
    }

    /** What may change while the process runs is read here at each use. */
    private AccountServerSettings now() {
        return current.of(AccountServerSettings.class);
    }

    private AttemptLimit limit(ToIntFunction<AccountServerSettings> perMinute) {
        return new AttemptLimit(properties.testMode() ? () -> 0 : () -> perMinute.applyAsInt(now()));
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
            @Qualifier("accountDatabase") ServiceDatabase database, InternalPort internalPort, Shell shell) {
        return AccountServer.of(
                properties.shards(), this::limits, internalPort.url().toString(), database, shell);
    }

    private AccountLimits limits() {
        var accounts = now().accounts();
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
    Passwords accountPasswords() {
        var cost = settings.passwords();
        return new Passwords(
                properties.testMode()
                        ? Argon2Cost.LOWEST
                        : new Argon2Cost(cost.memoryKib(), cost.iterations(), cost.parallelism()),
                random);
    }

    /**
     * The tickets' secret is a signature by the server's signing key: signatures are deterministic, so all instances have
     * the same secret.
     */
    @Bean
    Tickets accountTickets(SigningKey key) {
        return new Tickets(key.sign(TICKET_PURPOSE), InstantSource.system(), random);
    }

    @Bean
    InteractiveAuthentication interactiveAuthentication(Tickets accountTickets) {
        return new InteractiveAuthentication(accountTickets);
    }

    @Bean
    Identifiers accountIdentifiers() {
        return new Identifiers(server);
    }

    @Bean
    Credentials accountCredentials(StoredAccounts accounts, Passwords passwords) {
        return new Credentials(accounts::account, passwords, attempts, passwordsOfAddress);
    }

    @Bean
    PasswordStages accountPasswordStages(Identifiers identifiers, Credentials credentials) {
        return new PasswordStages(identifiers, credentials);
    }

    @Bean
    Registrations accountRegistrations(StoredAccounts accounts, Passwords passwords) {
        return new Registrations(server, accounts::account, passwords, this::minPasswordLength, random);
    }

    private int minPasswordLength() {
        return properties.testMode() ? 1 : now().passwords().minLength();
    }

    @Bean
    Commands accountCommandsOfRequests(AccountCommands router) {
        return new Commands(router, new UuidV7(System::currentTimeMillis, random::nextLong));
    }

    @Bean
    LoginController accountLoginController(Commands commands, Credentials credentials, Identifiers identifiers) {
        return new LoginController(commands, credentials, identifiers, properties, random);
    }

    @Bean
    RegistrationController accountRegistrationController(
            Commands commands, Registrations registrations, InteractiveAuthentication authentication) {
        return new RegistrationController(
                commands,
                registrations,
                authentication,
                attempts,
                newUsers,
                properties,
                () -> now().registration(),
                random);
    }

    @Bean
    SharedSecretController accountSharedSecretController(
            Commands commands, Registrations registrations, Tickets tickets) {
        return new SharedSecretController(
                commands,
                registrations,
                tickets,
                attempts,
                properties,
                () -> now().registration().sharedSecret(),
                random);
    }

    @Bean
    InternalUserController accountInternalUserController(Commands commands, Registrations registrations) {
        return new InternalUserController(commands, registrations);
    }

    @Bean
    AccountController accountController(
            Commands commands,
            Registrations registrations,
            InteractiveAuthentication authentication,
            PasswordStages stages) {
        return new AccountController(commands, registrations, authentication, stages);
    }

    @Bean
    DeviceController accountDeviceController(
            Commands commands,
            StoredAccounts accounts,
            InteractiveAuthentication authentication,
            PasswordStages stages) {
        return new DeviceController(commands, accounts::account, authentication, stages);
    }

    @Bean
    ProfileController accountProfileController(Commands commands, StoredAccounts accounts) {
        return new ProfileController(
                commands, accounts, limit(now -> now.limits().profileChangesPerMinute()));
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
