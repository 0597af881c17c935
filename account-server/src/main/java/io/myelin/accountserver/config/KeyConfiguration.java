package io.myelin.accountserver.config;

import io.myelin.accountserver.account.UserKeys;
import io.myelin.accountserver.authentication.InteractiveAuthentication;
import io.myelin.accountserver.authentication.UserStages;
import io.myelin.accountserver.keys.KeyClaims;
import io.myelin.accountserver.keys.KeyQuery;
import io.myelin.accountserver.keys.NotFederating;
import io.myelin.accountserver.keys.RemoteKeys;
import io.myelin.accountserver.storage.StoredAccounts;
import io.myelin.accountserver.storage.StoredKeys;
import io.myelin.accountserver.web.Commands;
import io.myelin.accountserver.web.CrossSigningController;
import io.myelin.accountserver.web.KeyController;
import io.myelin.web.AttemptLimit;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans of end-to-end encryption's keys. */
@Configuration(proxyBeanMethods = false)
class KeyConfiguration {
    private final AccountEnvironment environment;
    private final AttemptLimit requests;

    KeyConfiguration(AccountEnvironment environment) {
        this.environment = environment;
        this.requests = environment.limit("key-requests", now -> now.limits().keyRequestsPerMinute());
    }

    @Bean
    StoredKeys storedKeys(StoredAccounts accounts) {
        return accounts.keys();
    }

    @Bean
    RemoteKeys accountRemoteKeys() {
        return new NotFederating();
    }

    @Bean
    KeyController accountKeyController(Commands commands, StoredKeys storedKeys, RemoteKeys accountRemoteKeys) {
        return new KeyController(
                commands,
                new KeyQuery(environment.serverName(), storedKeys, accountRemoteKeys),
                new KeyClaims(environment.serverName(), environment.server().shards(), accountRemoteKeys),
                requests);
    }

    @Bean
    CrossSigningController crossSigningController(
            Commands commands, StoredKeys storedKeys, InteractiveAuthentication authentication, UserStages stages) {
        return new CrossSigningController(
                commands,
                user -> user.isOn(environment.serverName()) ? storedKeys.of(user) : UserKeys.NONE,
                authentication,
                stages,
                requests);
    }
}
