package io.myelin.web;

/** How many instances of this process's service share its clients. A process without such a bean is the only one. */
@FunctionalInterface
public interface InstanceCount {

    /** At least 1; answered from memory. */
    int living();
}
