package io.myelin.engine.simulation;

/** How likely each misfortune is in a schedule. */
final class Weather {

    double replyLost;
    double replyTwice;
    double appendLost;
    double appendTwice;
    double appendLate;
    double publishFails;
    double publishUnacknowledged;
    double commitPasses;
    double commitUnknown;
    double slowStore;
    double readFails;
    double renewalFails;
    double crashAtCommit;
    double pauseAtCommit;
    double slowBroker;
    double badWishes;
    double lateLook;
    double publishThrows;

    Weather(Timeline time) {
        replyLost = drawn(time, 0.3);
        replyTwice = drawn(time, 0.2);
        appendLost = drawn(time, 0.2);
        appendTwice = drawn(time, 0.3);
        appendLate = drawn(time, 0.2);
        publishFails = drawn(time, 0.2);
        publishUnacknowledged = drawn(time, 0.2);
        commitPasses = drawn(time, 0.15);
        commitUnknown = drawn(time, 0.1);
        slowStore = drawn(time, 0.1);
        readFails = drawn(time, 0.3);
        renewalFails = drawn(time, 0.3);
        crashAtCommit = drawn(time, 0.03);
        pauseAtCommit = drawn(time, 0.03);
        slowBroker = drawn(time, 0.1);
        badWishes = drawn(time, 0.2);
        lateLook = drawn(time, 0.3);
        publishThrows = drawn(time, 0.05);
    }

    private static double drawn(Timeline time, double most) {
        return time.chance(0.5) ? 0 : most * time.below(1000) / 1000;
    }

    void clears() {
        replyLost = 0;
        replyTwice = 0;
        appendLost = 0;
        appendTwice = 0;
        appendLate = 0;
        publishFails = 0;
        publishUnacknowledged = 0;
        commitPasses = 0;
        commitUnknown = 0;
        slowStore = 0;
        readFails = 0;
        renewalFails = 0;
        crashAtCommit = 0;
        pauseAtCommit = 0;
        slowBroker = 0;
        lateLook = 0;
        publishThrows = 0;
    }
}
