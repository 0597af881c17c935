package io.myelin.server.service;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Defines the beans that follow from the services that the process runs. Its {@link Program} is a bean from the
 * beginning.
 */
public abstract class ProgramRegistrar implements ImportBeanDefinitionRegistrar, BeanFactoryAware {
    private @Nullable BeanFactory beans;

    @Override
    public final void setBeanFactory(BeanFactory beanFactory) {
        beans = beanFactory;
    }

    @Override
    public final void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        BeanFactory factory = beans;
        if (factory == null) {
            throw new IllegalStateException("Spring has not said which beans there are");
        }
        register(factory.getBean("program", Program.class), factory, registry);
    }

    /** @param beans to take others from, when the beans that are defined here are made */
    protected abstract void register(Program program, BeanFactory beans, BeanDefinitionRegistry registry);
}
