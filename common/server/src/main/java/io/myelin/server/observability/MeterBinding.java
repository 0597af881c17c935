package io.myelin.server.observability;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.DiskSpaceMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.myelin.kafka.KafkaFigures;
import io.myelin.server.ShardOwner;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

/** Binds the meters after everything has started, on a thread of its own, so that the start does not wait for it. */
final class MeterBinding implements ApplicationListener<ContextRefreshedEvent>, DisposableBean {

    private final MeterRegistry registry;
    private final int shards;
    private final Path data;
    private final KafkaFigures kafka;
    private final Supplier<Parts> parts;
    private final JvmGcMetrics collections = new JvmGcMetrics();

    MeterBinding(MeterRegistry registry, int shards, Path data, KafkaFigures kafka, Supplier<Parts> parts) {
        this.registry = registry;
        this.shards = shards;
        this.data = data;
        this.kafka = kafka;
        this.parts = parts;
    }

    @Override
    public void onApplicationEvent(ContextRefreshedEvent started) {
        Thread.ofVirtual().name("meters").start(() -> bind(parts.get()));
    }

    void bind(Parts there) {
        Meters meters = new Meters(registry);
        there.servers().forEach(server -> meters.server(server, shards));
        there.owners().stream()
                .filter(ShardOwner.class::isInstance)
                .map(ShardOwner.class::cast)
                .forEach(meters::owner);
        there.tails().forEach(tail -> meters.tail(tail, shards));
        there.senders().forEach(meters::sender);
        there.counts().forEach(count -> count.bindTo(registry));
        meters.topics(Components.topicsOf(there.components()), kafka);
        Stream.<MeterBinder>of(
                        new JvmMemoryMetrics(),
                        collections,
                        new JvmThreadMetrics(),
                        new ClassLoaderMetrics(),
                        new ProcessorMetrics(),
                        new FileDescriptorMetrics(),
                        new DiskSpaceMetrics(data.toFile()),
                        new UptimeMetrics())
                .forEach(binder -> binder.bindTo(registry));
    }

    @Override
    public void destroy() {
        collections.close();
    }
}
