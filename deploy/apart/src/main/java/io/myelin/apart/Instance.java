package io.myelin.apart;

/**
 * One instance of a component in the plan. It stays the same however often its process is restarted.
 *
 * @param number from 1
 */
record Instance(Component component, int number) {

    /** Its name in file names: {@code room-server-1}. */
    String fileName() {
        return component.id() + "-" + number;
    }

    /** Its name for people: {@code room-server#1}. */
    @Override
    public String toString() {
        return component.id() + "#" + number;
    }
}
