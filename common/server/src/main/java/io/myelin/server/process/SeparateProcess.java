package io.myelin.server.process;

import io.myelin.contracts.Contract;
import io.myelin.contracts.account.AccountContracts;
import io.myelin.contracts.account.LiveInstances;
import io.myelin.kafka.trace.Traces;
import io.myelin.server.limits.ReportedInstances;
import io.myelin.server.listen.InternalPort;
import io.myelin.server.rpc.CallConfiguration;
import io.myelin.server.rpc.ServiceAddresses;
import io.myelin.server.rpc.Services;
import io.myelin.server.service.Identity;
import io.myelin.server.service.Program;
import io.myelin.server.service.ProgramRegistrar;
import io.myelin.settings.ServerSettings;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;

/**
 * What a service needs in addition when it is a process of its own: internal controllers for the contracts that it
 * offers, and proxies that call the contracts of others over HTTP.
 */
@Configuration(proxyBeanMethods = false)
@Import({CallConfiguration.class, SeparateProcess.Elsewhere.class})
class SeparateProcess {

    @Bean
    @Lazy
    Services services(ServerSettings properties, ServiceAddresses addresses, InternalPort internalPort, Traces traces) {
        return new Services(properties.shards(), addresses, internalPort, traces);
    }

    /** A proxy for each contract that no service of this process offers. */
    static final class Elsewhere extends ProgramRegistrar {
        @Override
        protected void register(Program program, BeanFactory beans, BeanDefinitionRegistry registry) {
            program.remoteContracts()
                    .forEach(contract -> registry.registerBeanDefinition(
                            contract.service() + " " + contract.name(), proxy(contract, beans)));
            if (program.remoteContracts().contains(AccountContracts.INSTANCES)) {
                registry.registerBeanDefinition("instanceCount", instanceCount(beans));
            }
        }

        private static RootBeanDefinition instanceCount(BeanFactory beans) {
            var count = new RootBeanDefinition(
                    ReportedInstances.class,
                    () -> new ReportedInstances(
                            beans.getBean(LiveInstances.class),
                            beans.getBean(Identity.class).component()));
            count.setInitMethodName("start");
            count.setDestroyMethodName("close");
            return count;
        }

        private static <T> RootBeanDefinition proxy(Contract<T> contract, BeanFactory beans) {
            var proxy = new RootBeanDefinition(
                    contract.type(), () -> beans.getBean(Services.class).of(contract));
            proxy.setLazyInit(true);
            return proxy;
        }
    }
}
