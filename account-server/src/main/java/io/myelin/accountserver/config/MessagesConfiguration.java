package io.myelin.accountserver.config;

import io.myelin.accountserver.keys.KeyUpload;
import io.myelin.accountserver.storage.ExpiredRows;
import io.myelin.accountserver.storage.StoredInboxes;
import io.myelin.accountserver.storage.StoredKeyBackups;
import io.myelin.accountserver.todevice.RemoteDevices;
import io.myelin.accountserver.todevice.ToDeviceMessages;
import io.myelin.accountserver.web.BackupKeysController;
import io.myelin.accountserver.web.Commands;
import io.myelin.accountserver.web.DehydratedDeviceController;
import io.myelin.accountserver.web.KeyBackupController;
import io.myelin.accountserver.web.ToDeviceController;
import io.myelin.contracts.account.AccountCommands;
import io.myelin.contracts.account.AccountContracts;
import io.myelin.contracts.account.ToDeviceInboxes;
import io.myelin.engine.UuidV7;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.postgres.UnshardedTables;
import io.myelin.server.rpc.Served;
import io.myelin.settings.ServerSettings;
import io.myelin.web.RateLimits;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans of messages between devices and of key backups. */
@Configuration(proxyBeanMethods = false)
class MessagesConfiguration {
    private static Supplier<UUID> ids(AccountEnvironment environment) {
        return new UuidV7(System::currentTimeMillis, environment.random()::nextLong);
    }

    @Bean
    StoredInboxes storedInboxes(
            ServerSettings properties,
            @Qualifier("accountDatabase") ServiceDatabase database,
            AccountCommands accountCommands,
            AccountEnvironment environment) {
        return new StoredInboxes(properties.shards(), database, accountCommands, ids(environment));
    }

    @Bean
    ExpiredRows expiredToDeviceMessages(StoredInboxes inboxes, AccountServer accountServer) {
        return new ExpiredRows(
                List.of(now -> inboxes.dropOld(accountServer.shards().owned(), now)));
    }

    @Bean
    Served<ToDeviceInboxes> servedToDeviceInboxes(StoredInboxes inboxes, AccountServer accountServer) {
        return new Served<>(AccountContracts.INBOXES, inboxes, accountServer.shards());
    }

    @Bean
    StoredKeyBackups storedKeyBackups(
            ServerSettings properties,
            @Qualifier("accountDatabase") ServiceDatabase database,
            UnshardedTables accountUnshardedTables) {
        return new StoredKeyBackups(properties.shards(), database, accountUnshardedTables);
    }

    @Bean
    ExpiredRows deletedBackupKeys(StoredKeyBackups backups, AccountServer accountServer) {
        return new ExpiredRows(List.of(_ -> backups.sweep(accountServer.shards().owned())));
    }

    @Bean
    KeyBackupController keyBackupController(
            Commands commands, StoredKeyBackups backups, AccountEnvironment environment) {
        return new KeyBackupController(
                commands,
                backups,
                environment.limit("key-backups", now -> now.limits().keyRequestsPerMinute()));
    }

    @Bean
    BackupKeysController backupKeysController(Commands commands, StoredKeyBackups backups) {
        return new BackupKeysController(commands, backups);
    }

    @Bean
    DehydratedDeviceController dehydratedDeviceController(
            Commands commands, StoredInboxes inboxes, AccountEnvironment environment) {
        return new DehydratedDeviceController(
                commands,
                inboxes::dehydratedDevice,
                inboxes,
                KeyUpload::of,
                environment.limit("dehydrated-devices", now -> now.limits().keyRequestsPerMinute()),
                environment.random());
    }

    /** @param remote not there before federation is */
    @Bean
    ToDeviceController toDeviceController(
            ServerSettings properties,
            AccountCommands accountCommands,
            AccountEnvironment environment,
            RateLimits rates,
            ObjectProvider<RemoteDevices> remote) {
        return new ToDeviceController(
                new ToDeviceMessages(
                        environment.serverName(),
                        properties.shards(),
                        accountCommands,
                        ids(environment),
                        remote.getIfAvailable(() -> RemoteDevices.NONE)),
                rates.setting(
                        "to-device-messages",
                        () -> environment.now().rateLimits().toDeviceMessages()),
                rates.setting(
                        "room-key-requests",
                        () -> environment.now().rateLimits().roomKeyRequests()));
    }
}
