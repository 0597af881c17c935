package io.myelin.allinone;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.server.service.ServiceDescriptions;
import io.myelin.settings.ConfigurationPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigurationPageTest {
    private static final Path PAGE = Path.of("..", "..", "docs", "configuration.md");

    @Test
    void pageSaysWhatTheCodeSays() throws IOException {
        if (System.getProperty("write") != null) {
            Files.writeString(PAGE, ConfigurationPage.markdown(ServiceDescriptions.settings()));
        }
        assertThat(PAGE).hasContent(ConfigurationPage.markdown(ServiceDescriptions.settings()));
    }
}
