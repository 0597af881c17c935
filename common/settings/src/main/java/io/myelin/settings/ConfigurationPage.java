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

                ```yaml
                server-name: example.org
                public-base-url: https://matrix.example.org
                listeners:
                  address: 0.0.0.0
                registration:
                  enabled: false
                ```

                | key | environment | default | allowed | meaning |
                | --- | --- | --- | --- | --- |
                """
                + SettingDescription.all(known).stream()
                        .map(ConfigurationPage::row)
                        .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String row(SettingDescription setting) {
        var defaultValue = setting.defaultValue() == null ? "" : "`" + setting.defaultValue() + "`";
        return "| `%s` | `%s` | %s | %s | %s |"
                .formatted(
                        setting.key(),
                        setting.environmentVariable(),
                        defaultValue,
                        setting.allowed(),
                        setting.meaning());
    }
}
