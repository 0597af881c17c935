package io.myelin.bench.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class KernelsTest {

    /** JMH finds the kernels during compilation, if its annotation processor runs beside the others. */
    @Test
    void jmhHasFoundAllOfThem() throws IOException {
        try (var list = Kernels.class.getResourceAsStream("/META-INF/BenchmarkList")) {
            assertThat(new String(Objects.requireNonNull(list).readAllBytes(), UTF_8))
                    .contains(
                            MessageSigning.class.getName(),
                            MessageAuthorisation.class.getName(),
                            ForkResolution.class.getName());
        }
    }
}
