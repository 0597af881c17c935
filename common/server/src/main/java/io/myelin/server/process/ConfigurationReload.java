package io.myelin.server.process;

import io.myelin.settings.ConfigurationRefused;
import io.myelin.settings.CurrentSettings;
import io.myelin.settings.Settings;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Reads the configuration again while the process runs, at a SIGHUP or when it is asked to. Either all that has changed takes
 * effect, or nothing does and the log says why.
 */
public final class ConfigurationReload {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationReload.class);

    private final Supplier<Settings> reader;
    private final CurrentSettings current;
    private final Consumer<Settings> effects;

    /**
     * What came of it. At most one of {@code needRestart} and {@code mistakes} has something; then nothing has changed.
     *
     * @param changed the keys of the settings that differ from those of the running process
     * @param needRestart those of them that only a restart can change
     * @param mistakes in the configuration, a sentence each
     */
    public record Outcome(List<String> changed, List<String> needRestart, List<String> mistakes) {}

    /**
     * @param reader reads and checks the whole configuration
     * @param effects what a change has to do besides replacing the settings; it must not fail
     */
    ConfigurationReload(Supplier<Settings> reader, CurrentSettings current, Consumer<Settings> effects) {
        this.reader = reader;
        this.current = current;
        this.effects = effects;
    }

    /** From now on a SIGHUP reloads. Without this it would end the process. */
    void followSignal() {
        try {
            var before = Signal.handle(new Signal("HUP"), _ -> reload());
            if (before == SignalHandler.SIG_IGN) {
                LOG.debug("Whoever started this process has it ignore SIGHUP, as nohup does");
            }
        } catch (IllegalArgumentException e) {
            LOG.debug("This system has no SIGHUP", e);
        }
    }

    /** Reloads, and logs what came of it. */
    public synchronized Outcome reload() {
        Settings next;
        try {
            next = reader.get();
        } catch (ConfigurationRefused e) {
            LOG.error("The configuration was not reloaded, and nothing has changed: {}", e.getMessage());
            return new Outcome(List.of(), List.of(), e.mistakes());
        }
        var reload = current.reload(next);
        if (!reload.isDone()) {
            LOG.error(
                    "The configuration was not reloaded, and nothing has changed: {} can only be changed by a restart",
                    String.join(", ", reload.needRestart()));
        } else if (reload.changed().isEmpty()) {
            LOG.info("The configuration was read again; it is the same as before");
        } else {
            effects.accept(next);
            LOG.info("The configuration was reloaded: {} changed", String.join(", ", reload.changed()));
        }
        return new Outcome(reload.changed(), reload.needRestart(), List.of());
    }
}
