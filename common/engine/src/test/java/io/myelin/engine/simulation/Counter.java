package io.myelin.engine.simulation;

/**
 * The toy service's entity. Its value depends on the order of additions.
 *
 * @param additions how many additions there were
 * @param mark the last mark
 */
record Counter(long value, int additions, long mark) {

    static final Counter NEW = new Counter(0, 0, 0);

    Counter with(ToyFact happening) {
        return happening.kind() == ToyCommand.Kind.MARK
                ? new Counter(value, additions, happening.amount())
                : new Counter(value * 31 + happening.amount(), additions + 1, mark);
    }
}
