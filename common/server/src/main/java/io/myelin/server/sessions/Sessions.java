package io.myelin.server.sessions;

import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.kafka.Tail;
import io.myelin.matrix.id.ServerName;
import io.myelin.server.service.Program;
import io.myelin.settings.ServerSettings;
import io.myelin.web.session.Authenticator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Finds the user of an access token, in processes that serve clients. It follows account-server's log. */
@Configuration(proxyBeanMethods = false)
@Conditional(Sessions.ClientsAreServed.class)
public class Sessions {

    @Bean
    Authenticator authenticator(ServerSettings properties, AccountQueries accounts, Tail<AccountFact> accountTail) {
        var authenticator = new Authenticator(
                ServerName.parse(properties.serverName()), properties.shards(), accounts, accountTail::barrier);
        accountTail.subscribe(new SessionListener(authenticator));
        return authenticator;
    }

    @Bean
    SeenDevices seenDevices(AccountQueries accounts) {
        return new SeenDevices(accounts);
    }

    /** Matches if the {@link Program} serves clients. */
    static final class ClientsAreServed implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            var beans = context.getBeanFactory();
            return beans != null && beans.getBean("program", Program.class).servesClients();
        }
    }
}
