package io.myelin.server.pipeline;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.Topic;
import io.myelin.kafka.EphemeralTail;
import io.myelin.kafka.EphemeralTailSpec;
import io.myelin.kafka.KafkaSettings;
import io.myelin.kafka.Tail;
import io.myelin.kafka.TailSpec;
import io.myelin.kafka.TopicPlan;
import io.myelin.kafka.TopicWatch;
import io.myelin.kafka.trace.Traces;
import io.myelin.server.service.Program;
import io.myelin.server.service.ProgramRegistrar;
import io.myelin.settings.ServerSettings;
import java.util.function.Supplier;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.ResolvableType;

/**
 * The tails of a process: one bean for each topic of facts or values that its services read, created only if another
 * bean needs it. A tail needs its owner's queries, in this process or over HTTP.
 */
final class Tails extends ProgramRegistrar {

    @Override
    protected void register(Program program, BeanFactory beans, BeanDefinitionRegistry registry) {
        for (Topic<?> topic : program.followed()) {
            switch (topic) {
                case Topic.Facts<?> facts -> register(registry, Tail.class, facts, () -> follow(facts, beans));
                case Topic.Values<?> values ->
                    register(registry, EphemeralTail.class, values, () -> follow(values, beans));
                case Topic.Commands<?> _, Topic.Signals<?> _ -> {}
            }
        }
    }

    private static <T> void register(
            BeanDefinitionRegistry registry, Class<T> type, Topic<?> topic, Supplier<T> supplier) {
        var tail = new RootBeanDefinition(type, supplier);
        tail.setTargetType(ResolvableType.forClassWithGenerics(type, topic.type()));
        tail.setLazyInit(true);
        registry.registerBeanDefinition(topic.name() + " tail", tail);
    }

    private static <F> Tail<F> follow(Topic.Facts<F> topic, BeanFactory beans) {
        var plan = followed(topic, beans);
        var tail = new Tail<>(
                new TailSpec<>(topic.name(), plan.partitions(), bytes -> Cbor.decode(bytes, topic.type())),
                beans.getBean(topic.owner().type()),
                beans.getBean(KafkaSettings.class),
                beans.getBean(TopicWatch.class),
                beans.getBean(Traces.class));
        tailStage(beans).add("the service whose log is " + topic.name(), tail::start, tail::close);
        return tail;
    }

    private static <V> EphemeralTail<V> follow(Topic.Values<V> topic, BeanFactory beans) {
        var plan = followed(topic, beans);
        var tail = new EphemeralTail<>(
                new EphemeralTailSpec<>(
                        topic.name(), plan.partitions(), bytes -> Cbor.decode(bytes, topic.type()), topic.key()),
                beans.getBean(topic.owner().type()),
                beans.getBean(KafkaSettings.class),
                beans.getBean(TopicWatch.class));
        tailStage(beans).add("the service whose values are in " + topic.name(), tail::start, tail::close);
        return tail;
    }

    private static TopicPlan followed(Topic<?> topic, BeanFactory beans) {
        var plan = Pipeline.plan(topic, beans.getBean(ServerSettings.class));
        beans.getBean(TopicWatch.class).follow(plan);
        return plan;
    }

    private static PhaseParts tailStage(BeanFactory beans) {
        return beans.getBean("tailStage", PhaseParts.class);
    }
}
