package io.myelin.settings;

import java.util.stream.Collectors;

/** {@code docs/configuration.md}, made from the records. */
public final class ConfigurationPage {
    private ConfigurationPage() {}

    /**
     * The whole page, Markdown.
     *
     * @param known the settings that are allowed
     */
    public static String markdown(KnownSettings known) {
        return """
                # Configuration

                <!-- Made from the records of settings; a test compares them. To write it anew:
                     ./mvnw -pl deploy/all-in-one -am test -Dtest=ConfigurationPageTest -Dwrite -->

                Everything has a default: `./myelin run` needs no configuration. What you want otherwise goes into
                `myelin.yaml` (in the directory where you start the server, or wherever `--config FILE` says), or into
                the environment, which comes first. A key or a value that is not in this table is refused at start.

                `./myelin reload`, or a SIGHUP to the process, reads the file again. If all that has changed may change
                while the server runs ("live" in the table), all of it takes effect at once, without a request that
                fails. Otherwise nothing changes, and the answer and the log say which setting needs a restart, or what
                is wrong with the file. What the environment sets stays until the process is started anew.

                ```yaml
                server-name: example.org
                public-base-url: https://matrix.example.org
                listeners:
                  address: 0.0.0.0
                registration:
                  enabled: false
                ```

                | key | environment | default | allowed | changes | meaning |
                | --- | --- | --- | --- | --- | --- |
                """
                + SettingDescription.all(known).stream()
                        .map(ConfigurationPage::row)
                        .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String row(SettingDescription setting) {
        var defaultValue = setting.defaultValue() == null ? "" : "`" + setting.defaultValue() + "`";
        return "| `%s` | `%s` | %s | %s | %s | %s |"
                .formatted(
                        setting.key(),
                        setting.environmentVariable(),
                        defaultValue,
                        setting.allowed(),
                        setting.rule().reloadable() ? "live" : "at a restart",
                        setting.meaning());
    }
}
