package io.myelin.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PageTest {

    private final Page page = new Page();
    private final String html = new String(page.html(), StandardCharsets.UTF_8);

    @Test
    void loadsNothingFromElsewhere() {
        assertThat(html.replace("http://www.w3.org/2000/svg", "")).doesNotContain("http:", "https:", "src=", "@import");
    }

    @Test
    void mayRunItsOwnScriptAndNoOther() {
        assertThat(page.policy())
                .contains("default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'")
                .containsPattern("script-src 'sha256-[A-Za-z0-9+/]{43}='")
                .containsPattern("style-src 'sha256-[A-Za-z0-9+/]{43}='")
                .doesNotContain("unsafe");
    }

    @Test
    void hasNoStyleOrHandlerInAnAttribute() {
        assertThat(html).doesNotContain(" style=").doesNotContainPattern(" on[a-z]+=");
    }
}
