package io.myelin.receiptserver.config;

import io.myelin.contracts.receipt.ReceiptCommand;
import io.myelin.contracts.receipt.ReceiptContracts;
import io.myelin.contracts.receipt.ReceiptFact;
import io.myelin.contracts.receipt.ReceiptQueries;
import io.myelin.kafka.Shell;
import io.myelin.postgres.Databases;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.receiptserver.receipt.UserReceipts;
import io.myelin.server.ShardServer;
import io.myelin.server.listen.InternalPort;
import io.myelin.server.rpc.Served;
import io.myelin.settings.ServerSettings;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The beans of receipt-server. Needs {@link ServerSettings}, the {@link Databases}, the {@link Shell} and an {@link
 * InternalPort}.
 */
@Configuration(proxyBeanMethods = false)
public class ReceiptServerConfiguration {

    /** Spring makes this bean before the shell, so that the schema is migrated while Kafka starts. */
    @Bean(destroyMethod = "")
    ServiceDatabase receiptDatabase(ServerSettings properties, Databases databases) {
        return new ServiceDatabase(
                ReceiptServer.NAME,
                databases.of(ReceiptServer.NAME),
                properties.database().poolSize());
    }

    @Bean
    ReceiptServer receiptServer(
            ServerSettings properties,
            @Qualifier("receiptDatabase") ServiceDatabase database,
            InternalPort internalPort,
            Shell shell) {
        return ReceiptServer.of(properties.shards(), internalPort.url().toString(), database, shell);
    }

    @Bean
    ShardServer<UserReceipts, ReceiptCommand, ReceiptFact> receiptShards(ReceiptServer server) {
        return server.shards();
    }

    @Bean
    ReceiptQueries receiptQueries(ReceiptServer server) {
        return server.queries();
    }

    @Bean
    Served<ReceiptQueries> servedReceiptQueries(ReceiptServer server) {
        return new Served<>(ReceiptContracts.QUERIES, server.queries(), server.shards());
    }
}
