package io.myelin.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.settings.CurrentSettings.Reload;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.StandardEnvironment;

class CurrentSettingsTest {
    private static final KnownSettings KNOWN =
            new KnownSettings(List.of(SomeSettings.class), List.of("some-server"), List.of("some-server"));

    private final CurrentSettings current = new CurrentSettings(settings(Map.of()), KNOWN);

    record SomeSettings(@DefaultValue Dreams dreams) {
        record Dreams(
                @Setting(value = "How many.", min = 0, max = 9, reloadable = true) @DefaultValue("1")
                int most,

                @Setting(value = "In which color.") @DefaultValue("grey")
                String color) {}
    }

    private static Settings settings(Map<String, String> values) {
        return ConfigurationLoader.load(new StandardEnvironment(), null, values, KNOWN);
    }

    @Test
    void takesOverAllThatMayChange() {
        var reload = current.reload(settings(Map.of("dreams.most", "2", "limits.request-size", "2MB")));

        assertThat(reload).isEqualTo(new Reload(List.of("limits.request-size", "dreams.most"), List.of()));
        assertThat(current.of(SomeSettings.class).dreams().most()).isEqualTo(2);
        assertThat(current.server().limits().requestSize().toMegabytes()).isEqualTo(2);
    }

    @Test
    void changesNothingIfOneNeedsARestart() {
        var reload = current.reload(settings(Map.of("dreams.most", "2", "dreams.color", "red")));

        assertThat(reload.isDone()).isFalse();
        assertThat(reload.needRestart()).containsExactly("dreams.color");
        assertThat(current.of(SomeSettings.class).dreams()).isEqualTo(new SomeSettings.Dreams(1, "grey"));
    }

    @Test
    void addressesAndDatabasesOfServicesNeedARestart() {
        var reload = current.reload(settings(Map.of(
                "services.some-server", "http://there:1", "databases.some-server", "jdbc:postgresql://there:1/other")));

        assertThat(reload.needRestart()).containsExactly("services.some-server", "databases.some-server");
    }

    @Test
    void sameSettingsChangeNothing() {
        assertThat(current.reload(settings(Map.of()))).isEqualTo(new Reload(List.of(), List.of()));
    }

    @Test
    void aSettingThatWasSetIsTakenBack() {
        current.reload(settings(Map.of("logging.levels", "io.myelin=DEBUG")));

        assertThat(current.reload(settings(Map.of())).changed()).containsExactly("logging.levels");
        assertThat(current.server().logging().byLogger()).isEmpty();
    }

    @Test
    void refusesARecordThatWasNotRead() {
        record Unread() {}
        assertThatThrownBy(() -> current.of(Unread.class)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void levelsOfLoggersAreRead() {
        var settings = settings(Map.of("logging.levels", "io.myelin.server = DEBUG,root=WARN"));

        assertThat(settings.server().logging().byLogger())
                .containsExactlyInAnyOrderEntriesOf(Map.of("io.myelin.server", "DEBUG", "root", "WARN"));
        assertThatThrownBy(() -> settings(Map.of("logging.levels", "io.myelin=LOUD")))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("logging.levels: 'io.myelin=LOUD' is not allowed");
    }
}
