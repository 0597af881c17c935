package io.myelin.apart;

/**
 * One process's place in the plan, which it keeps however often it is started again.
 *
 * @param number from 1
 */
record Instance(Component component, int number) {

    /** For files: {@code room-server-1}. */
    String fileName() {
        return component.id() + "-" + number;
    }

    /** As people write it: {@code room-server#1}. */
    @Override
    public String toString() {
        return component.id() + "#" + number;
    }
}
