package io.myelin.server.rpc;

import io.myelin.settings.ServerSettings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Serves every {@link Served} of this process to the others. */
@Configuration(proxyBeanMethods = false)
public class CallConfiguration {

    @Bean
    CallController callController(ObjectProvider<Served<?>> served, ServerSettings properties) {
        return new CallController(served.stream().toList(), properties.shards());
    }
}
