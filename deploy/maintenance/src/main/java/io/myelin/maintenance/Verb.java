package io.myelin.maintenance;

import io.myelin.embedded.DataDirectoryInUse;
import io.myelin.maintenance.database.Refused;
import io.myelin.maintenance.database.ServerSettingsByService;
import io.myelin.server.process.Options;
import io.myelin.settings.ConfigurationRefused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.dao.DataAccessException;

/** The verbs of this module, as the launcher calls them. */
public enum Verb {
    BACKUP("Usage: ./myelin backup DIR [--data DIR] [--config FILE]", 1) {
        @Override
        int run(List<String> words, boolean json, ServerSettingsByService settings) throws SQLException, IOException {
            return BackupCommand.run(words.getFirst(), settings);
        }
    },
    RESTORE("Usage: ./myelin restore DIR [--data DIR] [--config FILE]", 1) {
        @Override
        int run(List<String> words, boolean json, ServerSettingsByService settings) throws SQLException, IOException {
            return RestoreCommand.run(words.getFirst(), settings);
        }
    },
    CHECK("Usage: ./myelin check [--json] [--data DIR] [--config FILE]", 0) {
        @Override
        int run(List<String> words, boolean json, ServerSettingsByService settings) throws SQLException {
            return CheckCommand.run(json, settings);
        }
    };

    /** Everything is as it should be. */
    static final int DONE = 0;
    /** There is damage. */
    static final int DAMAGED = 1;
    /** It could not be done. */
    static final int FAILED = 2;

    private static final Options.Option JSON = new Options.Option("--json", "");

    private final String usage;
    private final int directories;

    Verb(String usage, int directories) {
        this.usage = usage;
        this.directories = directories;
    }

    abstract int run(List<String> words, boolean json, ServerSettingsByService settings)
            throws SQLException, IOException;

    /**
     * Carries out the verb, and prints why if that is not possible.
     *
     * @param arguments without the verb
     * @return the exit status of the process: 0 if all is well, 1 if there is damage, 2 if it could not be done
     */
    public int run(List<String> arguments) {
        LoggingSystem.get(Verb.class.getClassLoader()).beforeInitialize();
        var options = new ArrayList<>(arguments);
        var words = new ArrayList<String>();
        while (!options.isEmpty() && !options.getFirst().startsWith("-")) {
            words.add(options.removeFirst());
        }
        if (words.size() != directories) {
            throw new Options.UsageError(usage);
        }
        try {
            Options given = this == CHECK ? Options.parse(options, JSON) : Options.parse(options);
            return run(words, given.has(JSON), ServerSettingsByService.read(given.file(), given.settings()));
        } catch (Refused | ConfigurationRefused | DataDirectoryInUse e) {
            System.err.println(e.getMessage());
        } catch (IllegalStateException | DataAccessException e) {
            System.err.println("It cannot be done: " + e.getMessage());
        } catch (SQLException e) {
            System.err.println("The database does not do it: " + e.getMessage());
        } catch (IOException | UncheckedIOException e) {
            System.err.println(
                    e instanceof java.nio.file.FileSystemException file && file.getReason() == null
                            ? e.getClass().getSimpleName() + ": " + e.getMessage()
                            : e.getMessage());
        }
        return FAILED;
    }
}
