package io.myelin.server.wiring;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.myelin.kafka.CommandSender;
import io.myelin.kafka.KafkaFigures;
import io.myelin.kafka.Tail;
import io.myelin.server.ShardServer;
import io.myelin.web.config.MyelinProperties;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

/** Binds what is there to be measured once everything has started, beside it: nobody waits for that. */
final class MeterBinding implements ApplicationListener<ContextRefreshedEvent>, DisposableBean {

    private final MeterRegistry registry;
    private final int shards;
    private final Set<Component> components;
    private final HttpFigures http;
    private final ObjectProvider<KafkaFigures> kafka;
    private final ObjectProvider<ShardServer<?, ?, ?>> servers;
    private final ObjectProvider<Tail<?>> tails;
    private final ObjectProvider<CommandSender> senders;
    private final ObjectProvider<StoredCount> counts;
    private final JvmGcMetrics collections = new JvmGcMetrics();

    MeterBinding(
            MeterRegistry registry,
            MyelinProperties properties,
            Set<Component> components,
            HttpFigures http,
            ObjectProvider<KafkaFigures> kafka,
            ObjectProvider<ShardServer<?, ?, ?>> servers,
            ObjectProvider<Tail<?>> tails,
            ObjectProvider<CommandSender> senders,
            ObjectProvider<StoredCount> counts) {
        this.registry = registry;
        this.shards = properties.shards();
        this.components = components;
        this.http = http;
        this.kafka = kafka;
        this.servers = servers;
        this.tails = tails;
        this.senders = senders;
        this.counts = counts;
    }

    @Override
    public void onApplicationEvent(ContextRefreshedEvent started) {
        Thread.ofVirtual().name("meters").start(this::bind);
    }

    void bind() {
        Meters meters = new Meters(registry);
        servers.forEach(server -> meters.server(server, shards));
        tails.forEach(tail -> meters.tail(tail, shards));
        kafka.forEach(figures -> meters.topics(Component.topicsOf(components), figures));
        senders.forEach(meters::sender);
        components.forEach(component -> meters.http(component, http.of(component)));
        counts.forEach(count -> count.bindTo(registry));
        Stream.<MeterBinder>of(
                        new JvmMemoryMetrics(),
                        collections,
                        new JvmThreadMetrics(),
                        new ClassLoaderMetrics(),
                        new ProcessorMetrics(),
                        new FileDescriptorMetrics(),
                        new UptimeMetrics())
                .forEach(binder -> binder.bindTo(registry));
    }

    @Override
    public void destroy() {
        collections.close();
    }
}
