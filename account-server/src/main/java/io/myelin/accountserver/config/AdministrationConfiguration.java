package io.myelin.accountserver.config;

import io.myelin.accountserver.registration.NewSessions;
import io.myelin.accountserver.registration.Registrations;
import io.myelin.accountserver.storage.AccountList;
import io.myelin.accountserver.storage.DeviceActivityTable;
import io.myelin.accountserver.storage.SsoIdentityTable;
import io.myelin.accountserver.storage.StoredAccounts;
import io.myelin.accountserver.storage.ThreepidTable;
import io.myelin.accountserver.threepid.PublishedIds;
import io.myelin.accountserver.web.AdminController;
import io.myelin.accountserver.web.AdministeredUsers;
import io.myelin.accountserver.web.Commands;
import io.myelin.accountserver.web.UserActionsController;
import io.myelin.accountserver.web.UserAdminController;
import io.myelin.accountserver.web.UserDevicesController;
import io.myelin.accountserver.web.UserListController;
import io.myelin.postgres.ServiceDatabase;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans by which administrators manage users. */
@Configuration(proxyBeanMethods = false)
class AdministrationConfiguration {
    private final AccountEnvironment environment;

    AdministrationConfiguration(AccountEnvironment environment) {
        this.environment = environment;
    }

    @Bean
    AdminController accountAdminController(Commands commands, StoredAccounts accounts, DeviceActivityTable activity) {
        return new AdminController(environment.serverName(), commands, accounts::account, activity::of);
    }

    @Bean
    AdministeredUsers administeredUsers(StoredAccounts accounts) {
        return new AdministeredUsers(environment.serverName(), accounts::account);
    }

    @Bean
    UserAdminController userAdminController(
            AdministeredUsers users,
            Commands commands,
            Registrations registrations,
            ThreepidTable addresses,
            SsoIdentityTable identities,
            PublishedIds published) {
        return new UserAdminController(
                users, commands, registrations, addresses, identities, published, environment.clock());
    }

    @Bean
    UserListController userListController(@Qualifier("accountDatabase") ServiceDatabase database) {
        return new UserListController(new AccountList(database));
    }

    @Bean
    UserActionsController userActionsController(
            AdministeredUsers users,
            Commands commands,
            Registrations registrations,
            NewSessions newSessions,
            ThreepidTable addresses,
            PublishedIds published) {
        return new UserActionsController(
                users, commands, registrations, newSessions, addresses, published, environment.clock());
    }

    @Bean
    UserDevicesController userDevicesController(
            AdministeredUsers users, Commands commands, NewSessions newSessions, DeviceActivityTable activity) {
        return new UserDevicesController(users, commands, newSessions, activity::of);
    }
}
