package io.myelin.accountserver.config;

import io.myelin.accountserver.storage.AgreementTable;
import io.myelin.accountserver.storage.AuthenticationSessionTable;
import io.myelin.accountserver.storage.DeviceActivityTable;
import io.myelin.accountserver.storage.ExpiredRows;
import io.myelin.accountserver.storage.RegistrationTokenTable;
import io.myelin.accountserver.storage.SsoIdentityTable;
import io.myelin.accountserver.storage.ThreepidTable;
import io.myelin.accountserver.storage.ThreepidValidationTable;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.postgres.UnshardedTables;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans of the tables that belong to no shard. */
@Configuration(proxyBeanMethods = false)
class StorageConfiguration {
    private static final int CONNECTIONS = 8;

    @Bean
    UnshardedTables accountUnshardedTables(@Qualifier("accountDatabase") ServiceDatabase database) {
        return database.unsharded(CONNECTIONS);
    }

    @Bean
    AuthenticationSessionTable authenticationSessionTable(UnshardedTables accountUnshardedTables) {
        return new AuthenticationSessionTable(accountUnshardedTables);
    }

    @Bean
    RegistrationTokenTable registrationTokenTable(UnshardedTables accountUnshardedTables) {
        return new RegistrationTokenTable(accountUnshardedTables);
    }

    @Bean
    ThreepidValidationTable threepidValidationTable(UnshardedTables accountUnshardedTables) {
        return new ThreepidValidationTable(accountUnshardedTables);
    }

    @Bean
    ThreepidTable threepidTable(UnshardedTables accountUnshardedTables) {
        return new ThreepidTable(accountUnshardedTables);
    }

    @Bean
    SsoIdentityTable ssoIdentityTable(UnshardedTables accountUnshardedTables) {
        return new SsoIdentityTable(accountUnshardedTables);
    }

    @Bean
    AgreementTable agreementTable(UnshardedTables accountUnshardedTables) {
        return new AgreementTable(accountUnshardedTables);
    }

    @Bean
    DeviceActivityTable deviceActivityTable(UnshardedTables accountUnshardedTables) {
        return new DeviceActivityTable(accountUnshardedTables);
    }

    @Bean
    ExpiredRows expiredAccountRows(
            AuthenticationSessionTable sessions, ThreepidValidationTable validations, DeviceActivityTable activity) {
        return new ExpiredRows(List.of(sessions::deleteExpired, validations::deleteExpired, activity::deleteOld));
    }
}
