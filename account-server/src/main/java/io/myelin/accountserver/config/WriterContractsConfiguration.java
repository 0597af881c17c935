package io.myelin.accountserver.config;

import io.myelin.accountserver.outgoing.OutsideServices;
import io.myelin.accountserver.ownership.HeardInstances;
import io.myelin.accountserver.storage.ExpiredRows;
import io.myelin.accountserver.storage.StoredDelayedEvents;
import io.myelin.accountserver.storage.StoredReports;
import io.myelin.accountserver.threepid.IdentityInvites;
import io.myelin.contracts.account.AccountContracts;
import io.myelin.contracts.account.DelayedEvents;
import io.myelin.contracts.account.IdentityLookups;
import io.myelin.contracts.account.LiveInstances;
import io.myelin.contracts.account.Reports;
import io.myelin.postgres.UnshardedTables;
import io.myelin.server.limits.OwnInstances;
import io.myelin.server.rpc.Served;
import io.myelin.settings.ServerSettings;
import io.myelin.web.InstanceCount;
import java.time.InstantSource;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What account-server does for the writers besides accounts: delayed events, reports, and the count of their instances. */
@Configuration(proxyBeanMethods = false)
class WriterContractsConfiguration {
    @Bean
    StoredDelayedEvents storedDelayedEvents(UnshardedTables accountUnshardedTables, ServerSettings properties) {
        return new StoredDelayedEvents(accountUnshardedTables, properties.shards());
    }

    @Bean
    ExpiredRows expiredDelayedEvents(StoredDelayedEvents events) {
        return new ExpiredRows(List.of(events::deleteExpired));
    }

    @Bean
    Served<DelayedEvents> servedDelayedEvents(StoredDelayedEvents events, AccountServer accountServer) {
        return new Served<>(AccountContracts.DELAYED_EVENTS, events, accountServer.shards());
    }

    @Bean
    StoredReports storedReports(UnshardedTables accountUnshardedTables) {
        return new StoredReports(accountUnshardedTables);
    }

    @Bean
    Served<Reports> servedReports(StoredReports reports, AccountServer accountServer) {
        return new Served<>(AccountContracts.REPORTS, reports, accountServer.shards());
    }

    @Bean
    IdentityInvites identityInvites(@Qualifier("outsideServices") OutsideServices services) {
        return new IdentityInvites(services);
    }

    @Bean
    Served<IdentityLookups> servedIdentityLookups(IdentityInvites invites, AccountServer accountServer) {
        return new Served<>(AccountContracts.IDENTITY_LOOKUPS, invites, accountServer.shards());
    }

    @Bean
    HeardInstances heardInstances() {
        return new HeardInstances(InstantSource.system());
    }

    /** How many instances share account-server's own limits. */
    @Bean
    InstanceCount accountServerInstances(AccountServer accountServer) {
        return new OwnInstances(
                () -> accountServer.shards().owners().instances().size());
    }

    @Bean
    Served<LiveInstances> servedLiveInstances(HeardInstances instances, AccountServer accountServer) {
        return new Served<>(AccountContracts.INSTANCES, instances, accountServer.shards());
    }
}
