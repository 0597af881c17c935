package io.myelin.allinone;

import io.myelin.embedded.DataDirectoryInUse;
import io.myelin.maintenance.Verb;
import io.myelin.server.process.ComponentProcess;
import io.myelin.server.process.Options;
import io.myelin.server.process.StartFailure;
import io.myelin.server.service.Build;
import io.myelin.server.service.Program;
import io.myelin.server.service.ServiceDescriptions;
import java.util.List;

/**
 * The main class that {@code ./myelin} and the image start. The first word is {@code run} for all services in one process,
 * the name of a service for that service in a process of its own, or a verb.
 */
public final class Main {
    private static final int MISUSED = 2;

    private Main() {}

    public static void main(String[] arguments) {
        try {
            var words = List.of(arguments);
            var verb = words.isEmpty() ? "" : words.getFirst();
            var more = words.isEmpty() ? words : words.subList(1, words.size());
            switch (verb) {
                case "run" ->
                    ComponentProcess.run(
                            Program.ofAll("all-in-one"), Options.parse(more), EmbeddedResources::new, ReadyMessage::of);
                case "user" -> System.exit(UserCommand.run(more));
                case "ask" -> System.exit(AskCommand.run(more));
                case "backup" -> System.exit(Verb.BACKUP.run(more));
                case "restore" -> System.exit(Verb.RESTORE.run(more));
                case "reload" -> System.exit(ReloadCommand.run(more));
                case "check" -> System.exit(Verb.CHECK.run(more));
                case "health" -> System.exit(HealthCommand.run(more));
                case "secrets" -> System.exit(SecretsCommand.run(more));
                case "services" -> System.exit(ServicesCommand.run(more));
                case "version" -> System.out.println(Build.ofThisProgram().version());
                default -> startService(verb, arguments);
            }
        } catch (DataDirectoryInUse e) {
            System.err.println(e.getMessage());
            System.exit(MISUSED);
        } catch (RuntimeException e) {
            StartFailure.exit("Myelin", e);
        }
    }

    private static void startService(String name, String[] arguments) {
        if (!ServiceDescriptions.names().contains(name)) {
            throw new Options.UsageError(
                    (name.isEmpty() ? "Nothing to do." : "There is no verb or service " + name + ".")
                            + " The first word is run, user, reload, backup, restore, check, health, secrets, services,"
                            + " version, or one of the services: "
                            + String.join(", ", ServiceDescriptions.names()) + ".");
        }
        ComponentProcess.main(arguments);
    }
}
