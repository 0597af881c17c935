package io.myelin.testing;

/** Chooses once which engines the tests of this JVM share. */
final class SharedEngines {
    private SharedEngines() {}

    static TestEngines get() {
        return Choice.ENGINES;
    }

    /** Initialised on first use. */
    private static final class Choice {
        static final TestEngines ENGINES = ContainerEngines.startIfPossible().orElseGet(EmbeddedTestEngines::get);
    }
}
