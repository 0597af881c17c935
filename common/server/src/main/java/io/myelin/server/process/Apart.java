package io.myelin.server.process;

import io.myelin.contracts.account.AccountCommands;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.contracts.presence.PresenceQueries;
import io.myelin.contracts.receipt.ReceiptQueries;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.typing.TypingQueries;
import io.myelin.kafka.Tail;
import io.myelin.server.account.AccountDoor;
import io.myelin.server.call.CallConfiguration;
import io.myelin.server.call.Contracts;
import io.myelin.server.call.Services;
import io.myelin.server.listen.InternalPort;
import io.myelin.web.config.MyelinProperties;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;

/**
 * What a component has besides when it is a process of its own: internal controllers for the contracts that it fulfils, and
 * calls over HTTP for those that others do.
 */
@Configuration(proxyBeanMethods = false)
@Import(CallConfiguration.class)
@ImportAutoConfiguration(Apart.Elsewhere.class)
class Apart {

    @Bean
    @Lazy
    Services services(MyelinProperties properties, InternalPort internalPort) {
        return new Services(properties, internalPort);
    }

    /** The contracts that no component of this process fulfils; imported after all of those, so that that is known. */
    @Configuration(proxyBeanMethods = false)
    static class Elsewhere {

        @Bean
        @Lazy
        @ConditionalOnMissingBean
        RoomQueries roomQueriesElsewhere(Services services) {
            return services.of(Contracts.ROOM_QUERIES);
        }

        @Bean
        @Lazy
        @ConditionalOnMissingBean
        AccountQueries accountQueriesElsewhere(Services services) {
            return services.of(Contracts.ACCOUNT_QUERIES);
        }

        @Bean
        @Lazy
        @ConditionalOnMissingBean
        AccountCommands accountCommandsElsewhere(
                MyelinProperties properties, Services services, Tail<AccountFact> accountTail) {
            return new AccountDoor(
                    properties.shards(),
                    properties.limits().commandDeadline(),
                    services.of(Contracts.ACCOUNT_OWNER),
                    accountTail::await);
        }

        @Bean
        @Lazy
        @ConditionalOnMissingBean
        ReceiptQueries receiptQueriesElsewhere(Services services) {
            return services.of(Contracts.RECEIPT_QUERIES);
        }

        @Bean
        @Lazy
        @ConditionalOnMissingBean
        TypingQueries typingQueriesElsewhere(Services services) {
            return services.of(Contracts.TYPING_QUERIES);
        }

        @Bean
        @Lazy
        @ConditionalOnMissingBean
        PresenceQueries presenceQueriesElsewhere(Services services) {
            return services.of(Contracts.PRESENCE_QUERIES);
        }
    }
}
