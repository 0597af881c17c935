package io.myelin.allinone;

import io.myelin.server.process.Options;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code user add NAME [--admin] [--password-stdin] [--data DIR]}: creates a user on the running server, through its
 * internal listener. It asks for the password if there is a terminal; if none is given, it generates one and prints it.
 */
final class UserCommand {
    private static final String USAGE = "Usage: ./myelin user add NAME [--admin] [--password-stdin] [--data DIR]";
    private static final Options.Option ADMIN = new Options.Option("--admin", "");
    private static final Options.Option PASSWORD_STDIN = new Options.Option("--password-stdin", "");
    private static final JsonMapper JSON = JsonMapper.shared();

    private UserCommand() {}

    /** Returns the exit status of the process. */
    static int run(List<String> words) {
        var remaining = new ArrayList<>(words);
        if (remaining.isEmpty() || !remaining.removeFirst().equals("add") || remaining.isEmpty()) {
            throw new Options.UsageError(USAGE);
        }
        var name = remaining.removeFirst();
        var options = Options.parse(remaining, ADMIN, PASSWORD_STDIN);
        var admin = options.has(ADMIN);
        var given = options.has(PASSWORD_STDIN) ? readLine() : askForPassword();
        var password = given == null || given.isEmpty() ? makeUpPassword() : given;
        var data =
                Path.of(options.settings().getOrDefault("data", System.getenv().getOrDefault("MYELIN_DATA", "data")));
        try {
            var response = post(data, Map.of("localpart", name, "password", password, "admin", admin));
            if (response.status() == 200) {
                var user = JSON.readTree(response.text()).path("user_id").asString(name);
                System.out.println("Added " + user + (admin ? ", an administrator" : "")
                        + (given == null || given.isEmpty() ? ", with the password " + password : ""));
                return 0;
            }
            System.err.println("Not added: "
                    + JSON.readTree(response.text()).path("error").asString("status " + response.status()));
        } catch (NoSuchFileException e) {
            System.err.println("No server has ever run on " + data.toAbsolutePath() + ": start it with ./myelin run.");
        } catch (IOException e) {
            System.err.println(
                    "The server on " + data.toAbsolutePath() + " does not answer: start it with ./myelin run.");
        }
        return 1;
    }

    private static InternalRequest.Answer post(Path data, Map<String, Object> user) throws IOException {
        return InternalRequest.send(
                "POST",
                DataFiles.internalPort(data, System.getenv()),
                internalSecret(data),
                "/_myelin/internal/users",
                JSON.writeValueAsString(user),
                Duration.ofSeconds(30));
    }

    private static Path internalSecret(Path data) {
        var given = System.getenv("MYELIN_INTERNAL_SECRET_FILE");
        return given == null ? DataFiles.internalSecret(data) : Path.of(given);
    }

    private static @Nullable String askForPassword() {
        var console = System.console();
        if (console == null || !console.isTerminal()) {
            return null;
        }
        var password = console.readPassword("Password (empty to have one made up): ");
        return password == null ? null : new String(password);
    }

    private static String readLine() {
        return new Scanner(System.in, StandardCharsets.UTF_8).nextLine();
    }

    private static String makeUpPassword() {
        var bytes = new byte[15];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
