package io.myelin.accountserver.config;

import io.myelin.accountserver.rendezvous.Meetings;
import io.myelin.accountserver.storage.ExpiredRows;
import io.myelin.accountserver.storage.RendezvousTable;
import io.myelin.accountserver.web.ETagRendezvousController;
import io.myelin.accountserver.web.RendezvousController;
import io.myelin.postgres.UnshardedTables;
import io.myelin.web.AttemptLimit;
import io.myelin.web.RateLimits;
import java.time.Duration;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans of places where two devices meet. */
@Configuration(proxyBeanMethods = false)
class RendezvousConfiguration {
    /** As in Synapse. */
    private static final Duration OF_MSC4108 = Duration.ofMinutes(1);

    private static final Duration OF_MSC4388 = Duration.ofMinutes(2);

    @Bean
    RendezvousTable rendezvousTable(UnshardedTables accountUnshardedTables) {
        return new RendezvousTable(accountUnshardedTables);
    }

    @Bean
    ExpiredRows expiredRendezvous(RendezvousTable table) {
        return new ExpiredRows(List.of(table::deleteExpired));
    }

    @Bean
    RendezvousController rendezvousController(RendezvousTable table, AccountEnvironment environment, RateLimits rates) {
        return new RendezvousController(
                meetings(table, "msc4388", OF_MSC4388, environment),
                openings(environment),
                uses(environment, rates),
                environment.clock());
    }

    @Bean
    ETagRendezvousController eTagRendezvousController(
            RendezvousTable table, AccountEnvironment environment, RateLimits rates) {
        return new ETagRendezvousController(
                meetings(table, "msc4108", OF_MSC4108, environment),
                openings(environment),
                uses(environment, rates),
                environment.server().baseUrl());
    }

    private static Meetings meetings(
            RendezvousTable table, String protocol, Duration validity, AccountEnvironment environment) {
        return new Meetings(table, protocol, validity, environment.clock(), environment.random());
    }

    /** As often as somebody may begin to prove who they are. */
    private static AttemptLimit openings(AccountEnvironment environment) {
        return environment.limit("rendezvous-openings", now -> now.limits().authenticationsPerMinute());
    }

    /** Of both protocols together. */
    private static AttemptLimit uses(AccountEnvironment environment, RateLimits rates) {
        return rates.setting("rendezvous", () -> environment.now().rateLimits().rendezvous());
    }
}
